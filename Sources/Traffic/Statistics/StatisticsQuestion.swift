// A question about the traffic of some days, and the statement that answers it.
//
// Without conditions the counts answer, as far back as they are kept. With conditions the rows do,
// which are kept for some weeks: any combination of page, source, campaign and browser.

package import Postgres

/// A question.
package struct StatisticsQuestion: Sendable {
    /// What there is a line for each of.
    package var subject: StatisticsSubject
    /// The days.
    package var period: StatisticsPeriod
    /// What rows have to fulfil.
    package var conditions: [StatisticsCondition]
    /// The most lines.
    package var limit: Int

    /// A question.
    package init(
        _ subject: StatisticsSubject, _ period: StatisticsPeriod,
        conditions: [StatisticsCondition] = [], limit: Int
    ) {
        self.subject = subject
        self.period = period
        self.conditions = conditions
        self.limit = limit
    }

    /// An answer: the names of columns, and lines of texts; numbers are digits.
    package struct Answer: Equatable, Sendable {
        /// The names.
        package let columns: [String]
        /// Whether each has numbers; a text of digits is none.
        package let isNumber: [Bool]
        /// The lines.
        package let lines: [[String]]
    }

    /// Asks it.
    ///
    /// - Throws: `.badCondition` for conditions on what has no rows, what the server says.
    package func ask(on connection: borrowing Connection) throws -> Answer {
        var parameters = [Parameter(period.first), Parameter(period.last), Parameter(Int64(limit))]
        let statement: String
        if conditions.isEmpty {
            statement = counted
        } else {
            statement = try fromRows()
            parameters += conditions.map { Parameter($0.pattern) }
        }
        let columns = try connection.describe(statement).columns
        let lines = try connection.rows(
            "SELECT \(Self.texts) FROM (\(statement)) q", parameters
        ) { row throws(PostgresError) in try row.value(0, as: [String].self) }
        let numbers: [PostgresType] = [.int2, .int4, .int8, .numeric]
        return Answer(
            columns: columns.map(\.name), isNumber: columns.map { numbers.contains($0.type) },
            lines: lines)
    }

    /// The first day of which there are rows, for conditions are answered from these; nil if there
    /// is none.
    package static func firstDayOfRows(
        on connection: borrowing Connection
    ) throws -> String? {
        try connection.rows("SELECT min(day)::text FROM traffic.day WHERE NOT is_final") {
            row throws(PostgresError) in try row.value(0, as: String?.self)
        }.first ?? nil
    }

    /// All columns of a row as texts, in their order.
    private static let texts = """
        ARRAY(SELECT coalesce(e.value, '') FROM json_each_text(row_to_json(q)) e)
        """

    private static let days = "day BETWEEN $1::text::date AND $2::text::date"
    private static let hours = """
        hour >= (SELECT traffic.starts($1::text::date))
            AND hour < (SELECT traffic.starts($2::text::date + 1))
        """

    /// The statement on counts.
    private var counted: String {
        let days = Self.days
        func listed(_ columns: String, _ sums: String, from view: String, by order: String)
            -> String
        {
            let names = columns.split(separator: ",").count
            let groups = (1...names).map(String.init).joined(separator: ", ")
            return """
                SELECT \(columns), \
                \(sums.split(separator: ",").map { name in
                    "sum(\(name.trimmingSpaces())) AS \(name.trimmingSpaces())"
                }.joined(separator: ", ")) \
                FROM traffic.\(view) WHERE \(days) GROUP BY \(groups) \
                ORDER BY sum(\(order)) DESC, \(groups) LIMIT $3::bigint
                """
        }
        switch subject {
        case .days:
            return """
                \
                SELECT day, views, visits, visitors, bounces, seconds, robots, feeds, missing, \
                lost FROM traffic.days WHERE \(days) ORDER BY day DESC LIMIT $3::bigint
                """
        case .pages:
            return listed("path", "views, visitors, entries, exits", from: "pages", by: "views")
        case .sources:
            return listed("source", "visits, views, bounces", from: "sources", by: "visits")
        case .campaigns:
            return listed(
                "source, medium, name", "visits, views, bounces", from: "campaigns", by: "visits")
        case .entries: return listed("path", "visits, bounces", from: "entries", by: "visits")
        case .exits: return listed("path", "visits", from: "exits", by: "visits")
        case .agents:
            return listed("family, system, device", "views, visits", from: "agents", by: "views")
        case .robots: return listed("name, purpose, reason", "hits", from: "robots", by: "hits")
        case .feeds:
            return """
                SELECT path, reader, sum(hits) AS hits, \
                max(subscribers) AS subscribers FROM traffic.feeds WHERE \(days) \
                GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT $3::bigint
                """
        case .missing: return listed("path, source", "hits", from: "missing", by: "hits")
        case .slow:
            return """
                SELECT path, sum(views) AS views, \
                sum(mean_micros * views)::bigint / sum(views)::bigint AS mean_micros, \
                sum(slow) AS slow FROM traffic.slow WHERE \(days) GROUP BY 1 \
                ORDER BY 3 DESC, 1 LIMIT $3::bigint
                """
        case .reports:
            return listed("path, directive, blocked", "count", from: "reports", by: "count")
        case .losses: return listed("kind", "count", from: "losses", by: "count")
        case .vitals:
            return """
                SELECT day, path, vital, measured, \
                at_most FROM traffic.vitals WHERE \(days) ORDER BY day DESC, measured DESC, path, \
                vital LIMIT $3::bigint
                """
        case .statuses, .slots: return countedByHour
        }
    }

    /// The statement on counts that are kept by hour.
    private var countedByHour: String {
        if subject == .slots {
            return """
                SELECT fragment, outcome, sum(count) AS count \
                FROM traffic.slots WHERE \(Self.hours) GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2 \
                LIMIT $3::bigint
                """
        }
        return """
            SELECT kind, status, sum(hits) AS hits, \
            sum(bytes) AS bytes FROM traffic.statuses WHERE \(Self.hours) GROUP BY 1, 2 \
            ORDER BY 3 DESC, 1, 2 LIMIT $3::bigint
            """
    }

    /// The statement on rows.
    private func fromRows() throws -> String {
        let column: String
        switch subject {
        case .days: column = "traffic.day_of(h.at)"
        case .pages: column = "p.path"
        case .sources: column = "n.name"
        case .campaigns: column = "c.name"
        case .agents: column = "a.family"
        default:
            throw TrafficError.badCondition(
                """
                --where and --by \(subject.rawValue) do not go together.
                With conditions, ask by days, pages, sources, campaigns or agents.
                """)
        }
        let name = String(subject.rawValue.dropLast())
        let tests = conditions.enumerated().map { index, condition in
            "\(condition.column) LIKE $\(index + 4)::text"
        }
        return """
            SELECT \(column) AS \(name), count(*) AS views, \
            count(DISTINCT h.visitor) AS visitors \
            FROM traffic.viewed(traffic.starts($1::text::date), \
            traffic.starts($2::text::date + 1)) h \
            JOIN traffic.page p ON p.id = h.page JOIN traffic.source_name n USING (source) \
            JOIN traffic.campaign c ON c.id = h.campaign JOIN traffic.agent a ON a.id = h.agent \
            WHERE \(tests.joined(separator: " AND ")) \
            GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT $3::bigint
            """
    }
}

extension StringProtocol {
    /// The text without spaces around it.
    fileprivate func trimmingSpaces() -> String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
