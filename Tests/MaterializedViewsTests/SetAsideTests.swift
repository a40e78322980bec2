// One bad row stops nothing else, and none vanishes: it is named in `sitegen.failure` for as long
// as it is bad, at installation and later alike, and every other row goes on.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("Rows set aside") struct SetAsideTests {
    /// Pages by a slug that may be anything, and a quotient that may not exist.
    private static func pages(_ count: Int = 4) throws -> String {
        let url = try ThrowAwayPostgres.database()
        try Connection(to: url).run(
            """
            CREATE TABLE page (id int PRIMARY KEY, slug text, n int NOT NULL DEFAULT 1,
                at timestamptz DEFAULT '2026-01-01');
            INSERT INTO page (id, slug) SELECT g, 's' || g FROM generate_series(1, \(count)) g
            """)
        return url
    }

    private static let ways = [
        // Looked up by the column itself, by what is computed of it, and as a whole.
        "-- key: slug\nSELECT slug, 12 / n AS q FROM page",
        "-- key: slug\nSELECT lower(slug) AS slug, 12 / n AS q FROM page",
        "-- key: slug\nSELECT slug, q FROM (SELECT slug, 12 / n AS q FROM page UNION ALL "
            + "SELECT 'fixed', 0) u",
        "-- key: slug, m\nSELECT slug, id % 2 AS m, 12 / n AS q FROM page",
        "-- key: slug\n-- publish-at: at\nSELECT slug, at, 12 / n AS q FROM page",
    ]

    private static func failures(_ connection: borrowing Connection) throws -> [String] {
        try texts(
            "SELECT kind || ' ' || left(key, 8) FROM sitegen.failure ORDER BY 1", on: connection)
    }

    private static func slugs(_ connection: borrowing Connection) throws -> Set<String> {
        Set(try texts("SELECT slug FROM sitegen.v", on: connection))
    }

    @Test(arguments: ways)
    func `a key that becomes NULL, double or too long is named, and others go on`(
        text: String
    ) throws {
        let connection = try Connection(to: Self.pages())
        _ = try ViewInstaller.apply([view("v", text)], on: connection)
        let isPair = text.contains("slug, m")
        try connection.run("UPDATE page SET slug = NULL WHERE id = 1")
        _ = try follow(connection)
        #expect(try Self.failures(connection) == ["missing NULL" + (isPair ? "/1" : "")])
        try connection.run("INSERT INTO page (id, slug) VALUES (5, 's3'), (6, 's6')")
        _ = try follow(connection)
        #expect(
            try Self.failures(connection) == [
                "double s3" + (isPair ? "/1" : ""), "missing NULL" + (isPair ? "/1" : ""),
            ])
        #expect(try Self.slugs(connection).isSuperset(of: ["s2", "s3", "s4", "s6"]))
        try connection.run(
            "INSERT INTO page SELECT 7, string_agg(md5(i::text), '') FROM generate_series(1, 200) i"
        )
        try connection.run("UPDATE page SET n = 2 WHERE id = 2")
        _ = try follow(connection)
        #expect(try Self.failures(connection).count == 3)
        #expect(
            try texts("SELECT q::text FROM sitegen.v WHERE slug = 's2'", on: connection) == ["6"])
        // A line leaves with its cause.
        try connection.run(
            "UPDATE page SET slug = 's1' WHERE id = 1; DELETE FROM page WHERE id IN (5, 7)")
        _ = try follow(connection)
        #expect(try Self.failures(connection).isEmpty)
        #expect(try Self.slugs(connection).isSuperset(of: ["s1", "s2", "s3", "s4", "s6"]))
    }

    @Test func `a failed ASSERT is the fault of its row`() throws {
        let connection = try Connection(to: Self.pages())
        try connection.run(
            """
            CREATE FUNCTION sure(int) RETURNS int LANGUAGE plpgsql IMMUTABLE
                AS 'BEGIN ASSERT $1 <> 0; RETURN $1; END'
            """)
        _ = try ViewInstaller.apply(
            [view("v", "-- key: id\nSELECT id, sure(n) AS n FROM page")], on: connection)
        try connection.run("UPDATE page SET n = 0 WHERE id = 1; UPDATE page SET n = 5 WHERE id = 2")
        _ = try ChangeQueue.drain(on: connection)
        #expect(try Self.failures(connection) == ["row 1"])
        #expect(try texts("SELECT n::text FROM sitegen.v WHERE id = 2", on: connection) == ["5"])
        _ = try ViewInstaller.refresh(["v"], on: connection)
        #expect(try Self.failures(connection) == ["row 1"])
        _ = try ViewInstaller.apply(
            [view("v", "-- key: id\nSELECT id, sum(sure(n)) OVER () AS n FROM page WHERE n > 0")],
            on: connection)
        try connection.run(
            "CREATE OR REPLACE FUNCTION sure(int) RETURNS int LANGUAGE plpgsql IMMUTABLE "
                + "AS 'BEGIN ASSERT false; RETURN $1; END'; UPDATE page SET n = 3")
        _ = try ChangeQueue.drain(on: connection)
        #expect(try Self.failures(connection) == ["view "])
    }

    @Test(arguments: ways)
    func `what is wrong at installation is what is wrong later`(text: String) throws {
        let connection = try Connection(to: Self.pages())
        try connection.run(
            """
            INSERT INTO page (id, slug) VALUES (5, NULL), (7, NULL), (9, 's1');
            INSERT INTO page SELECT 6, string_agg(md5(i::text), '') FROM generate_series(1, 99) i;
            UPDATE page SET n = 0 WHERE id = 2
            """)
        if text.contains("UNION") { try connection.run("UPDATE page SET n = 1") }
        _ = try ViewInstaller.apply([view("v", text)], on: connection)
        let found = try Self.failures(connection).map { $0.prefix { $0 != " " } }
        #expect(Set(found).isSuperset(of: ["double", "long", "missing"]), "\(found)")
        #expect(found.contains("row") != text.contains("UNION"))
        #expect(try Self.slugs(connection).isSuperset(of: ["s3", "s4"]))
        // A whole pass says the same.
        _ = try ViewInstaller.refresh(["v"], on: connection)
        #expect(try Self.failures(connection).map { $0.prefix { $0 != " " } } == found)
    }

    @Test func `a row of an outer join without a key is named`() throws {
        let connection = try Connection(to: Self.pages())
        try connection.run(
            "CREATE TABLE tag (page int, name text); INSERT INTO tag VALUES (1, 'a')")
        _ = try ViewInstaller.apply(
            [
                view(
                    "v",
                    "-- key: id\n-- nullable: name\nSELECT p.id, t.name FROM tag t "
                        + "LEFT JOIN page p ON p.id = t.page")
            ], on: connection)
        try connection.run("INSERT INTO tag VALUES (9, 'b'), (NULL, 'c')")
        _ = try follow(connection)
        let failures = try ViewInstaller.failures(on: connection)
        #expect(failures.listed.map(\.error) == ["23502 2 rows whose id is NULL"])
        try connection.run("DELETE FROM tag WHERE page IS NULL; UPDATE tag SET page = 2")
        _ = try follow(connection)
        #expect(try Self.failures(connection) == ["double 2"])
    }

    @Test(arguments: [1, 7, 60], ["page", "lower"])
    func `rows that cannot be computed are found among many, and no other is blamed`(
        bad: Int, way: String
    ) throws {
        let connection = try Connection(to: Self.pages(3_000))
        let slug = way == "lower" ? "lower(slug)" : "slug"
        _ = try ViewInstaller.apply(
            [view("v", "-- key: slug\nSELECT \(slug) AS slug, 12 / n AS q FROM page")],
            on: connection)
        try connection.run(
            "UPDATE page SET n = CASE WHEN id % (3000 / \(bad)) = 1 AND id < 2999 THEN 0 ELSE 2 END"
        )
        for _ in 1...2 {
            _ = try ViewInstaller.refresh(["v"], on: connection)
            #expect(
                try texts(
                    "SELECT 's' || id FROM page WHERE n = 0 EXCEPT SELECT key FROM sitegen.failure",
                    on: connection
                ).isEmpty)
            #expect(
                try texts("SELECT count(*)::text FROM sitegen.failure", on: connection)
                    == texts("SELECT count(*)::text FROM page WHERE n = 0", on: connection))
            #expect(
                try texts("SELECT count(*)::text FROM sitegen.v WHERE q = 6", on: connection)
                    == texts("SELECT count(*)::text FROM page WHERE n = 2", on: connection))
        }
        try connection.run("UPDATE page SET n = 3")
        _ = try follow(connection)
        #expect(try Self.failures(connection).isEmpty)
    }

    @Test func `an error that no key can be blamed for is one line, not one for each row`() throws {
        let connection = try Connection(to: Self.pages(2_000))
        let text = """
            -- key: place
            SELECT row_number() OVER (ORDER BY 12 / n, id) AS place, id FROM page
            """
        _ = try ViewInstaller.apply([view("v", text)], on: connection)
        try connection.run("UPDATE page SET n = 0 WHERE id = 1000")
        _ = try ChangeQueue.drain(on: connection)
        #expect(try Self.failures(connection) == ["view "])
        #expect(try texts("SELECT count(*)::text FROM sitegen.v", on: connection) == ["2000"])
        try connection.run("UPDATE page SET n = 5 WHERE id = 1000")
        #expect(try !follow(connection).isEmpty)
        #expect(try Self.failures(connection).isEmpty)
    }

    @Test func `more bad rows than are named one by one leave the good ones right`() throws {
        let connection = try Connection(to: Self.pages(2_500))
        _ = try ViewInstaller.apply(
            [view("v", "-- key: id\nSELECT id, 12 / n AS q FROM page")], on: connection)
        // As a whole: what is queued is taken in parts, each with a count of its own.
        try connection.run(
            "UPDATE page SET n = CASE WHEN id <= 1200 THEN 0 ELSE 2 END; DELETE FROM sitegen.queue")
        _ = try ViewInstaller.refresh(["v"], on: connection)
        // The part in which the last of them stands is left as it was, those behind it are not.
        #expect(
            try texts("SELECT id::text FROM sitegen.v WHERE id > 2000 AND q <> 6", on: connection)
                .isEmpty)
        #expect(try Self.failures(connection).contains("view "))
        let noted = try ViewInstaller.failures(on: connection).count
        #expect(noted > ViewLimits.failedRowsMax && noted < 1_200)
        try connection.run("UPDATE page SET n = 3")
        _ = try follow(connection)
        #expect(try Self.failures(connection).isEmpty)
    }

    @Test func `an empty key is a key like others`() throws {
        let connection = try Connection(to: Self.pages())
        try connection.run("UPDATE page SET slug = '' WHERE id = 1")
        _ = try ViewInstaller.apply([view("v", Self.ways[0])], on: connection)
        try connection.run("UPDATE page SET n = 0 WHERE id = 1")
        _ = try ChangeQueue.drain(on: connection)
        #expect(try Self.failures(connection) == ["row "])
        try connection.run("UPDATE page SET n = 3 WHERE id = 2")
        let reports = try ChangeQueue.drain(on: connection)
        #expect(reports == [StepReport(view: "v", examined: 1, changed: 1)])
        #expect(try Self.failures(connection) == ["row "])
    }

    @Test func `a failure ends with the statement it was about`() throws {
        let connection = try Connection(to: Self.pages())
        _ = try ViewInstaller.apply([view("v", Self.ways[0])], on: connection)
        try connection.run("UPDATE page SET n = 0 WHERE id = 1")
        _ = try ChangeQueue.drain(on: connection)
        #expect(try Self.failures(connection) == ["row s1"])
        _ = try ViewInstaller.apply(
            [view("v", "-- key: slug\nSELECT slug, 12 + n AS q FROM page")], on: connection)
        #expect(try Self.failures(connection).isEmpty)
        _ = try ViewInstaller.apply([view("v", Self.ways[0])], on: connection)
        #expect(try Self.failures(connection) == ["row s1"])
        try connection.run("UPDATE page SET n = 1; DELETE FROM sitegen.queue")
        _ = try ViewInstaller.detach(on: connection)
        _ = try ViewInstaller.apply([view("v", Self.ways[0])], on: connection)
        #expect(try Self.failures(connection).isEmpty)
    }

    @Test func `a materialized view that fails keeps its rows, is named and stops no other`() throws
    {
        let connection = try Connection(to: Self.pages())
        let views = try ["a", "b", "c"].map { name in
            try view(
                name,
                "-- key: k\n-- refresh: materialized\nSELECT "
                    + (name == "b" ? "slug AS k, 12 / n AS q FROM page" : "id AS k FROM page"))
        }
        _ = try ViewInstaller.apply(views, on: connection)
        for (bad, good) in [
            ("n = 0 WHERE id = 1", "n = 1"),
            ("slug = NULL WHERE id = 1", "slug = 's1' WHERE id = 1"),
            ("slug = 's2' WHERE id = 1", "slug = 's1' WHERE id = 1"),
        ] {
            try connection.run("UPDATE page SET \(bad)")
            #expect(try ViewInstaller.refresh(on: connection).map(\.name) == ["a", "c"])
            #expect(try ViewInstaller.failures(on: connection).listed.map(\.view) == ["b"])
            #expect(try texts("SELECT count(k)::text FROM sitegen.b", on: connection) == ["4"])
            try connection.run("UPDATE page SET \(good)")
            #expect(try ViewInstaller.refresh(on: connection).map(\.name) == ["a", "b", "c"])
            #expect(try ViewInstaller.failures(on: connection).count == 0)
        }
    }

    @Test func `a key that is equal and has another text is another key for readers of events`()
        throws
    {
        let connection = try Connection(to: Self.pages())
        try connection.run(
            """
            CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
            CREATE TABLE name (k text COLLATE ci PRIMARY KEY, n numeric UNIQUE NOT NULL);
            INSERT INTO name VALUES ('alice', 1.0)
            """)
        _ = try ViewInstaller.apply(
            [
                view("v", "-- key: k\nSELECT k, 1 AS one FROM name"),
                view("w", "-- key: n\nSELECT n, 1 AS one FROM name"),
            ], on: connection)
        try connection.run("UPDATE name SET k = 'Alice', n = 1.00")
        #expect(
            try follow(connection) == ["d v alice", "d w 1.0", "i v Alice", "i w 1.00"])
    }

    @Test(arguments: [
        ("k text[] NOT NULL", "'{a}'"), ("k int4range[] NOT NULL", "'{}'"),
        ("k json NOT NULL", "'1'"), ("k xml NOT NULL", "'<a/>'"), ("k point NOT NULL", "'(1,2)'"),
        ("k pair NOT NULL", "'(1,2)'"), ("k xid NOT NULL", "'1'"), ("k int2vector NOT NULL", "'1'"),
    ])
    func `a key that no index can hold is refused with its name`(
        column: String, value: String
    ) throws {
        let connection = try Connection(to: Self.pages())
        try connection.run(
            "CREATE TYPE pair AS (a int, b int); CREATE TABLE t (\(column)); "
                + "INSERT INTO t VALUES (\(value))")
        for refresh in ["incremental", "materialized", "live"] {
            let error = #expect(throws: ViewError.self) {
                try ViewInstaller.apply(
                    [view("v", "-- key: k\n-- refresh: \(refresh)\nSELECT k FROM t")],
                    on: connection)
            }
            #expect("\(error!)".contains("v.sql:1: error: k is "), "\(error!)")
        }
    }

    @Test(arguments: [
        "varchar(9)", "char(5)", "citext", "mood", "int4range", "short", "date", "uuid", "inet",
        "bytea", "bit(4)", "numeric(5,2)", "interval", "\"char\"", "name", "timestamptz", "oid",
    ])
    func `a key of any other type follows its table`(type: String) throws {
        let connection = try Connection(to: Self.pages())
        let values: [String: [String]] = [
            "mood": ["low", "high"], "int4range": ["[1,2)", "[3,9)"],
            "uuid": [
                "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002",
            ], "date": ["2026-01-01", "2026-02-01"], "inet": ["10.0.0.1", "::1"],
            "bytea": ["\\x01", "\\x02ff"], "bit(4)": ["0101", "1111"], "oid": ["1", "2"],
            "numeric(5,2)": ["1.50", "2"], "interval": ["1 day", "2 hours"],
            "timestamptz": ["2026-01-01", "2026-02-01 10:00+02"],
        ]
        let pair = values[type] ?? ["a", "b"]
        try connection.run(
            """
            CREATE EXTENSION citext; CREATE TYPE mood AS ENUM ('low', 'high');
            CREATE DOMAIN short AS text CHECK (length(value) < 9);
            CREATE TABLE t (k \(type) PRIMARY KEY, n int); CREATE TABLE u (k \(type), n int);
            INSERT INTO t VALUES ('\(pair[0])', 1); INSERT INTO u VALUES ('\(pair[0])', 1)
            """)
        _ = try ViewInstaller.apply(
            [
                view(
                    "v",
                    "-- key: k\n-- nullable: n\nSELECT t.k, t.n, (SELECT count(*) FROM u "
                        + "WHERE u.k = t.k) AS us FROM t")
            ], on: connection)
        try connection.run("INSERT INTO t VALUES ('\(pair[1])', 2)")
        #expect(try follow(connection).count == 1)
        try connection.run("INSERT INTO u VALUES ('\(pair[1])', 2)")
        #expect(try follow(connection).count == 1)
        try connection.run("UPDATE t SET n = 0; DELETE FROM u WHERE n = 1")
        #expect(try follow(connection).count == 2)
        #expect(try Self.failures(connection).isEmpty)
    }

    @Test func `columns of one collation find each other by it`() throws {
        let connection = try Connection(to: Self.pages())
        try connection.run(
            """
            CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
            CREATE TABLE t (id int PRIMARY KEY, k text COLLATE ci NOT NULL);
            CREATE TABLE u (k text COLLATE ci, n int);
            INSERT INTO t VALUES (1, 'a'), (2, 'b')
            """)
        let text = "SELECT t.id, (SELECT count(*) FROM u WHERE u.k = t.k) AS us FROM t"
        let byKey = try view("v", "-- key: id\n\(text)")
        _ = try ViewInstaller.apply(
            [byKey, view("w", "-- key: k\n\(text.replacing("t.id", with: "t.k"))")],
            on: connection)
        try connection.run("INSERT INTO u VALUES ('A', 1)")
        let reports = try ChangeQueue.drain(on: connection)
        #expect(reports.map(\.examined) == [1, 1])
        #expect(reports.map(\.changed) == [1, 1])
        try connection.run("UPDATE u SET k = 'B'")
        #expect(try follow(connection) == ["u v 1 us", "u v 2 us", "u w a us", "u w b us"])
    }

    @Test(arguments: [
        ("text[]", "text[]"), ("pair", "pair"), ("text", "text COLLATE ci"),
        ("text COLLATE ci", "text"), ("int4[]", "int4[]"),
    ])
    func `an equality that a link's text does not follow ties nothing`(
        left: String, right: String
    ) throws {
        let connection = try Connection(to: Self.pages())
        let (one, other) =
            left.contains("[]") ? ("{1}", "{1}") : left == "pair" ? ("(1,2)", "(1,2)") : ("a", "A")
        try connection.run(
            """
            CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
            CREATE TYPE pair AS (a int, b int);
            CREATE TABLE t (id int PRIMARY KEY, k \(left)); CREATE TABLE u (k \(right), n int);
            INSERT INTO t VALUES (1, '\(one)')
            """)
        _ = try ViewInstaller.apply(
            [
                view(
                    "v",
                    "-- key: id\nSELECT t.id, (SELECT count(*) FROM u WHERE u.k = t.k) AS us FROM t"
                )
            ], on: connection)
        try connection.run("INSERT INTO u VALUES ('\(other)', 1)")
        #expect(try follow(connection) == ["u v 1 us"])
        try connection.run("DELETE FROM u")
        #expect(try follow(connection) == ["u v 1 us"])
    }
}
