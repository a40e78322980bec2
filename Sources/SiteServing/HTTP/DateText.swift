// Dates as HTTP and logs write them.
//
// IMF-fixdate (RFC 9110 section 5.6.7) and others, from the days since 1970 by Howard Hinnant's
// civil calendar; no locale and no library takes part. A clock may show any time, also one that
// has no four digits for its year: that is the nearest which has.

/// Texts of moments.
enum DateText {
    /// `Sun, 06 Nov 1994 08:49:37 GMT` for 784111777.
    static func date(secondsSince1970 seconds: Int) -> String {
        let seconds = representable(seconds)
        let date = Civil(seconds)
        let weekday = weekdays[floorRemainder(floorQuotient(seconds, 86_400), 7)]
        return "\(weekday), \(two(date.day)) \(months[date.month - 1]) "
            + "\(four(date.year)) \(time(seconds)) GMT"
    }

    /// `1994-11-06T08:49:37Z`, for logs in JSON.
    static func timestamp(secondsSince1970 seconds: Int) -> String {
        let seconds = representable(seconds)
        let date = Civil(seconds)
        return "\(four(date.year))-\(two(date.month))-\(two(date.day))T\(time(seconds))Z"
    }

    /// `06/Nov/1994:08:49:37 +0000`, for logs in the combined form.
    static func logTime(secondsSince1970 seconds: Int) -> String {
        let seconds = representable(seconds)
        let date = Civil(seconds)
        return "\(two(date.day))/\(months[date.month - 1])/\(four(date.year)):\(time(seconds)) "
            + "+0000"
    }

    /// The first second of the year 0 and the last of 9999.
    private static func representable(_ seconds: Int) -> Int {
        min(max(seconds, -62_167_219_200), 253_402_300_799)
    }

    private struct Civil {
        let year, month, day: Int

        init(_ seconds: Int) {
            let shifted = floorQuotient(seconds, 86_400) + 719_468
            let era = floorQuotient(shifted, 146_097)
            let dayOfEra = floorRemainder(shifted, 146_097)
            let yearOfEra =
                (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
            let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
            let monthFromMarch = (5 * dayOfYear + 2) / 153
            day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
            month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
            year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        }
    }

    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func time(_ seconds: Int) -> String {
        let rest = floorRemainder(seconds, 86_400)
        return "\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func four(_ number: Int) -> String {
        String(repeating: "0", count: max(0, 4 - "\(number)".utf8.count)) + "\(number)"
    }
}

/// The quotient of two numbers rounded down, also below 0.
private func floorQuotient(_ number: Int, _ divisor: Int) -> Int {
    number / divisor - (number % divisor < 0 ? 1 : 0)
}

private func floorRemainder(_ number: Int, _ divisor: Int) -> Int {
    number - floorQuotient(number, divisor) * divisor
}
