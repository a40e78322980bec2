// What `sitegen db doctor` may say, each with what to do about it.
//
// Advice is about structure and counters, never about a row's values. Numbers are those of
// PostgreSQL's own statistics, which begin when somebody resets them.

package import Postgres

/// One finding of the doctor.
package enum Advice: Equatable, Sendable {
    /// A look-up that a view or its refresh makes reads a whole table or a whole index; names are
    /// as SQL takes them.
    /// `rows` is nil where the table was never analysed.
    case missingIndex(table: String, columns: [String], rows: Int?, views: [String])
    /// The statement of a view cannot be planned or run; the reason quotes no value of a row.
    case brokenView(view: String, reason: String)
    /// An index of a table that views read has never been used since `since`.
    case unusedIndex(index: String, table: String, bytes: Int, since: String)
    /// One row of the view takes many blocks to compute.
    case costlyRow(view: String, blocks: Int, table: String?)
    /// One row of the view costs as much as `equal` of `rows` rows when all are computed.
    case wholeForOneRow(view: String, equal: Int, rows: Int)
    /// The rows of a view are written more often than anybody reads them.
    case seldomRead(view: String, written: Int, read: Int)
    /// A refresh computes all rows of a view of which each could be computed alone.
    case wholeRefresh(view: String, rows: Int)
    /// Changes wait in the queue, and nobody takes them.
    case waitingQueue(rows: Int, transactions: Int, in: SiteSchema)
    /// A transaction has been open for long: what is dead cannot be cleared away.
    case longTransaction(process: Int, minutes: Int)
    /// A table of sitegen's is mostly dead rows or empty space.
    case bloat(table: String, dead: Int, live: Int)
    /// Rows of a view could not be computed and are as they were.
    case failedRows(view: String, count: Int, in: SiteSchema)
}

extension Advice: CustomStringConvertible {
    /// What was found, then what to run or to change.
    package var description: String { "\(finding)\n    \(remedy)" }

    /// What was found, on one line.
    package var finding: String {
        switch self {
        case .missingIndex(let table, let columns, let rows, let views):
            """
            \(table) (\(rows.map { "\($0) rows" } ?? "never analysed")) has no index that leads to \
            \(columns.joined(separator: ", ")), which \(views.joined(separator: ", ")) looks up.
            """
        case .unusedIndex(let index, let table, let bytes, let since):
            "\(index) on \(table) (\(bytes / 1024) kB) has not been used since \(since)."
        case .costlyRow(let view, let blocks, let table):
            """
            One row of \(view) touches \(blocks) blocks\
            \(table.map { ", most of them of \($0)" } ?? "").
            """
        case .brokenView(let view, let reason): "\(view) cannot be examined: \(reason)."
        case .wholeForOneRow(let view, let equal, let rows):
            """
            One row of \(view) costs as much as \(equal) of its \(rows) rows do when all are \
            computed.
            """
        case .seldomRead(let view, let written, let read):
            """
            \(written) rows of \(view) were written and \(read) read, most of those by the refresh \
            itself.
            """
        case .wholeRefresh(let view, let rows):
            "A refresh of \(view) computes all \(rows) rows, and one row alone is cheap."
        case .waitingQueue(let rows, let transactions, let schema):
            """
            \(rows) changes wait in \(schema).queue, the oldest for \(transactions) transactions, \
            and nobody takes them.
            """
        case .longTransaction(let process, let minutes):
            "The transaction of process \(process) has been open for \(minutes) minutes."
        case .bloat(let table, let dead, let live):
            "\(table) holds \(dead) dead rows and \(live) live ones."
        case .failedRows(let view, let count, _):
            "\(count) rows of \(view) could not be computed; their last good version is shown."
        }
    }

    /// What to run or to change, on one line.
    package var remedy: String {
        switch self {
        case .missingIndex(let table, let columns, _, _):
            return "CREATE INDEX CONCURRENTLY ON \(table) (\(columns.joined(separator: ", ")));"
        case .unusedIndex(let index, _, _, _):
            return "DROP INDEX CONCURRENTLY \(index);  -- unless something rare needs it"
        case .brokenView(let view, _):
            return
                "Run `sitegen db status`, and correct site/database/\(view).sql or what it reads."
        case .costlyRow(let view, _, _), .wholeForOneRow(let view, _, _):
            return """
                In site/database/\(view).sql, begin with the table that has the key, and write one \
                sub-select for each part: then a condition on the key reaches every table.
                """
        case .seldomRead(let view, _, _):
            return """
                Write `-- refresh: live` in site/database/\(view).sql, then run \
                `sitegen db apply`.
                """
        case .wholeRefresh(let view, _):
            return """
                Write `-- refresh: incremental` in site/database/\(view).sql, then run \
                `sitegen db apply`.
                """
        case .waitingQueue:
            return "Run `sitegen db refresh --follow` beside the site."
        case .longTransaction(let process, _):
            return "End it, or run: SELECT pg_terminate_backend(\(process));"
        case .bloat(let table, _, _):
            return "VACUUM (ANALYZE) \(table);"
        case .failedRows(let view, _, let schema):
            return "SELECT key, error FROM \(schema).failure WHERE view = '\(view)';"
        }
    }
}
