// The lists that lead on: pages, sources and campaigns, each line with its number and with what it
// had in the period before.
//
// Counts are added by number first and get their names then: there are many counts and few names.

import Postgres
import Traffic

extension StatisticsReading {
    /// The first lines of a list.
    ///
    /// - Parameters:
    ///   - subject: pages, sources or campaigns; others have no numbers.
    ///   - period: the days; those before them are compared.
    ///   - limit: the most lines.
    ///   - connection: where to ask.
    /// - Returns: the lines, in their order.
    /// - Throws: what PostgreSQL says.
    static func ranked(
        _ subject: StatisticsSubject, _ period: PagePeriod, limit: Int,
        on connection: borrowing Connection
    ) throws -> [RankedLine] {
        let statement =
            switch subject {
            case .sources: sources
            case .campaigns: campaigns
            default: pages
            }
        return try connection.rows(
            statement,
            days(period) + days(period.previous) + [Parameter(Int64(limit))]
        ) { row throws(PostgresError) in
            RankedLine(
                id: try row.value(0), name: try row.value(1),
                value: Int(try row.value(2, as: Int64.self)),
                second: Int(try row.value(3, as: Int64.self)),
                before: Int(try row.value(4, as: Int64.self)))
        }
    }

    /// The days of this period and of the one before, as conditions on `day`.
    private static let now = "day BETWEEN $1::date AND $2::date"
    private static let earlier = "day BETWEEN $3::date AND $4::date"

    /// One reading of both periods, whatever the planner makes of the number of pages.
    private static let pages = """
        WITH sums AS MATERIALIZED (
            SELECT page, coalesce(sum(views) FILTER (WHERE \(now)), 0) AS views,
                coalesce(sum(visitors) FILTER (WHERE \(now)), 0) AS visitors,
                coalesce(sum(views) FILTER (WHERE \(earlier)), 0) AS before
            FROM traffic.page_day
            WHERE day BETWEEN $3::date AND $2::date AND (\(now) OR \(earlier))
            GROUP BY page)
        SELECT min(p.id), p.path, sum(s.views)::bigint, sum(s.visitors)::bigint,
            sum(s.before)::bigint
        FROM sums s JOIN traffic.page p ON p.id = s.page GROUP BY p.path
        HAVING sum(s.views) > 0 ORDER BY sum(s.views) DESC, p.path LIMIT $5::bigint
        """

    private static let sources = """
        WITH sums AS (
            SELECT CASE n.class WHEN 3 THEN 'continued' ELSE n.name END AS name,
                min(n.source) FILTER (WHERE n.class <> 3) AS id,
                coalesce(sum(visits) FILTER (WHERE \(now)), 0) AS visits,
                coalesce(sum(views) FILTER (WHERE \(now)), 0) AS views,
                coalesce(sum(visits) FILTER (WHERE \(earlier)), 0) AS before
            FROM traffic.source_day c JOIN traffic.source_name n USING (source)
            WHERE \(now) OR \(earlier) GROUP BY 1)
        SELECT id, name, visits::bigint, views::bigint, before::bigint FROM sums
        WHERE visits > 0 ORDER BY visits DESC, name LIMIT $5::bigint
        """

    private static let campaigns = """
        WITH sums AS (
            SELECT c.campaign AS id, coalesce(sum(visits) FILTER (WHERE \(now)), 0) AS visits,
                coalesce(sum(views) FILTER (WHERE \(now)), 0) AS views,
                coalesce(sum(visits) FILTER (WHERE \(earlier)), 0) AS before
            FROM traffic.source_day c
            WHERE campaign <> 0 AND (\(now) OR \(earlier)) GROUP BY 1)
        SELECT s.id, concat_ws(' / ', nullif(g.source, ''), nullif(g.medium, ''),
                nullif(g.name, '')),
            s.visits::bigint, s.views::bigint, s.before::bigint
        FROM sums s JOIN traffic.campaign g USING (id)
        WHERE s.visits > 0 ORDER BY s.visits DESC, s.id LIMIT $5::bigint
        """
}
