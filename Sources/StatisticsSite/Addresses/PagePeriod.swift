// The days that a page of statistics is about: a day, a week (ISO 8601), a month, a year, or the
// last thirty days; beside each stands the one before.
//
// Days are numbers since 2000-01-01. Which day it is in the site's zone is told by the database.

import Groundwork
import SiteAuthoring

/// Some days, both ends included.
struct PagePeriod: Hashable, Sendable {
    /// How long it is.
    enum Kind: String, Sendable {
        /// The day that is not over.
        case today
        /// A day.
        case day
        /// Monday to Sunday.
        case week
        /// A month of the calendar.
        case month
        /// A year of the calendar.
        case year
        /// The last thirty days, today among them.
        case recent
    }

    /// How long it is.
    let kind: Kind
    /// The first day.
    let first: Int
    /// The last day.
    let last: Int

    /// How many days `recent` has.
    static let recentDays = 30
    /// The years that have pages; PostgreSQL knows more.
    private static let years = 1_000...9_998

    private init(_ kind: Kind, _ first: Int, _ last: Int) {
        self.kind = kind
        self.first = first
        self.last = last
    }

    /// The day that it is.
    static func today(_ day: Int) -> Self { Self(.today, day, day) }

    /// One day.
    static func day(_ day: Int) -> Self { Self(.day, day, day) }

    /// The last thirty days up to a day.
    static func recent(upTo day: Int) -> Self { Self(.recent, day - recentDays + 1, day) }

    /// The week that a day is in.
    static func week(of day: Int) -> Self {
        let monday = day - (day + 5) % 7
        return Self(.week, monday, monday + 6)
    }

    /// The month that a day is in.
    static func month(of day: Int) -> Self {
        let date = Civil.date(days: day)
        let first = Civil.days(year: date.year, month: date.month, day: 1)
        let next = Civil.date(days: first + 31)
        return Self(.month, first, Civil.days(year: next.year, month: next.month, day: 1) - 1)
    }

    /// The year that a day is in.
    static func year(of day: Int) -> Self {
        let year = Civil.date(days: day).year
        return Self(
            .year, Civil.days(year: year, month: 1, day: 1),
            Civil.days(year: year + 1, month: 1, day: 1) - 1)
    }

    /// Reads `2026-11-30`, `2026-W48`, `2026-11` or `2026`, as the kind is; nil for others.
    init?(_ kind: Kind, _ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let year = Self.number(parts[0], 4), Self.years.contains(year) else { return nil }
        func second(_ prefix: String = "") -> Int? {
            guard parts.count > 1, parts[1].hasPrefix(prefix) else { return nil }
            return Self.number(parts[1].dropFirst(prefix.count), 2)
        }
        let made: Self?
        switch kind {
        case .year: made = .year(of: Civil.days(year: year, month: 7, day: 1))
        case .month: made = second().map { .month(of: Civil.days(year: year, month: $0, day: 2)) }
        case .week:
            // The fourth of January is in the first week.
            let first = Self.week(of: Civil.days(year: year, month: 1, day: 4)).first
            made = second("W").map { .week(of: first + ($0 - 1) * 7) }
        case .day:
            guard parts.count == 3, let day = Self.number(parts[2], 2) else { return nil }
            made = second().map { .day(Civil.days(year: year, month: $0, day: day)) }
        case .today, .recent: made = nil
        }
        guard let made, made.name == text else { return nil }
        self = made
    }

    private static func number(_ text: Substring, _ digits: Int) -> Int? {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return Int(text)
    }

    /// How addresses name it; empty for what has none of its own.
    var name: String {
        let date = Civil.date(days: first)
        switch kind {
        case .today, .recent: return ""
        case .day: return Civil.text(days: first)
        case .week:
            let thursday = Civil.date(days: first + 3)
            let days = first + 3 - Civil.days(year: thursday.year, month: 1, day: 1)
            return "\(thursday.year)-W\(Civil.two(days / 7 + 1))"
        case .month: return "\(date.year)-\(Civil.two(date.month))"
        case .year: return "\(date.year)"
        }
    }

    /// How many days it has.
    var count: Int { last - first + 1 }

    /// The one before.
    var previous: Self {
        switch kind {
        case .today, .day: .day(first - 1)
        case .week: .week(of: first - 1)
        case .month: .month(of: first - 1)
        case .year: .year(of: first - 1)
        case .recent: .recent(upTo: first - 1)
        }
    }

    /// The one behind; nil if it lies in the future.
    func next(today: Int) -> Self? {
        guard last < today else { return nil }
        return switch kind {
        case .today, .recent: nil
        case .day: last + 1 == today ? .today(today) : .day(last + 1)
        case .week: .week(of: last + 1)
        case .month: .month(of: last + 1)
        case .year: .year(of: last + 1)
        }
    }

    /// How people call it.
    var title: String {
        switch kind {
        case .today: return "Today"
        case .day: return Self.text(first, "EEEE, d MMMM yyyy")
        case .week: return "Week \(Int(name.suffix(2)) ?? 0) of \(name.prefix(4))"
        case .month: return Self.text(first, "MMMM yyyy")
        case .year: return name
        case .recent: return "The last \(Self.recentDays) days"
        }
    }

    /// Its first and last day, for people.
    var span: String {
        count == 1
            ? Self.text(first, "EEEE, d MMMM yyyy")
            : "\(Self.text(first, "d MMM yyyy")) to \(Self.text(last, "d MMM yyyy"))"
    }

    /// What the one before is called beside this one.
    var before: String {
        switch kind {
        case .today: "yesterday"
        case .day: "the day before"
        case .week: "the week before"
        case .month: "the month before"
        case .year: "the year before"
        case .recent: "the \(Self.recentDays) days before"
        }
    }

    /// A day as text.
    static func text(_ day: Int, _ pattern: DatePattern) -> String {
        Format.date(PostgresDate(daysSince2000: Int32(clamping: day)), pattern)
    }
}
