// What a change of a table does to the rows of incremental views: exactly the rows it concerns are
// written, each with one event, and every view equals its statement afterwards.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("Incremental views") struct IncrementalViewTests {
    /// Items with their tags and parts, and a list over the table of items' rows.
    private static let item = """
        -- key: slug
        -- nullable: name, maker
        SELECT i.slug, i.name, m.name AS maker,
            (SELECT coalesce(json_agg(t.name ORDER BY t.id), '[]') FROM item_tag x
             JOIN tag t ON t.id = x.tag_id WHERE x.item_id = i.id) AS tags,
            (SELECT coalesce(json_agg(p.name ORDER BY p.id), '[]') FROM part p
             WHERE p.item_id = i.id) AS parts
        FROM item i LEFT JOIN maker m ON m.id = i.maker_id
        """
    private static let list = """
        -- key: page
        SELECT 1 AS page, (SELECT coalesce(json_agg(s.slug ORDER BY s.slug), '[]')
            FROM sitegen.item_page s WHERE s.maker = 'Ada') AS items
        FROM maker m WHERE m.id = 1
        """

    private static func views() throws -> [ViewDefinition] {
        try [view("item_page", item), view("ada", list)]
    }

    /// A database with two makers and three items, all views installed.
    private static func prepared() throws -> String {
        let url = try DependencyTests.shop()
        let connection = try Connection(to: url)
        try connection.run(
            """
            INSERT INTO maker VALUES (1, 'Ada'), (2, 'Bob');
            INSERT INTO item (id, slug, name, maker_id) VALUES
                (1, 'one', 'One', 1), (2, 'two', 'Two', 2), (3, 'three', 'Three', NULL);
            INSERT INTO tag VALUES (1, 'red'), (2, 'blue');
            INSERT INTO item_tag VALUES (1, 1), (2, 1), (2, 2);
            INSERT INTO part VALUES (1, 1, 'lid', 3), (2, 2, 'leg', 30);
            """)
        _ = try ViewInstaller.apply(views(), on: connection)
        return url
    }

    @Test(arguments: [
        ("UPDATE item SET name = 'Uno' WHERE id = 1", ["u item_page one name"]),
        ("UPDATE item SET name = name", []),
        ("UPDATE item SET shelf = 'x', price = 3", []),
        ("UPDATE part SET weight = weight + 1", []),
        (
            "UPDATE tag SET name = 'pink' WHERE id = 1",
            ["u item_page one tags", "u item_page two tags"]
        ),
        ("DELETE FROM tag WHERE id = 2", ["u item_page two tags"]),
        ("INSERT INTO item_tag VALUES (3, 2)", ["u item_page three tags"]),
        (
            "UPDATE item_tag SET item_id = 3 WHERE item_id = 1",
            ["u item_page one tags", "u item_page three tags"]
        ),
        (
            "UPDATE part SET item_id = 3 WHERE id = 2",
            ["u item_page three parts", "u item_page two parts"]
        ),
        ("UPDATE maker SET name = 'Bea' WHERE id = 2", ["u item_page two maker"]),
        ("UPDATE item SET maker_id = 1 WHERE id = 2", ["u item_page two maker", "u ada 1 items"]),
        (
            "UPDATE item SET slug = 'uno' WHERE id = 1",
            ["i item_page uno", "d item_page one", "u ada 1 items"]
        ),
        ("DELETE FROM item WHERE id = 1", ["d item_page one", "u ada 1 items"]),
        (
            "INSERT INTO item (id, slug, maker_id) VALUES (4, 'four', 1)",
            ["i item_page four", "u ada 1 items"]
        ),
        ("TRUNCATE part", ["u item_page one parts", "u item_page two parts"]),
        (
            "UPDATE item SET slug = CASE id WHEN 1 THEN 'two' ELSE 'one' END WHERE id < 3",
            [
                "u item_page one name,maker,tags,parts", "u item_page two name,maker,tags,parts",
                "u ada 1 items",
            ]
        ),
        (
            "INSERT INTO tag VALUES (1, 'pink') ON CONFLICT (id) DO UPDATE SET name = 'pink'",
            ["u item_page one tags", "u item_page two tags"]
        ),
        (
            "MERGE INTO part p USING (VALUES (1), (9)) n (id) ON p.id = n.id WHEN MATCHED "
                + "THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (n.id, 3, 'new', 1)",
            ["u item_page one parts", "u item_page three parts"]
        ),
        ("UPDATE tag SET id = id + 10 WHERE false", []),
    ])
    func `a change writes the rows it concerns`(sql: String, events: [String]) throws {
        let connection = try Connection(to: Self.prepared())
        // The swap of two slugs needs a constraint that waits.
        try connection.run(
            "ALTER TABLE item DROP CONSTRAINT item_slug_key, "
                + "ADD CONSTRAINT item_slug_key UNIQUE (slug) DEFERRABLE INITIALLY DEFERRED")
        try connection.run(sql)
        #expect(try follow(connection) == events.sorted())
        #expect(try !ChangeQueue.isWaiting(on: connection))
    }

    @Test func `what no view reads queues nothing`() throws {
        let connection = try Connection(to: Self.prepared())
        try connection.run(
            "UPDATE item SET shelf = 'y'; UPDATE part SET weight = 0; UPDATE country SET name = ''")
        #expect(try texts("SELECT count(*)::text FROM sitegen.queue", on: connection) == ["0"])
    }

    @Test func `a writer without any right on sitegen's schema is followed`() throws {
        let connection = try Connection(to: Self.prepared())
        let role = "writer_\(UInt32.random(in: 0 ... .max))"
        try connection.run(
            """
            CREATE ROLE \(role); GRANT SELECT, UPDATE ON item TO \(role);
            SET ROLE \(role); UPDATE item SET name = 'Eins' WHERE id = 1; RESET ROLE
            """)
        #expect(try follow(connection) == ["u item_page one name"])
    }

    @Test func `a rolled back change and a savepoint leave no trace`() throws {
        let connection = try Connection(to: Self.prepared())
        try connection.run(
            """
            BEGIN; UPDATE item SET name = 'x'; ROLLBACK;
            BEGIN; SAVEPOINT s; UPDATE item SET name = 'y' WHERE id = 1; ROLLBACK TO SAVEPOINT s;
            UPDATE item SET name = 'z' WHERE id = 2; COMMIT
            """)
        #expect(try follow(connection) == ["u item_page two name"])
    }

    @Test func `two transactions that change both ends of a link are both seen`() throws {
        let url = try Self.prepared()
        let first = try Connection(to: url)
        let second = try Connection(to: url)
        // The first renames a tag, the second links it to an item and is seen before.
        try first.run("BEGIN; UPDATE tag SET name = 'pink' WHERE id = 2")
        try second.run("INSERT INTO item_tag VALUES (3, 2)")
        #expect(try follow(second) == ["u item_page three tags"])
        try first.run("COMMIT")
        #expect(try follow(second) == ["u item_page three tags", "u item_page two tags"])
    }

    @Test func `a row that cannot be computed keeps its last state, the others go on`() throws {
        let url = try DependencyTests.shop()
        let connection = try Connection(to: url)
        try connection.run(
            "INSERT INTO item (id, slug, price) VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3)")
        let views = try [
            view("ratio", "-- key: slug\nSELECT slug, 6 / price AS ratio FROM item")
        ]
        _ = try ViewInstaller.apply(views, on: connection)
        try connection.run("UPDATE item SET price = CASE id WHEN 2 THEN 0 ELSE 6 END")
        _ = try ChangeQueue.drain(on: connection)
        #expect(
            try texts(
                "SELECT slug || round(ratio)::text FROM sitegen.ratio ORDER BY 1", on: connection)
                == ["a1", "b3", "c1"])
        #expect(try texts("SELECT key FROM sitegen.failure", on: connection) == ["b"])
        let status = try ViewInstaller.status(of: views, generatedSource: nil, on: connection)
        #expect(status.map(\.failures) == [1])
        try connection.run("UPDATE item SET price = 3 WHERE id = 2")
        _ = try ChangeQueue.drain(on: connection)
        #expect(try texts("SELECT key FROM sitegen.failure", on: connection).isEmpty)
    }

    @Test func `a link that cannot be read makes all rows be looked at next time`() throws {
        let connection = try Connection(to: Self.prepared())
        try connection.run(
            """
            INSERT INTO sitegen.queue (watch, link)
                SELECT id, 'oops' FROM sitegen.watch WHERE tbl = '"public"."tag"';
            UPDATE tag SET name = 'pink' WHERE id = 2; UPDATE maker SET name = 'Eve' WHERE id = 1
            """)
        _ = try ChangeQueue.drain(on: connection)
        let failures = "SELECT view || '/' || key FROM sitegen.failure"
        #expect(try texts(failures, on: connection) == ["item_page/"])
        try connection.run("UPDATE tag SET name = 'grey' WHERE id = 1")
        #expect(
            try follow(connection) == [
                "u ada 1 items", "u item_page one maker,tags", "u item_page two tags",
            ])
        #expect(try texts(failures, on: connection).isEmpty)
    }

    @Test func `rows enter and leave at their time without a write`() throws {
        let url = try DependencyTests.shop()
        let connection = try Connection(to: url)
        try connection.run(
            """
            ALTER TABLE item ADD published timestamptz;
            INSERT INTO item (id, slug, published, until) VALUES
                (1, 'past', now() - interval '1 day', NULL), (2, 'draft', NULL, NULL),
                (4, 'gone', now() - interval '2 days', now() - interval '1 day')
            """)
        let views = try [
            view(
                "shown",
                """
                -- key: slug
                -- publish-at: published
                -- expire-at: until
                -- nullable: published, until
                SELECT slug, published, until FROM item
                """)
        ]
        _ = try ViewInstaller.apply(views, on: connection)
        let shown = "SELECT slug FROM sitegen.shown ORDER BY 1"
        #expect(try texts(shown, on: connection) == ["past"])
        try connection.run(
            "INSERT INTO item (id, slug, published, until) VALUES "
                + "(3, 'soon', now() + interval '3 s', now() + interval '5 s')")
        #expect(try follow(connection) == [])
        try connection.run("SELECT pg_sleep_until(published) FROM item WHERE id = 3")
        #expect(try follow(connection) == ["i shown soon"])
        try connection.run("SELECT pg_sleep_until(until) FROM item WHERE id = 3")
        #expect(try follow(connection) == ["d shown soon"])
        try connection.run("UPDATE item SET published = now() - interval '1 s' WHERE id = 2")
        #expect(try follow(connection) == ["i shown draft"])
    }

    @Test func `a write to a partition, or through its parent, is followed`() throws {
        let url = try ThrowAwayPostgres.database()
        let connection = try Connection(to: url)
        try connection.run(
            """
            CREATE TABLE log (id int, kind text, note text, PRIMARY KEY (id, kind))
                PARTITION BY LIST (kind);
            CREATE TABLE log_a PARTITION OF log FOR VALUES IN ('a');
            CREATE TABLE log_b PARTITION OF log FOR VALUES IN ('b');
            INSERT INTO log VALUES (1, 'a', 'x'), (2, 'b', 'y')
            """)
        _ = try ViewInstaller.apply(
            [view("entry", "-- key: id, kind\n-- nullable: note\nSELECT id, kind, note FROM log")],
            on: connection)
        try connection.run("UPDATE log_a SET note = 'z'; INSERT INTO log VALUES (3, 'b', '/~')")
        #expect(try follow(connection) == ["i entry 3/b", "u entry 1/a note"])
        try connection.run("UPDATE log SET kind = 'a' WHERE id = 3")
        #expect(try follow(connection) == ["d entry 3/b", "i entry 3/a"])
    }

    @Test func `keys of several columns may hold any text`() throws {
        let url = try ThrowAwayPostgres.database()
        let connection = try Connection(to: url)
        try connection.run(
            "CREATE TABLE pair (a text, b text, n int, PRIMARY KEY (a, b)); "
                + "INSERT INTO pair VALUES ('x/y', 'z', 1), ('x', 'y/z', 2), ('~1', '~0/', 3)")
        _ = try ViewInstaller.apply(
            [view("pairs", "-- key: a, b\nSELECT a, b, n FROM pair")], on: connection)
        try connection.run("UPDATE pair SET n = n + 10 WHERE n <> 2")
        #expect(try follow(connection) == ["u pairs x~1y/z n", "u pairs ~01/~00~1 n"])
        #expect(RowKey.parts(of: "~01/~00~1", count: 2) == ["~1", "~0/"])
    }

    @Test func `a table without a key is followed, too`() throws {
        let url = try ThrowAwayPostgres.database()
        let connection = try Connection(to: url)
        try connection.run(
            "CREATE TABLE note (item int, body text); INSERT INTO note VALUES (1, 'a'), (2, 'b')")
        _ = try ViewInstaller.apply(
            [
                view(
                    "notes",
                    "-- key: item\nSELECT item, string_agg(body, ',' ORDER BY body) AS all_of"
                        + " FROM note GROUP BY item")
            ], on: connection)
        try connection.run("UPDATE note SET item = 2 WHERE body = 'a'")
        #expect(try follow(connection) == ["d notes 1", "u notes 2 all_of"])
    }

    @Test func `rows of a materialized view are followed when it is refreshed`() throws {
        let connection = try Connection(to: Self.prepared())
        let late = try view(
            "late",
            "-- key: id\n-- refresh: materialized\n-- nullable: name\nSELECT id, name FROM tag")
        let early = try view(
            "early", "-- key: id\n-- nullable: name\nSELECT l.id, l.name FROM sitegen.late l")
        _ = try ViewInstaller.apply(Self.views() + [late, early], on: connection)
        try connection.run("UPDATE tag SET name = 'grey' WHERE id = 2")
        #expect(try follow(connection) == ["u item_page two tags"])
        #expect(
            try ViewInstaller.refresh(on: connection).map(\.description)
                == ["refreshed late (2 rows)", "refreshed early (2 rows)"])
        #expect(
            try texts("SELECT name FROM sitegen.early WHERE id = 2", on: connection) == ["grey"])
    }

    @Test func `what consumers have read is dropped, and no more`() throws {
        let connection = try Connection(to: Self.prepared())
        try connection.run("UPDATE item SET name = name || '!'")
        _ = try ChangeQueue.drain(on: connection)
        let last = try ChangeQueue.lastSequence(on: connection)
        #expect(try ChangeQueue.position(of: "a", on: connection) == nil)
        try ChangeQueue.acknowledge("slow", upTo: last - 2, on: connection)
        try ChangeQueue.acknowledge("quick", upTo: last, on: connection)
        #expect(
            try ChangeQueue.events(after: 0, limit: 9, on: connection).map(\.sequence)
                == [last - 1, last])
        #expect(try ChangeQueue.position(of: "quick", on: connection) == last)
        // An event grows old: whoever waits for it keeps it, and nobody else.
        try connection.run("UPDATE sitegen.event SET at = now() - interval '8 days'")
        try ChangeQueue.prune(on: connection)
        #expect(try ChangeQueue.events(after: 0, limit: 9, on: connection).count == 2)
        try connection.run("DELETE FROM sitegen.consumer")
        try ChangeQueue.prune(on: connection)
        #expect(try ChangeQueue.events(after: 0, limit: 9, on: connection).isEmpty)
    }
}
