// What a site says of its traffic: its time zone, what a visit is, how long rows and counts are
// kept. One row in the database, so that all ingesters and readers agree.
//
// A change is of what comes: days that were counted stay as they are, and can be counted anew as
// they were, so the zone and what a visit is are kept by the days from which on they hold. Only the
// score of what trends is counted anew with another half-life.

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

    /// Reads those of today, or of the days that will follow.
    ///
    /// - Parameters:
    ///   - connection: where to ask.
    ///   - daysAhead: how many days from today.
    /// - Throws: `.noSchema`, what PostgreSQL says.
    package init(on connection: borrowing Connection, daysAhead: Int = 0) throws {
        let found = try connection.rows(
            """
            SELECT traffic.zone_of(d.day), (extract(epoch FROM r.visit_gap) / 60)::int,
                (extract(epoch FROM s.half_life) / 60)::int, s.hit_days, s.count_months,
                r.asks_for_assets
            FROM traffic.setting s, LATERAL (SELECT traffic.day_of(now()) + $1::int AS day) d,
                traffic.rule_of(d.day) r
            """, [Parameter(Int32(daysAhead))]
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
    /// Another zone begins with the next day that has not begun in it, another rule of visits
    /// tomorrow: the days that were counted stay as they are.
    static func apply(
        _ changes: Changes, isFirst: Bool, on connection: borrowing Connection
    ) throws {
        try check(changes)
        if isFirst {
            try connection.run(
                """
                INSERT INTO traffic.setting DEFAULT VALUES;
                INSERT INTO traffic.rule (since) VALUES (date '2000-01-01')
                """)
        }
        if let zone = changes.zone ?? (isFirst ? "UTC" : nil) {
            try apply(zone: zone, isFirst: isFirst, on: connection)
        }
        try apply(visits: changes, on: connection)
        for (column, count) in [
            ("hit_days", changes.hitDays), ("count_months", changes.countMonths),
        ] {
            guard let count else { continue }
            try connection.run("UPDATE traffic.setting SET \(column) = \(count)")
        }
        guard let minutes = changes.halfLifeMinutes else { return }
        let changed = try connection.execute(
            """
            UPDATE traffic.setting SET half_life = make_interval(mins => $1)
            WHERE half_life <> make_interval(mins => $1)
            """, [Parameter(Int32(minutes))])
        // Scores are times in half-lives.
        if changed > 0 {
            try connection.run("DELETE FROM traffic.trend; SELECT traffic.correct_trend()")
        }
    }

    /// What a visit is, and what tells a robot, of days that nothing was counted on.
    private static func apply(
        visits changes: Changes, on connection: borrowing Connection
    ) throws {
        guard changes.visitMinutes != nil || changes.asksForAssets != nil else { return }
        try connection.execute(
            """
            INSERT INTO traffic.rule AS r (since, visit_gap, asks_for_assets)
            SELECT CASE WHEN c.last IS NULL THEN date '2000-01-01'
                    ELSE greatest(traffic.day_of(now()), c.last) + 1 END,
                coalesce(make_interval(mins => $1::int), l.visit_gap),
                coalesce($2::bool, l.asks_for_assets)
            FROM (SELECT * FROM traffic.rule ORDER BY since DESC LIMIT 1) l,
                (SELECT max(day) AS last FROM traffic.day) c
            WHERE coalesce(make_interval(mins => $1::int), l.visit_gap) <> l.visit_gap
                OR coalesce($2::bool, l.asks_for_assets) <> l.asks_for_assets
            ON CONFLICT (since) DO UPDATE SET visit_gap = excluded.visit_gap,
                asks_for_assets = excluded.asks_for_assets
            """,
            [
                Parameter(changes.visitMinutes.map { Int32($0) }),
                Parameter(changes.asksForAssets),
            ])
    }

    private static func apply(
        zone: String, isFirst: Bool, on connection: borrowing Connection
    ) throws {
        let isKnown = try connection.rows(
            "SELECT EXISTS (SELECT FROM pg_catalog.pg_timezone_names WHERE name = $1)",
            [Parameter(zone)]
        ) { row throws(PostgresError) in try row.value(0, as: Bool.self) }
        guard isKnown == [true] else { throw TrafficError.noZone(zone) }
        guard !isFirst else {
            try connection.execute(
                "INSERT INTO traffic.zone (since, name) VALUES (date '2000-01-01', $1)",
                [Parameter(zone)])
            return
        }
        // Rows that came are of the day on which they came: a day begins in another zone only if it
        // has begun in neither. Records may be five minutes ahead.
        try connection.run("DELETE FROM traffic.zone WHERE since > traffic.day_of(now())")
        try connection.execute(
            """
            INSERT INTO traffic.zone (since, name)
            SELECT min(d.day), $1 FROM (
                SELECT traffic.day_of(now()) + g AS day FROM generate_series(1, 4) g) d
            WHERE d.day::timestamp AT TIME ZONE $1
                > greatest(now() + interval '10 minutes', traffic.starts(d.day - 1))
            HAVING traffic.zone_of(min(d.day)) <> $1
            """, [Parameter(zone)])
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
