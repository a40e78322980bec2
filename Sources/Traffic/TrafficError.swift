// What can be wrong with the traffic of a site. Each says what happened, then what to change.
//
// What the database or a spool says by itself stays an error of theirs.

package import Postgres

/// Why records cannot be taken in, or statistics not be told.
package enum TrafficError: Error, Equatable, Sendable {
    /// The database has no schema `traffic`.
    case noSchema
    /// The schema is older than this program.
    case olderSchema(Int)
    /// The schema is newer than this program.
    case newerSchema(Int)
    /// The user of the database may not do this.
    case noRights
    /// PostgreSQL knows no time zone of this name.
    case noZone(String)
    /// A setting is out of its bounds.
    case badSetting(String)
    /// A file is no log of the form that was named.
    case notALog(file: String, form: String, line: Int)
    /// A file of a log cannot be read.
    case unreadableLog(file: String, reason: String)
    /// A text means no period.
    case badPeriod(String)
    /// A text means no condition.
    case badCondition(String)
    /// The rows of a day are gone.
    case dayIsFinal(String)
}

extension TrafficError: CustomStringConvertible {
    /// What happened, then what to change.
    package var description: String {
        switch self {
        case .noSchema:
            """
            The database has no schema "traffic".
            Run `sitegen log install --zone …` as a user who may make schemas.
            """
        case .olderSchema(let number):
            """
            The schema "traffic" has version \(number), and this sitegen needs \
            \(TrafficSchema.version).
            Run `sitegen log install`, which brings it up to date.
            """
        case .newerSchema(let number):
            """
            The schema "traffic" has version \(number), and this sitegen knows \
            \(TrafficSchema.version).
            Use the sitegen that installed it, or a newer one.
            """
        case .noRights:
            """
            This user of the database may not do that in the schema "traffic".
            Log in as sitegen_ingest to ingest, as sitegen_stats to read, or as who installed it.
            """
        case .noZone(let name):
            """
            PostgreSQL knows no time zone "\(name)".
            Name one of the IANA database, such as Europe/Paris or UTC.
            """
        case .badSetting(let text), .badPeriod(let text), .badCondition(let text): text
        case .notALog(let file, let form, let line):
            """
            Line \(line) of \(file) is no line of a \(form) log.
            Name the form that it has with --format.
            """
        case .unreadableLog(let file, let reason):
            "\(file) cannot be read: \(reason).\nName a file that may be read."
        case .dayIsFinal(let day):
            """
            The rows of \(day) are gone, so its counts cannot be proved any more.
            Name a later day; `sitegen log status` tells how long rows are kept.
            """
        }
    }
}

extension TrafficError {
    /// What an error means for who works with the schema: missing rights are told as such.
    package static func meaning(of error: any Error) -> any Error {
        guard let error = error as? PostgresError, error.sqlState == "42501" else { return error }
        return TrafficError.noRights
    }
}

extension Connection {
    /// Runs a closure in a transaction, and throws what it throws.
    ///
    /// - Parameters:
    ///   - isolation: what it sees of others.
    ///   - readOnly: whether writing is an error.
    ///   - body: the closure.
    /// - Returns: what it returns.
    /// - Throws: the server's error, or what the closure throws.
    package borrowing func atomically<T>(
        isolation: IsolationLevel = .readCommitted, readOnly: Bool = false,
        _ body: (borrowing Connection) throws -> T
    ) throws -> T {
        do {
            return try transaction(isolation: isolation, readOnly: readOnly, body)
        } catch {
            switch error {
            case .postgres(let error): throw error
            case .body(let error): throw error
            }
        }
    }
}
