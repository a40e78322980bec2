/// The proleptic Gregorian calendar, in days from 2000-01-01.
package enum Civil {
    /// The seconds between the beginnings of the two.
    package static let secondsFrom1970To2000: Int64 = 946_684_800

    /// Days since 2000-01-01 of a day.
    ///
    /// Counts years from March, so that the leap day is a year's last; Howard Hinnant's
    /// "chrono-Compatible Low-Level Date Algorithms", days_from_civil. 730,425 days lie between
    /// 0000-03-01 and 2000-01-01.
    package static func days(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = year.quotientRoundingDown(by: 400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 730_425
    }

    /// The inverse of `days`; civil_from_days in the same text.
    package static func date(days: Int) -> (year: Int, month: Int, day: Int) {
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
    package static func text(days: Int) -> String {
        let (year, month, day) = date(days: days)
        let digits = String(year.magnitude)
        let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return "\(year < 0 ? "-" : "")\(padded)-\(two(month))-\(two(day))"
    }

    /// Two digits of a number below 100.
    package static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// ".25" for 250,000 microseconds; empty for none.
    package static func fraction(_ microseconds: Int) -> String {
        guard microseconds != 0 else { return "" }
        var digits = String(microseconds + 1_000_000).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return ".\(digits)"
    }
}

extension SignedInteger {
    /// Division that rounds towards minus infinity, for a positive divisor.
    package func quotientRoundingDown(by divisor: Self) -> Self {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
