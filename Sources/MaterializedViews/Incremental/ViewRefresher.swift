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
    /// - Returns: the views that were computed or changed, what is read before what reads it.
    /// - Throws: `.notInstalled`, `.unknownView`, `.keyNotUnique`, `.locked`, `.database`.
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
        let begin = """
            BEGIN ISOLATION LEVEL REPEATABLE READ;
            LOCK TABLE sitegen.leader IN EXCLUSIVE MODE
            """
        try connection.inTransaction(begin, doing: "refreshing \(name)") {
            (connection) throws(ViewError) in
            try connection.perform(
                """
                SELECT \(IncrementalView.function("refresh", name))(
                    NULL, statement_timestamp(), 1000);
                SELECT sitegen.step(0)
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
            """
            BEGIN ISOLATION LEVEL REPEATABLE READ; \(settings)
            LOCK TABLE sitegen.view IN SHARE ROW EXCLUSIVE MODE
            """, doing: "refreshing views"
        ) { (connection) throws(ViewError) in
            let records = try ViewCatalogue.records(on: connection)
            let byName = Dictionary(
                records.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
            let order = try ViewOrder.sorted(
                records.map(\.name), reading: byName.mapValues(\.references))
            var refreshed: [String] = []
            for name in order where names?.contains(name) ?? true {
                guard let record = byName[name], record.relationKind == "m" else { continue }
                try refresh(record, on: connection)
                refreshed.append(name)
            }
            return refreshed
        }
    }

    private static func refresh(
        _ record: ViewCatalogue.Record, on connection: borrowing Connection
    ) throws(ViewError) {
        let how = record.isPopulated ? "CONCURRENTLY " : ""
        do throws(PostgresError) {
            try connection.run("REFRESH MATERIALIZED VIEW \(how)\(record.name.viewName)")
        } catch {
            // 21000: CONCURRENTLY saw duplicate rows; 23505: the index did.
            if error.sqlState == "23505" || error.sqlState == "21000" {
                throw .keyNotUnique(
                    view: record.name, key: record.key.split(separator: ",").map(String.init),
                    example: nil)
            }
            throw ViewError(
                error.withoutPosition, in: nil, doing: "refreshing \(record.name)")
        }
        _ = try connection.texts(
            "UPDATE sitegen.view SET refreshed_at = clock_timestamp() WHERE name = $1",
            [record.name], doing: "recording the refresh of \(record.name)")
        // A materialized view has no triggers: all rows of its readers are looked at.
        _ = try connection.texts(
            "INSERT INTO sitegen.queue (watch, link) "
                + "SELECT id, NULL FROM sitegen.watch WHERE tbl = $1",
            [QualifiedName(schema: "sitegen", name: record.name).quoted],
            doing: "telling what reads \(record.name)")
    }
}
