// Any identifier that PostgreSQL takes works in the SQL that sitegen makes: names of tables and
// columns may hold quotes, our own dollar quotes, dots, backslashes, and be as long as names are.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("Names") struct NameTests {
    /// A schema and two tables whose names are made of `names`, with rows, and views over them.
    private static func install(
        _ names: [String], key: String, column: String, view name: String,
        on connection: borrowing Connection
    ) throws -> (table: String, text: String) {
        let q = names.map(\.quotedName)
        let table = "\(q[0]).\(q[1])"
        try connection.run(
            """
            CREATE SCHEMA \(q[0]);
            CREATE TABLE \(table) (\(q[3]) text, \(q[4]) int, \(q[5]) text,
                PRIMARY KEY (\(q[3]), \(q[4])));
            CREATE TABLE \(q[0]).\(q[2]) (\(q[3]) text, \(q[4]) int);
            INSERT INTO \(table) VALUES ('one', 1, 'x'), ('two', 2, 'y');
            INSERT INTO \(q[0]).\(q[2]) VALUES ('one', 1)
            """)
        let select = """
            SELECT m.\(q[3]) AS \(key.quotedName), m.\(q[5]) AS \(column.quotedName),
                (SELECT count(*) FROM \(q[0]).\(q[2]) s WHERE s.\(q[3]) = m.\(q[3])) AS parts,
                m.\(q[4]) AS second
            FROM \(table) m
            """
        _ = try ViewInstaller.apply(
            [
                view(name, "-- key: \(key)\n-- nullable: \(column)\n\(select)"),
                view("pair", "-- key: second, \(key)\n-- nullable: \(column)\n\(select)"),
                view(
                    "late",
                    "-- key: \(key)\n-- refresh: materialized\n-- nullable: \(column)\n"
                        + select),
                view(
                    "now", "-- key: \(key)\n-- refresh: live\n-- nullable: \(column)\n\(select)"),
            ], on: connection)
        return (table, select)
    }

    private static func tryOut(
        _ names: [String], key: String = "key", column: String = "name", view: String = "v"
    ) throws {
        let connection = try Connection(to: ThrowAwayPostgres.database())
        let q = names.map(\.quotedName)
        let (table, _) = try install(
            names, key: key, column: column, view: view, on: connection)
        try connection.run(
            """
            UPDATE \(table) SET \(q[5]) = 'z' WHERE \(q[4]) = 1;
            INSERT INTO \(table) VALUES ('three', 3, 'w');
            INSERT INTO \(q[0]).\(q[2]) VALUES ('two', 7);
            """)
        #expect(
            try follow(connection)
                == [
                    "i \(view) three", "i pair 3/three", "u \(view) one \(column)",
                    "u \(view) two parts", "u pair 1/one \(column)", "u pair 2/two parts",
                ].sorted())
        try connection.run("DELETE FROM \(table) WHERE \(q[4]) = 2; TRUNCATE \(q[0]).\(q[2])")
        _ = try follow(connection)
        #expect(try ViewInstaller.failures(on: connection).count == 0)
        #expect(try ViewInstaller.refresh(on: connection).map(\.name) == ["late"])
        _ = try ViewInstaller.refresh([view, "pair"], on: connection)
        let definitions = try InstallDraft.installed(on: connection).views.map(\.definition)
        #expect(try !ViewInstaller.plan(definitions, on: connection).isEmpty)
        _ = try ViewInstaller.detach(on: connection)
        #expect(try ViewInstaller.drop(on: connection).count == 4)
    }

    @Test(arguments: [
        ["sc'h\"e$sitegen$", "t'a\"b$sitegen$le", "$sitegen$", "i'd\"$sitegen$", "$$", "\\'; --"],
        ["a.b", "c", "b.c", "a.b.c", "SELECT", "User"],
        ["Straße", "日本", "tables with blanks", "é", "$1", "?"],
        ["t0", "k", "watch", "l", "o", "n"],
        ["q", "f", "d", "v", "u", "link"],
        ["new_rows", "old_rows", "queue", "_keys", "_watches", "_links"],
        [
            String(repeating: "s", count: 63), String(repeating: "t", count: 63),
            String(repeating: "t", count: 62) + "'", String(repeating: "\"", count: 63),
            String(repeating: "$", count: 63), String(repeating: "c", count: 63),
        ],
        ["$sitegen1$", "$sitegen2$", "$sitegen", "sitegen$", "rev", "ctid_"],
    ])
    func `tables and columns may have any name`(names: [String]) throws {
        try Self.tryOut(names)
    }

    @Test(arguments: [
        ("n", "k"), ("k", "n"), ("q", "f"), ("f", "o"), ("d", "v"), ("g", "s"), ("u", "watch"),
        ("link", "at"), ("at", "view"), ("found", "fresh"), ("aside", "doubles"), ("Key", "USER"),
        ("_keys", "_at"), ("examined", "changed"), ("lookup", "kind"), ("count", "error"),
    ])
    func `keys and columns of a view may have any name that Swift takes`(
        key: String, column: String
    ) throws {
        try Self.tryOut(["base", "main", "side", "a", "b", "c"], key: key, column: column)
    }

    @Test(arguments: [
        String(repeating: "v", count: ViewLimits.nameBytesMax), "pair_key", "select", "keys_pair",
    ])
    func `views may have any name that is not sitegen's`(name: String) throws {
        try Self.tryOut(["base", "main", "side", "a", "b", "c"], view: name)
    }

    @Test func `tables whose names look the same in print have triggers of their own`() throws {
        let connection = try Connection(to: ThrowAwayPostgres.database())
        try connection.run(
            """
            CREATE SCHEMA "a"; CREATE SCHEMA "a.b";
            CREATE TABLE "a"."b.c" (id int PRIMARY KEY, x text);
            CREATE TABLE "a.b"."c" (id int PRIMARY KEY, y text)
            """)
        _ = try ViewInstaller.apply(
            [
                view("one", "-- key: id\n-- nullable: x\nSELECT id, x FROM a.\"b.c\""),
                view("two", "-- key: id\n-- nullable: y\nSELECT id, y FROM \"a.b\".c"),
            ], on: connection)
        try connection.run("INSERT INTO a.\"b.c\" VALUES (1); INSERT INTO \"a.b\".c VALUES (2)")
        #expect(try follow(connection) == ["i one 1", "i two 2"])
    }

    @Test func `random names work`() throws {
        var generator = SeededGenerator(seed: 2_026)
        let pieces = [
            "'", "\"", "$", "$sitegen$", "\\", ".", ",", "(", ")", ";", "--", "/*", " ", "\n", "a",
            "Z", "é", "日", "%", "%I", "{", "}", "=", "1", "_", "$1", "::", "null",
        ]
        for _ in 0..<4 {
            var names: [String] = []
            while names.count < 6 {
                var name = ""
                for _ in 0..<Int.random(in: 1...9, using: &generator) {
                    name += pieces.randomElement(using: &generator)!
                }
                if name.utf8.count <= 60, !names.contains(name) { names.append(name) }
            }
            try Self.tryOut(names)
        }
    }
}
