// Finds out that rows were written, by asking PostgreSQL which transactions it shows.
//
// Every transaction that writes takes a number, so a snapshot that is another one means that
// something may have changed; nothing is installed in the database for this and no privilege is
// needed. The newest number alone would not do: a transaction that ends after a younger one does
// not move it. Refreshing views takes numbers as well: the caller looks once more after it.

package import Postgres

/// Watches one database for writes.
package struct RowWatcher: ~Copyable {
    private let connection: Connection
    private var seen: String

    /// Connects and takes a first look.
    package init(url: String) throws(PostgresError) {
        let opened = try Connection(to: url)
        seen = try Self.snapshot(opened)
        connection = opened
    }

    /// Whether anything was written since the last look.
    package mutating func hasChanged() throws(PostgresError) -> Bool {
        let now = try Self.snapshot(connection)
        defer { seen = now }
        return now != seen
    }

    /// Whether the connection is lost; make another watcher then.
    package var isBroken: Bool { connection.isBroken }

    private static func snapshot(_ connection: borrowing Connection) throws(PostgresError) -> String
    {
        try connection.rows("SELECT pg_current_snapshot()::text") {
            (row) throws(PostgresError) in try row.value(0, as: String.self)
        }.first ?? ""
    }
}
