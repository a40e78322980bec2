// Which transactions a watcher notices, against a PostgreSQL of its own.
//
// Transaction numbers belong to the whole server, not to a database; a server that other tests
// write to would make every look a change.

import Postgres
import PrivateServers
import SiteWatching
import TestSupport
import Testing

@Suite("Row watcher", .serialized) final class RowWatcherTests {
    private let folder: TemporaryFolder
    private let server: PrivatePostgres
    private let url: String

    init() throws {
        folder = try TemporaryFolder()
        server = try PrivatePostgres.start(in: "\(folder.path)/postgres", durability: .throwAway)
        url = try server.createDatabase("watched")
        let connection = try Connection(to: url)
        try connection.run("ALTER SYSTEM SET autovacuum = off")
        try connection.run("SELECT pg_reload_conf()")
        try connection.run("CREATE TABLE t (n int)")
    }

    deinit { server.stop() }

    @Test func `a write is noticed once, reading is none`() throws {
        let writer = try Connection(to: url)
        var watcher = try RowWatcher(url: url)
        #expect(try !watcher.hasChanged())
        try writer.run("SELECT * FROM t")
        #expect(try !watcher.hasChanged())
        for statement in [
            "INSERT INTO t VALUES (1)", "UPDATE t SET n = 2", "DELETE FROM t", "CREATE TABLE u ()",
        ] {
            try writer.run(statement)
            #expect(try watcher.hasChanged(), "\(statement)")
            #expect(try !watcher.hasChanged(), "\(statement)")
        }
    }

    @Test func `a write counts when it is committed, also after a younger one`() throws {
        let slow = try Connection(to: url)
        let quick = try Connection(to: url)
        var watcher = try RowWatcher(url: url)
        try slow.run("BEGIN")
        try slow.run("INSERT INTO t VALUES (1)")
        try quick.run("INSERT INTO t VALUES (2)")
        #expect(try watcher.hasChanged())
        #expect(try !watcher.hasChanged())
        try slow.run("COMMIT")
        #expect(try watcher.hasChanged())
        #expect(try !watcher.hasChanged())
    }

    @Test func `a lost connection is told, and a new watcher goes on`() throws {
        var watcher = try RowWatcher(url: url)
        var isBroken = watcher.isBroken
        #expect(!isBroken)
        let other = try Connection(to: url)
        _ = try other.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                + "WHERE datname = 'watched' AND pid <> pg_backend_pid()"
        ) { (_) throws(PostgresError) in () }
        #expect(throws: PostgresError.self) { try watcher.hasChanged() }
        isBroken = watcher.isBroken
        #expect(isBroken)
        var next = try RowWatcher(url: url)
        #expect(try !next.hasChanged())
    }

    @Test func `a database that is away is an error`() {
        #expect(throws: PostgresError.self) {
            _ = try RowWatcher(url: "postgresql://127.0.0.1:1/none")
        }
    }
}
