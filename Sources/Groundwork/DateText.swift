// Moments as HTTP, logs and the history of releases write them.
//
// IMF-fixdate (RFC 9110 section 5.6.7) and others; no locale, no clock and no library takes part.
// A clock may show any time, also one that has no four digits for its year: that is the nearest
// which has.

/// Texts of moments.
package enum DateText {
    /// `Sun, 06 Nov 1994 08:49:37 GMT` for 784111777.
    package static func date(secondsSince1970 seconds: Int) -> String {
        let moment = Moment(seconds)
        return "\(moment.weekday), \(moment.day) \(moment.month) \(moment.year) \(moment.time) GMT"
    }

    /// `1994-11-06T08:49:37Z`, which sorts as text.
    package static func timestamp(secondsSince1970 seconds: Int) -> String {
        let moment = Moment(seconds)
        return "\(Civil.text(days: moment.days))T\(moment.time)Z"
    }

    /// `06/Nov/1994:08:49:37 +0000`, for logs in the combined form.
    package static func logTime(secondsSince1970 seconds: Int) -> String {
        let moment = Moment(seconds)
        return "\(moment.day)/\(moment.month)/\(moment.year):\(moment.time) +0000"
    }

    private struct Moment {
        let days: Int
        let second: Int

        init(_ seconds: Int) {
            // From the first second of the year 0 to the last of 9999.
            let seconds =
                min(max(seconds, -62_167_219_200), 253_402_300_799)
                - Int(Civil.secondsFrom1970To2000)
            days = seconds.quotientRoundingDown(by: 86_400)
            second = seconds - days * 86_400
        }

        var year: Substring { Civil.text(days: days).prefix(4) }
        var month: String { DateText.months[Civil.date(days: days).month - 1] }
        var day: Substring { Civil.text(days: days).suffix(2) }
        var weekday: String {
            DateText.weekdays[days - days.quotientRoundingDown(by: 7) * 7]
        }
        var time: String {
            [second / 3600, second / 60 % 60, second % 60].map(Civil.two).joined(separator: ":")
        }
    }

    /// 2000-01-01 was a Saturday.
    private static let weekdays = ["Sat", "Sun", "Mon", "Tue", "Wed", "Thu", "Fri"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
