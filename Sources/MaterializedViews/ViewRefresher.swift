// Refreshes materialized views, and tells how every view is doing.
//
// A refresh is one transaction in one snapshot, so that views which read the same tables agree.
// LOCK TABLE comes first because it takes no snapshot: a refresh that has waited for another one
// starts from what the other one saw, or later.

package import Postgres

/// A materialized view that was refreshed.
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
    /// Computes materialized views anew; readers see the old rows until all are done.
    ///
    /// - Parameters:
    ///   - names: the views; nil refreshes all. A live view is passed over: it is always fresh.
    ///   - connection: a connection outside of any transaction.
    /// - Returns: the refreshed views, what is read before what reads it.
    /// - Throws: `.notInstalled`, `.unknownView`, `.keyNotUnique`, `.database`.
    package static func refresh(
        _ names: [String]? = nil, on connection: borrowing Connection
    ) throws(ViewError) -> [RefreshedView] {
        guard try ViewCatalogue.isInstalled(on: connection) else { throw .notInstalled }
        return try connection.inTransaction(
            """
            BEGIN ISOLATION LEVEL REPEATABLE READ; \(settings)
            LOCK TABLE sitegen.view IN SHARE ROW EXCLUSIVE MODE
            """, doing: "refreshing views"
        ) { (connection) throws(ViewError) in
            let records = try ViewCatalogue.records(on: connection)
            let known = records.map(\.name)
            for name in names ?? [] where !known.contains(name) {
                throw .unknownView(name: name, known: known)
            }
            let byName = Dictionary(
                records.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
            let order = try ViewOrder.sorted(known, reading: byName.mapValues(\.references))
            var refreshed: [RefreshedView] = []
            for name in order where names?.contains(name) ?? true {
                guard let record = byName[name], record.relationKind == "m" else { continue }
                try refresh(record, on: connection)
                refreshed.append(
                    RefreshedView(
                        name: name, rows: try RowStatements.count(name, on: connection)))
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
    }
}
