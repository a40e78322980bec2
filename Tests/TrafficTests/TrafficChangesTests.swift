// What changes a schema that is in use: another zone, other settings, an upgrade, a path that is
// forgotten, texts and keys whose time is over.
//
// After each of them batches go on, and days that were counted are still what their rows say.

import AccessRecords
import Postgres
import TestSupport
import Testing

@testable import Traffic

@Suite("Changes of a schema in use") struct TrafficChangesTests {
    private func install(
        on connection: borrowing Connection, _ change: (inout TrafficSettings.Changes) -> Void
    ) throws {
        var changes = TrafficSettings.Changes()
        change(&changes)
        try TrafficSchema.install(changes, on: connection)
    }

    private func makeDays(on connection: borrowing Connection) throws {
        try connection.run(
            "SELECT traffic.make_day(traffic.day_of(now()) + g) FROM generate_series(0, 8) g")
    }

    private func verified(on connection: borrowing Connection) throws -> [CountDifference] {
        let days = try connection.rows("SELECT day::text FROM traffic.day") {
            row throws(PostgresError) in try row.value(0, as: String.self)
        }
        return try days.flatMap { try DaySealing.verify($0, on: connection) }
    }

    @Test(arguments: [
        ["Pacific/Kiritimati", "America/Los_Angeles"], ["America/Los_Angeles", "Asia/Tokyo"],
        ["Pacific/Pago_Pago", "Pacific/Kiritimati", "Europe/Paris"],
    ]) func `another zone moves the partitions that were made ahead`(_ zones: [String]) throws {
        try withSchema { connection in
            var writer = BatchWriter()
            try BatchWriter.prepare(connection)
            try makeDays(on: connection)
            try writer.write(
                [view("/a/", by: 1, at: try time(on: connection))], on: connection)
            for zone in zones { try install(on: connection) { $0.zone = zone } }
            try makeDays(on: connection)
            // A row of each hour to come finds its partition, which is that of its day.
            try connection.run(
                """
                INSERT INTO traffic.hit SELECT t, 1, 0, 0, 0, 0, 0, 0, 200, 2, 0
                FROM generate_series(now(), now() + interval '7 days', interval '10 minutes') t
                """)
            let wrong = try one(
                """
                SELECT count(*) FROM traffic.hit WHERE tableoid::regclass::text
                    <> 'traffic.hit' || to_char(traffic.day_of(at), '_YYYYMMDD')
                """, as: Int64.self, on: connection)
            #expect(wrong == 0)
            try connection.run("DELETE FROM traffic.hit WHERE kind = 2")
            try writer.write(
                [view("/b/", by: 1, at: try time(on: connection))], on: connection)
            #expect(try verified(on: connection) == [])
        }
    }

    @Test func `rows that lie outside of their day's new bounds move to where they belong`() throws
    {
        try withSchema(zone: "UTC") { connection in
            try makeDays(on: connection)
            try connection.run(
                """
                INSERT INTO traffic.hit SELECT traffic.starts(traffic.day_of(now()) + 3)
                    - interval '1 hour', 1, 0, 0, 0, 0, 0, 0, 200, 2, 0;
                INSERT INTO traffic.zone SELECT traffic.day_of(now()) + 2, 'Asia/Tokyo';
                SELECT traffic.bound_days()
                """)
            let isThere = try one(
                """
                SELECT tableoid::regclass::text
                    = 'traffic.hit' || to_char(traffic.day_of(now()) + 3, '_YYYYMMDD')
                FROM traffic.hit
                """, as: Bool.self, on: connection)
            #expect(isThere == true)
        }
    }

    @Test func `numbers of texts are forgotten with the schema that gave them`() throws {
        try withSchema { connection in
            var writer = BatchWriter()
            try BatchWriter.prepare(connection)
            let now = try time(on: connection)
            try writer.write([view("/a/", by: 1, at: now)], on: connection)
            try TrafficSchema.drop(on: connection)
            try install(on: connection) { _ in }
            var other = BatchWriter()
            try other.write([view("/other/", by: 2, at: now)], on: connection)
            try writer.write([view("/a/", by: 1, at: now)], on: connection)
            let paths = try one(
                "SELECT string_agg(path, ' ' ORDER BY path) FROM traffic.pages",
                as: String.self, on: connection)
            #expect(paths == "/a/ /other/")
        }
    }

    @Test func `a new connection, as to a restored database, forgets the numbers of texts`() throws
    {
        let folder = try TemporaryFolder()
        let spool = try AccessSpool(folder.path + "/spool", bytesMax: 1 << 30, loops: 1)
        let visits = SpoolWriter(spool)
        func record(_ path: String) {
            visits.sweep(.now())
            visits.add(
                AccessRecord(
                    at: 0, kind: .view, status: 200, name: AccessName(path: path, view: "v")))
            visits.closeSegment()
        }
        try withSchema { connection in
            let ingester = SpoolIngester(spool.folder) { _ in }
            record("/a/")
            try ingester.begin(on: connection)
            try ingester.takeAll(on: connection)
            // As it was before the page had a number; then others were given.
            try connection.run(
                """
                TRUNCATE traffic.page_day, traffic.way_day, traffic.hit;
                DELETE FROM traffic.page WHERE id >= 16;
                ALTER TABLE traffic.page ALTER COLUMN id RESTART WITH 16;
                SELECT traffic.number_pages(ARRAY['/other/'], ARRAY['v'], ARRAY[''], ARRAY[false])
                """)
            record("/a/")
            try ingester.begin(on: connection)
            try ingester.takeAll(on: connection)
            let paths = try one(
                "SELECT string_agg(path, ' ') FROM traffic.pages", as: String.self,
                on: connection)
            #expect(paths == "/a/")
        }
    }

    @Test func `a visit is what it was on the day that is counted anew`() throws {
        try withSchema(zone: zoneOfNoon()) { connection in
            var writer = BatchWriter()
            try BatchWriter.prepare(connection)
            let now = try time(on: connection)
            let pause: Int64 = 25 * 60
            // A robot, since it asks for no assets, and a visitor of one visit.
            let robot = (0..<12).map { view("/\($0)/", by: 1, at: now, plus: -60) }
            let visit = [0, pause].map { view("/a/", by: 2, at: now, plus: -60 - $0) }
            try writer.write(robot + visit, on: connection)
            try install(on: connection) {
                $0.visitMinutes = 20
                $0.asksForAssets = false
            }
            #expect(try TrafficSettings(on: connection).visitMinutes == 30)
            let coming = try TrafficSettings(on: connection, daysAhead: 1)
            #expect(coming.visitMinutes == 20 && !coming.asksForAssets)
            #expect(try verified(on: connection) == [])
            try writer.write(
                [view("/more/", by: 1, at: now), view("/more/", by: 2, at: now)], on: connection)
            #expect(try one("SELECT count(*) FROM traffic.visit", on: connection) == Int64(1))
            #expect(try verified(on: connection) == [])
        }
    }

    @Test func `rules that are set before anything was counted hold at once`() throws {
        try withSchema { connection in
            try install(on: connection) { $0.visitMinutes = 20 }
            #expect(try TrafficSettings(on: connection).visitMinutes == 20)
        }
    }

    @Test func `another half-life counts anew what trends, the same one leaves it alone`() throws {
        try withSchema(zone: zoneOfNoon()) { connection in
            var writer = BatchWriter()
            try BatchWriter.prepare(connection)
            let now = try time(on: connection)
            try writer.write(
                [view("/a/", by: 1, at: now), view("/b/", by: 2, at: now)], on: connection)
            let scores = "SELECT string_agg(score::text, ' ' ORDER BY key) FROM traffic.trend"
            try connection.run("UPDATE traffic.trend SET score = 1 WHERE key = '/b/'")
            let before = try one(scores, as: String.self, on: connection)
            try install(on: connection) { $0.halfLifeMinutes = 360 }
            #expect(try one(scores, as: String.self, on: connection) == before)
            try install(on: connection) { $0.halfLifeMinutes = 90 }
            let count = try one(
                """
                SELECT count(*) FROM traffic.trend
                WHERE abs(score - date_part('epoch', now()) / 5400) < 1
                """, as: Int64.self, on: connection)
            #expect(count == 2)
        }
    }

    @Test func `a forgotten path is nowhere, and what was opened stays so`() throws {
        try withSchema(zone: zoneOfNoon()) { connection in
            var writer = BatchWriter()
            try BatchWriter.prepare(connection)
            let now = try time(on: connection)
            // So that a page and the source of the same path have different numbers.
            try writer.write(
                ["/y/", "/z/"].map {
                    view("/x/", by: 3, at: now, from: .inside(AccessName(path: $0)))
                }, on: connection)
            try writer.write(
                [
                    view("/a/", by: 1, at: now, plus: -90, kind: .prefetch),
                    view("/b/", by: 1, at: now, plus: -60, from: .inside(AccessName(path: "/a/"))),
                    view("/a/", by: 2, at: now),
                ], on: connection)
            #expect(try TrafficSchema.forget(path: "/a/", on: connection) == 2)
            for table in ["page", "source", "trend"] {
                let texts = try one(
                    "SELECT count(*) FROM traffic.\(table) t WHERE to_jsonb(t)::text LIKE '%/a/%'",
                    as: Int64.self, on: connection)
                #expect(texts == 0, "\(table)")
            }
            #expect(try verified(on: connection) == [])
            try writer.write([view("/b/", by: 1, at: now)], on: connection)
            #expect(try verified(on: connection) == [])
            try DaySealing.correctTrend(on: connection)
            #expect(
                try one(
                    "SELECT string_agg(key, ' ' ORDER BY key) FROM traffic.trend", as: String.self,
                    on: connection) == "/b/ /x/")
            // What is asked for again is a page again.
            try writer.write([view("/a/", by: 4, at: now)], on: connection)
            #expect(
                try one(
                    "SELECT views FROM traffic.pages WHERE path = '/a/'", as: Int32.self,
                    on: connection) == 1)
        }
    }

    @Test func `whoever brings the schema up to date, all of it has one owner`() throws {
        let connection = try Connection(to: try ThrowAwayPostgres.database())
        try connection.run(
            """
            DO $$ BEGIN
                CREATE ROLE traffic_owner;
            EXCEPTION WHEN duplicate_object THEN NULL;
            END $$;
            DO $$ BEGIN
                EXECUTE format('GRANT CREATE, TEMPORARY ON DATABASE %I TO traffic_owner',
                    current_database());
            END $$;
            SET ROLE traffic_owner
            """)
        try install(on: connection) { _ in }
        try connection.run("RESET ROLE; DROP FUNCTION traffic.require_own_tables")
        try install(on: connection) { $0.visitMinutes = 20 }
        let foreign = try one(
            """
            SELECT (SELECT count(*) FROM pg_proc WHERE pronamespace = n.oid
                    AND proowner <> n.nspowner)
                + (SELECT count(*) FROM pg_class WHERE relnamespace = n.oid
                    AND relowner <> n.nspowner)
            FROM pg_namespace n WHERE nspname = 'traffic'
            """, as: Int64.self, on: connection)
        #expect(foreign == 0)
        try BatchWriter.prepare(connection)
        var writer = BatchWriter()
        let now = try time(on: connection)
        #expect(
            try writer.write([view("/a/", by: 1, at: now)], on: connection)
                == .written(redated: 0, refused: 0))
    }

    @Test func `a schema that becomes newer stops who does not know it`() throws {
        try withSchema { connection in
            var writer = BatchWriter()
            try BatchWriter.prepare(connection)
            let now = try time(on: connection)
            try writer.write([view("/a/", by: 1, at: now)], on: connection)
            try connection.run("INSERT INTO traffic.migration VALUES (99)")
            #expect(throws: TrafficError.newerSchema(99)) {
                try writer.write([view("/a/", by: 1, at: now)], on: connection)
            }
        }
    }

    @Test func `a partition that cannot be made ahead is told, and records are taken in`() throws {
        let folder = try TemporaryFolder()
        let spool = try AccessSpool(folder.path + "/spool", bytesMax: 1 << 30, loops: 1)
        let visits = SpoolWriter(spool)
        visits.sweep(.now())
        visits.add(
            AccessRecord(at: 0, kind: .view, status: 200, name: AccessName(path: "/a/")))
        visits.closeSegment()
        try withSchema(zone: "UTC") { connection in
            let tomorrow = try #require(
                try one(
                    """
                    SELECT format('FROM (%L) TO (%L)', t, t + interval '1 hour')
                    FROM traffic.starts(traffic.day_of(now()) + 1) t
                    """, as: String.self, on: connection))
            try connection.run(
                "CREATE TABLE traffic.odd PARTITION OF traffic.hit FOR VALUES \(tomorrow)")
            var events: [IngestEvent] = []
            let ingester = SpoolIngester(spool.folder) { events.append($0) }
            try ingester.begin(on: connection)
            while try ingester.step(on: connection) == .zero {}
            #expect(events.contains(.took(records: 1, redated: 0)))
            #expect(
                events.contains { event in
                    if case .postponed(let what, _) = event { return what.contains("partitions") }
                    return false
                })
        }
    }

    @Test func `version 2 becomes version 3 with its rows and settings`() throws {
        let connection = try Connection(to: try ThrowAwayPostgres.database())
        try connection.run(String(decoding: PackageResources.tables_sql, as: UTF8.self))
        try connection.run(
            """
            CREATE INDEX hit_at ON traffic.hit USING brin (at) WITH (autosummarize = on);
            INSERT INTO traffic.migration VALUES (1), (2);
            INSERT INTO traffic.setting (visit_gap, asks_for_assets) VALUES ('20 minutes', false);
            INSERT INTO traffic.zone VALUES ('2000-01-01', 'UTC');
            INSERT INTO traffic.page (id, path, view, key) VALUES (16, '/a/', 'page', 'a');
            INSERT INTO traffic.agent (id, family) VALUES (16, 'Firefox');
            CREATE TABLE traffic.hit_20261031 PARTITION OF traffic.hit
                FOR VALUES FROM ('2026-10-31Z') TO ('2026-11-01Z');
            CREATE TABLE traffic.visit_20261031 PARTITION OF traffic.visit
                FOR VALUES FROM ('2026-10-31') TO ('2026-11-01');
            INSERT INTO traffic.day VALUES ('2026-10-31');
            INSERT INTO traffic.hit SELECT timestamptz '2026-10-31 12:00Z' + g * interval '1 min',
                1, 16, 2, 16, 0, 50, 10, 200, 1, 2048 FROM generate_series(1, 3) g
            """)
        #expect(throws: TrafficError.olderSchema(2)) {
            try TrafficSchema.require(on: connection)
        }
        #expect(try TrafficSchema.install(.init(), on: connection) == [3])
        try TrafficSchema.require(on: connection)
        let settings = try TrafficSettings(on: connection)
        #expect(settings.visitMinutes == 20 && !settings.asksForAssets)
        #expect(
            try one(
                """
                SELECT (SELECT views FROM traffic.way_day WHERE page = 16 AND source = 2)
                    + (SELECT views FROM traffic.coding_day WHERE coding = 2 AND bytes = 30)
                """, as: Int32.self, on: connection) == 6)
        _ = try DaySealing.seal("2026-10-31", on: connection)
        #expect(try DaySealing.verify("2026-10-31", on: connection) == [])
    }
}
