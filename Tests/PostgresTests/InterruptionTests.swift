// Stopping a connection from another thread, and the time limits that others set.

import Glibc
import TestSupport
import Testing

@testable import Postgres

@Suite("Interruption") struct InterruptionTests {
    @Test func `a statement that runs is cancelled, and no other begins until that is allowed`()
        async throws
    {
        let connection = try Connection(to: ThrowAwayPostgres.database())
        let interrupter = connection.interrupter
        try connection.run("BEGIN")
        let asking = onOwnThread { while !interrupter.interrupt() { usleep(10_000) } }
        #expect(failure { try connection.run("SELECT pg_sleep(600)") } == .interrupted)
        #expect(failure { try connection.run("SELECT 1") } == .interrupted)
        #expect(failure { _ = try connection.one("SELECT 1", as: Int32.self) } == .interrupted)
        try await asking.value
        try connection.run("ROLLBACK")
        connection.resume()
        #expect(try connection.one("SELECT 1", as: Int32.self) == 1)
    }

    @Test func `between two statements the wish is not lost`() throws {
        try withDatabase { connection throws in
            #expect(!connection.interrupter.interrupt())
            #expect(failure { try connection.run("SELECT pg_sleep(600)") } == .interrupted)
            #expect(connection.interrupter.interrupt())
        }
    }

    @Test func `what is left is put in order even if the wish is repeated`() throws {
        try withDatabase { connection throws in
            let interrupter = connection.interrupter
            #expect(!interrupter.interrupt())
            #expect(failure { try connection.run("SELECT 1") } == .interrupted)
            connection.resume()
            #expect(interrupter.interrupt())
            #expect(try connection.one("SELECT 1", as: Int32.self) == 1)
        }
    }

    @Test(arguments: [
        "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout",
        "idle_session_timeout",
    ])
    func `a time limit of the database does not hold here`(setting: String) throws {
        let url = try ThrowAwayPostgres.database()
        let owner = try Connection(to: url)
        try owner.run(
            """
            DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET \(setting) = 70',
                current_database()); END $$
            """)
        let connection = try Connection(to: url)
        #expect(try connection.one("SHOW \(setting)", as: String.self) == "0")
        #expect(
            try connection.one("SHOW client_connection_check_interval", as: String.self) == "2s")
        let settings = ConnectionSettings(statementMilliseconds: 1_234)
        let limited = try Connection(to: url, settings: settings)
        #expect(try limited.one("SHOW statement_timeout", as: String.self) == "1234ms")
    }

    @Test func `in a pooler's session, limits are lifted for the transaction alone`() throws {
        try withDatabase { connection throws in
            try connection.run("SET statement_timeout = '9s'; SET lock_timeout = '8s'")
            connection.session.isPooled = true
            let inside = try connection.inTransaction { connection throws(PostgresError) in
                try ["statement_timeout", "lock_timeout"].map { name throws(PostgresError) in
                    try connection.rows("SHOW \(name)") { row throws(PostgresError) in
                        try row.value(0, as: String.self)
                    }.first
                }
            }
            #expect(inside == ["0", "0"])
            #expect(try connection.one("SHOW statement_timeout", as: String.self) == "9s")
        }
    }
}
