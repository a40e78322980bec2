// Where a Swift toolchain has what links its objects, as its driver says.
//
// Only the toolchain's own linker is used: it is there wherever the compiler is, and links the
// objects of a site in a fraction of the time that gold takes.

import FoundationEssentials

/// The parts of a toolchain that a link of Swift objects needs.
struct Toolchain: Sendable {
    /// The linker.
    let linker: String
    /// The program that finds in objects which libraries their imports ask for.
    let autolink: String
    /// The folder of the runtime's libraries.
    let libraries: String
    /// The object that tells the runtime what a library has.
    let start: String

    private struct Info: Decodable {
        struct Target: Decodable { let arch: String }
        struct Paths: Decodable {
            let runtimeLibraryPaths: [String]
        }
        let target: Target
        let paths: Paths
    }

    /// Asks a driver.
    ///
    /// - Parameter driver: its path: `…/usr/bin/swiftc`.
    /// - Throws: `SiteLibrary.Unavailable` when something is missing.
    init(_ driver: String) async throws {
        let run = try await CompilerRun([driver, "-print-target-info"], in: "/")
        guard run.isSuccess, let info = try? JSONDecoder().decode(Info.self, from: run.data),
            let libraries = info.paths.runtimeLibraryPaths.first,
            let end = driver.lastIndex(of: "/")
        else { throw SiteLibrary.Unavailable(reason: "\(driver) does not say where it is") }
        let programs = driver[..<end]
        linker = "\(programs)/ld.lld"
        autolink = "\(programs)/swift-autolink-extract"
        self.libraries = libraries
        start = "\(libraries)/\(info.target.arch)/swiftrt.o"
        for file in [linker, autolink, start]
        where !FileManager.default.fileExists(atPath: file) {
            throw SiteLibrary.Unavailable(reason: "the toolchain has no \(file)")
        }
    }
}
