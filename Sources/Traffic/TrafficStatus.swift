// How taking in goes, and how large what is kept has become: for `log status`.
//
// It asks the database alone; what waits in a spool is its server's to say (`/-/metrics`).

package import Postgres

/// The state of a schema.
package struct TrafficStatus: Sendable {
    /// A server whose spool is read.
    package struct Server: Sendable {
        /// Its name, as a UUID.
        package let name: String
        /// How many of its segments are not closed.
        package let open: Int
        /// How long ago one of them was read.
        package let secondsSinceRead: Double
    }

    /// The servers, the one that was read last first.
    package let servers: [Server]
    /// Answers without a record, of the last seven days.
    package let lostThisWeek: Int
    /// Frames that could not be read.
    package let damagedFrames: Int
    /// The days that are over and not proved.
    package let unsealed: [String]
    /// What takes how much room.
    package let sizes: [(name: String, bytes: Int)]

    /// Asks for it.
    package init(on connection: borrowing Connection) throws {
        servers = try connection.rows(
            """
            SELECT server::text, count(*) FILTER (WHERE NOT is_closed),
                extract(epoch FROM now() - max(read_at))::float8
            FROM traffic.segment WHERE NOT is_import GROUP BY server ORDER BY max(read_at) DESC
            """
        ) { row throws(PostgresError) in
            Server(
                name: try row.value(0), open: Int(try row.value(1, as: Int64.self)),
                secondsSinceRead: try row.value(2))
        }
        func number(_ sql: String) throws -> Int {
            try connection.rows(sql) { row throws(PostgresError) in
                Int(try row.value(0, as: Int64.self))
            }.first ?? 0
        }
        lostThisWeek = try number(
            """
            SELECT coalesce(sum(count), 0)::bigint FROM traffic.loss_day
            WHERE day > traffic.day_of(now()) - 7
            """)
        damagedFrames = try number(
            "SELECT coalesce(sum(damaged), 0)::bigint FROM traffic.segment")
        unsealed = try DaySealing.unsealed(on: connection)
        sizes = try [
            ("rows", "^hit_"), ("visits", "^visit_"), ("counts", "_(day|hour)$"),
            ("texts", "^(page|source|campaign|agent|fragment)$"),
        ].map { name, pattern in
            let bytes = try number(
                """
                SELECT coalesce(sum(pg_catalog.pg_total_relation_size(oid)), 0)::bigint
                FROM pg_catalog.pg_class WHERE relnamespace = 'traffic'::regnamespace
                    AND relkind = 'r' AND relname ~ '\(pattern)'
                """)
            return (name, bytes)
        }
    }
}
