// A view remembers what it was made from: what changes it without a write is told, and mended by
// the next installation with a comparison of every row.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("View meaning") struct ViewMeaningTests {
    private static let page = "-- key: id\nSELECT id, name FROM item"

    private func database(_ setup: String) throws -> String {
        let url = try ThrowAwayPostgres.database()
        try Connection(to: url).run(
            """
            CREATE TABLE item (id int PRIMARY KEY, name text NOT NULL);
            INSERT INTO item VALUES (1, 'a'), (2, 'b');
            \(setup)
            """)
        return url
    }

    /// What status says of the one view there is.
    private func state(
        _ definition: ViewDefinition, on connection: borrowing Connection
    ) throws -> ViewStatus.State? {
        try ViewInstaller.status(of: [definition], generatedSource: nil, on: connection)
            .first?.state
    }

    /// Installs a view, lets something happen, and expects it to be told and mended.
    ///
    /// - Parameters:
    ///   - text: the view file.
    ///   - setup: what is there before.
    ///   - change: what happens.
    ///   - part: what is said about it.
    ///   - changed: how many rows differ then.
    /// - Throws: what the database refuses.
    private func expect(
        _ text: String = page, _ setup: String = "", after change: String, says part: String,
        changed: Int
    ) throws {
        let connection = try Connection(to: database(setup))
        let definition = try view("v", text)
        _ = try ViewInstaller.apply([definition], on: connection)
        #expect(try state(definition, on: connection) == .installed, "\(change)")
        try connection.run(change)
        guard case .outdated(let changes) = try state(definition, on: connection) else {
            Issue.record("not seen: \(change)")
            return
        }
        #expect(changes.joined(separator: "; ").contains(part), "\(changes)")
        // Who may not make a view for a moment sees it too.
        #expect(try ViewInstaller.outdated(nil, on: connection).map(\.view) == ["v"], "\(change)")
        let actions = try ViewInstaller.apply([definition], on: connection)
        let rows = changed == 1 ? "1 row" : "\(changed) rows"
        #expect(
            actions.map(\.description).first?.hasPrefix("compared v (\(rows) changed): ") == true,
            "\(actions)")
        #expect(try state(definition, on: connection) == .installed, "\(change)")
        #expect(
            try ViewInstaller.apply([definition], on: connection) == [.unchanged(view: "v")],
            "\(change)")
        _ = try follow(connection)
    }

    @Test func `a table that another one took the name of`() throws {
        try expect(
            after: """
                CREATE TABLE fresh (LIKE item INCLUDING ALL);
                INSERT INTO fresh VALUES (1, 'A'), (3, 'C');
                ALTER TABLE item RENAME TO old_item; ALTER TABLE fresh RENAME TO item
                """, says: "it reads public.item, which is another table now", changed: 3)
        try expect(
            "-- key: id\nSELECT id, name FROM shop.item",
            "CREATE SCHEMA shop; CREATE TABLE shop.item (id int PRIMARY KEY, name text)",
            after: """
                ALTER SCHEMA shop RENAME TO old_shop; CREATE SCHEMA shop;
                CREATE TABLE shop.item (id int PRIMARY KEY, name text);
                INSERT INTO shop.item VALUES (1, 'a')
                """, says: "it reads shop.item, which is another table now", changed: 1)
        try expect(
            "-- key: id\nSELECT i.id, (SELECT min(p.name) FROM part p WHERE p.item = i.id) AS n "
                + "FROM item i", "CREATE TABLE part (item int, name text)",
            after: """
                ALTER TABLE part RENAME TO old_part;
                CREATE TABLE part AS SELECT 1 AS item, 'p' AS name
                """, says: "it reads public.part, which is another table now", changed: 1)
    }

    @Test func `columns that changed their names`() throws {
        try expect(
            "-- key: id\nSELECT id, a FROM pair",
            "CREATE TABLE pair (id int PRIMARY KEY, a text, b text); "
                + "INSERT INTO pair VALUES (1, 'a', 'b')",
            after: """
                ALTER TABLE pair RENAME a TO c; ALTER TABLE pair RENAME b TO a;
                ALTER TABLE pair RENAME c TO b
                """, says: "columns of public.pair have changed", changed: 1)
    }

    @Test func `views, functions, labels and types that are defined otherwise`() throws {
        try expect(
            "-- key: id\nSELECT id, name FROM named",
            "CREATE VIEW named AS SELECT id, name FROM item",
            after: "CREATE OR REPLACE VIEW named AS SELECT id, upper(name) AS name FROM item",
            says: "view public.named is defined otherwise", changed: 2)
        try expect(
            "-- key: id\nSELECT id FROM outermost",
            "CREATE VIEW inner_one AS SELECT id FROM item; "
                + "CREATE VIEW outermost AS SELECT id FROM inner_one",
            after: "CREATE OR REPLACE VIEW inner_one AS SELECT id FROM item WHERE id > 1",
            says: "view public.inner_one is defined otherwise", changed: 1)
        try expect(
            "-- key: id\nSELECT id, shown(name) AS n FROM item",
            "CREATE FUNCTION shown(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1'",
            after: "CREATE OR REPLACE FUNCTION shown(text) RETURNS text LANGUAGE sql IMMUTABLE "
                + "AS 'SELECT upper($1)'",
            says: "function public.shown(text) is defined otherwise", changed: 2)
        try expect(
            "-- key: id\nSELECT id, outside(name) AS n FROM item",
            """
            CREATE FUNCTION inside(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1';
            CREATE FUNCTION outside(text) RETURNS text LANGUAGE sql IMMUTABLE
                BEGIN ATOMIC SELECT inside($1); END;
            """,
            after: "CREATE OR REPLACE FUNCTION inside(text) RETURNS text LANGUAGE sql IMMUTABLE "
                + "AS 'SELECT $1 || 1'",
            says: "function public.inside(text) is defined otherwise", changed: 2)
        try expect(
            "-- key: id\nSELECT id, m::text AS m FROM moody",
            "CREATE TYPE mood AS ENUM ('ok', 'bad'); CREATE TABLE moody (id int PRIMARY KEY, "
                + "m mood); INSERT INTO moody VALUES (1, 'ok'), (2, 'bad')",
            after: "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'",
            says: "type public.mood is defined otherwise", changed: 1)
        try expect(
            "-- key: id\nSELECT id, name FROM item WHERE id < 3 AND kind(name) = 'text'",
            "CREATE FUNCTION kind(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$SELECT 'text'$$",
            after: "CREATE FUNCTION kind(varchar) RETURNS text LANGUAGE sql IMMUTABLE "
                + "AS $$SELECT 'text'$$; CREATE OR REPLACE FUNCTION kind(text) RETURNS text "
                + "LANGUAGE sql IMMUTABLE AS $$SELECT 'varchar'$$",
            says: "function public.kind(text) is defined otherwise", changed: 2)
    }

    @Test func `partitions and children that come and go`() throws {
        let parted = """
            CREATE TABLE sale (id int PRIMARY KEY, n int) PARTITION BY RANGE (id);
            CREATE TABLE sale_1 PARTITION OF sale FOR VALUES FROM (1) TO (10);
            INSERT INTO sale VALUES (1, 1), (2, 2)
            """
        try expect(
            "-- key: id\nSELECT id, n FROM sale", parted,
            after: """
                CREATE TABLE sale_2 (id int PRIMARY KEY, n int); INSERT INTO sale_2 VALUES (10, 1);
                ALTER TABLE sale ATTACH PARTITION sale_2 FOR VALUES FROM (10) TO (20)
                """, says: "partitions of public.sale have changed", changed: 1)
        try expect(
            "-- key: id\nSELECT id, n FROM sale", parted,
            after: "ALTER TABLE sale DETACH PARTITION sale_1",
            says: "partitions of public.sale have changed", changed: 2)
        try expect(
            after: "CREATE TABLE more () INHERITS (item); INSERT INTO more VALUES (3, 'c')",
            says: "partitions of public.item have changed", changed: 1)
    }

    @Test func `triggers that were off for a while, or are gone`() throws {
        for (change, part) in [
            (
                "ALTER TABLE item DISABLE TRIGGER ALL; UPDATE item SET name = 'x' WHERE id = 1",
                "triggers on public.item are off"
            ),
            (
                "ALTER TABLE item DISABLE TRIGGER ALL; UPDATE item SET name = 'x' WHERE id = 1; "
                    + "ALTER TABLE item ENABLE TRIGGER ALL", "triggers on public.item were off"
            ),
            (
                "DROP TRIGGER sitegen_update ON item; UPDATE item SET name = 'x' WHERE id = 1",
                "triggers on public.item are missing"
            ),
            (
                "ALTER TABLE item DISABLE TRIGGER sitegen_delete; DELETE FROM item WHERE id = 1",
                "triggers on public.item are off"
            ),
        ] {
            try expect(after: change, says: part, changed: 1)
        }
    }

    @Test func `writes of a replica session are followed like any other`() throws {
        let connection = try Connection(to: database(""))
        _ = try ViewInstaller.apply([view("v", Self.page)], on: connection)
        try connection.run(
            """
            SET session_replication_role = replica; UPDATE item SET name = 'r' WHERE id = 1;
            INSERT INTO item VALUES (3, 'c'); DELETE FROM item WHERE id = 2;
            SET session_replication_role = origin
            """)
        #expect(try follow(connection) == ["d v 2", "i v 3", "u v 1 name"])
    }

    @Test func `row security, rules and settings count`() throws {
        try expect(
            after: "ALTER TABLE item ENABLE ROW LEVEL SECURITY",
            says: "the row security of public.item has changed", changed: 0)
        try expect(
            after: "CREATE RULE r AS ON DELETE TO item DO INSTEAD NOTHING",
            says: "the rules of public.item have changed", changed: 0)
        let url = try database("")
        let definition = try view(
            "v", "-- key: id\nSELECT id, to_tsvector(name)::text AS words FROM item")
        _ = try ViewInstaller.apply([definition], on: Connection(to: url))
        let other = try Connection(to: url)
        try other.run(
            "UPDATE item SET name = 'running cats'; SET default_text_search_config = 'simple'")
        // What is computed in the meantime is computed as the rest was.
        _ = try ChangeQueue.drain(on: other)
        let words = "SELECT words FROM sitegen.v WHERE id = 1"
        #expect(try texts(words, on: other) == ["'cat':2 'run':1"])
        #expect(
            try state(definition, on: other)
                == .outdated(changes: ["setting default_text_search_config has another value"]))
        #expect(
            try ViewInstaller.apply([definition], on: other).map(\.description) == [
                "compared v (2 rows changed): setting default_text_search_config has another value"
            ])
        #expect(
            try texts("SELECT words FROM sitegen.v WHERE id = 1", on: other)
                == ["'cats':2 'running':1"])
    }

    @Test(arguments: [
        "CONFIGURATION plain ALTER MAPPING FOR asciiword WITH english_stem",
        "CONFIGURATION plain DROP MAPPING FOR asciiword", "DICTIONARY words (StopWords = english)",
    ])
    func `how words are found counts for views that find any`(change: String) throws {
        try expect(
            "-- key: id\nSELECT id, to_tsvector('plain', name)::text AS words FROM item",
            """
            CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = pg_catalog.simple);
            CREATE TEXT SEARCH CONFIGURATION plain (PARSER = "default");
            ALTER TEXT SEARCH CONFIGURATION plain ADD MAPPING FOR asciiword WITH words;
            UPDATE item SET name = 'the running cats';
            """, after: "ALTER TEXT SEARCH \(change)",
            says: "dictionaries of text search have changed", changed: 2)
    }

    @Test func `what changes nothing is no change`() throws {
        let connection = try Connection(
            to: database(
                """
                CREATE TABLE tag (id int PRIMARY KEY, item int REFERENCES item, word text);
                CREATE VIEW named AS SELECT i.id, i.name, t.word FROM item i
                    JOIN tag t ON t.item = i.id;
                """))
        let definitions = [
            try view("v", "-- key: id\nSELECT n.id, n.word FROM named n"),
            try view(
                "w",
                "-- key: id\nSELECT t.id, i.name FROM item i LEFT JOIN tag t ON t.item = i.id "
                    + "WHERE t.id IS NOT NULL"),
            try view(
                "live", "-- key: id\n-- refresh: live\nSELECT id FROM item JOIN tag USING (id)"),
            try view("late", "-- key: id\n-- refresh: materialized\nSELECT id FROM sitegen.v"),
        ]
        _ = try ViewInstaller.apply(definitions, on: connection)
        for change in [
            "ALTER TABLE item ADD note text; ALTER TABLE tag ADD note text",
            "ALTER TABLE item DROP note", "CREATE INDEX ON tag (item)", "ANALYZE",
            "CREATE OR REPLACE VIEW named AS SELECT i.id,   i.name, t.word FROM item i\n"
                + "JOIN tag t ON t.item = i.id",
            "CREATE VIEW another AS SELECT * FROM item", "GRANT SELECT ON item TO PUBLIC",
            "ALTER TABLE item ALTER name SET DEFAULT 'x'", "INSERT INTO item VALUES (9, 'i')",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        ] {
            try connection.run(change)
            let states = try ViewInstaller.status(
                of: definitions, generatedSource: nil, on: connection
            ).map(\.state)
            #expect(states == Array(repeating: .installed, count: 4), "\(change)")
            #expect(try ViewInstaller.outdated(nil, on: connection) == [], "\(change)")
        }
        #expect(
            try ViewInstaller.apply(definitions, on: connection).allSatisfy {
                if case .unchanged = $0 { true } else { false }
            })
    }

    @Test func `a name that another schema takes over is seen where files can be asked`() throws {
        let connection = try Connection(to: database("CREATE SCHEMA first"))
        try connection.run("SET search_path = first, public")
        let definition = try view("v", Self.page)
        _ = try ViewInstaller.apply([definition], on: connection)
        try connection.run("CREATE TABLE first.item AS SELECT 1 AS id, 'f'::text AS name")
        #expect(
            try state(definition, on: connection)
                == .outdated(changes: [
                    "it reads table first.item now", "it does not read table public.item any more",
                ]))
        _ = try ViewInstaller.apply([definition], on: connection)
        #expect(try texts("SELECT name FROM sitegen.v", on: connection) == ["f"])
    }

    @Test func `a build is stopped and told what to run, also by a view that is read`() throws {
        let connection = try Connection(to: database(""))
        let inner = try view("inner_page", Self.page)
        let outer = try view("outer_page", "-- key: id\nSELECT id FROM sitegen.inner_page")
        _ = try ViewInstaller.apply([inner, outer], on: connection)
        let columns = try RowGenerator.columns(of: [outer], on: connection)
        let schema = ViewSchema(
            name: outer.name, key: outer.key,
            columns: (columns[outer.name] ?? []).map { .init($0.name, $0.type) },
            digest: outer.digest)
        try ViewCheck.verify([schema], definitions: nil, on: connection)
        try connection.run(
            "ALTER TABLE item RENAME TO old_item; CREATE TABLE item (LIKE old_item INCLUDING ALL)")
        let error = try #require(throws: ViewError.self) {
            try ViewCheck.verify([schema], definitions: nil, on: connection)
        }
        #expect(
            error.description == """
                The rows of inner_page may be wrong: it does not read table public.item any more; \
                it reads table public.old_item now.
                Run `sitegen db apply`, which compares all of them.
                """)
        try connection.run("BEGIN READ ONLY")
        #expect(throws: ViewError.self) {
            try ViewCheck.verify([schema], definitions: nil, on: connection)
        }
        try connection.run("ROLLBACK")
    }

    @Test func `what an earlier version installed is compared once`() throws {
        let connection = try Connection(to: database(""))
        let definition = try view("v", Self.page)
        _ = try ViewInstaller.apply([definition], on: connection)
        try connection.run(
            """
            ALTER TABLE sitegen.view DROP made_from;
            ALTER TABLE sitegen.installation DROP triggers; COMMENT ON SCHEMA sitegen IS NULL
            """)
        #expect(
            try state(definition, on: connection) == .outdated(changes: [ViewMeaning.unknown]))
        #expect(
            try ViewInstaller.apply([definition], on: connection).map(\.description)
                == ["compared v (0 rows changed): \(ViewMeaning.unknown)"])
        #expect(try state(definition, on: connection) == .installed)
    }

    @Test func `a follower is told once, and again when it is mended`() throws {
        let url = try database("")
        let connection = try Connection(to: url)
        let definition = try view("v", Self.page)
        _ = try ViewInstaller.apply([definition], on: connection)
        var sources = SourceWatch()
        #expect(try sources.look(on: connection) == nil)
        let writer = try Connection(to: url)
        try writer.run("ALTER TABLE item DISABLE TRIGGER ALL; SELECT pg_stat_force_next_flush()")
        try writer.run("SELECT 1")
        #expect(try sources.look(on: connection)?.map(\.view) == ["v"])
        #expect(try sources.look(on: connection) == nil)
        #expect(sources.outdated.map(\.view) == ["v"])
        _ = try ViewInstaller.apply([definition], on: writer)
        try writer.run("SELECT pg_stat_force_next_flush()")
        try writer.run("SELECT 1")
        #expect(try sources.look(on: connection) == [])
    }

    @Test func `warnings of an installation are repeated by status`() throws {
        let connection = try Connection(to: database(""))
        let definition = try view("v", "-- key: id\nSELECT id, name FROM item LIMIT 1")
        var warned: [String] = []
        for _ in 1...2 {
            _ = try ViewInstaller.apply([definition], on: connection) {
                if case .warning(let problem) = $0 { warned.append(problem.description) }
            }
        }
        let warning =
            "site/database/v.sql:2: warning: LIMIT keeps any rows unless the same SELECT has an "
            + "ORDER BY."
        #expect(warned == [warning, warning])
        let status = try ViewInstaller.status(
            of: [definition], generatedSource: nil, on: connection)
        #expect(status.first?.state == .installed)
        #expect(status.first?.warnings.map(\.description) == [warning])
    }
}
