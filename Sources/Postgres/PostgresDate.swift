import Groundwork

/// A day, or plus or minus infinity.
public struct PostgresDate: Hashable, Sendable, Comparable {
    /// Days since 2000-01-01; `Int32.max` and `.min` are infinity and minus infinity.
    public var daysSince2000: Int32

    /// Wraps PostgreSQL's own number.
    public init(daysSince2000: Int32) { self.daysSince2000 = daysSince2000 }

    /// A day of the Gregorian calendar; month and day are trusted to exist, year 0 is 1 BC.
    public init(year: Int, month: Int, day: Int) {
        daysSince2000 = Int32(clamping: Civil.days(year: year, month: month, day: day))
    }

    /// False for the two infinities, whose other properties mean nothing.
    public var isFinite: Bool { daysSince2000 != .max && daysSince2000 != .min }

    private var civil: (year: Int, month: Int, day: Int) { Civil.date(days: Int(daysSince2000)) }
    /// The year; 0 is 1 BC.
    public var year: Int { civil.year }
    /// 1 to 12.
    public var month: Int { civil.month }
    /// 1 to 31.
    public var day: Int { civil.day }

    /// By time.
    public static func < (left: Self, right: Self) -> Bool {
        left.daysSince2000 < right.daysSince2000
    }
}

extension PostgresDate: CustomStringConvertible, PostgresDecodable {
    /// ISO 8601, "2026-03-04"; "infinity" and "-infinity".
    public var description: String {
        if daysSince2000 == .max { return "infinity" }
        if daysSince2000 == .min { return "-infinity" }
        return Civil.text(days: Int(daysSince2000))
    }

    /// `date`.
    public static func accepts(_ type: PostgresType) -> Bool { type == .date }
    /// Four bytes.
    public init?(postgres bytes: Span<UInt8>, type: PostgresType) {
        guard bytes.count == 4 else { return nil }
        self.init(daysSince2000: Int32(bigEndian: bytes))
    }
}
