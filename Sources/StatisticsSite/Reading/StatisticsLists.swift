// Lists as pages show them: the answers of `StatisticsQuestion`, and beside some of them what is
// not a list.
//
// That is how long answers took, what 304s save, and in which codings views were sent.

import Groundwork
import Postgres
import Traffic

extension StatisticsReading {
    /// The lines of a list.
    static func list(
        _ subject: StatisticsSubject, _ period: PagePeriod, limit: Int = linesMax,
        on connection: borrowing Connection
    ) throws -> StatisticsList {
        switch subject {
        case .pages, .sources, .campaigns:
            return list(
                subject, period,
                try ranked(subject, period, limit: limit, on: connection))
        default: break
        }
        let days = try StatisticsPeriod(
            "\(Civil.text(days: period.first))..\(Civil.text(days: period.last))", today: "")
        let answer = try StatisticsQuestion(subject, days, limit: limit).ask(on: connection)
        let columns = answer.columns.map(SubjectText.column)
        let vital = answer.columns.firstIndex(of: "vital")
        // Lists are ordered by their first number, which gets the bars.
        let main = columns.firstIndex { $0.value != nil }
        let most = answer.lines.compactMap { line in main.flatMap { Int(line[$0]) } }.max() ?? 0
        return StatisticsList(
            columns: columns.map { .init(name: $0.title, isNumber: $0.value != nil) },
            lines: answer.lines.map { line in
                line.enumerated().map { place, text in
                    guard let value = columns[place].value, let number = Int(text) else {
                        return .init(text: text.isEmpty ? "–" : Shown.text(text))
                    }
                    // A shift has no unit; it is counted in thousandths.
                    if answer.columns[place] == "at_most", vital.map({ line[$0] }) == "CLS" {
                        return .init(text: Shown.thousandths(number))
                    }
                    return .init(
                        text: value(number),
                        share: place == main && most > 0 ? Double(number) / Double(most) : nil)
                }
            })
    }

    /// Pages, sources or campaigns as a list.
    static func list(
        _ subject: StatisticsSubject, _ period: PagePeriod, _ lines: [RankedLine]
    ) -> StatisticsList {
        let (name, first, second) =
            switch subject {
            case .sources: ("Source", "Visits", "Views")
            case .campaigns: ("Campaign", "Visits", "Views")
            default: ("Page", "Views", period.count == 1 ? "Visitors" : "Visitor-days")
            }
        let most = lines.first.map { max(1, $0.value) } ?? 1
        return StatisticsList(
            columns: [
                .init(name: name, isNumber: false), .init(name: first, isNumber: true),
                .init(name: second, isNumber: true), .init(name: "Before", isNumber: true),
            ],
            lines: lines.map { line in
                let leadsTo: StatisticsAddress.Subject? = line.id.map { id in
                    switch subject {
                    case .sources: .source(id)
                    case .campaigns: .campaign(id)
                    default: .page(id)
                    }
                }
                return [
                    .init(
                        text: Shown.text(line.name),
                        address: leadsTo.map { StatisticsAddress(period, $0) }),
                    .init(
                        text: Shown.number(line.value), share: Double(line.value) / Double(most)),
                    .init(text: Shown.number(line.second)),
                    .init(text: Shown.number(line.before)),
                ]
            })
    }

    /// How long pages took, of all views of some days.
    static func times(
        _ period: PagePeriod, on connection: borrowing Connection
    ) throws -> TimeShares {
        let counts = try connection.rows(
            """
            SELECT ARRAY(SELECT coalesce(sum(u.count), 0)::bigint
                FROM traffic.site_hour h, unnest(h.histogram) WITH ORDINALITY AS u(count, step)
                WHERE h.kind = 1 AND h.hour >= (SELECT traffic.starts($1::date))
                    AND h.hour < (SELECT traffic.starts($2::date + 1))
                GROUP BY u.step ORDER BY u.step)
            """, days(period)
        ) { row throws(PostgresError) in try row.value(0, as: [Int64].self).map(Int.init) }
        return TimeShares(counts: counts.first ?? [])
    }

    /// Where visits came from by kinds of sites, which are known by their hosts.
    static func groups(
        _ period: PagePeriod, on connection: borrowing Connection
    ) throws -> StatisticsList {
        // Sums first: there are many counts and few sources.
        let lines = try connection.rows(
            """
            SELECT k.source_group, sum(c.visits)::bigint, sum(c.views)::bigint
            FROM (SELECT source, sum(visits) AS visits, sum(views) AS views
                FROM traffic.source_day WHERE day BETWEEN $1::date AND $2::date
                GROUP BY source) c JOIN traffic.source_kind k USING (source)
            GROUP BY 1 HAVING sum(c.visits) > 0 ORDER BY 2 DESC, 1
            """, days(period)
        ) { row throws(PostgresError) in
            (
                name: try row.value(0, as: String.self),
                visits: Int(try row.value(1, as: Int64.self)),
                views: Int(try row.value(2, as: Int64.self))
            )
        }
        let most = Double(lines.first?.visits ?? 1)
        return StatisticsList(
            columns: [
                .init(name: "Kind", isNumber: false), .init(name: "Visits", isNumber: true),
                .init(name: "Views", isNumber: true),
            ],
            lines: lines.map { line in
                [
                    .init(text: line.name),
                    .init(text: Shown.number(line.visits), share: Double(line.visits) / most),
                    .init(text: Shown.number(line.views)),
                ]
            })
    }

    /// What was not sent.
    static func saved(
        _ period: PagePeriod, on connection: borrowing Connection
    ) throws -> SavedBytes {
        let numbers = try connection.rows(
            """
            SELECT ARRAY[coalesce(sum(unchanged), 0)::bigint, coalesce(sum(views), 0)::bigint,
                coalesce(sum(unchanged * bytes / nullif(views - unchanged, 0)), 0)::bigint]
            FROM (SELECT sum(unchanged) AS unchanged, sum(views) AS views, sum(bytes) AS bytes
                FROM traffic.page_day WHERE day BETWEEN $1::date AND $2::date
                GROUP BY page) p
            """, days(period)
        ) { row throws(PostgresError) in try row.value(0, as: [Int64].self).map(Int.init) }
        let codings = try connection.rows(
            """
            SELECT coding, sum(views)::bigint, coalesce(sum(bytes), 0)::bigint
            FROM traffic.codings($1::date, $2::date)
            WHERE NOT is_unchanged GROUP BY coding ORDER BY 2 DESC, 1
            """, days(period)
        ) { row throws(PostgresError) in
            RankedLine(
                id: nil, name: try row.value(0), value: Int(try row.value(1, as: Int64.self)),
                second: Int(try row.value(2, as: Int64.self)), before: 0)
        }
        let sums = numbers.first ?? [0, 0, 0]
        return SavedBytes(unchanged: sums[0], views: sums[1], bytes: sums[2], codings: codings)
    }

    /// Views and visitors of the last minutes.
    static func lately(
        minutes: Int, on connection: borrowing Connection
    ) throws -> (views: Int, visitors: Int) {
        try connection.rows(
            "SELECT views, visitors FROM traffic.lately($1)", [Parameter(Int32(minutes))]
        ) { row throws(PostgresError) in
            (Int(try row.value(0, as: Int64.self)), Int(try row.value(1, as: Int64.self)))
        }.first ?? (0, 0)
    }
}
