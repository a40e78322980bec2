// The schema in a real database: installed twice, its days, its shares of new texts, its locks.
//
// That counts are those of their rows, whatever happens, is tried by EndToEndTests/traffic.py.

import AccessRecords
import Postgres
import TestSupport
import Testing

@testable import Traffic

@Suite("The schema traffic") struct TrafficSchemaTests {
    @Test func `a second installation runs no migration`() throws {
        try withSchema { connection in
            #expect(try TrafficSchema.install(.init(), on: connection) == [])
            #expect(try TrafficSettings(on: connection).zone == "Europe/Paris")
            try TrafficSchema.require(on: connection)
        }
    }

    @Test(arguments: [
        ("Europe/Paris", "2026-03-29", 23), ("Europe/Paris", "2026-10-25", 25),
        ("Asia/Kolkata", "2026-10-25", 24), ("UTC", "2028-02-29", 24),
    ]) func `a day has as many hours as the zone says`(
        _ zone: String, _ day: String, _ hours: Int
    ) throws {
        try withSchema(zone: zone) { connection in
            let length = try one(
                """
                SELECT (extract(epoch FROM traffic.starts('\(day)'::date + 1)
                    - traffic.starts('\(day)')) / 3600)::int
                """, as: Int32.self, on: connection)
            #expect(length == Int32(hours))
            let days = try one(
                """
                SELECT string_agg(traffic.day_of(traffic.starts('\(day)') + i)::text, ' ')
                FROM unnest(ARRAY[interval '-1 us', '0', interval '\(hours) h' - '1 us'::interval,
                    interval '\(hours) h']) i
                """, as: String.self, on: connection)
            let last = try one(
                "SELECT format('%s %s', '\(day)'::date - 1, '\(day)'::date + 1)", as: String.self,
                on: connection)
            let around = try #require(last).split(separator: " ")
            #expect(days == "\(around[0]) \(day) \(day) \(around[1])")
        }
    }

    @Test func `a zone with half an hour of daylight saving cuts whole days`() throws {
        try withSchema(zone: "Australia/Lord_Howe") { connection in
            let wrong = try one(
                """
                SELECT count(*)
                FROM generate_series(date '2026-01-01', date '2026-12-31', '1 day') d
                WHERE traffic.day_of(traffic.starts(d::date)) <> d::date
                    OR traffic.day_of(traffic.starts(d::date + 1) - '1 us'::interval) <> d::date
                """, as: Int64.self, on: connection)
            #expect(wrong == 0)
        }
    }

    @Test func `strangers' texts have a share of each day, those of the release have none`() throws
    {
        try withSchema { connection in
            try connection.run(
                "INSERT INTO traffic.new_text VALUES (traffic.day_of(now()), 'page', 49998)")
            let numbers = try connection.rows(
                """
                SELECT id FROM traffic.number_pages(ARRAY['/a', '/b', '/c', '/d'],
                    ARRAY['', '', '', 'v'], ARRAY['', '', '', 'k'], ARRAY[true, true, true, false])
                ORDER BY place
                """
            ) { row throws(PostgresError) in try row.value(0, as: Int32.self) }
            #expect(numbers.count { $0 == 1 } == 1)
            #expect(numbers[3] >= 16)
            try connection.run(
                """
                INSERT INTO traffic.new_text VALUES (traffic.day_of(now()), 'campaign', 500),
                    (traffic.day_of(now()), 'source', 5000)
                """)
            #expect(
                try one(
                    "SELECT id FROM traffic.number_campaigns(ARRAY['a'], ARRAY[''], ARRAY[''])",
                    as: Int32.self, on: connection) == 1)
            #expect(
                try one(
                    "SELECT id FROM traffic.number_sources(ARRAY[4]::smallint[], ARRAY['x'])",
                    as: Int32.self, on: connection) == 1)
        }
    }

    @Test func `a path of 2,048 bytes of UTF-8 has a number`() throws {
        try withSchema { connection in
            let path = "/" + String(repeating: "é", count: 1_023)
            var numbers = TextNumbers()
            var texts = Texts()
            texts.add(
                .init(path: path, view: "v", key: String(repeating: "k", count: 1_024)),
                isStrange: false)
            try numbers.learn(texts, on: connection)
            #expect(numbers.pages.values.allSatisfy { $0 >= 16 })
            #expect(numbers.pages.count == 1)
        }
    }

    @Test func `scores of very different ages are added without an underflow`() throws {
        try withSchema { connection in
            let sum = try one(
                "SELECT traffic.log_sum(5000, 1)", as: Double.self, on: connection)
            #expect(sum == 5_000)
            let equal = try one("SELECT traffic.log_sum(7, 7)", as: Double.self, on: connection)
            #expect(equal == 8)
        }
    }

    @Test func `an unknown zone is refused, another begins with a day that is to come`() throws {
        try withSchema { connection in
            var changes = TrafficSettings.Changes()
            changes.zone = "Europe/Lutetia"
            #expect(throws: TrafficError.noZone("Europe/Lutetia")) {
                try TrafficSchema.install(changes, on: connection)
            }
            changes.zone = "Asia/Tokyo"
            try TrafficSchema.install(changes, on: connection)
            #expect(try TrafficSettings(on: connection).zone == "Europe/Paris")
            // Of a day that has begun in Tokyo, rows may have come already.
            let isTomorrow = try one(
                """
                SELECT (traffic.day_of(now()) + 1)::timestamp AT TIME ZONE 'Asia/Tokyo'
                    > now() + interval '10 minutes'
                """, as: Bool.self, on: connection)
            let first = try one(
                """
                SELECT min(d) FROM generate_series(1, 4) d
                WHERE traffic.zone_of(traffic.day_of(now()) + d) = 'Asia/Tokyo'
                """, as: Int32.self, on: connection)
            #expect(first == (isTomorrow == true ? 1 : 2))
        }
    }
}
