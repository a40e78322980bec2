// Why the database did not do what it was asked.
//
// A server's DETAIL line quotes row values ("Key (email)=(ann@…) already exists"), and so may the
// text of the statement. `description` is fit for logs and leaves both out; `debugDescription` has
// everything and is for the terminal of the person who owns the data.

/// Why a database operation failed.
public indirect enum PostgresError: Error, Equatable, Sendable {
    /// The connection URL cannot be read. It is not repeated, since it may hold a password.
    case invalidURL
    /// No connection came about; libpq's words, which name host and port.
    case unreachable(message: String)
    /// The connection is lost; nothing but a new one helps.
    case connectionLost(message: String)
    /// The server refused a statement.
    case server(ServerReport)
    /// A column has another type than the Swift value needs.
    case typeMismatch(column: String, expected: String, found: String)
    /// A column is NULL and the Swift value is not optional.
    case unexpectedNull(column: String, expected: String)
    /// The bytes of a value are not what its type promises.
    case malformedValue(column: String, expected: String)
    /// The result has fewer columns than the index asks for.
    case noColumn(index: Int, count: Int)
    /// A statement takes another number of parameters than it was given.
    case parameterCount(statement: String, expected: Int, given: Int)
    /// The name was never given to `prepare` on this connection.
    case notPrepared(statement: String)
    /// The connection was used inside a closure that reads rows or writes COPY data.
    case busy
    /// COMMIT rolled back: an error inside the transaction had been swallowed.
    case rolledBack
    /// Somebody asked this connection to stop (`Interrupter`).
    case interrupted
    /// The operation was used wrongly; the text says how.
    case misuse(String)
}

/// What the server said about an error.
///
/// Source: PostgreSQL protocol, "Error and Notice Message Fields".
public struct ServerReport: Equatable, Sendable {
    /// Five characters, for example "23505".
    public var sqlState: String
    /// One line, without values in nearly all of PostgreSQL's own messages.
    public var message: String
    /// May quote the values of a row.
    public var detail: String?
    /// What to do, in the server's opinion.
    public var hint: String?
    /// Where in the statement, in characters from 1.
    public var position: Int?
    /// The schema object names the server gave, such as a constraint.
    public var constraint: String?
    /// The prepared statement's name, or nil for a statement without one.
    public var statement: String?
}

extension PostgresError {
    /// The SQLSTATE of a server's refusal, otherwise nil.
    public var sqlState: String? {
        if case .server(let report) = self { report.sqlState } else { nil }
    }

    /// Whether the statement was cancelled, by a canceller or by its timeout (57014).
    public var isCancellation: Bool { sqlState == "57014" }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
    /// What happened, then what to change; never a value of a row.
    public var description: String {
        switch self {
        case .invalidURL:
            """
            The database URL cannot be read (it is not shown, since it may hold a password).
            Write it as postgresql://user@host:port/database, with special characters %-encoded.
            """
        case .unreachable(let message):
            "No connection to PostgreSQL: \(message)\nCheck the URL and whether the server runs."
        case .connectionLost(let message):
            "The connection to PostgreSQL was lost: \(message)\nConnect again."
        case .server(let report):
            report.description
        case .typeMismatch(let column, let expected, let found):
            """
            Column "\(column)" has the type \(found), which does not fit \(expected).
            Cast it in the query or change the Swift type.
            """
        case .unexpectedNull(let column, let expected):
            """
            Column "\(column)" is NULL where \(expected) is expected.
            Use coalesce in the query or make the Swift type optional.
            """
        case .malformedValue(let column, let expected):
            """
            A value of column "\(column)" cannot be read as \(expected).
            It is out of range, or an array with more than one dimension; cast it in the query.
            """
        case .noColumn(let index, let count):
            "Column \(index) was asked for, but the result has \(count).\nSelect it in the query."
        default:
            usageDescription
        }
    }

    private var usageDescription: String {
        switch self {
        case .parameterCount(let statement, let expected, let given):
            """
            Statement \(statement) takes \(expected) parameters but was given \(given).
            Pass one for each $n.
            """
        case .notPrepared(let statement):
            """
            Statement "\(statement)" is not prepared on this connection.
            Call prepare after every connect: prepared statements end with their connection.
            """
        case .busy:
            """
            The connection is in the middle of a stream or a COPY.
            Use a second connection inside the closure, or collect first.
            """
        case .rolledBack:
            """
            The transaction was rolled back at its end, because a statement in it had failed.
            Let the error of that statement leave the closure.
            """
        case .interrupted: "The work was interrupted."
        case .misuse(let text): text
        default: ""
        }
    }

    /// The same with the server's detail, which may quote row values.
    public var debugDescription: String {
        guard case .server(let report) = self, let detail = report.detail else {
            return description
        }
        return "\(description)\nDETAIL: \(detail)"
    }
}

extension ServerReport: CustomStringConvertible {
    /// Message, SQLSTATE, statement, position and hint; not the detail.
    public var description: String {
        var text = "PostgreSQL: \(message) (SQLSTATE \(sqlState)"
        if let statement { text += ", statement \"\(statement)\"" }
        if let position { text += ", at character \(position)" }
        text += ")"
        if let hint { text += "\n\(hint)" }
        return text
    }
}

/// An operation with a closure failed: the database did, or the closure threw.
public enum StreamError<Body: Error>: Error {
    /// The database failed.
    case postgres(PostgresError)
    /// The closure threw this; the connection is fit for further use.
    case body(Body)
}
