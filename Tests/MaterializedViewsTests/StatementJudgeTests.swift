// What is doubtful about statements and what they read, and what must be left alone.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("Statement judge") struct StatementJudgeTests {
    private static let setup = """
        CREATE TABLE t (id int PRIMARY KEY, g int NOT NULL, v text NOT NULL, p numeric NOT NULL,
            f float8 NOT NULL, price numeric(8,2), ends timestamptz NOT NULL, day date NOT NULL,
            UNIQUE (g, v));
        CREATE TABLE loose (a int, b text, day text);
        CREATE UNLOGGED TABLE quick (id int PRIMARY KEY);
        CREATE VIEW active AS SELECT id, v FROM t WHERE ends > now();
        CREATE VIEW later AS SELECT id, ends::date > CURRENT_DATE AS is_later FROM t;
        CREATE VIEW deep AS SELECT id FROM active;
        CREATE VIEW lists AS SELECT g, array_agg(v) AS vs FROM t GROUP BY g;
        CREATE VIEW some_rows AS SELECT id, v FROM t LIMIT 2;
        CREATE VIEW mine AS SELECT id FROM t WHERE v = current_user;
        CREATE VIEW sampled AS SELECT id FROM t TABLESAMPLE system (50);
        CREATE VIEW newest AS SELECT id, v FROM t ORDER BY id DESC LIMIT 2;
        CREATE VIEW frozen AS SELECT id FROM t WHERE day > DATE 'today';
        CREATE FUNCTION is_open(timestamptz) RETURNS boolean LANGUAGE sql IMMUTABLE
            BEGIN ATOMIC SELECT $1 > now(); END;
        CREATE FUNCTION is_past(timestamptz) RETURNS boolean LANGUAGE sql IMMUTABLE
            AS 'SELECT $1 < current_timestamp';
        CREATE FUNCTION name_of(int) RETURNS text LANGUAGE sql IMMUTABLE
            BEGIN ATOMIC SELECT b FROM loose WHERE a = $1; END;
        CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2 * $1';
        CREATE DOMAIN born AS date;
        CREATE DOMAIN cost AS numeric;
        CREATE DOMAIN firm AS numeric(8,2);
        CREATE TABLE priced (costs cost[], firms firm[]);
        CREATE FUNCTION age_of(timestamptz) RETURNS int LANGUAGE sql IMMUTABLE
            AS 'SELECT extract(year FROM age($1))::int';
        CREATE FUNCTION is_today(date) RETURNS boolean LANGUAGE sql IMMUTABLE
            AS $$ SELECT $1 = 'today'::date $$;
        CREATE FUNCTION moment(int) RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE
            AS $$ DECLARE r timestamptz; BEGIN EXECUTE 'SELECT now()' INTO r; RETURN r; END $$;
        CREATE FUNCTION day_of(int) RETURNS date LANGUAGE plpgsql IMMUTABLE
            AS $$ BEGIN RETURN 'today'; END $$;
        CREATE FUNCTION label_of(int) RETURNS text LANGUAGE sql IMMUTABLE
            AS 'SELECT b FROM loose WHERE a = $1';
        CREATE FUNCTION words_of(int) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ DECLARE r text;
            BEGIN SELECT x.b INTO r FROM generate_series(1, 2) g, public.loose x; RETURN r; END $$;
        CREATE FUNCTION deep_of(int) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT label_of($1)';
        CREATE FUNCTION plain_of(loose int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
            SELECT CASE WHEN loose IS DISTINCT FROM 1 THEN 'today' ELSE age(now, now)::text END
            FROM (SELECT to_timestamp(loose) AS now) k $$;
        CREATE FUNCTION born_of(word text) RETURNS date LANGUAGE sql IMMUTABLE
            AS 'SELECT born_of.word::date';
        CREATE FUNCTION worth_of(int, int DEFAULT 1) RETURNS float8 LANGUAGE sql IMMUTABLE
            SET search_path = public
            AS 'SELECT 1; SELECT sum(g.f) FROM (VALUES (0.5::float8), (1)) AS g (f) -- all';
        CREATE AGGREGATE glue (text) (sfunc = textcat, stype = text, initcond = '');
        CREATE AGGREGATE total (int) (sfunc = int4pl, stype = int, initcond = '0');
        """

    /// The remarks about a view with this statement, `error: …` or `warning: …`.
    private func remarks(
        _ sql: String, _ refresh: String = "incremental", on connection: borrowing Connection
    ) throws -> [String] {
        let definition = try view("v", "-- key: id\n-- refresh: \(refresh)\n\(sql)")
        let kind = refresh == "materialized" ? "MATERIALIZED VIEW" : "VIEW"
        let name = refresh == "incremental" ? "def_v" : "v"
        try connection.run("BEGIN; CREATE SCHEMA IF NOT EXISTS sitegen")
        defer { try? connection.run("ROLLBACK") }
        try connection.run("CREATE \(kind) sitegen.\"\(name)\" AS\n\(definition.sql)")
        return try ViewJudgement.problems(of: [definition], on: connection).map {
            "\($0.severity.rawValue): \($0.message)"
        }
    }

    private func database() throws -> String {
        let url = try ThrowAwayPostgres.database()
        try Connection(to: url).run(Self.setup)
        return url
    }

    @Test func `what makes rows age is an error, wherever it stands`() throws {
        let connection = try Connection(to: database())
        for (sql, part) in [
            ("SELECT id, now() AS at FROM t", "now() reads the clock"),
            ("SELECT id FROM t WHERE day < CURRENT_DATE", "CURRENT_DATE reads the clock"),
            ("SELECT id FROM t WHERE ends < LOCALTIMESTAMP", "LOCALTIMESTAMP reads the clock"),
            ("SELECT id, age(ends) AS a FROM t", "age() reads the clock"),
            ("SELECT id, clock_timestamp() AS a FROM t", "clock_timestamp() reads the clock"),
            ("SELECT id FROM active", "now() in public.active reads the clock"),
            ("SELECT id FROM later", "CURRENT_DATE in public.later reads the clock"),
            ("SELECT id FROM deep", "now() in public.active reads the clock"),
            ("SELECT (SELECT max(a.id) FROM active a) AS id", "now() in public.active"),
            ("SELECT id FROM t WHERE EXISTS (SELECT FROM deep d WHERE d.id = t.id)", "now() in"),
            ("WITH x AS (SELECT * FROM active) SELECT id FROM x", "now() in public.active"),
            ("SELECT id FROM t WHERE is_open(ends)", "now() in public.is_open()"),
            ("SELECT id FROM t WHERE is_past(ends)", "CURRENT_TIMESTAMP in public.is_past()"),
            ("SELECT id, age_of(ends) AS a FROM t", "age() in public.age_of() reads the clock"),
            ("SELECT id, is_today(day) AS a FROM t", "'today' in public.is_today() reads"),
            ("SELECT id, moment(id) AS a FROM t", "now() in public.moment() reads the clock"),
            ("SELECT id FROM t WHERE ends > 'now'", "'now' is the moment"),
            ("SELECT id, day >= 'tomorrow'::date AS l FROM t", "'tomorrow' is the moment"),
            ("SELECT id FROM t WHERE day = DATE ' Today '", "'Today' is the moment"),
            ("SELECT id FROM t WHERE day = ANY ('{yesterday,today}')", "'yesterday' is the"),
            ("SELECT id FROM t WHERE day <@ '[today,)'::daterange", "'today' is the moment"),
            ("SELECT id FROM t WHERE ends < TIMESTAMPTZ 'today 12:00'", "'today' is the moment"),
            ("SELECT id, coalesce(day, 'today') AS d FROM t", "'today' is the moment"),
            ("SELECT id, time 'now' AS d FROM t", "'now' is the moment"),
            ("SELECT id, 'today'::text::date AS d FROM t", "'today' reads the clock"),
        ] {
            let found = try remarks(sql, on: connection)
            #expect(found.count == 1, "\(sql): \(found)")
            #expect(found.first?.hasPrefix("error: ") == true, "\(sql): \(found)")
            #expect(found.first?.contains(part) == true, "\(sql): \(found)")
        }
    }

    @Test func `what changes without a changed row is an error`() throws {
        let connection = try Connection(to: database())
        for (sql, part) in [
            ("SELECT id, random() AS r FROM t", "random() gives another answer"),
            ("SELECT id, gen_random_uuid() AS r FROM t", "gen_random_uuid() gives another"),
            ("SELECT id FROM sampled", "TABLESAMPLE in public.sampled picks"),
            ("SELECT id FROM t TABLESAMPLE bernoulli (5)", "TABLESAMPLE picks"),
            ("SELECT id, current_user AS u FROM t", "depends on who is connected"),
            ("SELECT id, current_setting('x') AS u FROM t", "depends on who is connected"),
            ("SELECT id, obj_description(id) AS u FROM t", "reads PostgreSQL's own catalogue"),
            ("SELECT id, to_regclass(v) IS NULL AS u FROM t", "reads PostgreSQL's own catalogue"),
            ("SELECT id, v::regclass::oid AS u FROM t", "reads PostgreSQL's own catalogue"),
            ("SELECT id, has_table_privilege(v, 'select') AS u FROM t", "own catalogue"),
            ("SELECT id, pg_relation_size('t') AS u FROM t", "own catalogue"),
            ("SELECT id, name_of(id) AS n FROM t", "public.loose in public.name_of() is read"),
            ("SELECT id, label_of(id) AS n FROM t", "public.loose in public.label_of() is read"),
            ("SELECT id, words_of(id) AS n FROM t", "public.loose in public.words_of() is read"),
            ("SELECT id, deep_of(id) AS n FROM t", "public.loose in public.label_of() is read"),
            ("SELECT g AS id, json_agg(v) AS l FROM t GROUP BY g", "json_agg without ORDER BY"),
            ("SELECT 1 AS id, string_agg(v, ',') AS l FROM t", "string_agg without ORDER BY"),
            ("SELECT id, ARRAY(SELECT v FROM t) AS l FROM t", "ARRAY(SELECT …) without ORDER BY"),
        ] {
            let found = try remarks(sql, on: connection)
            #expect(found.count == 1, "\(sql): \(found)")
            #expect(found.first?.hasPrefix("error: ") == true, "\(sql): \(found)")
            #expect(found.first?.contains(part) == true, "\(sql): \(found)")
        }
    }

    @Test func `what makes two readings differ is a warning`() throws {
        let connection = try Connection(to: database())
        for (sql, part) in [
            ("SELECT id, v FROM t LIMIT 3", "LIMIT keeps any rows"),
            ("SELECT id, v FROM t OFFSET 1", "OFFSET keeps any rows"),
            ("SELECT id, v FROM t ORDER BY g FETCH FIRST 3 ROWS ONLY", "calls alike"),
            ("SELECT DISTINCT ON (g) g AS id, v FROM t", "DISTINCT ON keeps any rows"),
            ("SELECT DISTINCT ON (g) g AS id, v FROM t ORDER BY g, p", "calls alike"),
            ("SELECT id, v FROM some_rows", "LIMIT in public.some_rows"),
            ("SELECT g AS id, vs FROM lists", "array_agg in public.lists without ORDER BY"),
            ("SELECT id, row_number() OVER () AS n FROM t", "row_number tells rows apart"),
            ("SELECT id, ntile(2) OVER (ORDER BY g) AS n FROM t", "ntile tells rows apart"),
            ("SELECT id, lag(v) OVER (ORDER BY p) AS n FROM t", "lag tells rows apart"),
            ("SELECT id, first_value(v) OVER (PARTITION BY g) AS n FROM t", "first_value tells"),
            (
                "SELECT id, sum(id) OVER (ORDER BY g ROWS 2 PRECEDING) AS n FROM t",
                "sum tells rows apart"
            ),
            (
                "SELECT 1 AS id, json_agg(k.f ORDER BY k.n) AS l FROM (SELECT g, f, row_number() "
                    + "OVER (PARTITION BY g ORDER BY v) AS n FROM t) k",
                "leaves rows that are alike"
            ),
            ("SELECT 1 AS id, sum(f) AS s FROM t", "sum of floating-point"),
            ("SELECT g AS id, avg(f::real) AS s FROM t GROUP BY g", "avg of floating-point"),
            ("SELECT 1 AS id, stddev(f) AS s FROM t", "stddev of floating-point"),
            ("SELECT 1 AS id, corr(f, f) AS s FROM t", "corr of floating-point"),
            ("SELECT 1 AS id, jsonb_object_agg(g, v) AS o FROM t", "keeps the last of several"),
            ("SELECT 1 AS id, json_agg(v ORDER BY g) AS o FROM t", "leaves rows that are alike"),
            ("SELECT 1 AS id, ARRAY(SELECT v FROM t ORDER BY p) AS o", "leaves rows that are"),
            ("SELECT 1 AS id, max(p)::text AS m FROM t", "max takes any of several values"),
            ("SELECT p::int AS id, p::text AS t FROM t GROUP BY p", "GROUP BY takes any"),
            ("SELECT 1 AS id, glue(v) AS m FROM t", "public.glue is an aggregate of your own"),
            ("SELECT id FROM mine", "depends on who is connected"),
            ("SELECT id FROM quick", "public.quick is UNLOGGED"),
            ("SELECT a AS id, day::date AS d FROM loose", "follow the clock"),
            ("SELECT id, v FROM t UNION ALL SELECT g, v FROM t ORDER BY id LIMIT 3", "alike"),
            (
                "SELECT id, 'a' AS k, p FROM t UNION ALL SELECT id, 'a', p FROM t "
                    + "ORDER BY id, k LIMIT 3", "calls alike"
            ),
        ] {
            let found = try remarks(sql, on: connection)
            #expect(found.count == 1, "\(sql): \(found)")
            #expect(found.first?.hasPrefix("warning: ") == true, "\(sql): \(found)")
            #expect(found.first?.contains(part) == true, "\(sql): \(found)")
        }
    }

    @Test func `texts that become times, and values that are written in several ways`() throws {
        let connection = try Connection(to: database())
        for (sql, part) in [
            ("SELECT a AS id, day::date[]::text AS d FROM loose", "becomes a date[] when"),
            ("SELECT a AS id, lower(day::daterange) AS d FROM loose", "becomes a daterange when"),
            ("SELECT a AS id, (day::born[])[1]::text AS d FROM loose", "becomes a born[] when"),
            (
                "SELECT a AS id, x.d FROM loose, jsonb_to_recordset(day::jsonb) AS x (d date)",
                "a text in jsonb_to_recordset() becomes a date when"
            ),
            (
                "SELECT a AS id, (jsonb_populate_record(NULL::t, day::jsonb)).day AS d FROM loose",
                "a text in jsonb_populate_record() becomes a t when"
            ),
            (
                "SELECT a AS id, x.d FROM loose, xmltable('/a' PASSING (day::xml) "
                    + "COLUMNS d date PATH 'b') AS x", "a text in XMLTABLE becomes a date when"
            ),
            ("SELECT a AS id, born_of(day) AS d FROM loose", "in public.born_of() becomes a date"),
            ("SELECT id, worth_of(id) AS d FROM t", "sum in public.worth_of() of floating-point"),
            ("SELECT id, day_of(id) AS a FROM t", "'today' in public.day_of() becomes a time"),
            ("SELECT id, p FROM t UNION SELECT id, p FROM t", "UNION takes any of several"),
            ("SELECT DISTINCT 1 AS id, ARRAY[p] AS l FROM t", "DISTINCT takes any of several"),
            ("SELECT DISTINCT 1 AS id, numrange(p, p) AS l FROM t", "DISTINCT takes any"),
            ("SELECT DISTINCT 1 AS id, l.costs FROM priced l", "DISTINCT takes any of several"),
            (
                "SELECT u.id, u.k FROM (SELECT id, 'a' AS k FROM t UNION ALL SELECT g, 'a' FROM t) "
                    + "u ORDER BY u.id LIMIT 3", "calls alike"
            ),
            ("SELECT id, p FROM t INTERSECT SELECT a, 1.0 FROM loose", "INTERSECT takes any"),
            ("SELECT a AS id, 1.0 FROM loose EXCEPT SELECT id, p FROM t", "EXCEPT takes any"),
            ("SELECT 1 AS id, mode() WITHIN GROUP (ORDER BY p)::text AS m FROM t", "mode takes"),
            (
                "SELECT 1 AS id, percentile_disc(0.5) WITHIN GROUP (ORDER BY p)::text AS m FROM t",
                "percentile_disc takes any"
            ),
        ] {
            let found = try remarks(sql, on: connection)
            #expect(found.count == 1, "\(sql): \(found)")
            #expect(found.first?.hasPrefix("warning: ") == true, "\(sql): \(found)")
            #expect(found.first?.contains(part) == true, "\(sql): \(found)")
        }
    }

    @Test func `what rows alone decide is left alone`() throws {
        let connection = try Connection(to: database())
        for sql in [
            "SELECT id, v FROM t ORDER BY id LIMIT 3", "SELECT id FROM newest",
            "SELECT id, v FROM t ORDER BY g, v LIMIT 3",
            "SELECT v, 1 AS id FROM t ORDER BY v LIMIT 1",
            "SELECT id, (SELECT x.v FROM t x WHERE x.g = t.g ORDER BY x.v LIMIT 1) AS f FROM t",
            "SELECT id, (SELECT x.v FROM t x WHERE x.id = t.g LIMIT 1) AS f FROM t",
            "SELECT g AS id, json_agg(v ORDER BY v) AS l FROM t GROUP BY g",
            "SELECT g AS id, json_agg(json_build_object('n', v, 'p', p) ORDER BY v) AS l "
                + "FROM t GROUP BY g",
            "SELECT 1 AS id, string_agg(v, ',' ORDER BY p, id) AS l FROM t",
            "SELECT 1 AS id, array_agg(DISTINCT v) AS l FROM t",
            "SELECT id, json_agg(v) AS l FROM t GROUP BY id",
            "SELECT g AS id, jsonb_object_agg(v, p) AS o FROM t GROUP BY g",
            "SELECT id, row_number() OVER (ORDER BY p, id) AS n FROM t",
            "SELECT id, row_number() OVER (PARTITION BY g ORDER BY v) AS n FROM t",
            "SELECT id, rank() OVER (ORDER BY g) AS n FROM t",
            "SELECT id, sum(id) OVER (ORDER BY g) AS n FROM t",
            "SELECT g AS id, max(price) AS m, sum(p) AS s, avg(id) AS a FROM t GROUP BY g",
            "SELECT 1 AS id, round(max(p), 2) AS m FROM t", "SELECT 1 AS id, total(id) AS m FROM t",
            "SELECT 1 AS id, sum(f ORDER BY f) AS m FROM t", "SELECT id FROM frozen",
            "SELECT 1 AS id, percentile_disc(0.5) WITHIN GROUP (ORDER BY f) AS m FROM t",
            "SELECT 1 AS id, round(mode() WITHIN GROUP (ORDER BY p), 1) AS m FROM t",
            "SELECT id, percentile_disc(0.5) WITHIN GROUP (ORDER BY p) AS m FROM t GROUP BY id",
            "SELECT id, plain_of(id) AS a FROM t",
            "SELECT id, 'a' AS k, v FROM t UNION ALL SELECT g, 'b', v FROM t "
                + "ORDER BY id, k, v LIMIT 3",
            "SELECT id, 'a' AS k, p FROM t UNION ALL SELECT id, 'b', p FROM t "
                + "ORDER BY id, k LIMIT 3",
            "SELECT id, 'a' AS k, p FROM t UNION SELECT id, 'b', p FROM t",
            "SELECT DISTINCT 1 AS id, firms FROM priced", "SELECT DISTINCT 1 AS id, price FROM t",
            "SELECT 1 AS id, json_agg(u.p ORDER BY u.k, u.id) AS l FROM (SELECT id, 'a' AS k, p "
                + "FROM t UNION ALL SELECT id, 'b', p FROM t) u",
            "SELECT id, p FROM t EXCEPT SELECT a, 1.0 FROM loose",
            "SELECT id, price FROM t UNION SELECT id, price FROM t",
            "SELECT id, 'today' AS label, v = 'now' AS is_now FROM t",
            "SELECT id, json_build_object('now', v)::text AS j FROM t",
            "SELECT id, to_char(ends, 'DD Month') AS d, date_trunc('day', ends) AS e FROM t",
            "SELECT id, age(ends, ends) AS a, twice(id) AS b, concat(v, id) AS c FROM t",
            "SELECT id, ends::date < day AS a, ends AT TIME ZONE 'UTC' AS b FROM t",
            "SELECT id, to_tsvector(v)::text AS w FROM t",
            "SELECT DISTINCT ON (g) g AS id, v FROM t ORDER BY g, v",
            "SELECT n.i AS id FROM generate_series(1, 9) AS n (i) ORDER BY n.i LIMIT 2",
            "SELECT k.id, s.v FROM (SELECT id FROM t ORDER BY p, id LIMIT 3) k "
                + "JOIN t s ON s.id = k.id ORDER BY k.id LIMIT 1",
            "SELECT 1 AS id, (SELECT json_agg(k.p ORDER BY k.n) FROM (SELECT p, row_number() "
                + "OVER (ORDER BY p, id) AS n FROM t) k) AS l",
            "SELECT k.g AS id, json_agg(k.f ORDER BY k.n) AS l FROM (SELECT g, f, row_number() "
                + "OVER (PARTITION BY g ORDER BY v)::int AS n FROM t) k GROUP BY k.g",
            "SELECT g AS id, (SELECT json_agg(s.p ORDER BY s.v) FROM (SELECT x.id FROM t x "
                + "WHERE x.g = t.g ORDER BY x.v LIMIT 3) k JOIN t s ON s.id = k.id) AS l FROM t",
            "SELECT 1 AS id, (SELECT json_agg(s.v ORDER BY s.v) FROM (SELECT x.g FROM t x "
                + "ORDER BY x.id LIMIT 1) k JOIN t s ON s.g = k.g) AS l",
        ] {
            #expect(try remarks(sql, on: connection) == [], "\(sql)")
        }
    }

    @Test func `what a strategy makes of it`() throws {
        let connection = try Connection(to: database())
        func severities(_ sql: String, _ refresh: String) throws -> [String] {
            try remarks(sql, refresh, on: connection).map { String($0.prefix { $0 != ":" }) }
        }
        #expect(try severities("SELECT id FROM active", "live") == ["warning"])
        #expect(try severities("SELECT id FROM active", "materialized") == ["error"])
        #expect(try severities("SELECT id, random() AS r FROM t", "live") == ["error"])
        #expect(try severities("SELECT id FROM t WHERE day = 'today'", "live") == ["error"])
        #expect(
            try severities("SELECT oid AS id FROM pg_class WHERE pg_table_size(oid) > 0", "live")
                == [])
        #expect(try severities("SELECT id, name_of(id) AS n FROM t", "materialized") == [])
        #expect(
            try severities("SELECT id, sum(f) OVER () AS s FROM t", "materialized")
                == ["warning"])
    }

    @Test func `a function's text is parsed and never run`() throws {
        let connection = try Connection(to: database())
        try connection.run(
            """
            SET check_function_bodies = off;
            CREATE FUNCTION sly(int) RETURNS int LANGUAGE sql IMMUTABLE
                AS 'SELECT 1; END; DROP TABLE loose; SELECT now()'
            """)
        let found = try remarks("SELECT id, sly(id) AS s FROM t", on: connection)
        #expect(found.contains { $0.hasPrefix("error: now() in public.sly() reads") }, "\(found)")
        #expect(try texts("SELECT count(*)::text FROM loose", on: connection) == ["0"])
    }

    @Test func `row security that reads a clock is met where it holds`() throws {
        let url = try database()
        let connection = try Connection(to: url)
        try connection.run(
            """
            CREATE ROLE "judge \(url.hashValue)" NOLOGIN;
            ALTER TABLE t ENABLE ROW LEVEL SECURITY;
            CREATE POLICY p ON t USING (ends > now());
            """)
        #expect(try remarks("SELECT id FROM t", on: connection) == [])
        try connection.run(
            """
            GRANT ALL ON t TO "judge \(url.hashValue)";
            DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO "judge \(url.hashValue)"',
                current_database()); END $$;
            SET ROLE "judge \(url.hashValue)"
            """)
        let found = try remarks("SELECT id FROM t", on: connection)
        #expect(found.count == 1)
        #expect(found.first?.contains("now() in the row security of public.t reads") == true)
    }
}
