// A day is proved: its rows are counted anew and compared with what was added up.
//
// The statements are in seal.sql. A day whose rows are gone cannot be proved any more.

package import Postgres

/// A row of a table of counts that is not what its rows say.
package struct CountDifference: Equatable, Sendable {
    /// The table.
    package let table: String
    /// The row as it stands, as JSON; nil if there is none.
    package let stands: String?
    /// The row as it is counted, as JSON; nil if there should be none.
    package let counted: String?
}

/// Proving days.
package enum DaySealing {
    /// The days that are over and not proved, or changed since.
    package static func unsealed(on connection: borrowing Connection) throws -> [String] {
        try connection.rows("SELECT day::text FROM traffic.unsealed() AS u(day)") {
            row throws(PostgresError) in try row.value(0, as: String.self)
        }
    }

    /// Counts a day anew and tells what differs.
    package static func verify(
        _ day: String, on connection: borrowing Connection
    ) throws -> [CountDifference] {
        try requireRows(of: day, on: connection)
        return try differences("traffic.compare($1::text::date, false)", day, connection)
    }

    /// The same, and puts right what differs; then the day is proved.
    ///
    /// Behind the last of some days, `correctTrend` follows.
    package static func seal(
        _ day: String, on connection: borrowing Connection
    ) throws -> [CountDifference] {
        try requireRows(of: day, on: connection)
        return try differences("traffic.seal($1::text::date)", day, connection)
    }

    /// Puts right the scores of what is read most: once for all days, since it reads the rows of
    /// all.
    package static func correctTrend(on connection: borrowing Connection) throws {
        try connection.run("SELECT traffic.correct_trend()")
    }

    private static func requireRows(
        of day: String, on connection: borrowing Connection
    ) throws {
        let isFinal = try connection.rows(
            "SELECT EXISTS (SELECT FROM traffic.day WHERE day = $1::text::date AND is_final)",
            [Parameter(day)]
        ) { row throws(PostgresError) in try row.value(0, as: Bool.self) }
        if isFinal == [true] { throw TrafficError.dayIsFinal(day) }
    }

    private static func differences(
        _ function: String, _ day: String, _ connection: borrowing Connection
    ) throws -> [CountDifference] {
        try connection.rows(
            "SELECT counts, stands::text, counted::text FROM \(function)", [Parameter(day)]
        ) { row throws(PostgresError) in
            CountDifference(
                table: try row.value(0), stands: try row.value(1), counted: try row.value(2))
        }
    }
}
