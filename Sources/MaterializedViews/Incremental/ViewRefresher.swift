// Brings views up to date when somebody asks for it: materialized ones are computed anew,
// incremental ones follow their queue, or are compared row by row when they are named.
//
// A refresh of materialized views is one transaction in one snapshot, so that views which read the
// same tables agree. LOCK TABLE comes first because it takes no snapshot: a refresh that has waited
// for another one starts from what the other one saw, or later.

package import Postgres

/// A view that was refreshed.
package struct RefreshedView: Equatable, Sendable, CustomStringConvertible {
    /// The view's name.
    package let name: String
    /// Its rows after the refresh.
    package let rows: Int

    /// `refreshed look_page (712 rows)`.
    package var description: String {
        "refreshed \(name) (\(rows == 1 ? "1 row" : "\(rows) rows"))"
    }
}

extension ViewInstaller {
    /// Brings views up to date; readers see the old rows until a view is done.
    ///
    /// - Parameters:
    ///   - names: the views, of which incremental ones are compared with their statements as a
    ///     whole; nil refreshes all, incremental ones by what is queued. A live view is passed
    ///     over: it is always fresh.
    ///   - connection: a connection outside of any transaction.
    /// - Returns: the views that were computed or changed, what is read before what reads it; those
    ///   that could not be stand in `failures`.
    /// - Throws: `.notInstalled`, `.unknownView`, `.locked`, `.database`.
    package static func refresh(
        _ names: [String]? = nil, on connection: borrowing Connection
    ) throws(ViewError) -> [RefreshedView] {
        guard try ViewCatalogue.isPrepared(on: connection) else { throw .notInstalled }
        let records = try ViewCatalogue.records(on: connection)
        let known = records.map(\.name)
        for name in names ?? [] where !known.contains(name) {
            throw .unknownView(name: name, known: known)
        }
        for name in names ?? known {
            guard let record = records.first(where: { $0.name == name }),
                record.relationKind == "r", record.hasStatement, names != nil
            else { continue }
            try compareAll(name, on: connection)
        }
        var touched = Set(try ChangeQueue.drain(on: connection).map(\.view))
        touched.formUnion(try refreshMaterialized(names, on: connection))
        // What reads a materialized view follows it.
        touched.formUnion(try ChangeQueue.drain(on: connection).map(\.view))
        try ChangeQueue.prune(on: connection)
        touched.formUnion(
            (names ?? []).filter { name in
                records.contains { $0.name == name && $0.relationKind == "r" }
            })
        let order = try ViewOrder.sorted(
            known,
            reading: Dictionary(
                records.map { ($0.name, $0.references) }, uniquingKeysWith: { first, _ in first }))
        let failed = try connection.texts(
            "SELECT view FROM \(connection.schema).failure WHERE kind = 'view'",
            doing: "reading failures"
        ).compactMap { row in row[0] }
        touched.subtract(failed)
        var refreshed: [RefreshedView] = []
        for name in order where touched.contains(name) && (names?.contains(name) ?? true) {
            refreshed.append(
                RefreshedView(name: name, rows: try RowStatements.count(name, on: connection)))
        }
        return refreshed
    }

    /// Compares all rows of an incremental view with its statement, and mends what differs.
    private static func compareAll(
        _ name: String, on connection: borrowing Connection
    ) throws(ViewError) {
        try connection.inTransaction(
            "BEGIN ISOLATION LEVEL REPEATABLE READ",
            then: "LOCK TABLE \(connection.schema).leader IN EXCLUSIVE MODE",
            doing: "refreshing \(name)"
        ) { (connection) throws(ViewError) in
            try connection.perform(
                """
                SELECT FROM \(connection.schema.function("step", of: name))(
                    NULL, NULL, statement_timestamp());
                SELECT \(connection.schema).step(0)
                """, doing: "refreshing \(name)")
        }
    }

    /// Computes materialized views anew, in one snapshot.
    ///
    /// - Returns: the names of those that were.
    private static func refreshMaterialized(
        _ names: [String]?, on connection: borrowing Connection
    ) throws(ViewError) -> [String] {
        try connection.inTransaction(
            "BEGIN ISOLATION LEVEL REPEATABLE READ",
            then: "\(settings) LOCK TABLE \(connection.schema).view IN SHARE ROW EXCLUSIVE MODE",
            doing: "refreshing views"
        ) { (connection) throws(ViewError) in
            let records = try ViewCatalogue.records(on: connection)
            let byName = Dictionary(
                records.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
            let order = try ViewOrder.sorted(
                records.map(\.name), reading: byName.mapValues(\.references))
            var refreshed: [String] = []
            for name in order where names?.contains(name) ?? true {
                guard let record = byName[name], record.relationKind == "m" else { continue }
                if try refresh(record, on: connection) { refreshed.append(name) }
            }
            return refreshed
        }
    }

    /// Computes a materialized view anew, or notes why it cannot be: then it keeps its rows, and
    /// the others go on.
    ///
    /// - Returns: whether it was computed.
    private static func refresh(
        _ record: ViewCatalogue.Record, on connection: borrowing Connection
    ) throws(ViewError) -> Bool {
        let doing = "refreshing \(record.name)"
        let how = record.isPopulated ? "CONCURRENTLY " : ""
        let fault: String?
        do throws(PostgresError) {
            try connection.run(
                "SAVEPOINT refreshing; REFRESH MATERIALIZED VIEW \(how)"
                    + connection.schema.view(record.name))
            fault = try missingKeys(record, on: connection)
        } catch {
            guard case .server(let report) = error, !isPassing(report.sqlState) else {
                throw ViewError(error.withoutPosition, in: nil, doing: doing)
            }
            // 21000: CONCURRENTLY saw duplicate rows; 23505: the index did.
            let isDouble = report.sqlState == "23505" || report.sqlState == "21000"
            try note(
                isDouble
                    ? "23505 several rows have the same \(record.key)"
                    : "\(report.sqlState) \(report.message)", of: record.name, on: connection)
            return false
        }
        if let fault {
            try note(fault, of: record.name, on: connection)
            return false
        }
        _ = try connection.texts(
            """
            WITH well AS (DELETE FROM \(connection.schema).failure WHERE view = $1)
            UPDATE \(connection.schema).view SET refreshed_at = clock_timestamp() WHERE name = $1
            """, [record.name], doing: "recording the refresh of \(record.name)")
        // A materialized view has no triggers: all rows of its readers are looked at.
        _ = try connection.texts(
            "INSERT INTO \(connection.schema).queue (watch, link) "
                + "SELECT id, NULL FROM \(connection.schema).watch WHERE tbl = $1",
            [connection.schema.qualified(record.name).quoted],
            doing: "telling what reads \(record.name)")
        return true
    }

    /// The error of rows without a key; nil if all have one.
    private static func missingKeys(
        _ record: ViewCatalogue.Record, on connection: borrowing Connection
    ) throws(PostgresError) -> String? {
        let key = record.key.split(separator: ",").map(String.init)
        let isNull = key.map { "\($0.quotedName) IS NULL" }.joined(separator: " OR ")
        let count =
            try connection.rows(
                "SELECT count(*) FROM \(connection.schema.view(record.name)) WHERE \(isNull)"
            ) { (row) throws(PostgresError) in try row.value(0, as: Int64.self) }.first ?? 0
        guard count > 0 else { return nil }
        return "23502 \(count == 1 ? "1 row" : "\(count) rows") whose "
            + "\(key.joined(separator: ", ")) is NULL"
    }

    /// Takes back a refresh and notes why.
    private static func note(
        _ error: String, of view: String, on connection: borrowing Connection
    ) throws(ViewError) {
        try connection.perform(
            "ROLLBACK TO SAVEPOINT refreshing", doing: "refreshing \(view)")
        _ = try connection.texts(
            """
            INSERT INTO \(connection.schema).failure (view, kind, key, error)
            VALUES ($1, 'view', '', $2)
            \(IncrementalView.noteFailure)
            """, [view, error], doing: "noting what is wrong with \(view)")
    }

    /// Whether an error says nothing about a view (`IncrementalView.passing`).
    private static func isPassing(_ state: String) -> Bool {
        ["40", "53", "57", "58", "08"].contains(state.prefix(2)) || state == "55P03"
    }
}
