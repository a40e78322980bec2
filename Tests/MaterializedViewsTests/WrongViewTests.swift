// Wrong view files, wrong databases: each gives one error that names the file and says what to do.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("Wrong views") struct WrongViewTests {
    private func refusal(
        _ text: String, setup: String = "", on url: String
    ) throws -> String {
        let connection = try Connection(to: url)
        if !setup.isEmpty { try connection.run(setup) }
        let error = try #require(throws: ViewError.self) {
            try ViewInstaller.apply([view("v", text)], on: connection)
        }
        return error.description
    }

    @Test(arguments: [
        ("-- key: nope\nSELECT id FROM item", "v.sql:1: error: The view has no column nope"),
        ("-- key: id\nSELECT id, nope FROM item", "v.sql:2: error: column \"nope\""),
        ("-- key: id\nSELECT id FROM nope", "v.sql:2: error: relation \"nope\""),
        (
            "-- key: id\nSELECT id,\n  now() AS at FROM item",
            "v.sql:3: error: now() reads the clock"
        ),
        ("-- key: id\nSELECT id, random() AS r FROM item", "random() gives another answer"),
        ("-- key: id\nSELECT id, current_user AS who FROM item", "depends on who is connected"),
        ("-- key: id\nSELECT id, nextval('s') AS n FROM item", "nextval() gives another answer"),
        ("-- key: id\nSELECT i.id, to_jsonb(i) AS j FROM item i", "is read as a whole"),
        ("-- key: id\nSELECT id, ctid::text AS place FROM item", "A system column of public.item"),
        (
            "-- key: id\nSELECT maker_id AS id, json_agg(name) AS n FROM item GROUP BY 1",
            "without ORDER BY"
        ),
        ("-- key: id\nSELECT id, 1 AS rev FROM item", "`rev` is the column"),
        ("-- key: id\nSELECT oid AS id FROM pg_class", "belongs to PostgreSQL itself"),
        (
            "-- key: maker_id\nSELECT maker_id, name FROM item",
            "several rows with the same maker_id"
        ),
        ("-- key: name\nSELECT nullif(name, name) AS name FROM item", "whose name is NULL"),
        ("-- key: id\n-- publish-at: name\nSELECT id, name FROM item", "needs a timestamptz"),
        ("-- key: id\n-- expire-at: gone\nSELECT id FROM item", "no column gone"),
        (
            "-- key: id\n-- watch: gone(a): SELECT 1 WHERE 1 = ANY ($1)\nSELECT id FROM item",
            "v.sql:2: error: `watch:` names public.gone, which does not exist"
        ),
        (
            "-- key: id\n-- watch: part(a): SELECT 1 WHERE 1 = ANY ($1)\nSELECT id FROM item",
            "which public.part does not have"
        ),
        ("-- key: id\nSELECT id, hidden(id) AS n FROM item", "public.hidden is not IMMUTABLE"),
        (
            "-- key: id\n-- watch: coin(worth): SELECT 1 WHERE $1 IS NULL\nSELECT id FROM item",
            "v.sql:2: error: `watch:` names column worth of public.coin, which is money"
        ),
        ("-- key: m\nSELECT id::numeric::money AS m FROM item", "m is money, whose text depends"),
        ("-- key: id\nSELECT id FROM late", "a materialized view that sitegen does not refresh"),
        ("-- key: id\nSELECT id FROM old_item", "old_item is a part of public.item"),
        ("-- key: id\nSELECT id FROM sale", "far, a part of public.sale, is a foreign table"),
        ("-- key: id\nSELECT id, 1 / (id - id) AS n FROM item", "division by zero"),
        (
            "-- key: n\nSELECT rank() OVER (ORDER BY 1 / (id - 2)) AS n FROM item",
            "division by zero"
        ),
        ("-- key: id\nSELECT id, name::int AS n FROM item", "v.sql"),
        ("-- key: id\n-- nullable: gone\nSELECT id FROM item", "v.sql:2"),
        ("-- key: id\n-- json: name Int\nSELECT id, id AS name FROM item", "JSON columns are json"),
        (
            "-- key: id\n-- json: name Name\nSELECT id, name FROM item",
            "v.sql:2: error: name is text, and nobody"
        ),
        (
            "-- key: id\nSELECT id,\n  row(id, name) AS pair FROM item",
            "v.sql:3: error: column \"pair\" has pseudo-type record\nHint: Give its parts"
        ),
        (
            "-- key: id\nSELECT id\n  item.name FROM item",
            "v.sql:3: error: syntax error at or near \".\"\nHint: Look in front of it"
        ),
        ("-- key: id\nSELECT id, name, name FROM item", "v.sql:1"),
        ("-- key: id\nSELECT id, 1 + 1 FROM item", "A column has no name"),
        ("-- key: point\nSELECT point(1, 2) AS point", "v.sql"),
        ("-- key: id\nSELECT v.id FROM sitegen.gone v", "v.sql:2: error: relation"),
        ("-- key: id\nSELECT id FROM item TABLESAMPLE SYSTEM (50)", "v.sql:2"),
    ])
    func `a mistake is one error that names the file`(text: String, part: String) throws {
        let message = try refusal(
            text,
            setup: """
                INSERT INTO item (id, slug, name, maker_id)
                VALUES (1, 'a', 'a', NULL), (2, 'b', 'b', NULL);
                INSERT INTO maker VALUES (1, 'm');
                UPDATE item SET maker_id = 1;
                CREATE SEQUENCE s;
                CREATE FUNCTION hidden(bigint) RETURNS bigint LANGUAGE sql STABLE
                    AS 'SELECT count(*) FROM public.part';
                CREATE MATERIALIZED VIEW late AS SELECT id FROM item;
                CREATE TABLE old_item () INHERITS (item);
                CREATE FOREIGN DATA WRAPPER other; CREATE SERVER other FOREIGN DATA WRAPPER other;
                CREATE TABLE sale (id int NOT NULL) PARTITION BY LIST (id);
                CREATE TABLE near PARTITION OF sale FOR VALUES IN (1);
                CREATE FOREIGN TABLE far PARTITION OF sale FOR VALUES IN (2) SERVER other;
                """, on: DependencyTests.shop())
        #expect(message.contains(part), "\(message)")
        #expect(!message.contains("PL/pgSQL"), "\(message)")
    }

    @Test func `a relation that is missing comes with the nearest that there is`() throws {
        let url = try DependencyTests.shop()
        let connection = try Connection(to: url)
        try connection.run("CREATE SCHEMA shop; CREATE TABLE shop.bag ()")
        func hint(_ relation: String) -> String? {
            let error = ViewError.sql(
                file: "v.sql", line: 2, message: "relation \"\(relation)\" does not exist",
                hint: nil)
            guard case .sql(_, _, _, let hint) = error.withNearestRelation(at: url) else {
                return nil
            }
            return hint
        }
        #expect(hint("itme") == "Perhaps you meant \"item\".")
        #expect(hint("shop.bga") == "Perhaps you meant \"shop.bag\".")
        #expect(hint("customer")?.hasPrefix("No table or view is called so") == true)
    }

    @Test func `a table that was renamed under a view is told with its new definition`() throws {
        let url = try DependencyTests.shop()
        let connection = try Connection(to: url)
        let items = try view("v", "-- key: id\nSELECT id, name FROM item")
        _ = try ViewInstaller.apply([items], on: connection)
        try connection.run("ALTER TABLE item RENAME TO goods")
        let error = try #require(throws: ViewError.self) {
            try ViewInstaller.apply([items], on: connection)
        }
        #expect(error.description.hasPrefix("site/database/v.sql:2: error: relation \"item\""))
        // Meanwhile the view goes on following the table.
        try connection.run("INSERT INTO goods (id, slug) VALUES (1, 'a')")
        #expect(try ChangeQueue.drain(on: connection).map(\.changed) == [1])
    }

    @Test func `a view whose table became a part of another can read that one`() throws {
        let connection = try Connection(to: DependencyTests.shop())
        let items = try view("v", "-- key: id\nSELECT id, slug FROM item")
        _ = try ViewInstaller.apply([items], on: connection)
        try connection.run("CREATE TABLE goods (LIKE item); ALTER TABLE item INHERIT goods")
        let error = try #require(throws: ViewError.self) {
            try ViewInstaller.apply([items], on: connection)
        }
        #expect(error.description.contains("public.item is a part of public.goods"), "\(error)")
        _ = try ViewInstaller.apply(
            [view("v", "-- key: id\nSELECT id, slug FROM goods")], on: connection)
        try connection.run("INSERT INTO item (id, slug) VALUES (1, 'a')")
        #expect(try ChangeQueue.drain(on: connection).map(\.changed) == [1])
    }

    @Test func `a user who may not make triggers is told what to ask for`() throws {
        let url = try DependencyTests.shop()
        let owner = try Connection(to: url)
        let role = "guest_\(UInt32.random(in: 0 ... .max))"
        try owner.run(
            "CREATE ROLE \(role); GRANT SELECT ON item TO \(role); "
                + "DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO \(role)', "
                + "current_database()); END $$")
        let guest = try Connection(to: url)
        try guest.run("SET ROLE \(role)")
        let error = try #require(throws: ViewError.self) {
            try ViewInstaller.apply(
                [view("v", "-- key: id\nSELECT id FROM item")], on: guest)
        }
        #expect(error.description.contains("GRANT SELECT, TRIGGER"), "\(error)")
        #expect(error.description.hasPrefix("The database user lacks a right (while "), "\(error)")
    }

    @Test func `a role that owns nothing follows tables with SELECT and TRIGGER alone`() throws {
        let url = try DependencyTests.shop()
        let owner = try Connection(to: url)
        let role = "guest_\(UInt32.random(in: 0 ... .max))"
        try owner.run(
            "CREATE ROLE \(role); GRANT SELECT, TRIGGER ON item, tag TO \(role); "
                + "DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO \(role)', "
                + "current_database()); END $$")
        let guest = try Connection(to: url)
        try guest.run("SET ROLE \(role)")
        func rows() throws -> [String] {
            _ = try ChangeQueue.drain(on: guest)
            return try guest.texts("SELECT slug FROM sitegen.v ORDER BY 1", doing: "reading")
                .compactMap { $0[0] }
        }
        let items = try view("v", "-- key: id\nSELECT id, slug FROM item")
        _ = try ViewInstaller.apply([items], on: guest)
        try owner.run("DELETE FROM item; INSERT INTO item (id, slug) VALUES (1, 'a')")
        #expect(try rows() == ["a"])
        // Another statement watches other columns: the functions are replaced below the triggers.
        let shelved = try view(
            "v", "-- key: id\nSELECT id, slug || coalesce(shelf, '') AS slug FROM item")
        _ = try ViewInstaller.apply([shelved], on: guest)
        try owner.run("UPDATE item SET slug = 'b'; INSERT INTO item (id, slug) VALUES (2, 'c')")
        #expect(try rows() == ["b", "c"])
        // Only the owner could drop the triggers of a view that is gone: they do nothing.
        let tags = try view("w", "-- key: id\nSELECT id FROM tag")
        _ = try ViewInstaller.apply([shelved, tags], on: guest)
        _ = try ViewInstaller.apply([tags], on: guest)
        try owner.run("UPDATE item SET slug = 'd' WHERE id = 2")
        #expect(
            try guest.texts("SELECT count(*)::text FROM sitegen.queue", doing: "counting")[0][0]
                == "0")
        _ = try ViewInstaller.apply([items, tags], on: guest)
        try owner.run("UPDATE item SET slug = 'e' WHERE id = 1")
        #expect(try rows() == ["d", "e"])
    }
}
