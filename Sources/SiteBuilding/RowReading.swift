// Reads the rows of every route in one snapshot, a batch at a time.
//
// A cursor in a REPEATABLE READ transaction gives all routes the same state of the database and
// keeps memory flat: the next batch is fetched only when a worker is free to take it.

import MaterializedViews
import Postgres
import SiteAuthoring

/// One snapshot of the database, read route by route.
struct RowReading: ~Copyable {
    private let connection: Connection
    /// Statements sent up to now.
    private(set) var queries: Int
    /// The view that is being read.
    private var view = ""

    /// Connects and begins the snapshot.
    init(url: String) throws(PostgresError) {
        let opened = try Connection(to: url)
        try opened.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        connection = opened
        queries = 1
    }

    /// Checks that the compiled rows, the view files and the database agree.
    ///
    /// - Parameters:
    ///   - schemas: the schemas of the rows that will be read.
    ///   - definitions: the view files; nil when the sources are not at hand.
    /// - Throws: what differs.
    mutating func check(
        _ schemas: [ViewSchema], against definitions: [ViewDefinition]?
    ) throws(ViewError) {
        try ViewCheck.verify(schemas, definitions: definitions, on: connection)
        queries += schemas.count + 1
    }

    /// Begins to read a view in the order of its key.
    mutating func open(_ schema: ViewSchema) throws(BuildError) {
        view = schema.name
        queries += 1
        do {
            try connection.run(
                "DECLARE pages NO SCROLL CURSOR FOR \(RowStatements(schema: schema).all)")
        } catch {
            throw failure(error)
        }
    }

    /// The next rows, decoded; none at the end.
    mutating func next<T>(
        _ count: Int, decode: (borrowing RowReader) throws(RowError) -> T
    ) throws(BuildError) -> [Result<T, RowError>] {
        queries += 1
        do {
            return try connection.rows("FETCH FORWARD \(count) FROM pages") { row in
                do throws(RowError) { return .success(try decode(row)) } catch {
                    return .failure(error)
                }
            }
        } catch {
            throw failure(error)
        }
    }

    /// Ends reading the view.
    mutating func close() throws(PostgresError) {
        try connection.run("CLOSE pages")
        queries += 1
    }
    /// What the server refused, with the view's file.
    ///
    /// The message of a data exception (SQLSTATE class 22) may quote a value, so it is left out.
    private func failure(_ error: PostgresError) -> BuildError {
        guard case .server(let report) = error else { return .database(error) }
        let isAboutData = report.sqlState.hasPrefix("22")
        return .view(
            .sql(
                file: "site/database/\(view).sql", line: nil,
                message: (isAboutData ? "a row makes the statement fail" : report.message)
                    + " (SQLSTATE \(report.sqlState))",
                hint: "run the statement in psql and change it so that every row can be read."))
    }
}
