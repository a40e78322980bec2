// Dates, points in time and intervals, exactly as PostgreSQL keeps them.
//
// PostgreSQL counts days and microseconds from 2000-01-01 in the proleptic Gregorian calendar and
// has a year 1 BC right before 1 AD; ISO 8601 calls that year 0, and so does `description` here.
// The largest and smallest numbers mean infinity. No time zone but UTC and no clock is in here.

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

/// The proleptic Gregorian calendar, in days from 2000-01-01.
enum Civil {
    static let secondsFrom1970To2000: Int64 = 946_684_800

    /// Days since 2000-01-01 of a day.
    ///
    /// Counts years from March, so that the leap day is a year's last; Howard Hinnant's
    /// "chrono-Compatible Low-Level Date Algorithms", days_from_civil. 730,425 days lie between
    /// 0000-03-01 and 2000-01-01.
    static func days(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = year.quotientRoundingDown(by: 400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 730_425
    }

    /// The inverse of `days`; civil_from_days in the same text.
    static func date(days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 730_425
        let era = shifted.quotientRoundingDown(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// "2026-03-04"; more digits for years beyond 9999, a minus sign before year 0.
    static func text(days: Int) -> String {
        let (year, month, day) = date(days: days)
        let digits = String(year.magnitude)
        let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return "\(year < 0 ? "-" : "")\(padded)-\(two(month))-\(two(day))"
    }

    static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// ".25" for 250,000 microseconds; empty for none.
    static func fraction(_ microseconds: Int) -> String {
        guard microseconds != 0 else { return "" }
        var digits = String(microseconds + 1_000_000).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return ".\(digits)"
    }
}

extension SignedInteger {
    /// Division that rounds towards minus infinity, for a positive divisor.
    func quotientRoundingDown(by divisor: Self) -> Self {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
