// Reads what pages of statistics show: counts, by plain SELECTs on the schema `traffic`.
//
// The role `sitegen_stats` may do all of this: no row of a visitor is read, and what only rows can
// tell comes from functions of the schema that give counts.

import Postgres
import SiteAuthoring
import Traffic

/// Reads numbers on one connection, in one snapshot.
struct StatisticsReading: Sendable {
    /// The most lines of a list.
    static let linesMax = 100
    /// The days for which rows are asked, which takes longer than counts.
    static let rowDays = 7

    /// The day it is in the site's zone.
    let today: Int
    /// What a clock in that zone shows.
    let clock: String
    /// The zone.
    let zone: String

    /// Learns which day it is.
    init(on connection: borrowing Connection) throws {
        let found = try connection.rows(
            """
            SELECT (d - date '2000-01-01')::int, to_char(now() AT TIME ZONE z, 'HH24:MI'), z
            FROM traffic.day_of(now()) d, traffic.zone_of(d) z
            """
        ) { row throws(PostgresError) in
            (
                Int(try row.value(0, as: Int32.self)), try row.value(1, as: String.self),
                try row.value(2, as: String.self)
            )
        }
        (today, clock, zone) = found.first ?? (0, "", "UTC")
    }

    /// The first and last day as parameters.
    static func days(_ period: PagePeriod) -> [Parameter] {
        // As dates: a text would be read again for each row.
        [period.first, period.last].map {
            Parameter(PostgresDate(daysSince2000: Int32(clamping: $0)))
        }
    }

    /// All in all.
    static func totals(
        _ period: PagePeriod, on connection: borrowing Connection
    ) throws -> StatisticsTotals {
        let names = [
            "views", "visits", "visitors", "bounces", "seconds", "robots", "feeds", "missing",
            "lost", "redated",
        ]
        let sums = names.map { "coalesce(sum(\($0)), 0)::bigint" }.joined(separator: ", ")
        let numbers = try connection.rows(
            """
            SELECT ARRAY[\(sums)] FROM traffic.days
            WHERE day BETWEEN $1::date AND $2::date
            """, days(period)
        ) { row throws(PostgresError) in try row.value(0, as: [Int64].self).map(Int.init) }
        guard let n = numbers.first, n.count == names.count else { return StatisticsTotals() }
        return StatisticsTotals(
            views: n[0], visits: n[1], visitors: n[2], bounces: n[3], seconds: n[4], robots: n[5],
            feeds: n[6], missing: n[7], lost: n[8], redated: n[9])
    }

    // MARK: Charts

    /// Views of a period by hours, days or months, beside those of the one before.
    static func views(
        _ period: PagePeriod, on connection: borrowing Connection
    ) throws -> [ChartPoint] {
        let now = try steps(period, on: connection)
        let before = try steps(period.previous, on: connection)
        return joined(now, before, period)
    }

    /// Steps of a period with those that stood in their place before.
    static func joined(
        _ now: [(label: String, value: Int?)], _ before: [(label: String, value: Int?)],
        _ period: PagePeriod
    ) -> [ChartPoint] {
        // So few that they stand beside each other on a phone.
        let every = max(1, (now.count + 4) / 5)
        return now.enumerated().map { place, step in
            ChartPoint(
                label: label(step.label, period),
                mark: place % every == 0 ? mark(step.label, period) : "", value: step.value,
                before: place < before.count ? before[place].value : nil,
                address: step.value == nil ? nil : address(step.label, period))
        }
    }

    /// The page about a step: of a day, or of a month of a year.
    private static func address(_ text: String, _ period: PagePeriod) -> StatisticsAddress? {
        guard let day = PagePeriod(.day, text) else { return nil }
        return StatisticsAddress(period.kind == .year ? .month(of: day.first) : day)
    }

    private static func label(_ text: String, _ period: PagePeriod) -> String {
        switch period.kind {
        case .today, .day: text
        case .week, .month, .recent: Self.day(text, "EEEE, d MMMM yyyy")
        case .year: Self.day(text, "MMMM yyyy")
        }
    }

    private static func mark(_ text: String, _ period: PagePeriod) -> String {
        switch period.kind {
        case .today, .day: text
        case .week: Self.day(text, "E d")
        case .month: Self.day(text, "d")
        case .recent: Self.day(text, "d MMM")
        case .year: Self.day(text, "MMM")
        }
    }

    private static func day(_ text: String, _ pattern: DatePattern) -> String {
        PagePeriod(.day, text).map { PagePeriod.text($0.first, pattern) } ?? text
    }

    private static func steps(
        _ period: PagePeriod, on connection: borrowing Connection
    ) throws -> [(label: String, value: Int?)] {
        let statement: String
        switch period.kind {
        case .today, .day: statement = Self.byHour
        case .week, .month, .recent:
            statement = byDay("SELECT sum(views) FROM traffic.page_day WHERE day = g::date")
        case .year: statement = Self.byMonth
        }
        return try steps(statement, days(period), on: connection)
    }

    /// The steps that a statement gives: a label, and a number or NULL.
    static func steps(
        _ statement: String, _ parameters: [Parameter], on connection: borrowing Connection
    ) throws -> [(label: String, value: Int?)] {
        try connection.rows(statement, parameters) { row throws(PostgresError) in
            (try row.value(0, as: String.self), try row.value(1, as: Int64?.self).map(Int.init))
        }
    }

    private static let byHour = """
        SELECT to_char(g AT TIME ZONE traffic.zone_of($1::date), 'HH24:MI'),
            CASE WHEN g <= now() THEN coalesce((SELECT sum(h.hits) FROM traffic.site_hour h
                WHERE h.kind = 1 AND h.hour >= g AND h.hour < g + interval '1 hour'), 0)::bigint END
        FROM generate_series(traffic.starts($1::date),
            traffic.starts($2::date + 1) - interval '1 second', interval '1 hour') g
        ORDER BY g
        """

    /// A number for each day; `g` is the day's midnight.
    static func byDay(_ number: String) -> String {
        """
        SELECT g::date::text, CASE WHEN g::date <= traffic.day_of(now())
            THEN coalesce((\(number)), 0)::bigint END
        FROM generate_series($1::date::timestamp, $2::date::timestamp, interval '1 day') g
        ORDER BY g
        """
    }

    private static let byMonth = """
        SELECT g::date::text, CASE WHEN g::date <= traffic.day_of(now()) THEN coalesce((
            SELECT sum(c.views) FROM traffic.page_day c
            WHERE c.day >= g::date AND c.day < (g + interval '1 month')::date), 0)::bigint END
        FROM generate_series($1::date::timestamp, $2::date::timestamp, interval '1 month') g
        ORDER BY g
        """
}

extension StatisticsReading {
    /// What may be missing in the numbers, and the settings.
    static func state(on connection: borrowing Connection) throws -> NumbersState {
        let numbers = try connection.rows(
            """
            SELECT ARRAY[
                (SELECT coalesce(sum(count), 0)::bigint FROM traffic.loss_day),
                (SELECT coalesce(sum(redated), 0)::bigint FROM traffic.day),
                (SELECT coalesce(sum(refused), 0)::bigint FROM traffic.day)],
                (SELECT min(day)::text FROM traffic.day),
                (SELECT min(day)::text FROM traffic.day WHERE NOT is_final)
            """
        ) { row throws(PostgresError) in
            (
                try row.value(0, as: [Int64].self).map(Int.init),
                try row.value(1, as: String?.self), try row.value(2, as: String?.self)
            )
        }.first
        let sums = numbers?.0 ?? [0, 0, 0]
        return NumbersState(
            settings: try TrafficSettings(on: connection),
            unsealed: try DaySealing.unsealed(on: connection), lost: sums[0], redated: sums[1],
            refused: sums[2], oldest: numbers?.1, oldestRows: numbers?.2)
    }
}
