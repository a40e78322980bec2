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
@testable import SitegenTool

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
            var command = try ToolCommand.parseAsRoot(arguments)
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
        try DatabaseWork.apply(folders, on: connection)
        #expect(try DatabaseWork.generate(folders, on: connection))
        #expect(try !DatabaseWork.generate(folders, on: connection))
        try FileManager.default.removeItem(atPath: folders.rowsFile)
        try folder.write("x", to: "site/Rows.generated.swift/taken")
        let failure = #expect(throws: CommandFailure.self) {
            try DatabaseWork.generate(folders, on: connection)
        }
        #expect(failure?.status == .cannotWrite)
    }

    @Test func `a database is prepared from nothing, and a second time nothing is lost`()
        async throws
    {
        let folder = try TemporaryFolder()
        let (database, options) = try site(in: folder)
        for _ in 0..<2 {
            for command in [["db", "seed", "--optional"], ["db", "apply"], ["db", "refresh"]] {
                try await run(command + options, for: sampled)
            }
            let rows = try Connection(to: database).rows(
                "SELECT id::text FROM sitegen.thing ORDER BY 1"
            ) { row throws(PostgresError) in try row.value(0, as: String.self) }
            #expect(rows == ["0", "1"])
        }
    }

    @Test func `a build takes in the changes that wait`() async throws {
        let folder = try TemporaryFolder()
        let (database, options) = try site(in: folder)
        try await run(["db", "seed"] + options, for: sampled)
        try await run(["db", "apply"] + options)
        let connection = try Connection(to: database)
        try connection.run("INSERT INTO s.thing (id) VALUES (7)")
        try FileManager.default.removeItem(atPath: "\(folder.path)/site")
        try await run(["build", "--release", "\(folder.path)/dist"] + options)
        let rows = try connection.rows("SELECT count(*)::text FROM sitegen.thing WHERE id = 7") {
            row throws(PostgresError) in try row.value(0, as: String.self)
        }
        #expect(rows == ["1"])
    }

    @Test func `views of another site stay, unless one asks for it`() async throws {
        let folder = try TemporaryFolder()
        let (database, options) = try site(in: folder)
        try folder.write("let package = Package(\n    name: \"shop\")", to: "Package.swift")
        try await run(["db", "seed"] + options, for: sampled)
        try await run(["db", "apply"] + options)

        let other = try TemporaryFolder()
        let others = ["--root", other.path, "--db", database]
        try other.write("-- key: id\nSELECT t.id FROM s.thing t", to: "site/database/thing.sql")
        try other.write("let package = Package(name: \"news\")", to: "Package.swift")
        let named = await failure(["db", "apply"] + others)
        #expect(named?.status == .badConfiguration)
        #expect(named?.message.hasPrefix("This database has the views of the site shop.") == true)

        let nameless = try TemporaryFolder()
        try nameless.write("-- key: id\nSELECT t.id FROM s.thing t", to: "site/database/new.sql")
        let strange = await failure(["db", "apply", "--root", nameless.path, "--db", database])
        #expect(strange?.message.hasPrefix("None of the views of this database has a file") == true)

        try await run(["db", "apply", "--take-over"] + others)
        #expect(await failure(["db", "apply"] + options)?.message.contains("site news") == true)
    }

    @Test func `an error of the database says which server was asked, and no password`()
        async throws
    {
        let folder = try TemporaryFolder()
        try folder.write("-- key: id\nSELECT id FROM nowhere", to: "site/database/x.sql")
        let database = try ThrowAwayPostgres.database()
        let failed = await failure(["db", "apply", "--root", folder.path, "--db", database])
        #expect(failed?.message.contains("relation \"nowhere\" does not exist") == true)
        let asked = failed?.message.split(separator: "\n").last ?? ""
        #expect(asked.hasPrefix("(database ") && asked.hasSuffix(" was asked)"), "\(asked)")
        let url = "postgresql://u:secret@127.0.0.1:1/x?sslpassword=secret"
        let away = await failure(["db", "apply", "--root", folder.path, "--db", url])
        #expect(away?.message.contains("(database x at 127.0.0.1, port 1 was asked)") == true)
        #expect(away?.message.contains("secret") == false)
        for odd in [
            "host=127.0.0.1 port=1 password=secret", "postgresql://u:secret%40127.0.0.1/x",
            "postgresql://u@127.0.0.1:1/x?password=secret", "postgresql://u:se cret@h/x",
            "postgresql://u:a@secret@127.0.0.1:1/x", "service=nowhere password=secret",
        ] {
            let other = await failure(["db", "apply", "--root", folder.path, "--db", odd])
            let asked = other?.message.split(separator: "\n").last ?? ""
            #expect(asked.hasPrefix("(") && asked.hasSuffix(" was asked)"), "\(odd): \(asked)")
            #expect(!asked.contains("secret@") && !asked.contains("password"), "\(asked)")
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
    func `a command that needs a site says so when there is none`(arguments: [String]) async throws
    {
        let folder = try TemporaryFolder()
        let failure = await failure(arguments + ["--root", folder.path], for: nil)
        #expect(failure?.status == .badConfiguration)
        #expect(failure?.message.hasPrefix("There is no site in \(folder.path): it has no") == true)
    }

    @Test func `a site without sample data cannot be seeded`() async {
        let seed = ["db", "seed", "--db", "postgresql://127.0.0.1:1/x"]
        #expect(await failure(seed)?.status == .badConfiguration)
        #expect(await failure(seed + ["--optional"]) == nil)
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
