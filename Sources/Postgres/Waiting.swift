// A statement whose end is not waited for: whoever has other things to hear, hears of the answer by
// the connection's socket. The connection is busy meanwhile, and refuses other statements.
// (Source: libpq, "Asynchronous Command Processing".)

internal import CLibPQ

extension Connection {
    /// The number of the socket, for poll(2): it can be read when something has come.
    package var socket: Int32 { unsafe PQsocket(raw) }

    /// Sends statements without parameters; `hasEnded` says when they are done.
    ///
    /// - Parameter sql: as in `run`.
    /// - Throws: `.busy`, a lost connection.
    package borrowing func begin(_ sql: String) throws(PostgresError) {
        try requireIdle()
        guard unsafe PQsendQuery(raw, sql) == 1 else { throw failure() }
        session.isBusy = true
    }

    /// Takes in what has come of the statements that were begun; does not wait.
    ///
    /// - Returns: whether they are done, and the connection is idle again.
    /// - Throws: the first error of the server, a lost connection; the connection is idle then.
    package borrowing func hasEnded() throws(PostgresError) -> Bool {
        guard unsafe PQconsumeInput(raw) == 1 else {
            session.isBusy = false
            throw failure()
        }
        while unsafe PQisBusy(raw) == 0 {
            guard let result = unsafe PQgetResult(raw) else {
                session.isBusy = false
                return true
            }
            do throws(PostgresError) {
                _ = unsafe try checked(result, statement: nil)
            } catch {
                // The server skips what follows an error, and may say goodbye.
                while let rest = unsafe PQgetResult(raw) { unsafe PQclear(rest) }
                session.isBusy = false
                throw isBroken ? failure() : error
            }
        }
        return false
    }
}
