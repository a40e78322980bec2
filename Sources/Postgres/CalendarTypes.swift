// Dates, points in time and intervals, exactly as PostgreSQL keeps them.
//
// PostgreSQL counts days and microseconds from 2000-01-01 in the proleptic Gregorian calendar and
// has a year 1 BC right before 1 AD; ISO 8601 calls that year 0, and so does `description` here.
// The largest and smallest numbers mean infinity. No time zone but UTC and no clock is in here.

import Groundwork

/// A span of months, days and microseconds, which PostgreSQL keeps apart.
public struct Interval: Hashable, Sendable {
    /// Whole months; a year is twelve.
    public var months: Int32
    /// Days, which need not have 24 hours.
    public var days: Int32
    /// Everything shorter than a day, and what was given in hours.
    public var microseconds: Int64

    /// Wraps PostgreSQL's three numbers.
    public init(months: Int32 = 0, days: Int32 = 0, microseconds: Int64 = 0) {
        self.months = months
        self.days = days
        self.microseconds = microseconds
    }
}

extension Interval: CustomStringConvertible, PostgresDecodable {
    /// ISO 8601 as PostgreSQL writes it: "P1Y2M3DT4H5M6.5S", with a sign at each part.
    public var description: String {
        func part(_ number: some BinaryInteger, _ unit: String) -> String {
            number == 0 ? "" : "\(number)\(unit)"
        }
        let date = part(months / 12, "Y") + part(months % 12, "M") + part(days, "D")
        let minutes = microseconds / 60_000_000
        let rest = microseconds % 60_000_000
        var time = part(minutes / 60, "H") + part(minutes % 60, "M")
        if rest != 0 {
            let fraction = Civil.fraction(Int(rest.magnitude % 1_000_000))
            time += "\(rest < 0 ? "-" : "")\(rest.magnitude / 1_000_000)\(fraction)S"
        }
        if date.isEmpty && time.isEmpty { return "PT0S" }
        return "P\(date)\(time.isEmpty ? "" : "T\(time)")"
    }

    /// `interval`.
    public static func accepts(_ type: PostgresType) -> Bool { type == .interval }
    /// Sixteen bytes: microseconds, days, months.
    public init?(postgres bytes: Span<UInt8>, type: PostgresType) {
        guard bytes.count == 16 else { return nil }
        self.init(
            months: Int32(bigEndian: bytes, at: 12), days: Int32(bigEndian: bytes, at: 8),
            microseconds: Int64(bigEndian: bytes))
    }
}
