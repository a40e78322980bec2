/// The numbers of a day and of a time on it.
struct DateParts {
    /// Days since 2000-01-01, a Saturday.
    let days: Int
    let year: Int
    let month: Int
    let day: Int
    var hour = 0
    var minute = 0
    var second = 0

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ]
    private static let weekdays = [
        "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
    ]

    /// What `count` times a letter of a pattern stands for.
    func text(_ letter: Character, _ count: Int) -> String {
        switch letter {
        case "d": return padded(day, count)
        case "M" where count > 2:
            let name = Self.months[month - 1]
            return count == 3 ? String(name.prefix(3)) : name
        case "M": return padded(month, count)
        case "y": return count == 2 ? padded(abs(year) % 100, 2) : padded(year, count)
        case "E":
            let name = Self.weekdays[((days % 7) + 7) % 7]
            return count < 4 ? String(name.prefix(3)) : name
        case "H": return padded(hour, count)
        case "h": return padded((hour + 11) % 12 + 1, count)
        case "a": return hour < 12 ? "AM" : "PM"
        case "m": return padded(minute, count)
        default: return padded(second, count)
        }
    }

    private func padded(_ number: Int, _ count: Int) -> String {
        let digits = String(number.magnitude)
        let zeros = String(repeating: "0", count: max(0, count - digits.count))
        return (number < 0 ? "-" : "") + zeros + digits
    }
}
