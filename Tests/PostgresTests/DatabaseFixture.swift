// A connection to a database that one test has for itself.

import TestSupport
import Testing

@testable import Postgres

/// Runs a test's body on a connection to a new database.
func withDatabase(
    settings: ConnectionSettings = ConnectionSettings(),
    _ body: (borrowing Connection) throws -> Void
) throws {
    let connection = try Connection(to: ThrowAwayPostgres.database(), settings: settings)
    try body(connection)
}

extension Connection {
    /// The only column of the only row.
    borrowing func one<T: PostgresDecodable>(
        _ sql: String, _ parameters: [Parameter] = [], as type: T.Type = T.self
    ) throws -> T {
        let values = try rows(sql, parameters) { row throws(PostgresError) in
            try row.value(0, as: T.self)
        }
        return try #require(values.first)
    }
}

extension Connection {
    /// How reading a column of the prepared statement "x" fails.
    borrowing func readFailure<T: PostgresDecodable>(
        _ column: Int, _ type: T.Type
    ) -> PostgresError? {
        do throws(PostgresError) {
            _ = try rows(prepared: "x") { row throws(PostgresError) in
                try row.value(column, as: T.self)
            }
            return nil
        } catch {
            return error
        }
    }
}

/// The error of this module that a closure throws, nil if it throws none.
///
/// `#expect(throws:)` copies what its closure captures, which a connection does not allow.
func failure(_ body: () throws -> Void) -> PostgresError? {
    do {
        try body()
        return nil
    } catch {
        return error as? PostgresError
    }
}

extension Connection {
    /// All rows of a prepared statement.
    borrowing func rows<T>(
        prepared name: String, _ parameters: [Parameter] = [],
        _ decode: (borrowing Row) throws(PostgresError) -> T
    ) throws(PostgresError) -> [T] {
        var values: [T] = []
        do throws(StreamError<PostgresError>) {
            try stream(name, parameters) { (row) throws(PostgresError) in
                values.append(try decode(row))
            }
        } catch {
            switch error {
            case .postgres(let error), .body(let error): throw error
            }
        }
        return values
    }
}
