// Transactions around a closure, and snapshots that several connections share.
//
// The closure gets no connection: it uses the one it was called on. What it throws rolls back and
// comes out again. COMMIT of a failed transaction rolls back *without an error* in PostgreSQL;
// here that is `.rolledBack`. Nothing is retried: only the caller knows whether it may be.

internal import CLibPQ

/// How much of the others' work a transaction sees; section "Transaction Isolation".
package enum IsolationLevel: String, Sendable {
    /// Each statement sees what was committed before it.
    case readCommitted = "READ COMMITTED"
    /// The whole transaction sees one snapshot.
    case repeatableRead = "REPEATABLE READ"
    /// As if transactions ran one after another; may fail with 40001.
    case serializable = "SERIALIZABLE"
}

extension Connection {
    /// Runs a closure between BEGIN and COMMIT.
    ///
    /// - Parameters:
    ///   - isolation: what it sees of others.
    ///   - readOnly: whether writing is an error.
    ///   - body: gets this connection; what it throws rolls the transaction back.
    /// - Returns: what `body` returned, once it is committed.
    /// - Throws: `.body` with what `body` threw, or `.postgres`.
    package borrowing func transaction<T, E: Error>(
        isolation: IsolationLevel = .readCommitted, readOnly: Bool = false,
        _ body: (borrowing Connection) throws(E) -> T
    ) throws(StreamError<E>) -> T {
        do throws(PostgresError) {
            guard unsafe PQtransactionStatus(raw) == PQTRANS_IDLE || session.isBusy else {
                throw .misuse(
                    """
                    A transaction was begun inside a transaction, or the connection is lost.
                    Do it in the transaction that is there.
                    """)
            }
            try run(
                "BEGIN ISOLATION LEVEL \(isolation.rawValue)\(readOnly ? " READ ONLY" : ""); "
                    + transactionLimits)
        } catch {
            throw .postgres(error)
        }
        let value: T
        do throws(E) {
            value = try body(self)
        } catch {
            // A failing ROLLBACK means a lost connection, which has rolled back, too.
            try? run("ROLLBACK")
            throw .body(error)
        }
        do throws(PostgresError) {
            let result = unsafe try checked(unsafe PQexec(raw, "COMMIT"), statement: nil)
            guard result.command == "COMMIT" else { throw .rolledBack }
        } catch {
            throw .postgres(error)
        }
        return value
    }

    /// The same for a closure that throws this module's error only.
    ///
    /// - Parameters:
    ///   - isolation: what it sees of others.
    ///   - readOnly: whether writing is an error.
    ///   - body: gets this connection; what it throws rolls the transaction back.
    /// - Returns: what `body` returned, once it is committed.
    /// - Throws: the server's error or what `body` threw.
    package borrowing func inTransaction<T>(
        isolation: IsolationLevel = .readCommitted, readOnly: Bool = false,
        _ body: (borrowing Connection) throws(PostgresError) -> T
    ) throws(PostgresError) -> T {
        do throws(StreamError<PostgresError>) {
            return try transaction(isolation: isolation, readOnly: readOnly, body)
        } catch {
            switch error {
            case .postgres(let error), .body(let error): throw error
            }
        }
    }

    /// Makes this transaction's snapshot known, so that other connections can see the same.
    ///
    /// - Returns: its name; it works until this transaction ends.
    /// - Throws: what the server said.
    package borrowing func exportSnapshot() throws(PostgresError) -> String {
        let names = try rows("SELECT pg_catalog.pg_export_snapshot()") {
            row throws(PostgresError) in try row.value(0, as: String.self)
        }
        guard let name = names.first else { throw .misuse("pg_export_snapshot gave no row.") }
        return name
    }

    /// Makes this transaction see what another one sees.
    ///
    /// Must be the first statement of a transaction with `.repeatableRead` or `.serializable`.
    ///
    /// - Parameter name: what `exportSnapshot` returned on the other connection.
    /// - Throws: what the server said, for example that the other transaction has ended.
    package borrowing func useSnapshot(_ name: String) throws(PostgresError) {
        try run("SET TRANSACTION SNAPSHOT \(Self.quoted(literal: name))")
    }
}
