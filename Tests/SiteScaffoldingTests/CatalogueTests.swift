// The catalogue of a real database, and sites that are made of one.

import MaterializedViews
import Postgres
import TestSupport
import Testing

@testable import SiteScaffolding

private func database(_ sql: String) throws -> Connection {
    let connection = try Connection(to: ThrowAwayPostgres.database())
    try connection.run(sql)
    return connection
}

private let identity = SiteIdentity(
    folder: "shop", title: nil, origin: "http://127.0.0.1:4000",
    source: .address(SiteIdentity.address, from: "0.1.0"))

@Suite("Catalogue") struct CatalogueTests {
    @Test func `keys, indexes, comments and types below domains are read`() throws {
        let connection = try database(
            """
            CREATE DOMAIN short AS text; CREATE DOMAIN shorter AS short NOT NULL;
            CREATE TYPE mood AS ENUM ('calm');
            CREATE TABLE room (id int PRIMARY KEY, code shorter UNIQUE, moods mood[],
                m mood NOT NULL, gone int, floor_id int);
            ALTER TABLE room DROP COLUMN gone;
            CREATE INDEX ON room (floor_id); CREATE UNIQUE INDEX ON room (floor_id) WHERE id > 1;
            COMMENT ON TABLE room IS 'Rooms.';
            """)
        let read = try CatalogueReader.read(schemas: ["public"], on: connection)
        let room = try #require(read.tables.first)
        #expect((room.shown, room.comment) == ("public.room", "Rooms."))
        #expect(room.columns.map(\.number) == [1, 2, 3, 4, 6])
        #expect(room.columns[1].base == .builtIn("text"))
        #expect(room.columns[2].base == .array(of: "mood", isKnown: true))
        #expect(room.columns[3].base == .enumeration)
        #expect(room.columns.map(\.isNotNull) == [true, false, false, true, false])
        #expect(room.primaryKey == [1])
        #expect(room.uniqueKeys == [[1], [2]])
        #expect(room.indexedColumns == [1, 2, 6])
    }

    @Test func `keys of JSON objects count if they hold plain values, a dozen of them`() throws {
        let connection = try database(
            """
            CREATE TABLE item (id int PRIMARY KEY, name text NOT NULL, a jsonb, b json);
            INSERT INTO item SELECT n, 'x', jsonb_build_object('k' || n, n), '{"deep": {}}'
            FROM generate_series(10, 40) n;
            INSERT INTO item VALUES (1, 'x', '{"k11": [1]}', '[1]'), (2, 'x', '5', NULL);
            """)
        let item = try #require(
            CatalogueReader.read(schemas: ["public"], on: connection).tables.first)
        #expect(item.columns[2].jsonKeys.count == ScaffoldingLimits.jsonKeys)
        #expect(item.columns[2].jsonKeys.first == "k10")
        #expect(!item.columns[2].jsonKeys.contains("k11"))
        #expect(item.columns[3].jsonKeys == [])
    }

    @Test func `only so many rows of a JSON column are looked at`() throws {
        let connection = try database(
            """
            CREATE TABLE item (id int PRIMARY KEY, name text NOT NULL, a jsonb);
            INSERT INTO item SELECT n, 'x', jsonb_build_object(
                CASE WHEN n <= \(ScaffoldingLimits.jsonRows) THEN 'early' ELSE 'late' END, n)
            FROM generate_series(1, \(ScaffoldingLimits.jsonRows + 1)) n;
            """)
        let item = try #require(
            CatalogueReader.read(schemas: ["public"], on: connection).tables.first)
        #expect(item.columns[2].jsonKeys == ["early"])
    }

    @Test func `a site is made without a write, and is the same each time`() throws {
        let connection = try database(
            """
            CREATE TABLE room (id int PRIMARY KEY, name text, info jsonb);
            INSERT INTO room VALUES (1, 'A', '{"beds": 2}');
            """)
        let request = SiteScaffold.Request(identity: identity)
        let first = try SiteScaffold.make(request, on: connection)
        #expect(try SiteScaffold.make(request, on: connection) == first)
        let schemas = try connection.rows("SELECT 1 FROM pg_namespace WHERE nspname = 'sitegen'") {
            (_) throws(PostgresError) in true
        }
        #expect(schemas.isEmpty)
        let page = try #require(first.files.first { $0.path == "site/Pages/RoomPage.swift" })
        #expect(page.text.contains("Fact(\"Beds\", row.info?.beds),"))
    }

    @Test func `the small site's row types are what PostgreSQL says`() throws {
        let scaffold = try SiteScaffold.starter(identity)
        let files = Dictionary(
            scaffold.files.map { ($0.path, $0.text) }, uniquingKeysWith: { first, _ in first })
        let connection = try database(try #require(files["site/database/schema/notes.sql"]))
        var definitions: [ViewDefinition] = []
        for (path, text) in files {
            let parts = path.split(separator: "/")
            guard parts.count == 3, parts[1] == "database" else { continue }
            definitions.append(
                try ViewDefinition(name: String(parts[2].dropLast(4)), file: path, text: text))
        }
        _ = try ViewInstaller.apply(definitions, on: connection)
        #expect(
            try RowGenerator.source(of: definitions, on: connection)
                == files["site/Rows.generated.swift"])
    }

    @Test func `what somebody may get wrong has one answer`() throws {
        let connection = try database(
            "CREATE TABLE room (id int PRIMARY KEY, name text); CREATE TABLE bed (name text);")
        func failure(_ change: (inout SiteScaffold.Request) -> Void) -> ScaffoldingError? {
            var request = SiteScaffold.Request(identity: identity)
            change(&request)
            do throws(ScaffoldingError) {
                _ = try SiteScaffold.make(request, on: connection)
                return nil
            } catch {
                return error
            }
        }
        #expect(failure { $0.schemas = ["publik"] }?.description.contains("mean public?") == true)
        #expect(failure { $0.tables = ["rom"] }?.description.contains("mean public.room?") == true)
        #expect(
            failure { $0.tables = ["bed"] }
                == .noPages(table: "public.bed", reason: "it has no primary key"))
    }
}

@Suite("The folder of a new site") struct SiteFolderTests {
    @Test func `a folder that holds anything stays as it is`() throws {
        let folder = try TemporaryFolder()
        try SiteFolder.write([WrittenFile("a/b.txt", "x")], to: "\(folder.path)/new")
        #expect(throws: ScaffoldingError.folderNotEmpty(path: "\(folder.path)/new")) {
            try SiteFolder.write([WrittenFile("c", "x")], to: "\(folder.path)/new")
        }
    }

    @Test func `what cannot be written to the end is taken back`() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/new"
        #expect(throws: ScaffoldingError.self) {
            try SiteFolder.write([WrittenFile("a", "x"), WrittenFile("a/b", "x")], to: path)
        }
        try SiteFolder.write([WrittenFile("a", "x")], to: path)
    }

    @Test(arguments: ["sitegen", "SiteGen", "swift-nio"])
    func `a folder is not called like a package`(name: String) {
        #expect(throws: ScaffoldingError.folderName(name)) { try SiteFolder.check("/x/\(name)") }
    }
}
