import Groundwork

/// A point in time with microseconds, or plus or minus infinity.
///
/// From a `timestamptz` it is an instant in UTC; from a `timestamp` it is what a clock on some
/// wall showed, and `isInstant` is false.
public struct Timestamp: Hashable, Sendable, Comparable {
    /// Microseconds since 2000-01-01 00:00; `Int64.max` and `.min` are the infinities.
    public var microsecondsSince2000: Int64
    /// Whether it came from a type with a time zone.
    public var isInstant: Bool

    /// Wraps PostgreSQL's own number.
    public init(microsecondsSince2000: Int64, isInstant: Bool = true) {
        self.microsecondsSince2000 = microsecondsSince2000
        self.isInstant = isInstant
    }

    /// An instant from Unix time; saturates at infinity.
    public init(microsecondsSince1970: Int64) {
        let (value, overflow) = microsecondsSince1970.subtractingReportingOverflow(
            Civil.secondsFrom1970To2000 * 1_000_000)
        self.init(microsecondsSince2000: overflow ? .min : value)
    }

    /// Unix time in microseconds; saturates.
    public var microsecondsSince1970: Int64 {
        let (value, overflow) = microsecondsSince2000.addingReportingOverflow(
            Civil.secondsFrom1970To2000 * 1_000_000)
        return overflow ? .max : value
    }

    /// False for the two infinities, whose other properties mean nothing.
    public var isFinite: Bool { microsecondsSince2000 != .max && microsecondsSince2000 != .min }

    private var parts: (days: Int, microseconds: Int64) {
        let day = microsecondsSince2000.quotientRoundingDown(by: 86_400_000_000)
        return (Int(day), microsecondsSince2000 - day * 86_400_000_000)
    }
    private var seconds: Int { Int(parts.microseconds / 1_000_000) }

    /// The day, in UTC if this is an instant.
    public var date: PostgresDate { PostgresDate(daysSince2000: Int32(clamping: parts.days)) }
    /// The year; 0 is 1 BC.
    public var year: Int { Civil.date(days: parts.days).year }
    /// 1 to 12.
    public var month: Int { Civil.date(days: parts.days).month }
    /// 1 to 31.
    public var day: Int { Civil.date(days: parts.days).day }
    /// 0 to 23.
    public var hour: Int { seconds / 3_600 }
    /// 0 to 59.
    public var minute: Int { seconds / 60 % 60 }
    /// 0 to 59; PostgreSQL has no leap seconds.
    public var second: Int { seconds % 60 }
    /// 0 to 999,999.
    public var microsecond: Int { Int(parts.microseconds % 1_000_000) }

    /// By time; a wall clock's time counts as UTC.
    public static func < (left: Self, right: Self) -> Bool {
        left.microsecondsSince2000 < right.microsecondsSince2000
    }
}

extension Timestamp: CustomStringConvertible, PostgresDecodable {
    /// ISO 8601, "2026-03-04T05:06:07.25Z"; without "Z" if it is no instant.
    public var description: String {
        if microsecondsSince2000 == .max { return "infinity" }
        if microsecondsSince2000 == .min { return "-infinity" }
        var text = Civil.text(days: parts.days)
        text += "T\(Civil.two(hour)):\(Civil.two(minute)):\(Civil.two(second))"
        text += Civil.fraction(microsecond)
        return isInstant ? text + "Z" : text
    }

    /// `timestamptz` and `timestamp`.
    public static func accepts(_ type: PostgresType) -> Bool {
        type == .timestamptz || type == .timestamp
    }
    /// Eight bytes.
    public init?(postgres bytes: Span<UInt8>, type: PostgresType) {
        guard bytes.count == 8 else { return nil }
        self.init(
            microsecondsSince2000: Int64(bigEndian: bytes), isInstant: type == .timestamptz)
    }
}
