// What a change makes the refresher look at: only views that read what has changed, and of these
// only rows that hang on the changed row, each once however many ways lead to it.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("What a change costs") struct ChangeCostTests {
    private static let views = [
        ("names", "SELECT i.id, i.name FROM item i"),
        ("prices", "SELECT i.id, i.price FROM item i"),
        (
            "makers",
            """
            SELECT m.id, (SELECT json_agg(i.name ORDER BY i.id) FROM item i
                WHERE i.maker_id = m.id) AS items FROM maker m
            """
        ),
        ("shelves", "SELECT i.shelf AS id, count(*) AS n FROM item i GROUP BY i.shelf"),
    ]

    private func site() throws -> String {
        let url = try DependencyTests.shop()
        let connection = try Connection(to: url)
        try connection.run(
            """
            INSERT INTO maker VALUES (1, 'Ann', NULL), (2, 'Bob', NULL);
            INSERT INTO item (id, slug, name, maker_id, shelf, price)
            VALUES (1, 'a', 'A', 1, 'x', 1), (2, 'b', 'B', 2, 'y', 2)
            """)
        _ = try ViewInstaller.apply(try Self.definitions(), on: connection)
        return url
    }

    private static func definitions() throws -> [ViewDefinition] {
        try views.map { name, sql in
            try view(name, "-- key: id\(name == "makers" ? "\n-- nullable: items" : "")\n\(sql)")
        }
    }

    @Test(arguments: [
        ("UPDATE item SET price = 5 WHERE id = 1", ["prices"]),
        ("UPDATE item SET name = 'C' WHERE id = 1", ["makers", "names"]),
        ("UPDATE item SET until = now() WHERE id = 1", []),
        ("UPDATE item SET shelf = 'y' WHERE id = 1", ["shelves"]),
        ("UPDATE item SET maker_id = 2 WHERE id = 1", ["makers"]),
        ("UPDATE item SET name = 'C', price = 9 WHERE id = 2", ["makers", "names", "prices"]),
        ("UPDATE item SET id = 7 WHERE id = 2", ["makers", "names", "prices", "shelves"]),
        (
            "INSERT INTO item (id, slug, shelf) VALUES (3, 'c', 'x')",
            ["names", "prices", "shelves"]
        ),
        ("DELETE FROM item WHERE id = 1", ["makers", "names", "prices", "shelves"]),
        ("UPDATE maker SET name = 'Eve'", []),
    ])
    func `a change looks only at views that read what has changed`(
        change: String, names: [String]
    ) throws {
        let connection = try Connection(to: site())
        try connection.run(change)
        let reports = try ChangeQueue.drain(on: connection)
        #expect(reports.map(\.view).sorted() == names)
        #expect(reports.allSatisfy { $0.examined.map { $0 <= 2 } ?? false })
        for view in try InstallDraft.installed(on: connection).views {
            #expect(try staleRows(of: view, on: connection) == 0, "\(view.name)")
        }
    }

    @Test func `a schema of an earlier version keeps its numbers and what is queued`() throws {
        let connection = try Connection(to: site())
        let number =
            "SELECT id::text FROM sitegen.watch WHERE tbl LIKE '%item%' AND col LIKE '%id%' "
            + "AND col NOT LIKE '%maker%'"
        try connection.run(
            """
            DELETE FROM sitegen.watch WHERE part <> '';
            ALTER TABLE sitegen.watch DROP COLUMN part;
            ALTER TABLE sitegen.watch ADD CONSTRAINT watch_tbl_col_key UNIQUE (tbl, col);
            COMMENT ON SCHEMA sitegen IS NULL;
            UPDATE sitegen.installation SET digest = 'of an earlier version';
            ALTER TABLE item DISABLE TRIGGER USER;
            UPDATE item SET price = 77 WHERE id = 1;
            ALTER TABLE item ENABLE TRIGGER USER;
            INSERT INTO sitegen.queue (watch, link)
                SELECT n::int, '1' FROM (\(number)) w (n)
            """)
        let before = try texts(number, on: connection)
        _ = try ViewInstaller.apply(try Self.definitions(), on: connection)
        #expect(before.count == 1)
        #expect(try texts(number + " AND part = ''", on: connection) == before)
        _ = try ChangeQueue.drain(on: connection)
        #expect(
            try texts("SELECT price::text FROM sitegen.prices WHERE id = 1", on: connection)
                == ["77.00"])
        try connection.run("UPDATE item SET name = 'N' WHERE id = 1")
        #expect(try ChangeQueue.drain(on: connection).map(\.view).sorted() == ["makers", "names"])
    }

    @Test func `many keys are worked on in parts, and later changes go first`() throws {
        let connection = try Connection(to: site())
        try connection.run(
            """
            INSERT INTO item (id, slug, name, maker_id, shelf, price)
            SELECT n, 's' || n, 'n' || n, 1, 'x', 1 FROM generate_series(100, 2599) n
            """)
        let labels = try view(
            "labels",
            "-- key: id\n-- nullable: maker\nSELECT i.id, m.name AS maker FROM item i "
                + "LEFT JOIN maker m ON m.id = i.maker_id")
        _ = try ViewInstaller.apply(try Self.definitions() + [labels], on: connection)
        _ = try ChangeQueue.drain(on: connection)
        try connection.run("UPDATE maker SET name = 'Zoe' WHERE id = 1")
        // One part for each step, since it has no time.
        func step() throws -> [String] {
            try connection.run(
                """
                BEGIN ISOLATION LEVEL REPEATABLE READ;
                LOCK TABLE sitegen.leader IN EXCLUSIVE MODE;
                SET LOCAL sitegen.step_milliseconds = 0
                """)
            let found = try texts(
                "SELECT view || ' ' || examined FROM sitegen.step()", on: connection)
            try connection.run("COMMIT")
            return found
        }
        #expect(try step() == ["labels 1000"])
        try connection.run(
            "UPDATE item SET price = 2 WHERE id = 1; UPDATE item SET maker_id = 2 WHERE id = 2599")
        #expect(try step().sorted() == ["labels 1000", "makers 2", "prices 1"])
        // A kept way back: what waits is looked at in the state it has by then.
        try connection.run("UPDATE maker SET name = 'Kim' WHERE id = 1")
        while try texts("SELECT count(*)::text FROM sitegen.queue", on: connection) != ["0"] {
            _ = try step()
        }
        for view in try InstallDraft.installed(on: connection).views {
            #expect(try staleRows(of: view, on: connection) == 0, "\(view.name)")
        }
        // Without a limit of time, one step does all.
        try connection.run("UPDATE maker SET name = 'Lea' WHERE id = 1")
        #expect(
            try texts("SELECT view || ' ' || examined FROM sitegen.step()", on: connection)
                == ["labels 2500"])
    }

    @Test func `ways that meet again give each key once`() throws {
        let connection = try Connection(to: DependencyTests.shop())
        try connection.run(
            """
            INSERT INTO tag SELECT n, 't' || n FROM generate_series(1, 20) n;
            INSERT INTO item (id, slug) SELECT n, 's' || n FROM generate_series(1, 60) n;
            INSERT INTO item_tag SELECT i.id, t.id FROM item i, tag t
            """)
        let related = try view(
            "related",
            """
            -- key: id
            SELECT i.id, (SELECT count(DISTINCT o.name) FROM item_tag x
                JOIN item_tag y ON y.tag_id = x.tag_id JOIN item o ON o.id = y.item_id
                WHERE x.item_id = i.id) AS n FROM item i
            """)
        _ = try ViewInstaller.apply([related], on: connection)
        let site = try InstallDraft.installed(on: connection)
        let installed = try #require(site.views.first)
        for dependency in installed.dependencies.dependencies {
            guard case .path = dependency.route else { continue }
            let links = "ARRAY(SELECT n::\(dependency.linkType) FROM generate_series(1, 60) n)"
            let query = try #require(installed.lookUp(dependency.route, links))
            #expect(
                try texts("SELECT count(*)::text FROM (\(query)) q", on: connection) == ["60"])
        }
        try connection.run("UPDATE item SET name = 'n' || id")
        #expect(
            try ChangeQueue.drain(on: connection)
                == [StepReport(view: "related", examined: 60, changed: 60)])
    }

    @Test func `a step takes as many changes as it is given, and leaves the others`() throws {
        let connection = try Connection(to: roomsDatabase())
        _ = try ViewInstaller.apply(
            [view("bed_name", "-- key: id\nSELECT id, name FROM bed")], on: connection)
        let waiting = "SELECT count(*)::text FROM sitegen.queue"
        for kept in [false, true] {
            // What was planned while there was little is used again.
            if kept { for _ in 0..<8 { try connection.run("SELECT sitegen.step(3)") } }
            try connection.run("UPDATE bed SET name = name || '.'")
            let all = try #require(Int(texts(waiting, on: connection).first ?? ""))
            try connection.run("SELECT sitegen.step(\(all - 1))")
            #expect(try texts(waiting, on: connection) == ["1"])
            try connection.run("SELECT sitegen.step(1)")
            #expect(try texts(waiting, on: connection) == ["0"])
            #expect(
                try texts("SELECT name FROM sitegen.bed_name ORDER BY id", on: connection)
                    == texts("SELECT name FROM bed ORDER BY id", on: connection))
        }
    }
}
