// Sample data: loaded once, whole or not at all.
//
// Each test has a database of its own, since what is looked at is what a failure leaves behind.

import Postgres
import SiteAuthoring
import SiteBuilding
import TestSupport
import Testing

private struct OutOfIdeas: Error, CustomStringConvertible { var description: String { "no ideas" } }

@Suite("Sample loader") struct SampleLoaderTests {
    private static let schema = """
        CREATE SCHEMA demo;
        CREATE TABLE demo.thing (
            id int PRIMARY KEY, name text, price double precision, is_new boolean, at timestamptz);
        CREATE TABLE demo.part (thing int REFERENCES demo.thing, name text);
        """

    private func loader(
        in folder: borrowing TemporaryFolder,
        _ generate: @escaping @Sendable (Int, UInt64, inout any RowSink) throws -> Void
    ) throws -> SampleLoader {
        try folder.write(Self.schema, to: "site/database/schema/demo.sql")
        return SampleLoader(
            SampleData(
                schemaFile: "site/database/schema/demo.sql", schemaName: "demo", defaultSize: 3,
                generate: generate), root: folder.path)
    }

    @Sendable private static func things(
        size: Int, seed: UInt64, sink: inout any RowSink
    ) throws {
        try sink.table("demo.thing", columns: ["id", "name", "price", "is_new", "at"])
        for id in 0..<size {
            try sink.row([
                .int(id), .text("tab\t, line\n, \\N and \(seed)"), .double(1.5), .bool(id == 0),
                .timestamp(secondsSince1970: 86_400),
            ])
        }
        try sink.table("demo.part", columns: ["thing", "name"])
        try sink.row([.int(0), .null])
    }

    private func texts(_ sql: String, in database: String) throws -> [String] {
        try Connection(to: database).rows(sql) { (row) throws(PostgresError) in
            try row.value(0, as: String.self)
        }
    }

    @Test func `rows of every type arrive as they were given`() throws {
        let folder = try TemporaryFolder()
        let database = try ThrowAwayPostgres.database()
        let rows = try loader(in: folder, Self.things).load(into: database, seed: 7)
        #expect(rows == 4)
        #expect(
            try texts(
                """
                SELECT concat_ws('|', id, name, price, is_new, extract(epoch FROM at)::int)
                FROM demo.thing WHERE id = 0
                """, in: database) == ["0|tab\t, line\n, \\N and 7|1.5|t|86400"])
        #expect(try texts("SELECT 'x' FROM demo.part WHERE name IS NULL", in: database) == ["x"])
    }

    @Test func `a second time nothing is loaded`() throws {
        let folder = try TemporaryFolder()
        let database = try ThrowAwayPostgres.database()
        let loader = try loader(in: folder, Self.things)
        #expect(try loader.load(into: database) == 4)
        #expect(try loader.load(into: database) == nil)
        #expect(try texts("SELECT count(*)::text FROM demo.thing", in: database) == ["3"])
    }

    @Test func `more rows than a batch holds are all loaded`() throws {
        let folder = try TemporaryFolder()
        let database = try ThrowAwayPostgres.database()
        #expect(try loader(in: folder, Self.things).load(into: database, size: 9_001) == 9_002)
        #expect(try texts("SELECT count(*)::text FROM demo.thing", in: database) == ["9001"])
    }

    @Test func `a failure of the generator or of the database leaves nothing behind`() throws {
        let folder = try TemporaryFolder()
        let database = try ThrowAwayPostgres.database()
        let failing: [@Sendable (Int, UInt64, inout any RowSink) throws -> Void] = [
            { size, seed, sink in
                try Self.things(size: 5_000, seed: seed, sink: &sink)
                throw OutOfIdeas()
            },
            { size, seed, sink in
                try Self.things(size: size, seed: seed, sink: &sink)
                try sink.table("demo.thing", columns: ["id"])
                try sink.row([.int(0)])
            },
            { _, _, sink in
                try sink.table("demo.thing", columns: ["id"])
                try sink.row([.int(0), .int(1)])
            },
            { _, _, sink in try sink.row([.int(0)]) },
            { _, _, sink in
                try sink.table("demo.nothing", columns: ["id"])
                try sink.row([.int(0)])
            },
        ]
        for generate in failing {
            let loader = try loader(in: folder, generate)
            let error = #expect(throws: (any Error).self) { try loader.load(into: database) }
            #expect(error.map { "\($0)" }?.isEmpty == false)
            #expect(
                try texts(
                    "SELECT nspname::text FROM pg_namespace WHERE nspname = 'demo'", in: database)
                    == [])
        }
        #expect(try loader(in: folder, Self.things).load(into: database) == 4)
    }

    @Test func `a generator's error is told in two lines`() throws {
        let folder = try TemporaryFolder()
        let database = try ThrowAwayPostgres.database()
        let loader = try loader(in: folder) { _, _, _ in throw OutOfIdeas() }
        let error = #expect(throws: BuildError.self) { try loader.load(into: database) }
        #expect(
            error.map { "\($0)" } == """
                The sample data could not be made: no ideas.
                Change what the site's `sample` generates.
                """)
    }

    @Test func `a schema file that is not there is named`() throws {
        let folder = try TemporaryFolder()
        let sample = SampleData(
            schemaFile: "gone.sql", schemaName: "demo", defaultSize: 1
        ) { _, _, _ in }
        let database = try ThrowAwayPostgres.database()
        let error = #expect(throws: BuildError.self) {
            try SampleLoader(sample, root: folder.path).load(into: database)
        }
        let lines = "\(error.map { "\($0)" } ?? "")".split(separator: "\n")
        #expect(lines.count == 2 && lines[0].contains("gone.sql") && lines[1].contains("--root"))
    }
}
