// What a site says of its traffic: its time zone, what a visit is, how long rows and counts are
// kept. One row in the database, so that all ingesters and readers agree.
//
// A change is of what comes: days that were counted stay as they are, but for the score of what
// trends, which is counted anew with another half-life.

package import Postgres

/// The settings in force.
package struct TrafficSettings: Equatable, Sendable {
    /// The time zone of days and hours.
    package let zone: String
    /// Minutes without a view after which a visit is over.
    package let visitMinutes: Int
    /// Minutes in which what was read counts half for what trends.
    package let halfLifeMinutes: Int
    /// Days for which rows are kept.
    package let hitDays: Int
    /// Months for which counts are kept.
    package let countMonths: Int
    /// Whether pages show something besides themselves, so that browsers ask for it.
    package let asksForAssets: Bool

    /// What shall be other than it is; nil leaves a setting alone.
    package struct Changes: Sendable {
        /// The time zone.
        package var zone: String?
        /// Minutes without a view after which a visit is over.
        package var visitMinutes: Int?
        /// Minutes in which what was read counts half.
        package var halfLifeMinutes: Int?
        /// Days for which rows are kept.
        package var hitDays: Int?
        /// Months for which counts are kept.
        package var countMonths: Int?
        /// Whether counts may be kept for longer than 25 months.
        package var allowsLonger = false
        /// Whether browsers ask for something besides pages.
        package var asksForAssets: Bool?

        /// Nothing.
        package init() {}
    }

    /// Reads them.
    package init(on connection: borrowing Connection) throws {
        let found = try connection.rows(
            """
            SELECT traffic.zone_of(traffic.day_of(now())),
                (extract(epoch FROM visit_gap) / 60)::int,
                (extract(epoch FROM half_life) / 60)::int, hit_days, count_months, asks_for_assets
            FROM traffic.setting
            """
        ) { row throws(PostgresError) in
            TrafficSettings(
                zone: try row.value(0), visitMinutes: Int(try row.value(1, as: Int32.self)),
                halfLifeMinutes: Int(try row.value(2, as: Int32.self)),
                hitDays: Int(try row.value(3, as: Int32.self)),
                countMonths: Int(try row.value(4, as: Int32.self)),
                asksForAssets: try row.value(5))
        }
        guard let settings = found.first else { throw TrafficError.noSchema }
        self = settings
    }

    private init(
        zone: String, visitMinutes: Int, halfLifeMinutes: Int, hitDays: Int, countMonths: Int,
        asksForAssets: Bool
    ) {
        self.zone = zone
        self.visitMinutes = visitMinutes
        self.halfLifeMinutes = halfLifeMinutes
        self.hitDays = hitDays
        self.countMonths = countMonths
        self.asksForAssets = asksForAssets
    }

    /// Writes changes.
    ///
    /// Another zone begins tomorrow: the days that were counted stay as they are.
    static func apply(
        _ changes: Changes, isFirst: Bool, on connection: borrowing Connection
    ) throws {
        try check(changes)
        if isFirst { try connection.run("INSERT INTO traffic.setting DEFAULT VALUES") }
        if let zone = changes.zone ?? (isFirst ? "UTC" : nil) {
            try apply(zone: zone, isFirst: isFirst, on: connection)
        }
        for (column, minutes) in [
            ("visit_gap", changes.visitMinutes), ("half_life", changes.halfLifeMinutes),
        ] {
            guard let minutes else { continue }
            try connection.run(
                "UPDATE traffic.setting SET \(column) = make_interval(mins => \(minutes))")
        }
        for (column, count) in [
            ("hit_days", changes.hitDays), ("count_months", changes.countMonths),
        ] {
            guard let count else { continue }
            try connection.run("UPDATE traffic.setting SET \(column) = \(count)")
        }
        if let asks = changes.asksForAssets {
            try connection.run("UPDATE traffic.setting SET asks_for_assets = \(asks)")
        }
        // Scores are times in half-lives.
        if changes.halfLifeMinutes != nil {
            try connection.run("DELETE FROM traffic.trend; SELECT traffic.correct_trend()")
        }
    }

    private static func apply(
        zone: String, isFirst: Bool, on connection: borrowing Connection
    ) throws {
        let isKnown = try connection.rows(
            "SELECT EXISTS (SELECT FROM pg_catalog.pg_timezone_names WHERE name = $1)",
            [Parameter(zone)]
        ) { row throws(PostgresError) in try row.value(0, as: Bool.self) }
        guard isKnown == [true] else { throw TrafficError.noZone(zone) }
        try connection.execute(
            """
            INSERT INTO traffic.zone AS z (since, name)
            SELECT CASE WHEN $2 THEN date '2000-01-01' ELSE traffic.day_of(now()) + 1 END, $1
            WHERE $2 OR traffic.zone_of(traffic.day_of(now()) + 1) <> $1
            ON CONFLICT (since) DO UPDATE SET name = excluded.name
            """, [Parameter(zone), Parameter(isFirst)])
    }

    private static func check(_ changes: Changes) throws {
        func require(_ value: Int?, _ range: ClosedRange<Int>, _ name: String) throws {
            guard let value, !range.contains(value) else { return }
            throw TrafficError.badSetting(
                """
                \(name) \(value) is out of bounds.
                Give a number from \(range.lowerBound) to \(range.upperBound).
                """)
        }
        try require(changes.visitMinutes, 1...1_440, "--visit-minutes")
        try require(changes.halfLifeMinutes, 1...100_000, "--half-life-minutes")
        try require(changes.hitDays, 1...TrafficLimits.hitDaysMax, "--hit-days")
        try require(changes.countMonths, 1...TrafficLimits.countMonthsLongest, "--count-months")
        if let months = changes.countMonths, months > TrafficLimits.countMonthsMax,
            !changes.allowsLonger
        {
            throw TrafficError.badSetting(
                """
                --count-months \(months) is more than the \(TrafficLimits.countMonthsMax) months \
                that data protection authorities name.
                Give --longer, too, if you may keep counts for longer.
                """)
        }
    }
}
