// A site on disk and in a database of its own, ready to be built by one test.
//
// Tables are named with their schema throughout: the views have the same names, and which of the
// two a bare name means depends on the user.

import ContentEncoding
import Glibc
import MaterializedViews
import Postgres
import ReleaseFormat
import SiteAuthoring
import SiteBuilding
import Synchronization
import TestSupport
import Testing

/// The library's folder and database; gone with the object.
final class Library {
    let folder: TemporaryFolder
    let database: String

    var output: String { "\(folder.path)/dist" }

    /// Makes tables, rows, views and files.
    init() throws {
        folder = try TemporaryFolder()
        database = try ThrowAwayPostgres.database()
        try folder.write("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", to: "public/cover.svg")
        for (name, text) in libraryViews { try folder.write(text, to: "site/database/\(name).sql") }
        try sql(librarySchema)
        try applyViews()
    }

    func sql(_ text: String) throws { try Connection(to: database).run(text) }

    func applyViews() throws {
        _ = try ViewInstaller.apply(
            ViewDefinition.load(directory: "\(folder.path)/site/database"),
            on: Connection(to: database))
    }

    func options(
        quality: BuildQuality = .fast, origin: Origin? = nil, jobs: Int = 2, output: String? = nil,
        hasTree: Bool = false, program: String? = nil
    ) -> BuildOptions {
        var options = BuildOptions(
            root: folder.path, output: output ?? self.output, databaseURL: database,
            quality: quality, origin: origin, jobs: jobs, hasTree: hasTree)
        options.program = program
        return options
    }

    /// Builds with a program that is known, so that what has not changed is taken over.
    @discardableResult
    func buildChanges(
        _ site: Site = library, program: String = "1", jobs: Int = 2, output: String? = nil
    ) async throws -> BuildReport {
        try await build(site, options(jobs: jobs, output: output, program: program))
    }

    /// The manifest that a build in an empty folder makes of the same rows.
    func fresh(_ site: Site = library, program: String = "1") async throws -> Manifest {
        let elsewhere = try TemporaryFolder()
        try await build(site, options(output: "\(elsewhere.path)/dist", program: program))
        return try ReleaseReader.open("\(elsewhere.path)/dist").manifest
    }

    @discardableResult
    func build(_ site: Site = library, _ options: BuildOptions? = nil) async throws -> BuildReport {
        try await SiteBuilder(site, options: options ?? self.options(), report: { _ in }).build()
    }

    /// The warnings of a build, one after the other.
    func warnings(_ site: Site = library) async throws -> String {
        let warned = Warned()
        _ = try await SiteBuilder(site, options: options(), report: warned.note).build()
        return warned.text
    }

    /// The lines of the error that a build of `site` ends with; none if it succeeds.
    func failure(_ site: Site = library, _ options: BuildOptions? = nil) async -> [String] {
        do {
            try await build(site, options)
            return []
        } catch {
            return "\(error)".split(separator: "\n").map(String.init)
        }
    }

    var live: ReleaseReader {
        get throws { try ReleaseReader.open(output) }
    }

    func entry(_ path: String) throws -> Entry {
        try #require(try live.manifest.entry(atPath: path))
    }

    /// What is stored under a path, uncoded.
    func text(_ path: String) throws -> String {
        let reader = try live
        let entry = try #require(reader.manifest.entry(atPath: path))
        let form = try #require(entry.representation(.identity))
        return String(decoding: try reader.blob(form, verified: true), as: UTF8.self)
    }

    /// All paths of the live release.
    var paths: [String] {
        get throws {
            let manifest = try live.manifest
            return (0..<manifest.count).map { manifest.entry(at: $0).path }
        }
    }
}

extension ReleaseReader {
    /// The bytes of a coded form, decoded.
    func decoded(_ form: Representation) throws -> [UInt8] {
        let bytes = try blob(form, verified: true)
        switch form.coding {
        case .identity: return bytes
        case .gzip: return try Gzip.decompress(bytes, limit: 1 << 24)
        case .brotli: return try Brotli.decompress(bytes, limit: 1 << 24)
        }
    }
}

/// Collects warnings from any thread.
final class Warned: Sendable {
    private let texts = Mutex<[String]>([])
    var text: String { texts.withLock { $0.joined(separator: "\n") } }

    @Sendable func note(_ event: BuildEvent) {
        if case .warning(let text) = event { texts.withLock { $0.append(text) } }
    }
}
