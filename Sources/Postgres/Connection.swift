// One session with PostgreSQL over libpq.
//
// Calls block their thread. A connection is not Sendable, since two threads must not use one at
// the same time, but as a value of its own it may be sent to another thread. It never reconnects
// by itself: a transaction, a snapshot or a lock that silently began anew would be wrong. When
// `isBroken` is true, drop it, make another and prepare again: prepared statements die with it.

internal import CLibPQ

/// A connection to one database.
@safe package struct Connection: ~Copyable {
    let raw: OpaquePointer
    let session: Session

    /// What one connection remembers; only its one user touches it.
    final class Session {
        let notices: NoticeReceiver
        let catalog = TypeCatalog()
        var statements: [String: StatementShape] = [:]
        /// Whether a pooler stands between this connection and the server.
        var isPooled = false
        /// Whether another thread wants the work to stop.
        let interruption = Interruption()
        /// Set while a closure reads rows or writes COPY data.
        var isBusy = false
        /// Set when libpq said so before it noticed itself.
        var isLost = false
        let schema: SiteSchema

        init(_ settings: ConnectionSettings) {
            notices = NoticeReceiver(settings.onNotice)
            schema = settings.schema
        }
    }

    /// Connects and sets the session's formats.
    ///
    /// - Parameters:
    ///   - url: `postgresql://…` or `key=value …`; libpq, "Connection Strings".
    ///   - settings: timeouts and the like.
    /// - Throws: `.invalidURL`, `.unreachable` or what the server said.
    package init(
        to url: String, settings: ConnectionSettings = ConnectionSettings()
    ) throws(PostgresError) {
        let session = Session(settings)
        unsafe self.init(owning: try Self.open(url, settings, session), session: session)
    }

    @unsafe private init(owning raw: OpaquePointer, session: Session) {
        unsafe self.raw = raw
        self.session = session
    }

    deinit { unsafe PQfinish(raw) }

    /// libpq's message about a bad URL quotes it, password and all; so it is parsed beforehand.
    ///
    /// A password with an unescaped `@` or `/` ends up in the host or the port, which messages
    /// about unreachable servers quote, too.
    private static func check(_ url: String) throws(PostgresError) {
        var message: UnsafeMutablePointer<CChar>?
        let options = unsafe PQconninfoParse(url, &message)
        unsafe PQfreemem(message)
        guard let options = unsafe options else { throw .invalidURL }
        defer { unsafe PQconninfoFree(options) }
        var option = unsafe options
        while let keyword = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val {
                let text = unsafe String(cString: value)
                switch unsafe String(cString: keyword) {
                case "port":
                    let isPort = text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2C }
                    guard isPort else { throw .invalidURL }
                // A leading `@` is an abstract socket.
                case "host", "hostaddr":
                    guard text.hasPrefix("/") || !text.dropFirst().contains("@") else {
                        throw .invalidURL
                    }
                default: break
                }
            }
            unsafe option += 1
        }
    }

    /// Connects, and closes again whatever cannot be made ready.
    @unsafe private static func open(
        _ url: String, _ settings: ConnectionSettings, _ session: Session
    ) throws(PostgresError) -> OpaquePointer {
        try check(url)
        // Later keywords win over earlier ones, and those in the URL count at its place.
        let pairs: [(String, String)] = [
            ("connect_timeout", "\(max(2, settings.connectSeconds))"), ("dbname", url),
            ("fallback_application_name", settings.applicationName), ("client_encoding", "UTF8"),
        ]
        let raw = unsafe withOptionalCStrings(pairs.map(\.0)) { keywords in
            unsafe withOptionalCStrings(pairs.map(\.1)) { values in
                unsafe PQconnectdbParams(keywords.baseAddress, values.baseAddress, 1)
            }
        }
        guard let raw = unsafe raw else { throw .unreachable(message: "out of memory") }
        guard unsafe PQstatus(raw) == CONNECTION_OK else {
            let message = unsafe Self.message(of: raw)
            unsafe PQfinish(raw)
            throw .unreachable(message: message)
        }
        unsafe session.notices.install(on: raw)
        let answer = unsafe PQexec(raw, settings.sessionSQL)
        let isReady = unsafe PQresultStatus(answer) == PGRES_TUPLES_OK
        if isReady, let process = unsafe PQgetvalue(answer, 0, 0) {
            // A pooler gives its clients numbers of its own.
            session.isPooled = unsafe Int32(String(cString: process)) != PQbackendPID(raw)
        }
        let message = unsafe Self.message(of: raw)
        unsafe PQclear(answer)
        guard isReady else {
            unsafe PQfinish(raw)
            throw .unreachable(message: message)
        }
        // A session of a pooler belongs to others, too: nothing is left there.
        if !session.isPooled {
            for sql in settings.limitsSQL(version: unsafe Int(PQserverVersion(raw))) {
                unsafe PQclear(unsafe PQexec(raw, sql))
            }
        }
        return unsafe raw
    }

    static func message(of raw: OpaquePointer) -> String {
        guard let text = unsafe PQerrorMessage(raw) else { return "" }
        let trimmed = unsafe String(cString: text).split(separator: "\n").joined(separator: " ")
        return String(trimmed.prefix(PostgresLimits.messageCharactersMax))
    }

    /// Whether the connection is lost for good; make another.
    package var isBroken: Bool { unsafe session.isLost || PQstatus(raw) != CONNECTION_OK }

    /// Whether a pooler (PgBouncer) stands between this connection and the server.
    ///
    /// Then two transactions may run in two sessions of the server, so nothing may be left there
    /// from one to the next: prepared statements are kept here and sent with each use.
    package var isPooled: Bool { session.isPooled }

    /// The server's version as in `server_version_num`, for example 150017.
    var serverVersion: Int { unsafe Int(PQserverVersion(raw)) }

    /// Runs statements without parameters, several at once if they are separated by semicolons.
    ///
    /// Results are dropped. Several statements are one transaction unless they say otherwise.
    ///
    /// - Parameter sql: never text that somebody else wrote: nothing is escaped here.
    /// - Throws: the first error of the server; the statements after it did not run.
    package borrowing func run(_ sql: String) throws(PostgresError) {
        try requireIdle(isEnding: sql.hasPrefix("ROLLBACK"))
        _ = unsafe try checked(unsafe PQexec(raw, sql), statement: nil)
    }

    /// Refuses a statement while rows are read, or after an interruption unless it ends what was
    /// interrupted.
    func requireIdle(isEnding: Bool = false) throws(PostgresError) {
        guard !session.isBusy else { throw .busy }
        if !isEnding, session.interruption.isNoticed() { throw .interrupted }
    }

    /// Takes over a result of libpq, or throws what it says.
    borrowing func checked(
        _ result: OpaquePointer?, statement: String?
    ) throws(PostgresError) -> QueryResult {
        guard let result = unsafe result else { throw failure() }
        let owned = unsafe QueryResult(owning: result)
        let status = owned.status
        if status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH {
            leaveCopy(status)
            throw .misuse("A plain statement began a COPY.\nUse copyIn.")
        }
        if status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY {
            return owned
        }
        throw failure(owned, statement: statement)
    }

    /// The error behind a failed result; a lost connection counts as such whatever it says.
    borrowing func failure(_ result: borrowing QueryResult, statement: String?) -> PostgresError {
        // A failed result without a code is libpq's own, as while rows of a server that died are
        // read: the status of the connection may say so only later.
        if result.field("C") == nil { session.isLost = true }
        if isBroken { return failure() }
        let error = PostgresError.server(result.report(statement: statement))
        return error.isCancellation && session.interruption.isNoticed() ? .interrupted : error
    }

    borrowing func failure() -> PostgresError {
        let message = unsafe Self.message(of: raw)
        return isBroken ? .connectionLost(message: message) : .misuse("libpq: \(message)")
    }

    /// Ends a COPY nobody asked for, so that the connection stays usable.
    private borrowing func leaveCopy(_ status: ExecStatusType) {
        if status == PGRES_COPY_OUT {
            var line: UnsafeMutablePointer<CChar>?
            while unsafe PQgetCopyData(raw, &line, 0) > 0 { unsafe PQfreemem(line) }
        } else {
            unsafe PQputCopyEnd(raw, "not expected")
        }
        while let result = unsafe PQgetResult(raw) { unsafe PQclear(result) }
    }
}

/// Lends strings as C's null-terminated array of strings; nil stays nil in its place.
func withOptionalCStrings<R>(
    _ strings: [String], _ body: (UnsafeBufferPointer<UnsafePointer<CChar>?>) -> R
) -> R {
    var bytes: [CChar] = []
    let offsets = strings.map { string in
        defer { bytes.append(contentsOf: string.utf8CString) }
        return bytes.count
    }
    return unsafe bytes.withUnsafeBufferPointer { buffer in
        var pointers: [UnsafePointer<CChar>?] = unsafe offsets.map { offset in
            unsafe buffer.baseAddress.map { unsafe $0 + offset }
        }
        unsafe pointers.append(nil)
        return unsafe pointers.withUnsafeBufferPointer { unsafe body($0) }
    }
}
