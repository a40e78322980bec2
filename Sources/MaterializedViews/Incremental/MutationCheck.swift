// Proves by trying that every change of what views read reaches their rows.
//
// For a few rows of each table: every column that some view reads is changed, foreign keys are
// pointed at other rows, the row is deleted and copied; each in a transaction of its own that ends
// in ROLLBACK, after a step and a comparison of all incremental views with their statements. What a
// constraint forbids is tried in another way and then left out; any other error ends the check.
// It takes time and locks: run it on a copy. What it finds is a path that nobody declared or a
// statement that depends on more than its rows.

package import Postgres

/// What a mutation check found.
package struct MutationReport: Equatable, Sendable, CustomStringConvertible {
    /// A change that did not reach a view.
    package struct Miss: Equatable, Sendable, CustomStringConvertible {
        /// The change, such as `fashion.look.rating` or `a deletion from fashion.look`.
        package let change: String
        /// The view whose rows are stale.
        package let view: String
        /// How many of them.
        package let rows: Int

        /// `look_page: 3 rows are stale after a change of fashion.look.rating`.
        package var description: String {
            "\(view): \(rows == 1 ? "1 row is" : "\(rows) rows are") stale after \(change)"
        }
    }

    /// How many changes were made and compared.
    package var tried = 0
    /// How many changes constraints did not allow.
    package var refused = 0
    /// What did not reach a view.
    package var misses: [Miss] = []

    /// `154 changes, 3 refused by constraints, 0 missed`.
    package var description: String {
        "\(tried) changes, \(refused) refused by constraints, \(misses.count) missed"
    }
}

/// Tries out the dependencies of the installed incremental views.
package enum MutationCheck {
    /// The most rows of one table that may be changed.
    package static let rowsMax = 1_000

    /// Changes `rows` rows of each table in every way.
    ///
    /// - Parameters:
    ///   - rows: how many rows of each table, 1 to `rowsMax`.
    ///   - connection: a connection outside of any transaction, of a user who may write to the
    ///     tables.
    /// - Returns: what was tried and what was missed.
    /// - Throws: `.notInstalled`, `.permission`, `.database`; all changes are rolled back.
    package static func run(
        rows: Int, on connection: borrowing Connection
    ) throws(ViewError) -> MutationReport {
        guard try ViewCatalogue.isPrepared(on: connection) else { throw .notInstalled }
        _ = try ChangeQueue.drain(on: connection)
        let site = try connection.inTransaction(
            "BEGIN", doing: "reading the views", end: "ROLLBACK"
        ) { (connection) throws(ViewError) in try InstallDraft.installed(on: connection) }
        var report = MutationReport()
        var used: [QualifiedName: Set<String>] = [:]
        for dependency in site.views.flatMap(\.dependencies.dependencies) {
            used[dependency.watch.table, default: []]
                .formUnion(dependency.columns + dependency.watch.columns)
        }
        for table in site.tables.values.sorted(by: { $0.name < $1.name })
        where table.view == nil && used[table.name] != nil {
            let places = try connection.texts(
                "SELECT tableoid::text || ' ' || ctid::text FROM \(table.name.quoted) "
                    + "LIMIT \(rows)",
                doing: "choosing rows of \(table.name.text)"
            ).compactMap { row in row[0] }
            for place in places {
                let readers = readers(of: table.name, in: site)
                for (change, statements) in changes(table, used[table.name] ?? [], place) {
                    try trial(change, statements, readers, &report, on: connection)
                }
            }
        }
        return report
    }

    /// The views that read a table, directly or through tables of rows.
    private static func readers(
        of table: QualifiedName, in site: IncrementalSite
    ) -> [IncrementalView] {
        var changed: Set<QualifiedName> = [table]
        // Views are in order: what is read comes first.
        return site.views.filter { view in
            let isReader = view.dependencies.watches.contains { changed.contains($0.table) }
            if isReader { changed.insert(QualifiedName(schema: "sitegen", name: view.name)) }
            return isReader
        }
    }

    /// The changes of one row: what to call each, and statements of which the first that the
    /// constraints allow is taken.
    private static func changes(
        _ table: WatchedTable, _ used: Set<String>, _ place: String
    ) -> [(String, [String])] {
        let name = table.name.quoted
        let parts = place.split(separator: " ")
        let row = "tableoid = \(parts.first ?? "0") AND ctid = '\(parts.last ?? "(0,0)")'"
        var changes: [(String, [String])] = []
        let columns = table.columns.sorted { $0.key < $1.key }.map(\.value)
        for column in columns where used.contains(column.name) {
            let quoted = column.name.quotedName
            let values = others(of: column) + ["NULL"]
            changes.append(
                (
                    "a change of \(table.name.text).\(column.name)",
                    values.map { "UPDATE \(name) SET \(quoted) = \($0) WHERE \(row)" }
                ))
            // Another row's value: what a foreign key allows.
            let other =
                "(SELECT o.\(quoted) FROM \(name) o WHERE ROW(o.\(quoted))::record *<> "
                + "ROW(\(name).\(quoted))::record LIMIT 1)"
            changes.append(
                (
                    "a move of \(table.name.text).\(column.name)",
                    ["UPDATE \(name) SET \(quoted) = \(other) WHERE \(row)"]
                ))
        }
        changes.append(
            ("a deletion from \(table.name.text)", ["DELETE FROM \(name) WHERE \(row)"]))
        let list = columns.map(\.name.quotedName).joined(separator: ", ")
        // The key must be new; another unique column may have to be, too.
        let copies = [Set(table.identity), Set(columns.map(\.name))].map { fresh in
            "INSERT INTO \(name) (\(list)) OVERRIDING SYSTEM VALUE SELECT "
                + columns.map { column in
                    fresh.contains(column.name)
                        ? unseen(column, in: name) : column.name.quotedName
                }.joined(separator: ", ") + " FROM \(name) WHERE \(row)"
        }
        changes.append(("an insertion into \(table.name.text)", copies))
        return changes
    }

    /// Other values of a column, NULL or not, as SQL.
    private static func others(of column: WatchedTable.Column) -> [String] {
        let name = column.name.quotedName
        switch column.type {
        case "text", "character varying", "bpchar", "public.citext":
            let text = "coalesce(\(name), '')"
            return [
                "'~' || \(text)", "'x' || \(text)",
                "left('x' || \(text), greatest(length(\(name)), 1))",
            ]
        case "smallint", "integer", "bigint", "numeric", "real", "double precision":
            let number = "coalesce(\(name), 0)"
            return ["\(number) + 1", "\(number) - 1", "\(number) + 100000"]
        case "boolean": return ["NOT coalesce(\(name), false)"]
        case "date", "timestamp with time zone", "timestamp without time zone":
            let time = "coalesce(\(name), now())"
            return ["\(time) + interval '1 day'", "\(time) - interval '1 day'", "now()"]
        case "uuid": return ["gen_random_uuid()"]
        case "jsonb": return ["coalesce(\(name), '{}') || '{\"~\": 1}'", "'{\"~\": 1}'"]
        case "json": return ["'{\"~\": 1}'"]
        default: return []
        }
    }

    /// A value that the column does not have in any row.
    private static func unseen(_ column: WatchedTable.Column, in table: String) -> String {
        let name = column.name.quotedName
        switch column.type {
        case "smallint", "integer", "bigint", "numeric":
            return "(SELECT max(m.\(name)) + 1 FROM \(table) m)"
        case "text", "character varying", "bpchar": return "'x' || \(name)"
        case "uuid": return "gen_random_uuid()"
        default: return name
        }
    }

    private static func trial(
        _ change: String, _ statements: [String], _ readers: [IncrementalView],
        _ report: inout MutationReport, on connection: borrowing Connection
    ) throws(ViewError) {
        for statement in statements {
            let misses = try connection.inTransaction(
                "BEGIN; \(ViewInstaller.settings) SET LOCAL statement_timeout = '60s'",
                doing: "trying \(change)", end: "ROLLBACK"
            ) { (connection) throws(ViewError) -> [MutationReport.Miss]? in
                guard try affects(statement, on: connection) else { return nil }
                try connection.perform("SELECT sitegen.step()", doing: "trying \(change)")
                return try compare(change, readers, on: connection)
            }
            guard let misses else { continue }
            report.tried += 1
            report.misses += misses
            return
        }
        report.refused += 1
    }

    /// Changes a row; false if there was none, or if a constraint, a type or a trigger of others
    /// does not allow it, and then the transaction has failed.
    private static func affects(
        _ statement: String, on connection: borrowing Connection
    ) throws(ViewError) -> Bool {
        do throws(PostgresError) {
            let counts = try connection.rows(
                "WITH changed AS (\(statement) RETURNING 1) SELECT count(*) FROM changed"
            ) { (row) throws(PostgresError) in try row.value(0, as: Int64.self) }
            guard counts.first != 0 else { return false }
            try connection.run("SET CONSTRAINTS ALL IMMEDIATE")
            return true
        } catch {
            guard isRefusal(error.sqlState ?? "") else {
                throw ViewError(error.withoutPosition, in: nil, doing: "changing a row")
            }
            return false
        }
    }

    /// Whether an error speaks of the new values: 22 data, 23 constraints, 44 views with a check,
    /// P0001 RAISE in a trigger, 428C9 a column that PostgreSQL computes.
    private static func isRefusal(_ sqlState: String) -> Bool {
        ["22", "23", "44"].contains(sqlState.prefix(2)) || ["P0001", "428C9"].contains(sqlState)
    }

    /// The views whose rows are not those of their statement; those with a row that cannot be
    /// computed are left out, since their statement may fail.
    private static func compare(
        _ change: String, _ readers: [IncrementalView], on connection: borrowing Connection
    ) throws(ViewError) -> [MutationReport.Miss] {
        var misses: [MutationReport.Miss] = []
        let failing = try connection.texts(
            "SELECT DISTINCT view FROM sitegen.failure", doing: "looking for rows that failed"
        ).compactMap { row in row[0] }
        for view in readers where !failing.contains(view.name) {
            let count = try staleRows(of: view, on: connection)
            if count > 0 {
                misses.append(MutationReport.Miss(change: change, view: view.name, rows: count))
            }
        }
        return misses
    }

    /// How many rows of an incremental view are not what its statement gives; those that were set
    /// aside because they cannot be computed do not count.
    static func staleRows(
        of view: IncrementalView, on connection: borrowing Connection
    ) throws(ViewError) -> Int {
        func row(_ alias: String) -> String {
            let columns = view.columns.map { "\(alias).\($0.name.quotedName)" }
            return "ROW(\(columns.joined(separator: ", ")))::record"
        }
        let key = view.dependencies.key[0].quotedName
        let rows = try connection.texts(
            """
            SELECT count(*)::text FROM (
                SELECT q.* FROM \(view.statement) q\(view.visible("q", at: "statement_timestamp()"))
            ) f FULL JOIN \(view.table) v ON \(view.isSame("f", "v"))
            WHERE (f.\(key) IS NULL OR v.\(key) IS NULL OR \(row("f")) *<> \(row("v")))
                AND NOT \(view.isSetAside)
            """, doing: "comparing \(view.name) with its statement")
        return rows.first.flatMap { row in row[0] }.flatMap { Int($0) } ?? 0
    }
}
