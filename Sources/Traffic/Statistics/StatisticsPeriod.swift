// Which days are asked for: `today`, `yesterday`, `7d`, `2026`, `2026-11`, `2026-11-30`, and two of
// these with `..` between them.
//
// Pure: which day it is in the site's time zone is the caller's to say.

internal import Groundwork

/// Some days, both included, written as 2026-11-30.
package struct StatisticsPeriod: Equatable, Sendable {
    /// The first day.
    package let first: String
    /// The last day.
    package let last: String

    /// Reads a text.
    ///
    /// - Parameters:
    ///   - text: what was asked for.
    ///   - today: the day it is in the site's time zone.
    /// - Throws: `.badPeriod`.
    package init(_ text: String, today: String) throws {
        let parts = text.components(separatedBy: "..")
        guard parts.count <= 2, let begin = Self.days(parts[0], today),
            let end = Self.days(parts[parts.count - 1], today), begin.lowerBound <= end.upperBound
        else {
            throw TrafficError.badPeriod(
                """
                \(text) is no period.
                Write today, yesterday, 7d, 2026, 2026-11, 2026-11-30 or 2026-11-01..2026-11-30.
                """)
        }
        first = Civil.text(days: begin.lowerBound)
        last = Civil.text(days: end.upperBound)
    }

    /// Whether a text is a day that there is.
    package static func isDay(_ text: String) -> Bool {
        text.split(separator: "-", omittingEmptySubsequences: false).count == 3
            && days(text, "2000-01-01") != nil
    }

    /// The days that a text without `..` means, as numbers since 2000.
    private static func days(_ text: String, _ today: String) -> ClosedRange<Int>? {
        if text == "today" { return days(today, "") }
        if text == "yesterday" {
            return days(today, "").map { $0.lowerBound - 1...$0.lowerBound - 1 }
        }
        if text.hasSuffix("d"), let count = Int(text.dropLast()), (1...4_000).contains(count) {
            return days(today, "").map { $0.upperBound - count + 1...$0.upperBound }
        }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let widths = [4, 2, 2]
        var numbers: [Int] = []
        for (part, width) in zip(parts, widths) {
            guard part.utf8.count == width, part.utf8.allSatisfy({ (48...57).contains($0) }),
                let number = Int(part)
            else { return nil }
            numbers.append(number)
        }
        guard (1...3).contains(parts.count), numbers.count == parts.count, numbers[0] > 0 else {
            return nil
        }
        let year = numbers[0]
        switch numbers.count {
        case 1: return first(year, 1)...first(year + 1, 1) - 1
        case 2:
            guard (1...12).contains(numbers[1]) else { return nil }
            let next = numbers[1] == 12 ? first(year + 1, 1) : first(year, numbers[1] + 1)
            return first(year, numbers[1])...next - 1
        default:
            guard (1...12).contains(numbers[1]), numbers[2] >= 1 else { return nil }
            let day = first(year, numbers[1]) + numbers[2] - 1
            let date = Civil.date(days: day)
            return date.month == numbers[1] ? day...day : nil
        }
    }

    /// The first day of a month, as a number since 2000.
    private static func first(_ year: Int, _ month: Int) -> Int {
        Civil.days(year: year, month: month, day: 1)
    }
}

extension String {
    /// The parts between a separator.
    fileprivate func components(separatedBy separator: String) -> [String] {
        var parts: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}
