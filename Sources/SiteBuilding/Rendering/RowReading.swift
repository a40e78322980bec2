// Reads the rows of views in one snapshot, a batch at a time, on as many connections as there are
// workers.
//
// The first connection begins a REPEATABLE READ transaction and exports its snapshot; the others
// join it, so that all see one state of the database. Cursors keep memory flat: the next batch is
// fetched only when a worker is free to take it.

import MaterializedViews
import Postgres
import ReleaseFormat
import SiteAuthoring
import Spooling

/// A row with what identifies it.
struct IdentifiedRow<Value: Sendable>: Sendable {
    /// The text of the key.
    let key: String
    /// The digest of the columns.
    let digest: RowDigest
    /// What the row became, or why it became nothing.
    let value: Result<Value, PageProblem>
}

/// One snapshot of the database, on one connection.
struct RowReading: ~Copyable {
    private let connection: Connection
    private var isInSnapshot = true
    /// Which rows are read; nil for those that are installed.
    let preview: PreviewReading?
    /// Where the log was before the snapshot; nil for one that was joined.
    private var position: String?
    /// Statements sent up to now.
    private(set) var queries: Int
    /// The view that is being read.
    private var view = ""

    private static let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "

    /// Connects and begins a snapshot, or joins one that another connection has exported.
    ///
    /// - Parameters:
    ///   - database: the site's.
    ///   - snapshot: the one to join; nil takes one.
    ///   - preview: which rows are read; nil for those that are installed.
    /// - Throws: a `PostgresError`, or a `ViewError` of the preview's views.
    init(
        _ database: DatabaseAddress, joining snapshot: String? = nil,
        preview: PreviewReading? = nil
    ) throws {
        let opened = try Connection(to: database)
        position = snapshot == nil ? try Self.position(opened) : nil
        try opened.run((preview?.begin ?? Self.begin) + opened.transactionLimits)
        if let snapshot { try opened.useSnapshot(snapshot) }
        try preview?.createViews(on: opened)
        connection = opened
        self.preview = preview
        queries = 2
    }

    /// Begins a new snapshot on the same connection.
    mutating func renew() throws {
        try end()
        position = try Self.position(connection)
        try connection.run((preview?.begin ?? Self.begin) + connection.transactionLimits)
        isInSnapshot = true
        try preview?.createViews(on: connection)
        queries += 2
    }

    /// The end of the write-ahead log now: a snapshot that is taken later shows everything before.
    static func position(
        _ connection: borrowing Connection
    ) throws -> String? {
        let rows = try connection.rows(
            """
            SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                ELSE pg_current_wal_lsn() END::text
            """
        ) { row throws(PostgresError) in try row.value(0, as: String?.self) }
        return rows.first.flatMap { $0 }
    }

    /// Ends the snapshot: one that stays open keeps VACUUM from removing what it could see.
    mutating func end() throws {
        guard isInSnapshot else { return }
        try connection.run(preview == nil ? "COMMIT" : "ROLLBACK")
        isInSnapshot = false
        queries += 1
    }

    /// The events of the views' log behind one, as the snapshot shows them, in order.
    mutating func events(after event: Int64, limit: Int) throws -> [ViewEvent] {
        guard limit > 0 else { return [] }
        queries += 1
        return try ChangeQueue.events(after: event, limit: limit, on: connection)
    }

    /// The name under which other connections can join this snapshot.
    func exported() throws -> String { try connection.exportSnapshot() }

    /// Which state of the database the snapshot shows.
    mutating func state() throws -> DatabaseState {
        queries += 1
        return DatabaseState(
            lsn: position ?? DatabaseState.unknownPosition, event: try lastEvent())
    }

    /// The last event of the views' log that the snapshot shows; 0 without a log.
    ///
    /// Events that every consumer has acted on are dropped from the log.
    private mutating func lastEvent() throws -> Int64 {
        let found = try connection.rows(
            "SELECT to_regclass('\(connection.schema).event') IS NOT NULL"
        ) { row throws(PostgresError) in try row.value(0, as: Bool.self) }
        guard found.first == true else { return 0 }
        queries += 1
        return try connection.rows(
            """
            SELECT greatest((SELECT coalesce(max(seq), 0) FROM \(connection.schema).event),
                (SELECT coalesce(max(seq), 0) FROM \(connection.schema).consumer))
            """
        ) { row throws(PostgresError) in try row.value(0, as: Int64.self) }.first ?? 0
    }

    /// Checks that the compiled rows, the view files and the database agree.
    ///
    /// - Parameters:
    ///   - schemas: the schemas of the rows that will be read.
    ///   - definitions: the view files; nil when the sources are not at hand.
    /// - Throws: what differs.
    mutating func check(
        _ schemas: [ViewSchema], against definitions: [ViewDefinition]?
    ) throws {
        try ViewCheck.verify(schemas, definitions: definitions, on: connection)
        queries += schemas.count + 1
    }

    /// Where the compiled rows have other columns than the database.
    ///
    /// - Parameter schemas: the schemas of the rows that will be read.
    /// - Returns: what differs.
    /// - Throws: what PostgreSQL throws.
    mutating func differences(of schemas: [ViewSchema]) throws -> [ViewDisagreement] {
        queries += schemas.count + 1
        return try ViewCheck.differences(of: schemas, on: connection)
    }

    /// The views that were never installed as their files are now.
    mutating func unapplied(_ definitions: [ViewDefinition]) throws -> Set<String> {
        queries += 1
        return try ViewCheck.unapplied(definitions, on: connection)
    }

    /// The source of all row types, those of a preview's views as it made these.
    ///
    /// - Parameter definitions: all view files of the site.
    /// - Returns: the file.
    /// - Throws: what PostgreSQL and the views throw.
    mutating func rowTypes(of definitions: [ViewDefinition]) throws -> String {
        queries += definitions.count
        return try RowGenerator.source(
            of: definitions, previewed: Set(preview?.definitions.map(\.name) ?? []), on: connection)
    }

    /// Compares the digests of all rows of a view with those of the last release.
    ///
    /// Views are compared in the order of their names' bytes.
    mutating func plan(
        _ schema: ViewSchema, against known: inout KnownRows, spoolingIn spools: SpoolFolder
    ) throws -> ViewPlan {
        view = schema.name
        queries += 1
        var merging = DigestMerging(spoolingIn: spools)
        var spoolFailure: (any Error)?
        try known.begin(schema.name)
        do {
            try connection.prepare("sitegen_digests", as: identity(schema).digests)
            try connection.streamRows("sitegen_digests") { (row) throws(PostgresError) in
                let (key, digest) = (Array(try Self.key(row, 0).utf8), try Self.digest(row, 1))
                guard spoolFailure == nil else { return }
                do {
                    try merging.take(key: key, digest: digest, against: &known)
                } catch {
                    spoolFailure = error
                }
            }
        } catch {
            throw failure(error)
        }
        if let spoolFailure { throw spoolFailure }
        return try merging.finish(against: &known)
    }

    /// The digest of one row now; nil when there is no such row.
    mutating func digest(
        of key: String, in schema: ViewSchema
    ) throws -> RowDigest? {
        let rows = try rows(of: schema, keys: [key], for: "") { (_) throws(RowError) in () }
        return rows.first?.digest
    }

    /// Begins to read a part of a view.
    mutating func open(_ schema: ViewSchema, part: RowPart = .whole) throws {
        view = schema.name
        queries += 1
        do {
            try connection.run(
                "DECLARE pages NO SCROLL CURSOR FOR \(identity(schema).rows(of: part))")
        } catch {
            throw failure(error)
        }
    }

    /// The next rows, decoded for a route; none at the end.
    mutating func next<T>(
        _ count: Int, of schema: ViewSchema, for route: String,
        decode: (borrowing RowReader) throws(RowError) -> T
    ) throws -> [IdentifiedRow<T>] {
        queries += 1
        do {
            return try connection.rows("FETCH FORWARD \(count) FROM pages") {
                row throws(PostgresError) in try Self.identified(row, schema, route, decode)
            }
        } catch {
            throw failure(error)
        }
    }

    /// Ends reading the view.
    mutating func close() throws {
        queries += 1
        try connection.run("CLOSE pages")
    }

    /// The rows with these keys, decoded for a route; those gone are left out.
    ///
    /// All keys are asked for at once: whoever has many cuts them into batches.
    mutating func rows<T>(
        of schema: ViewSchema, keys: [String], for route: String,
        decode: (borrowing RowReader) throws(RowError) -> T
    ) throws -> [IdentifiedRow<T>] {
        view = schema.name
        queries += 1
        let parts = keys.compactMap { RowKey.parts(of: $0, count: schema.key.count) }
        let columns = schema.key.indices.map { place in Parameter(parts.map { $0[place] }) }
        let statement = RowStatements(
            schema: schema, in: connection.schema, identified: true,
            from: preview?.relation(schema)
        ).some
        do {
            return try connection.rows(statement, columns) {
                row throws(PostgresError) in try Self.identified(row, schema, route, decode)
            }
        } catch {
            throw failure(error)
        }
    }

    private func identity(_ schema: ViewSchema) -> RowIdentity {
        RowIdentity(schema, in: connection.schema, from: preview?.relation(schema))
    }

    private static func identified<T>(
        _ row: borrowing Row, _ schema: ViewSchema, _ route: String,
        _ decode: (borrowing RowReader) throws(RowError) -> T
    ) throws(PostgresError) -> IdentifiedRow<T> {
        let width = schema.columns.count
        let work = NotedWork(
            route: route, view: schema.name, key: try key(row, width),
            digest: try digest(row, width + 1))
        return IdentifiedRow(
            key: work.key, digest: try digest(row, width + 1), value: value(row, work, decode))
    }

    private static func value<T>(
        _ row: borrowing Row, _ work: NotedWork,
        _ decode: (borrowing RowReader) throws(RowError) -> T
    ) -> Result<T, PageProblem> {
        if let problem = CrashLog.obstacle(to: work) { return .failure(problem) }
        CrashLog.begin(work)
        defer { CrashLog.end() }
        do throws(RowError) {
            return .success(try decode(row))
        } catch {
            return .failure(PageProblem(route: work.route, row: error))
        }
    }

    /// The key's text; empty where a column of it is NULL, which no key may be.
    private static func key(_ row: borrowing Row, _ place: Int) throws(PostgresError) -> String {
        try row.value(place, as: String?.self) ?? ""
    }

    private static func digest(
        _ row: borrowing Row, _ place: Int
    ) throws(PostgresError) -> RowDigest {
        let id = try row.value(place, as: PostgresUUID.self)
        return RowDigest(high: id.high, low: id.low)
    }

    /// What the server refused, with the view's file.
    ///
    /// The message of a data exception (SQLSTATE class 22) may quote a value, so it is left out.
    private func failure(_ error: PostgresError) -> any Error {
        guard case .server(let report) = error else { return error }
        let isAboutData = report.sqlState.hasPrefix("22")
        return ViewError.sql(
            file: "site/database/\(view).sql", line: nil,
            message: (isAboutData ? "a row makes the statement fail" : report.message)
                + " (SQLSTATE \(report.sqlState))",
            hint: "run the statement in psql and change it so that every row can be read.")
    }
}
