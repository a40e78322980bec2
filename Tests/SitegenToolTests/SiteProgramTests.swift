// Where the tool finds a site's program, and what it says when there is none.
//
// Nothing is compiled here; taking this process's place is what the end-to-end scripts see.

import FoundationEssentials
import TestSupport
import Testing

@testable import SitegenCommands

@Suite("A site's program") struct SiteProgramTests {
    @Test func `it is the product Site of the package in the folder`() throws {
        let folder = try TemporaryFolder()
        try folder.write("// a package", to: "Package.swift")
        #expect(try SiteProgram(root: folder.path).path == "\(folder.path)/.build/debug/Site")
        #expect(!SiteProgram.isThere(in: folder.path))
        try folder.write("-- a view", to: "site/database/x.sql")
        #expect(SiteProgram.isThere(in: folder.path))
    }

    @Test func `a folder without a package is told, with what to do`() throws {
        let folder = try TemporaryFolder()
        let failure = #expect(throws: CommandFailure.self) { try SiteProgram(root: folder.path) }
        #expect(failure?.status == .badConfiguration)
        #expect(failure?.message.contains("it has no Package.swift.\nRun the command in") == true)
    }

    @Test func `what does not compile is told in the compiler's words`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("this is no package", to: "Package.swift")
        let failure = await #expect(throws: CommandFailure.self) {
            try await SiteProgram(root: folder.path).compile()
        }
        #expect(failure?.status == .failure)
        #expect(failure?.message.contains("error: ") == true)
    }

    @Test func `a program that cannot be run is told`() throws {
        let folder = try TemporaryFolder()
        try folder.write("// a package", to: "Package.swift")
        let failure = #expect(throws: CommandFailure.self) {
            try SiteProgram(root: folder.path).replaceThisProcess(arguments: [])
        }
        #expect(failure?.message.contains("cannot be run: No such file or directory") == true)
    }
}
