// What the operating system says, in words: error codes and the time of a switch.
//
// The time is for the history alone. Nothing inside a release has a date.

import Glibc

/// Texts for system errors and times.
package enum SystemText {
    /// The system's words for an error code.
    package static func of(_ code: Int32) -> String {
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }

    /// What to do about an error code.
    static func remedy(_ code: Int32) -> String {
        switch code {
        case ENOSPC, EDQUOT: "Free some space on that disk; what was live still is."
        case EROFS: "Use an output folder on a disk that can be written; what was live still is."
        case EACCES, EPERM: "Give this user the right to write there; what was live still is."
        case EMFILE, ENFILE: "Raise the limit of open files (ulimit -n)."
        case ENOENT: "Run `sitegen build` to make it again."
        default: "Check that folder and its disk; what was live still is."
        }
    }

    /// The present time in UTC, `2026-01-31T23:59:59Z`.
    static func now() -> String { time(secondsAgo: 0) }

    /// A time before the present, in the same form, which sorts as text.
    static func time(secondsAgo: Int) -> String {
        var clock = Glibc.time(nil) - secondsAgo
        var parts = unsafe tm()
        unsafe gmtime_r(&clock, &parts)
        let date = unsafe [parts.tm_mon + 1, parts.tm_mday].map { padded($0, 2) }
        let hours = unsafe [parts.tm_hour, parts.tm_min, parts.tm_sec].map { padded($0, 2) }
        let year = unsafe padded(parts.tm_year + 1900, 4)
        return "\(year)-\(date.joined(separator: "-"))T\(hours.joined(separator: ":"))Z"
    }

    private static func padded(_ number: Int32, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
