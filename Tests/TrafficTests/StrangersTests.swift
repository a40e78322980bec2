// What others may do to the statistics: texts that fill tables, clocks that are wrong, a role that
// shall not become the owner's.
//
// Each is tried against a schema of its own.

import AccessRecords
import Postgres
import TestSupport
import Testing

@testable import Traffic

@Suite("Strangers and the schema traffic") struct StrangersTests {
    @Test func `who ingests cannot make the owner's functions run something else`() throws {
        try withSchema { connection in
            try connection.run("SET SESSION AUTHORIZATION sitegen_ingest")
            let columns = HitRow.columns.map {
                "\($0.name) \($0.type == .timestamptz ? "timestamptz" : "bigint")"
            }.joined(separator: ", ")
            try connection.run(
                """
                CREATE TEMPORARY TABLE incoming (\(columns));
                CREATE TEMPORARY TABLE did (by text);
                CREATE FUNCTION pg_temp.f() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    INSERT INTO pg_temp.did VALUES (current_user);
                    RETURN NEW;
                END
                $$;
                CREATE TRIGGER t BEFORE UPDATE ON pg_temp.incoming
                    FOR EACH ROW EXECUTE FUNCTION pg_temp.f();
                GRANT ALL ON pg_temp.incoming, pg_temp.did TO PUBLIC;
                INSERT INTO pg_temp.incoming (at, kind, flags)
                VALUES (now() + interval '1 day', 1, 0)
                """)
            for call in ["prepare(false)", "fold(false)"] {
                let error = #expect(throws: PostgresError.self, "\(call)") {
                    try connection.run("SELECT traffic.\(call)")
                }
                #expect(error?.sqlState == "42501")
            }
            #expect(
                try one("SELECT count(*) FROM pg_temp.did", as: Int64.self, on: connection) == 0)
            for call in [
                "look(current_date, now(), now())", "judge(true, '{}', 1)", "add_trend()",
                "compare(current_date, true)", "viewed(now(), now())",
            ] {
                let error = #expect(throws: PostgresError.self, "\(call)") {
                    try connection.run("SELECT traffic.\(call)")
                }
                #expect(error?.sqlState == "42501")
            }
        }
    }

    @Test func `a robot's wrong paths and made-up referrers have shares of a day, too`() throws {
        var robot = AccessRecord(
            at: 0, kind: .robot, status: 404, name: AccessName(path: "/made-up"))
        #expect(BatchRows([.answer(robot)]).texts.pages == [robot.name: true])
        robot.status = 200
        #expect(BatchRows([.answer(robot)]).texts.pages == [robot.name: false])
        try withSchema { connection in
            try connection.run(
                "INSERT INTO traffic.new_text VALUES (traffic.day_of(now()), 'inside', 49999)")
            let numbers = try connection.rows(
                """
                SELECT id FROM traffic.number_sources(ARRAY[3, 3, 4]::smallint[],
                    ARRAY['/x', '/y', 'z.example']) ORDER BY place
                """
            ) { row throws(PostgresError) in try row.value(0, as: Int32.self) }
            #expect(numbers.prefix(2).count { $0 == 4 } == 1)
            #expect(numbers[2] >= 16)
        }
    }

    @Test func `texts go when nothing names them any more, and none that is named`() throws {
        try withSchema { connection in
            var writer = BatchWriter()
            try BatchWriter.prepare(connection)
            let now = try time(on: connection)
            try writer.write(
                [
                    view("/a/", by: 1, at: now, from: .elsewhere(host: "a.example")),
                    view("/lost", by: 1, at: now, kind: .missing),
                ], on: connection)
            try connection.run(
                """
                SELECT * FROM traffic.number_pages(ARRAY['/old', '/new'], ARRAY['', ''],
                    ARRAY['', ''], ARRAY[true, true]);
                SELECT * FROM traffic.number_sources(ARRAY[4]::smallint[], ARRAY['old.example']);
                UPDATE traffic.page SET seen = current_date - 40 WHERE path <> '/new';
                UPDATE traffic.source SET seen = current_date - 40
                """)
            #expect(
                try one("SELECT traffic.expire_texts()", as: Int64.self, on: connection) == 2)
            let kept = try one(
                "SELECT string_agg(path, ' ' ORDER BY path) FROM traffic.page WHERE id >= 16",
                as: String.self, on: connection)
            #expect(kept == "/a/ /lost /new")
            // An ingester looks for more once a day, when it begins to count the day's shares.
            let expired = "UPDATE traffic.page SET seen = current_date - 40 WHERE path = '/new'"
            try connection.run("\(expired); SELECT traffic.expire_counts()")
            let isThere = "SELECT EXISTS (SELECT FROM traffic.page WHERE path = '/new')"
            #expect(try one(isThere, as: Bool.self, on: connection) == true)
            try connection.run(
                """
                INSERT INTO traffic.new_text VALUES (traffic.day_of(now()) - 2, 'page', 1);
                SELECT traffic.expire_counts()
                """)
            #expect(try one(isThere, as: Bool.self, on: connection) == false)
            // What is given a number again is kept again.
            try connection.run(
                """
                SELECT * FROM traffic.number_pages(ARRAY['/lost'], ARRAY[''], ARRAY['/lost'],
                    ARRAY[true])
                """)
            try writer.write([view("/a/", by: 1, at: now)], on: connection)
            #expect(
                try one(
                    "SELECT sum(views)::bigint FROM traffic.pages WHERE path = '/a/'",
                    as: Int64.self, on: connection) == 2)
        }
    }

    @Test func `an ingester asks for its numbers again on another day`() throws {
        try withSchema { connection in
            var writer = BatchWriter()
            try BatchWriter.prepare(connection)
            let now = try time(on: connection)
            try writer.write([view("/a/", by: 1, at: now)], on: connection)
            let generation = try #require(
                try one("SELECT traffic.generation()", as: String.self, on: connection))
            let taken = try one(
                """
                SELECT traffic.take(gen_random_uuid(), gen_random_uuid(), now(), false, g) IS NULL
                FROM (VALUES ('\(generation)x')) v(g)
                """, as: Bool.self, on: connection)
            #expect(taken == true)
        }
    }

    @Test func `wrong clocks make no day, whatever it is that they tell`() throws {
        try withSchema { connection in
            for wrong in ["2036-01-01", "2006-01-01"] {
                let times = "ARRAY[timestamptz '\(wrong)']"
                try connection.run(
                    """
                    SELECT traffic.add_slots(\(times), ARRAY[0], ARRAY[1]::smallint[],
                        ARRAY[1]::bigint[]);
                    SELECT traffic.add_losses(\(times), gen_random_uuid(), ARRAY[1]::smallint[],
                        ARRAY[1]::bigint[]);
                    SELECT traffic.add_reports(\(times), ARRAY[0], ARRAY['img-src'], ARRAY['x']);
                    SELECT traffic.add_vitals(\(times), ARRAY[0], ARRAY['LCP'],
                        ARRAY[1]::smallint[])
                    """)
            }
            for table in ["loss_day", "report_day", "vital_day", "day"] {
                let wrong = try one(
                    "SELECT count(*) FROM traffic.\(table) WHERE day <> traffic.day_of(now())",
                    as: Int64.self, on: connection)
                #expect(wrong == 0, "\(table)")
            }
            #expect(
                try one(
                    "SELECT max(hour) > now() FROM traffic.slot_hour", as: Bool.self,
                    on: connection) == false)
            #expect(
                try one("SELECT lost::bigint FROM traffic.days", as: Int64.self, on: connection)
                    == 2, "a day on which all was lost is a day")
        }
    }

    @Test func `a prefetch that was opened is a view wherever rows are asked`() throws {
        try withSchema(zone: zoneOfNoon()) { connection in
            var writer = BatchWriter()
            try BatchWriter.prepare(connection)
            let now = try time(on: connection)
            let inside = AccessSource.inside(AccessName(path: "/a/"))
            try writer.write(
                [
                    // Opened, once of two that are the same; not opened; of a robot.
                    view("/a/", by: 1, at: now, plus: -90, kind: .prefetch),
                    view("/a/", by: 1, at: now, plus: -90, kind: .prefetch),
                    view("/b/", by: 1, at: now, plus: -60, from: inside),
                    view("/c/", by: 1, at: now, plus: -50, kind: .prefetch),
                    view("/a/", by: 2, at: now, plus: -900, kind: .prefetch),
                    view("/b/", by: 2, at: now, plus: -60, from: inside),
                ], on: connection)
            let counted = try one(
                "SELECT sum(views)::bigint FROM traffic.page_day", as: Int64.self, on: connection)
            #expect(counted == 3)
            let judged = try one(
                "SELECT count(*) FROM traffic.viewed(now() - interval '1 day', now())",
                as: Int64.self, on: connection)
            #expect(judged == counted)
            #expect(
                try one("SELECT views FROM traffic.lately(5)", as: Int64.self, on: connection)
                    == counted)
        }
    }
}
