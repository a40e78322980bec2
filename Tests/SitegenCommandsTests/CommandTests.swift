// Commands against a database of their own: what they do and what they refuse.
//
// They run inside the test process, with the site that an executable would hand over; what they
// print goes to the test's own output.

import ArgumentParser
import FoundationEssentials
import MaterializedViews
import Postgres
import ReleaseFormat
import SiteAuthoring
import SiteServing
import TestSupport
import Testing

@testable import SitegenCommands

private struct Home: StaticPage {
    static let path = "/"
    var view: HTML { html { body { p { "Home" } } } }
}

private let bare = Site(
    title: "T", origin: Origin(literal: "https://t.example"), routes: [.page(Home.self)])

private let sampled = Site(
    title: "T", origin: Origin(literal: "https://t.example"), routes: [.page(Home.self)],
    sample: SampleData(schemaFile: "site/database/schema/s.sql", schemaName: "s", defaultSize: 2) {
        size, _, sink in
        try sink.table("s.thing", columns: ["id"])
        for id in 0..<size { try sink.row([.int(id)]) }
    })

@Suite("Commands") struct CommandTests {
    /// A site's folder with one view, and the options that name it and a new database.
    private func site(in folder: borrowing TemporaryFolder) throws -> (
        database: String, options: [String]
    ) {
        try folder.write(
            "CREATE SCHEMA s; CREATE TABLE s.thing (id int)", to: "site/database/schema/s.sql")
        try folder.write("-- key: id\nSELECT t.id FROM s.thing t", to: "site/database/thing.sql")
        let database = try ThrowAwayPostgres.database()
        return (database, ["--root", folder.path, "--db", database])
    }

    private func run(_ arguments: [String], for site: Site? = bare) async throws {
        try await SitegenCommand.$site.withValue(site) {
            var command = try SitegenCommand.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        }
    }

    /// The failure that a command line ends with; nil if it succeeds.
    private func failure(_ arguments: [String], for site: Site? = bare) async -> CommandFailure? {
        do {
            try await run(arguments, for: site)
            return nil
        } catch {
            return error as? CommandFailure ?? CommandFailure(error)
        }
    }

    @Test func `a database is seeded, its views applied, described and refreshed`() async throws {
        let folder = try TemporaryFolder()
        let (database, options) = try site(in: folder)
        #expect(await failure(["db", "apply"] + options) != nil, "its table is not there yet")
        try await run(["db", "seed", "--size", "4"] + options, for: sampled)
        #expect(await failure(["db", "status"] + options)?.status == .badConfiguration)
        try await run(["db", "apply"] + options)
        let stale = await failure(["db", "status"] + options)
        #expect(stale?.status == .badConfiguration)
        #expect(stale?.message.contains("sitegen db generate") == true)
        try await run(["db", "generate"] + options)
        let rows = "\(folder.path)/site/Rows.generated.swift"
        let text = FileManager.default.contents(atPath: rows)
            .map { String(decoding: $0, as: UTF8.self) }
        #expect(text?.contains("final class ThingRow: SharedRow") == true)
        #expect(await failure(["db", "status"] + options) == nil)
        try Connection(to: database).run("DELETE FROM s.thing WHERE id > 0")
        try await run(["db", "refresh"] + options)
        let left = try Connection(to: database).rows("SELECT count(*)::text FROM sitegen.thing") {
            (row) throws(PostgresError) in try row.value(0, as: String.self)
        }
        #expect(left == ["1"])
        #expect(await failure(["db", "refresh", "nothing"] + options)?.status == .badConfiguration)
    }

    @Test func `rows that cannot be kept end commands with their own status`() async throws {
        let folder = try TemporaryFolder()
        let (database, options) = try site(in: folder)
        let connection = try Connection(to: database)
        try connection.run("CREATE SCHEMA s; CREATE TABLE s.thing (id int)")
        try await run(["db", "apply"] + options)
        for bad in ["(1), (1)", "(1), (NULL)"] {
            try connection.run("TRUNCATE s.thing; INSERT INTO s.thing VALUES (2), \(bad)")
            let refusal = await failure(["db", "refresh"] + options)
            #expect(refusal?.status == .badData)
            #expect(refusal?.message.contains("1 row or view") == true)
            #expect(await failure(["db", "apply"] + options)?.status == .badData)
            #expect(await failure(["db", "refresh", "thing"] + options)?.status == .badData)
        }
        try await run(["db", "generate"] + options)
        #expect(await failure(["db", "status"] + options)?.status == .badData)
        try connection.run("DELETE FROM s.thing WHERE id IS NULL")
        #expect(await failure(["db", "refresh"] + options) == nil)
        #expect(await failure(["db", "status"] + options) == nil)
    }

    @Test func `row types are written only when they change, and not where that is impossible`()
        throws
    {
        let folder = try TemporaryFolder()
        let (database, options) = try site(in: folder)
        let folders = try DatabaseOptions.parse(options).folders
        let connection = try Connection(to: database)
        try connection.run("CREATE SCHEMA s; CREATE TABLE s.thing (id int)")
        try DatabaseWork.apply(folder: folders.databaseFolder, on: connection)
        #expect(try DatabaseWork.generate(folders, on: connection))
        #expect(try !DatabaseWork.generate(folders, on: connection))
        try FileManager.default.removeItem(atPath: folders.rowsFile)
        try folder.write("x", to: "site/Rows.generated.swift/taken")
        let failure = #expect(throws: CommandFailure.self) {
            try DatabaseWork.generate(folders, on: connection)
        }
        #expect(failure?.status == .cannotWrite)
    }

    @Test func `a database is prepared from nothing, and a second time nothing is lost`() throws {
        let folder = try TemporaryFolder()
        let (database, options) = try site(in: folder)
        let folders = try DatabaseOptions.parse(options).folders
        for _ in 0..<2 {
            try SitePreparation.run(sampled, database: database, folders: folders)
            let rows = try Connection(to: database).rows(
                "SELECT id::text FROM sitegen.thing ORDER BY 1"
            ) { row throws(PostgresError) in try row.value(0, as: String.self) }
            #expect(rows == ["0", "1"])
        }
    }

    @Test func `build publishes and routes lists what was published`() async throws {
        let folder = try TemporaryFolder()
        let (_, options) = try site(in: folder)
        try FileManager.default.removeItem(atPath: "\(folder.path)/site")
        let release = ["--release", "\(folder.path)/dist"]
        #expect(await failure(["routes"] + release)?.status != nil)
        for extra in [[], ["--json"], ["--quiet", "--tree"]] {
            try await run(["build", "--quality", "fast"] + extra + options + release)
        }
        #expect(
            try ReleaseReader.open("\(folder.path)/dist").manifest.entry(atPath: "/") != nil)
        try await run(["routes"] + release)
        for shape in [["/"], ["--json"], ["--json", "/"], ["--headers", "https://t.example/?a"]] {
            try await run(["routes"] + shape + release)
        }
        let missing = await failure(["routes", "/none"] + release)
        #expect(missing?.status == .failure && missing?.message.contains("/none") == true)
    }

    @Test func `a build that another one locks out ends with status 75`() async throws {
        let folder = try TemporaryFolder()
        let (_, options) = try site(in: folder)
        let writer = try ReleaseWriter.open("\(folder.path)/dist")
        let arguments = ["build", "--release", "\(folder.path)/dist"] + options
        #expect(await failure(arguments)?.status == .locked)
        withExtendedLifetime(writer) {}
    }

    @Test(arguments: [
        ["build"], ["fragments", "publish"], ["db", "seed"], ["watch"], ["demo"],
    ])
    func `a command that needs a site says so when there is none`(arguments: [String]) async {
        #expect(await failure(arguments, for: nil)?.status == .badConfiguration)
    }

    @Test func `a site without sample data cannot be seeded`() async {
        let failure = await failure(["db", "seed", "--db", "postgresql://127.0.0.1:1/x"])
        #expect(failure?.status == .badConfiguration)
    }

    @Test func `a database that is away ends with status 69`() async throws {
        let folder = try TemporaryFolder()
        for command in [["build", "--release", "\(folder.path)/dist"], ["db", "apply"]] {
            let arguments = command + ["--root", folder.path, "--db", "postgresql://127.0.0.1:1/x"]
            #expect(await failure(arguments)?.status == .unavailable)
        }
    }

    @Test(arguments: [
        (["--listen", "nowhere"], SitegenCommands.ExitStatus.usage),
        (["--listen", "127.0.0.1:0", "--release", "/nonexistent/release"], .badConfiguration),
        (["--listen", "127.0.0.1:0", "--redis", "nonsense"], .unavailable),
    ])
    func `serve tells what it cannot use`(options: [String], status: SitegenCommands.ExitStatus)
        async
    {
        let failure = await failure(["serve"] + options)
        #expect(failure?.message.split(separator: "\n").count ?? 0 >= 2)
        #expect(failure?.status == status)
    }

    @Test func `fragments of a site without any are published`() async throws {
        let folder = try TemporaryFolder()
        let (_, options) = try site(in: folder)
        let redis = try ThrowAwayRedis.url()
        _ = try await run(["fragments", "publish", "--redis", redis] + options)
    }
}
