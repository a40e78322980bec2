// Functions whose bodies are text: what they read and call is found by its words, and the parts of
// somebody's aggregate are functions like others.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("Texts of functions") struct FunctionTextTests {
    @Test(arguments: [
        ("SELECT b FROM loose WHERE a = $1", ["loose"]),
        (
            "SELECT 1 FROM a x, shop.b, LATERAL f(1) JOIN c ON true CROSS JOIN d",
            ["a", "b", "c", "d"]
        ),
        ("SELECT extract(year FROM a), trim(b FROM c), 1 IS DISTINCT FROM d FROM e", ["e"]),
        ("WITH x AS (SELECT 1 FROM y) SELECT 1 FROM x, \"Z\"", ["y", "Z"]),
        ("SELECT 1 FROM (SELECT 1 FROM a WHERE b IN (1, 2)) q, c WHERE d = 1", ["a", "c"]),
        ("BEGIN EXECUTE 'SELECT ''x'' FROM ' || 'a'; PERFORM 1 FROM b; END", ["b"]),
        ("BEGIN EXECUTE $q$SELECT 1 FROM a$q$; END", ["a"]),
    ])
    func `tables are found where they are read`(text: String, tables: [String]) {
        #expect(Set(FunctionText(text).relations.map(\.name)) == Set(tables), "\(text)")
    }

    @Test func `calls are found with the number of their arguments`() {
        let text = FunctionText("SELECT a.f(1, (2 + g())), h(ARRAY[1, 2]) FROM x.t")
        #expect(
            text.calls.map { "\($0.schema ?? "").\($0.name) \($0.arguments)" }
                == ["a.f 2", ".g 0", ".h 1"])
    }

    private static func database(_ functions: String) throws -> String {
        let url = try ThrowAwayPostgres.database()
        try Connection(to: url).run(
            """
            CREATE TABLE item (id int PRIMARY KEY, name text NOT NULL);
            INSERT INTO item VALUES (1, 'a'), (2, 'b');
            \(functions)
            """)
        return url
    }

    @Test(arguments: [
        "LANGUAGE sql IMMUTABLE AS 'SELECT inside($1)'",
        "LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN public.inside($1); END'",
        "LANGUAGE plpgsql IMMUTABLE AS "
            + "'DECLARE r text; BEGIN EXECUTE ''SELECT inside($1)'' INTO r USING $1; "
            + "RETURN r; END'",
    ])
    func `a function that another one calls by name is remembered`(outside: String) throws {
        let connection = try Connection(
            to: Self.database(
                """
                CREATE FUNCTION inside(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1';
                CREATE FUNCTION outside(text) RETURNS text \(outside)
                """))
        let definition = try view("v", "-- key: id\nSELECT id, outside(name) AS n FROM item")
        _ = try ViewInstaller.apply([definition], on: connection)
        #expect(try ViewInstaller.outdated([definition], on: connection).isEmpty)
        try connection.run(
            "CREATE OR REPLACE FUNCTION inside(text) RETURNS text LANGUAGE sql IMMUTABLE "
                + "AS 'SELECT upper($1)'")
        for definitions in [[definition], nil] {
            let changes = try ViewInstaller.outdated(definitions, on: connection)
            #expect(
                "\(changes)".contains("function public.inside(text) is defined otherwise now"))
        }
        _ = try ViewInstaller.apply([definition], on: connection)
        #expect(try texts("SELECT n FROM sitegen.v ORDER BY id", on: connection) == ["A", "B"])
    }

    @Test(arguments: [
        "SFUNC = step, STYPE = int, INITCOND = '0'",
        "SFUNC = int4pl, STYPE = int, INITCOND = '0', FINALFUNC = finish",
        "SFUNC = int4pl, STYPE = int, INITCOND = '0', MSFUNC = int4pl, MSTYPE = int, "
            + "MINVFUNC = int4mi, MINITCOND = '0', MFINALFUNC = finish",
    ])
    func `an aggregate is as doubtful as what it is made of`(parts: String) throws {
        let url = try Self.database(
            """
            CREATE TABLE rate (r int);
            CREATE FUNCTION step(int, int) RETURNS int LANGUAGE sql STABLE
                AS 'SELECT $1 + $2 * r FROM rate';
            CREATE FUNCTION finish(int) RETURNS int LANGUAGE sql AS 'SELECT $1 * r FROM rate';
            CREATE AGGREGATE total (int) (\(parts))
            """)
        let connection = try Connection(to: url)
        let definition = try view(
            "v", "-- key: name\nSELECT name, total(id) AS n FROM item GROUP BY name")
        let error = #expect(throws: ViewError.self) {
            try ViewInstaller.apply([definition], on: connection)
        }
        #expect(
            error?.description.contains("(of the aggregate total) is not IMMUTABLE") == true,
            "\(String(describing: error))")
    }
}
