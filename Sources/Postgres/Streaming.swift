// Reads a result of any size row by row, in single-row mode, with flat memory.
//
// libpq delivers a PGresult for each row; it is freed before the next one is fetched. If the
// closure throws, the statement is cancelled and what is still under way is thrown away, so the
// connection is fit for the next statement; inside a transaction the cancel fails that transaction.
// (Source: libpq, "Retrieving Query Results Row-by-Row"; chosen by measurement over cursors and
// COPY, which were slower, and over PQexec, which holds everything.)

internal import CLibPQ

extension Connection {
    /// Runs a prepared statement and lends each row to a closure.
    ///
    /// The closure must not use this connection, which is busy until the last row.
    ///
    /// - Parameters:
    ///   - prepared: a name given to `prepare`.
    ///   - parameters: one value for each $n.
    ///   - each: called for each row in order; a row cannot be kept.
    /// - Throws: `.body` with what `each` threw, or `.postgres`. Rows seen before an error of the
    ///   server are not a whole result.
    package borrowing func stream<E: Error>(
        _ prepared: String, _ parameters: [Parameter] = [],
        each: (borrowing Row) throws(E) -> Void
    ) throws(StreamError<E>) {
        do throws(PostgresError) {
            try send(prepared, parameters)
        } catch {
            throw .postgres(error)
        }
        session.isBusy = true
        defer { session.isBusy = false }
        var columns: ResultColumns?
        while let raw = unsafe PQgetResult(raw) {
            let result = unsafe QueryResult(owning: raw)
            switch result.status {
            case PGRES_SINGLE_TUPLE:
                let known = columns ?? ResultColumns(result, catalog: session.catalog)
                columns = known
                let row = unsafe Row(of: result.raw, at: 0, columns: known)
                do throws(E) {
                    try each(row)
                } catch {
                    abandon()
                    throw .body(error)
                }
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
                continue
            default:
                let error = failure(result, statement: prepared)
                abandon()
                throw .postgres(error)
            }
        }
        if isBroken { throw .postgres(failure()) }
    }

    /// The same for a closure that throws this module's error only.
    ///
    /// - Parameters:
    ///   - prepared: a name given to `prepare`.
    ///   - parameters: one value for each $n.
    ///   - each: called for each row in order; a row cannot be kept.
    /// - Throws: the server's error or what `each` threw.
    package borrowing func streamRows(
        _ prepared: String, _ parameters: [Parameter] = [],
        each: (borrowing Row) throws(PostgresError) -> Void
    ) throws(PostgresError) {
        do throws(StreamError<PostgresError>) {
            try stream(prepared, parameters, each: each)
        } catch {
            switch error {
            case .postgres(let error), .body(let error): throw error
            }
        }
    }

    private borrowing func send(
        _ prepared: String, _ parameters: [Parameter]
    ) throws(PostgresError) {
        try requireIdle()
        guard let shape = session.statements[prepared] else {
            throw .notPrepared(statement: prepared)
        }
        let encoded = try EncodedParameters(parameters, for: shape, statement: prepared)
        let types = shape.parameters.map(\.oid)
        let sent = unsafe encoded.withPointers { count, values, lengths, formats in
            isPooled
                ? unsafe PQsendQueryParams(
                    raw, shape.sql, count, types, values, lengths, formats, 1)
                : unsafe PQsendQueryPrepared(raw, prepared, count, values, lengths, formats, 1)
        }
        guard sent == 1 else { throw failure() }
        guard unsafe PQsetSingleRowMode(raw) == 1 else {
            abandon()
            throw failure()
        }
    }

    /// Cancels what runs and reads up to its end; the outcome does not matter.
    private borrowing func abandon() {
        if unsafe PQtransactionStatus(raw) == PQTRANS_ACTIVE { canceller?.cancel() }
        while let result = unsafe PQgetResult(raw) { unsafe PQclear(result) }
    }

    /// A handle that another thread may use to cancel what this connection runs.
    ///
    /// nil only if the connection is broken.
    var canceller: Canceller? {
        guard let handle = unsafe PQgetCancel(raw) else { return nil }
        return unsafe Canceller(owning: handle)
    }
}

/// Cancels the running statement of one connection, from any thread and at any time.
///
/// The statement then fails with SQLSTATE 57014 (`PostgresError.isCancellation`). If nothing runs,
/// nothing happens; the handle may outlive its connection.
@safe final class Canceller: @unchecked Sendable {
    // Proof of @unchecked: the PGcancel is written once, in `init`, is only read by PQcancel, which
    // libpq documents as thread-safe, and is freed when nobody can refer to it any more.
    private let raw: OpaquePointer

    @unsafe init(owning raw: OpaquePointer) { unsafe self.raw = raw }

    deinit { unsafe PQfreeCancel(raw) }

    /// Asks the server to cancel; waits until it has taken the request, not until it has acted.
    ///
    /// - Returns: false if the server could not be asked.
    @discardableResult
    package func cancel() -> Bool {
        var message = [CChar](repeating: 0, count: 256)
        return unsafe PQcancel(raw, &message, Int32(message.count)) == 1
    }
}
