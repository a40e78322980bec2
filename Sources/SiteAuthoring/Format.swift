// Numbers, days and times as people read them, in English: pure functions of their values.
//
// Nothing here asks the system for a locale or a zone, so that a page is the same wherever it is
// built. An instant (`timestamptz`) is written in UTC; write `AT TIME ZONE` in the view where
// another clock is meant, as PostgreSQL knows all zones and their history.

/// Writes values for people.
public enum Format {
    /// The most digits behind a point.
    static let decimalsMax = 100

    // MARK: Numbers

    /// `1,234,567`.
    public static func number(_ value: some BinaryInteger) -> String {
        let text = String(value)
        return text.hasPrefix("-") ? "-" + grouped(text.dropFirst()) : grouped(text[...])
    }

    /// An exact number, `1,234.50`.
    ///
    /// - Parameters:
    ///   - value: a `numeric`.
    ///   - decimals: the digits behind the point, rounded half away from zero as PostgreSQL's
    ///     `round` does; nil for those that it has.
    /// - Returns: the text; `NaN` and infinities as PostgreSQL writes them.
    public static func number(_ value: Numeric, decimals: Int? = nil) -> String {
        decimal("\(value)", decimals)
    }

    /// A number with so many digits behind the point, `0.33`.
    ///
    /// - Parameters:
    ///   - value: any; it is rounded half away from zero.
    ///   - decimals: the digits behind the point.
    /// - Returns: the text; what is no number or beyond 2^53 as Swift writes it.
    public static func number(_ value: Double, decimals: Int) -> String {
        guard value.isFinite, value.magnitude < 9_007_199_254_740_992 else { return "\(value)" }
        let whole = value.rounded(.towardZero)
        let places = min(max(0, decimals), 15)
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let part = ((value - whole).magnitude * scale).rounded(.toNearestOrAwayFromZero)
        let carries = part >= scale
        let digits = String(Int64(carries ? 0 : part))
        let fraction = String(repeating: "0", count: max(0, places - digits.count)) + digits
        let text = String(Int64(whole.magnitude) + (carries ? 1 : 0))
        let isNegative = value < 0 && (text + fraction).contains { $0 != "0" }
        return (isNegative ? "-" : "") + grouped(text[...]) + (places > 0 ? "." + fraction : "")
    }

    /// `1234.5` with commas between thousands, and so many digits behind the point.
    private static func decimal(_ text: String, _ decimals: Int?) -> String {
        let isNegative = text.hasPrefix("-")
        let parts = (isNegative ? text.dropFirst() : text[...])
            .split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = parts.first, whole.utf8.allSatisfy(isDigit) else { return text }
        let fraction = parts.count > 1 ? parts[1] : ""
        let count = min(max(0, decimals ?? fraction.utf8.count), decimalsMax)
        var digits = Array((whole + fraction.prefix(count)).utf8)
        digits += repeatElement(UInt8(ascii: "0"), count: max(0, count - fraction.utf8.count))
        if let next = fraction.utf8.dropFirst(count).first, next >= UInt8(ascii: "5") {
            var place = digits.count - 1
            while place >= 0, digits[place] == UInt8(ascii: "9") {
                digits[place] = UInt8(ascii: "0")
                place -= 1
            }
            if place >= 0 { digits[place] += 1 } else { digits.insert(UInt8(ascii: "1"), at: 0) }
        }
        let isZero = digits.allSatisfy { $0 == UInt8(ascii: "0") }
        let all = String(decoding: digits, as: UTF8.self)
        let number = grouped(all.dropLast(count)) + (count > 0 ? "." + all.suffix(count) : "")
        return isNegative && !isZero ? "-" + number : number
    }

    private static func grouped(_ digits: Substring) -> String {
        var text = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    // MARK: Days and times

    /// A day, `3 May 2026`.
    ///
    /// - Parameters:
    ///   - day: infinities come as PostgreSQL writes them.
    ///   - pattern: how it is written.
    /// - Returns: the text.
    public static func date(_ day: PostgresDate, _ pattern: DatePattern = .long) -> String {
        guard day.isFinite else { return "\(day)" }
        return pattern.text(
            of: DateParts(
                days: Int(day.daysSince2000), year: day.year, month: day.month, day: day.day))
    }

    /// The day of a time, `3 May 2026`, or whatever the pattern says.
    ///
    /// - Parameters:
    ///   - time: of an instant, what a clock in UTC shows; infinities come as PostgreSQL writes
    ///     them.
    ///   - pattern: how it is written.
    /// - Returns: the text.
    public static func date(_ time: Timestamp, _ pattern: DatePattern = .long) -> String {
        guard time.isFinite else { return "\(time)" }
        let day = time.date
        return pattern.text(
            of: DateParts(
                days: Int(day.daysSince2000), year: time.year, month: time.month, day: time.day,
                hour: time.hour, minute: time.minute, second: time.second))
    }
}
