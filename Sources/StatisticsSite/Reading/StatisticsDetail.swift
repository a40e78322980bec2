// One page, source or campaign of the last thirty days: its numbers, its days, and what stands
// beside it.
//
// What only rows tell is asked for a week, of functions that give counts.

import Postgres
import Traffic

/// One page of the site, one source or one campaign.
struct StatisticsDetail: Sendable {
    /// A list of a few lines, with what its two columns are called.
    struct Part: Sendable {
        /// What it is.
        let title: String
        /// What its texts are.
        let name: String
        /// What its numbers are.
        let unit: String
        /// Its lines.
        let lines: [RankedLine]
        /// What lines lead to; nil if they lead nowhere.
        let leadsTo: (@Sendable (Int32) -> StatisticsAddress.Subject)?
    }

    /// What it is called.
    var name = ""
    /// Its numbers, with what they are.
    var figures: [(label: String, value: String)] = []
    /// What its chart shows.
    var unit = "Views"
    /// Its days.
    var points: [ChartPoint] = []
    /// What stands beside it.
    var parts: [Part] = []
}

extension StatisticsReading {
    /// The most lines of a part.
    private static let partLines: Int64 = 12

    /// One page, source or campaign.
    ///
    /// - Returns: nil if there is none of that number.
    static func detail(
        _ address: StatisticsAddress, on connection: borrowing Connection
    ) throws -> StatisticsDetail? {
        switch address.subject {
        case .page(let id): try page(id, address.period, on: connection)
        case .source(let id): try source(id, address.period, on: connection)
        case .campaign(let id): try campaign(id, address.period, on: connection)
        default: nil
        }
    }

    private static func text(
        _ statement: String, _ id: Int32, on connection: borrowing Connection
    ) throws -> String? {
        try connection.rows(statement, [Parameter(id)]) { row throws(PostgresError) in
            try row.value(0, as: String.self)
        }.first
    }

    /// The sums of some columns.
    private static func sums(
        of columns: [String], from rows: String, _ parameters: [Parameter],
        on connection: borrowing Connection
    ) throws -> [Int] {
        let sums = columns.map { "coalesce(sum(\($0)), 0)::bigint" }.joined(separator: ", ")
        return try connection.rows(
            """
            SELECT ARRAY[\(sums)] FROM traffic.\(rows)
                AND day BETWEEN $1::date AND $2::date
            """, parameters
        ) { row throws(PostgresError) in
            try row.value(0, as: [Int64].self).map(Int.init)
        }.first ?? columns.map { _ in 0 }
    }

    private static func lines(
        _ statement: String, _ parameters: [Parameter], on connection: borrowing Connection
    ) throws -> [RankedLine] {
        try connection.rows(
            "\(statement) LIMIT \(partLines)", parameters
        ) { row throws(PostgresError) in
            RankedLine(
                id: try row.value(0), name: try row.value(1),
                value: Int(try row.value(2, as: Int64.self)), second: 0, before: 0)
        }
    }

    /// The days of a number, and those before.
    private static func points(
        _ number: String, _ parameter: Parameter, _ period: PagePeriod,
        on connection: borrowing Connection
    ) throws -> [ChartPoint] {
        let statement = byDay(number)
        return joined(
            try steps(statement, days(period) + [parameter], on: connection),
            try steps(statement, days(period.previous) + [parameter], on: connection), period)
    }

    /// The last days, for which rows are asked.
    private static func rowDays(_ period: PagePeriod) -> [Parameter] {
        [period.last - rowDays + 1, period.last].map {
            Parameter(PostgresDate(daysSince2000: Int32(clamping: $0)))
        }
    }

    // MARK: A page

    private static func page(
        _ id: Int32, _ period: PagePeriod, on connection: borrowing Connection
    ) throws -> StatisticsDetail? {
        guard
            let path = try text(
                "SELECT path FROM traffic.page WHERE id = $1 AND id > 0", id, on: connection)
        else { return nil }
        let ids = """
            (SELECT q.id FROM traffic.page q WHERE md5(q.path) = md5($3) AND q.path = $3)
            """
        let sums = try sums(
            of: [
                "views", "visitors", "entries", "exits", "bounces", "unchanged", "micros", "slow",
            ], from: "page_day WHERE page IN \(ids)", days(period) + [Parameter(path)],
            on: connection)
        var detail = StatisticsDetail(name: path)
        detail.figures = [
            ("Views", Shown.number(sums[0])), ("Visitor-days", Shown.number(sums[1])),
            ("Entries", Shown.number(sums[2])), ("Exits", Shown.number(sums[3])),
            ("Bounces", Shown.share(sums[4], of: sums[2])),
            ("Unchanged (304)", Shown.share(sums[5], of: sums[0])),
            ("Mean time", Shown.time(microseconds: sums[6] / max(1, sums[0]))),
            ("Over 100 ms", Shown.number(sums[7])),
        ]
        detail.points = try points(
            "SELECT sum(views) FROM traffic.page_day WHERE day = g::date AND page IN \(ids)",
            Parameter(path), period, on: connection)
        let ways = rowDays(period) + [Parameter(path)]
        detail.parts = [
            StatisticsDetail.Part(
                title: "Where its readers came from", name: "From", unit: "Views",
                lines: try lines(
                    """
                    SELECT CASE n.class WHEN 3 THEN (SELECT min(p.id) FROM traffic.page p
                            WHERE md5(p.path) = md5(n.path) AND p.path = n.path) END,
                        coalesce(n.path, n.name), w.views
                    FROM traffic.page_ways($3, $1::date, $2::date) w
                    JOIN traffic.source_name n USING (source)
                    WHERE NOT w.is_onward ORDER BY w.views DESC, 2
                    """, ways, on: connection)
            ) { .page($0) },
            StatisticsDetail.Part(
                title: "Where they went on to", name: "Page", unit: "Views",
                lines: try lines(
                    """
                    SELECT p.id, p.path, w.views
                    FROM traffic.page_ways($3, $1::date, $2::date) w
                    JOIN traffic.page p ON p.id = w.page
                    WHERE w.is_onward ORDER BY w.views DESC, p.path
                    """, ways, on: connection)
            ) { .page($0) },
        ]
        return detail
    }

    // MARK: A source, a campaign

    /// The numbers of visits.
    private static func visits(
        _ condition: String, _ parameter: Parameter, _ period: PagePeriod,
        into detail: inout StatisticsDetail, on connection: borrowing Connection
    ) throws {
        let sums = try sums(
            of: ["visits", "views", "bounces", "micros"], from: "source_day WHERE \(condition)",
            days(period) + [parameter], on: connection)
        detail.figures = [
            ("Visits", Shown.number(sums[0])), ("Views", Shown.number(sums[1])),
            ("Bounces", Shown.share(sums[2], of: sums[0])),
            ("Mean length", Shown.mean(seconds: sums[3] / 1_000_000, of: sums[0])),
        ]
        detail.unit = "Visits"
        detail.points = try points(
            "SELECT sum(visits) FROM traffic.source_day WHERE day = g::date AND \(condition)",
            parameter, period, on: connection)
    }

    /// The pages that visits of a source or a campaign begin with.
    private static func entries(
        _ arguments: String, _ id: Int32, _ period: PagePeriod,
        on connection: borrowing Connection
    ) throws -> StatisticsDetail.Part {
        StatisticsDetail.Part(
            title: "Where they began", name: "Page", unit: "Visits",
            lines: try lines(
                """
                SELECT p.id, p.path, e.visits
                FROM traffic.entries_of(\(arguments), $1::date, $2::date) e
                JOIN traffic.page p ON p.id = e.page ORDER BY e.visits DESC, p.path
                """, rowDays(period) + [Parameter(id)], on: connection)
        ) { .page($0) }
    }

    private static func source(
        _ id: Int32, _ period: PagePeriod, on connection: borrowing Connection
    ) throws -> StatisticsDetail? {
        guard
            let name = try text(
                "SELECT name FROM traffic.source_name WHERE source = $1 AND class <> 3", id,
                on: connection)
        else { return nil }
        var detail = StatisticsDetail(name: name)
        try visits("source = $3", Parameter(id), period, into: &detail, on: connection)
        detail.parts = [
            try entries("$3, NULL", id, period, on: connection),
            StatisticsDetail.Part(
                title: "Campaigns of it", name: "Campaign", unit: "Visits",
                lines: try lines(
                    """
                    SELECT g.id, concat_ws(' / ', nullif(g.source, ''), nullif(g.medium, ''),
                        nullif(g.name, '')), sum(c.visits)::bigint
                    FROM traffic.source_day c JOIN traffic.campaign g ON g.id = c.campaign
                    WHERE c.day BETWEEN $1::date AND $2::date AND c.source = $3
                        AND c.campaign <> 0
                    GROUP BY g.id HAVING sum(c.visits) > 0 ORDER BY 3 DESC, 2
                    """, days(period) + [Parameter(id)], on: connection)
            ) { .campaign($0) },
        ]
        return detail
    }

    private static func campaign(
        _ id: Int32, _ period: PagePeriod, on connection: borrowing Connection
    ) throws -> StatisticsDetail? {
        guard
            let name = try text(
                """
                SELECT concat_ws(' / ', nullif(source, ''), nullif(medium, ''), nullif(name, ''))
                FROM traffic.campaign WHERE id = $1 AND id > 0
                """, id, on: connection)
        else { return nil }
        var detail = StatisticsDetail(name: name)
        try visits("campaign = $3", Parameter(id), period, into: &detail, on: connection)
        detail.parts = [
            try entries("NULL, $3", id, period, on: connection),
            StatisticsDetail.Part(
                title: "Sources of it", name: "Source", unit: "Visits",
                lines: try lines(
                    """
                    SELECT min(n.source) FILTER (WHERE n.class <> 3),
                        CASE n.class WHEN 3 THEN 'continued' ELSE n.name END,
                        sum(c.visits)::bigint
                    FROM traffic.source_day c JOIN traffic.source_name n USING (source)
                    WHERE c.day BETWEEN $1::date AND $2::date AND c.campaign = $3
                    GROUP BY 2 HAVING sum(c.visits) > 0 ORDER BY 3 DESC, 2
                    """, days(period) + [Parameter(id)], on: connection)
            ) { .source($0) },
        ]
        return detail
    }
}
