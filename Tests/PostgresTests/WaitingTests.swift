// Statements whose end is not waited for.

import Glibc
import TestSupport
import Testing

@testable import Postgres

@Suite("Waiting") struct WaitingTests {
    /// Sleeps on the socket until what was begun has ended, or a minute is over.
    private func end(_ connection: borrowing Connection) throws(PostgresError) {
        var socket = pollfd(fd: connection.socket, events: Int16(POLLIN), revents: 0)
        while try !connection.hasEnded() {
            guard unsafe poll(&socket, 1, 60_000) > 0 else { return }
        }
    }

    @Test func `a statement is begun, nothing else runs meanwhile, and its end is told`() throws {
        let url = try ThrowAwayPostgres.database()
        let connection = try Connection(to: url)
        let other = try Connection(to: url)
        try other.run("SELECT pg_advisory_lock(1)")
        try connection.begin("SELECT pg_advisory_lock(1)")
        #expect(failure { try connection.run("SELECT 1") } == .busy)
        #expect(failure { try connection.begin("SELECT 1") } == .busy)
        #expect(try !connection.hasEnded())
        try other.run("SELECT pg_advisory_unlock(1)")
        try end(connection)
        #expect(try connection.one("SELECT 1", as: Int32.self) == 1)
    }

    @Test func `the first error of several statements is thrown, and the connection goes on`()
        throws
    {
        try withDatabase { connection throws in
            try connection.begin("SELECT 1; SELECT 1 / 0; SELECT pg_sleep(600)")
            let error = try #require(failure { try end(connection) })
            #expect(error.sqlState == "22012")
            #expect(try connection.one("SELECT 2", as: Int32.self) == 2)
        }
    }

    @Test func `a server that goes away meanwhile is a lost connection`() throws {
        let url = try ThrowAwayPostgres.database()
        let connection = try Connection(to: url)
        let process = try connection.one("SELECT pg_backend_pid()", as: Int32.self)
        try connection.begin("SELECT pg_sleep(600)")
        try Connection(to: url).run("SELECT pg_terminate_backend(\(process))")
        let error = try #require(failure { try end(connection) })
        guard case .connectionLost = error else {
            Issue.record("\(error)")
            return
        }
        let isBroken = connection.isBroken
        #expect(isBroken)
    }
}
