// How a site's program is run, with a script that notes how it was called.

import ArgumentParser
import Glibc
import TestSupport
import Testing

@testable import SitegenCommands
@testable import SitegenTool

@Suite("Site process") struct SiteProcessTests {
    /// A process whose program is this shell script.
    private func process(
        in folder: borrowing TemporaryFolder, script: String, databaseURL: String = "DB",
        redisURL: String = "unix:/r"
    ) throws -> SiteProcess {
        try folder.write("// no package", to: "Package.swift")
        try folder.write("#!/bin/sh\n\(script)\n", to: ".build/debug/Site")
        let program = try SiteProgram(root: folder.path)
        chmod(program.path, 0o755)
        return SiteProcess(
            program: program, folders: try FolderOptions.parse(["--root", folder.path]),
            databaseURL: databaseURL, redisURL: redisURL)
    }

    @Test(arguments: [
        ("postgresql://u:secret@h/db", "redis://:secret@h:1/2"),
        ("postgres://u:secret%20word@[::1]:5/db?sslmode=require", "redis+unix://:secret@/run/r"),
        ("host=h user=u password='secret word'", "redis://secret:secret@h"),
        ("service=s passfile=/secret", "unix:/secret/r.sock?db=3"),
    ])
    func `addresses reach every child in its environment, never on its command line`(
        database: String, redis: String
    ) async throws {
        let folder = try TemporaryFolder()
        let (log, calls) = ("\(folder.path)/log", "\(folder.path)/calls")
        let process = try process(
            in: folder,
            script: """
                tr '\\0' ' ' < /proc/$$/cmdline >> '\(calls)'
                echo "$DATABASE_URL|$REDIS_URL" >> '\(log)'
                """, databaseURL: database, redisURL: redis)
        try await process.run(["db", "seed"])
        #expect(try text(of: log) == "\(database)|\(redis)\n")
        #expect(!(try text(of: calls).contains("secret")))
        #expect(try text(of: calls).contains("db seed --root \(folder.path)"))
    }

    @Test(arguments: [
        ("echo progress; echo 'sitegen: no' >&2; exit 65", "no\n"),
        ("echo 'a.swift:1:2: error: x'; exit 1", "a.swift:1:2: error: x"),
    ])
    func `a command that fails throws what it said last`(
        script: String, message: String
    ) async throws {
        let folder = try TemporaryFolder()
        let process = try process(in: folder, script: script)
        let failure = await #expect(throws: CommandFailure.self) {
            try await process.run(["db", "apply"])
        }
        #expect(failure?.message == message)
    }

    @Test(arguments: [
        ("", ""), ("one\n\ntwo\n", "one\ntwo"),
        (
            "building\na.swift:1:2: error: no\n  let x\nb.swift:3:4: error: not\nend\n",
            "a.swift:1:2: error: no\nb.swift:3:4: error: not"
        ),
        (
            (1...30).map { "line \($0)\n" }.joined(),
            (11...30).map { "line \($0)" }.joined(separator: "\n")
        ),
        (
            (1...30).map { "error: \($0)\n" }.joined(),
            (1...20).map { "error: \($0)" }.joined(separator: "\n")
        ),
    ])
    func `the message is the errors, else the end of the output`(output: String, message: String) {
        #expect(SiteProgram.message(output) == message)
    }

    private func text(of file: String) throws -> String {
        try #require(WatchedPath.text(of: file))
    }
}
