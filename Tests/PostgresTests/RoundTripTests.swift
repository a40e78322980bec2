// Random values of every type go to the server and back, and are compared with its own text.
//
// Seeds are fixed: a failure repeats itself.

import TestSupport
import Testing

@testable import Postgres

@Suite("Values") struct RoundTripTests {
    /// Sends each value, expects it back, and expects the server to read the same from its text.
    private func roundTrip<T: PostgresDecodable & PostgresEncodable & Equatable>(
        _ type: String, _ values: [T], text: ((T) -> String)? = nil
    ) throws {
        try withDatabase { connection throws in
            try connection.prepare("there", as: "SELECT $1::\(type), ($1::\(type))::text")
            for value in values {
                let back = try connection.rows(prepared: "there", [Parameter(value)]) {
                    row throws(PostgresError) in
                    (try row.value(0, as: T.self), try row.value(1, as: String.self))
                }
                #expect(back.first?.0 == value, "\(value)")
                if let text { #expect(back.first?.1 == text(value), "\(value)") }
                let read = try connection.one(
                    "SELECT \(Connection.quoted(literal: value.postgresText))::\(type)", as: T.self)
                #expect(read == value, "read from text: \(value)")
            }
        }
    }

    private func random<T>(_ count: Int = 200, _ make: (inout SeededGenerator) -> T) -> [T] {
        var generator = SeededGenerator(seed: 42)
        return (0..<count).map { _ in make(&generator) }
    }

    @Test func `whole numbers`() throws {
        try roundTrip(
            "int2", [.min, -1, 0, 1, .max] + random { Int16(truncatingIfNeeded: $0.next()) }
        ) { "\($0)" }
        try roundTrip(
            "int4", [.min, -1, 0, 1, .max] + random { Int32(truncatingIfNeeded: $0.next()) }
        ) { "\($0)" }
        try roundTrip(
            "int8", [.min, -1, 0, 1, .max] + random { Int64(truncatingIfNeeded: $0.next()) }
        ) { "\($0)" }
        try roundTrip("int8", [Int.min, 0, .max]) { "\($0)" }
        try roundTrip("oid", [0, UInt32.max]) { "\($0)" }
        try roundTrip("bool", [true, false]) { $0 ? "true" : "false" }
    }

    @Test func `floating-point numbers, infinities included`() throws {
        try roundTrip(
            "float8",
            [
                0, -0.0, 1.5, .infinity, -.infinity, .greatestFiniteMagnitude,
                .leastNonzeroMagnitude, 0.1,
            ]
                + random { Double(bitPattern: $0.next()) }.filter(\.isFinite))
        try roundTrip(
            "float4",
            [0, 1.5, .infinity, .greatestFiniteMagnitude, 0.1]
                + random { Float(bitPattern: UInt32(truncatingIfNeeded: $0.next())) }
                .filter(\.isFinite))
        try withDatabase { connection throws in
            let read = try connection.one("SELECT 'NaN'::float8", as: Double.self)
            let sent = try connection.one(
                "SELECT $1::float8", [Parameter(Double.nan)], as: Double.self)
            #expect(read.isNaN)
            #expect(sent.isNaN)
        }
    }

    @Test func `exact decimals print as the server prints them`() throws {
        let special = [
            "0", "0.0", "0.00000", "-0.1", "1", "10000", "99999999", "0.0001", "0.00001", "1.10",
            "-12345678901234567890.12345678901234567890", "1000000000000", "0.1000", "NaN",
            "Infinity", "-Infinity", "100000000.00000001",
        ]
        let digits = random { generator in
            let whole = (0...Int.random(in: 0..<30, using: &generator)).map { _ in
                String(Int.random(in: 0...9, using: &generator))
            }
            let fraction = (0..<Int.random(in: 0..<30, using: &generator)).map { _ in
                String(Int.random(in: 0...9, using: &generator))
            }
            let sign = Bool.random(using: &generator) ? "-" : ""
            let zeros = String(repeating: "0", count: Int.random(in: 0..<9, using: &generator))
            return sign + whole.joined() + (fraction.isEmpty ? "" : "." + zeros + fraction.joined())
        }
        let values = try (special + digits).map { try #require(Numeric($0), "\($0)") }
        try roundTrip("numeric", values) { $0.description }
        try withDatabase { connection throws in
            for text in special {
                let read = try connection.one("SELECT '\(text)'::numeric", as: Numeric.self)
                #expect(read.description == text)
            }
        }
    }

    @Test(arguments: ["", "-", ".", "1.", ".5", "1e5", "--1", "+1", "1.2.3", "a", "1 ", "٣"])
    func `what is no decimal is nil`(text: String) {
        #expect(Numeric(text) == nil)
    }

    @Test func `texts in all their types`() throws {
        let texts =
            [
                "", "a", "ä€😀", "tab\t, line\n, quote ' \" \\ and \u{7f}",
                String(repeating: "x", count: 70_000),
            ]
            + random(50) { generator in
                String(
                    String.UnicodeScalarView(
                        (0..<40).compactMap { _ in
                            Unicode.Scalar(UInt32.random(in: 1...0x2FFF, using: &generator))
                        }))
            }
        try roundTrip("text", texts) { $0 }
        try roundTrip("varchar", texts) { $0 }
        try roundTrip("name", ["pg_class", ""]) { $0 }
        try roundTrip("json", ["{\"a\": [1, 2.50]}"]) { $0 }
        try roundTrip("jsonb", ["{\"a\": [1, 2.50]}"]) { $0 }
    }

    @Test func `bytes and UUIDs`() throws {
        try roundTrip("bytea", [Bytea([]), Bytea(Array(0...255))]) { $0.postgresText }
        try roundTrip(
            "uuid",
            [PostgresUUID(high: 0, low: 0), PostgresUUID(high: .max, low: .max)]
                + random { PostgresUUID(high: $0.next(), low: $0.next()) }
        ) { $0.description }
        #expect(PostgresUUID("0123456789abcdef") == nil)
        let uuid = PostgresUUID("00112233-4455-6677-8899-AABBCCDDEEFF")
        #expect(uuid?.description == "00112233-4455-6677-8899-aabbccddeeff")
    }

    @Test func `dates from 4713 BC to 5874897 AD, and the infinities`() throws {
        // The range of PostgreSQL's date in days from 2000-01-01.
        let days =
            random(500) { Int32.random(in: -2_451_545...2_145_031_948, using: &$0) }
            + random { Int32.random(in: -80_000...80_000, using: &$0) }
        let dates = ([.min, .max, 0, -1, 59, 60, -730_121, -730_120, -730_486] + days)
            .map { PostgresDate(daysSince2000: $0) }
        try roundTrip("date", dates) { $0.postgresText }
        for date in dates where date.isFinite {
            #expect(PostgresDate(year: date.year, month: date.month, day: date.day) == date)
        }
    }

    @Test func `points in time with microseconds`() throws {
        let moments =
            random(500) {
                Int64.random(in: -211_813_488_000_000_000..<9_000_000_000_000_000_000, using: &$0)
            } + [.min, .max, 0, -1, 1, 999_999, -500_000, 86_399_999_999]
        try roundTrip(
            "timestamptz", moments.map { Timestamp(microsecondsSince2000: $0) }
        ) { value in
            let text = value.postgresText.replacingOnce("T", " ")
            return text.hasSuffix(" BC")
                ? text.replacingOnce("Z", "+00") : text.replacingOnce("Z", "+00")
        }
        try roundTrip(
            "timestamp", moments.map { Timestamp(microsecondsSince2000: $0, isInstant: false) }
        ) { $0.postgresText.replacingOnce("T", " ") }
    }

    @Test func `the parts of a point in time`() {
        let time = Timestamp(microsecondsSince1970: 1_772_600_767_250_000)
        #expect(time.description == "2026-03-04T05:06:07.25Z")
        #expect([time.year, time.month, time.day] == [2026, 3, 4])
        #expect([time.hour, time.minute, time.second, time.microsecond] == [5, 6, 7, 250_000])
        #expect(time.microsecondsSince1970 == 1_772_600_767_250_000)
        #expect(time.date == PostgresDate(year: 2026, month: 3, day: 4))
        #expect(Timestamp(microsecondsSince2000: .min).description == "-infinity")
    }

    @Test func `intervals`() throws {
        let values = random { generator in
            Interval(
                months: .random(in: -5_000...5_000, using: &generator),
                days: .random(in: -50_000...50_000, using: &generator),
                microseconds: .random(in: -9_000_000_000_000...9_000_000_000_000, using: &generator)
            )
        }
        let special = [
            Interval(), Interval(months: 14, days: 3, microseconds: 14_706_500_000),
            Interval(microseconds: -1), Interval(months: -1), Interval(microseconds: 60_000_000),
        ]
        try roundTrip("interval", special + values) { $0.description }
    }

    @Test func `arrays, with NULL among their elements`() throws {
        try roundTrip("int8[]", [[], [1], [1, -2, .max]] as [[Int64]]) {
            "{\($0.map(String.init).joined(separator: ","))}"
        }
        try roundTrip("int4[]", [[1, nil, 3], [nil]] as [[Int32?]])
        try roundTrip("int2[]", [[1, nil]] as [[Int16?]])
        try roundTrip("text[]", [[], ["a", nil, "NULL", "", "{\"x\\", "b,c"]] as [[String?]])
        try roundTrip("bool[]", [[true, false, nil]] as [[Bool?]])
        try roundTrip("float8[]", [[0.5, -1]] as [[Double]])
        try roundTrip("numeric[]", [[try #require(Numeric("1.50"))]])
        try roundTrip("uuid[]", [[PostgresUUID(high: 1, low: 2)]])
        try roundTrip("timestamptz[]", [[Timestamp(microsecondsSince2000: 5)]])
        try roundTrip("date[]", [[PostgresDate(daysSince2000: 5)]])
        try roundTrip("bytea[]", [[Bytea([0, 255])]])
        try roundTrip("jsonb[]", [["{}", "[1]"]])
    }

    @Test func `enums and domains read as their base`() throws {
        try withDatabase { connection throws in
            try connection.run(
                """
                CREATE TYPE mood AS ENUM ('sad', 'très content');
                CREATE DOMAIN positive AS int CHECK (VALUE > 0);
                """)
            #expect(try connection.one("SELECT 'sad'::mood", as: String.self) == "sad")
            #expect(
                try connection.one("SELECT $1::mood", ["très content"], as: String.self)
                    == "très content")
            #expect(try connection.one("SELECT ARRAY['sad']::mood[]", as: [String].self) == ["sad"])
            #expect(try connection.one("SELECT 5::positive", as: Int32.self) == 5)
            #expect(
                try connection.one("SELECT $1::mood[]", [Parameter(["sad"])], as: [String].self)
                    == ["sad"])
        }
    }
}

extension String {
    fileprivate func replacingOnce(_ part: Character, _ other: String) -> String {
        guard let index = firstIndex(of: part) else { return self }
        return self[..<index] + other + self[self.index(after: index)...]
    }
}
