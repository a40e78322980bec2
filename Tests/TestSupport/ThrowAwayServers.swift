// Servers for tests: one per test process, started when the first test asks, gone with the process.
//
// A test gets a database of its own, so tests may run at the same time. Nothing here stops the
// servers: the process's end does, see PrivateServers/RunningServer.swift. A test that stops a
// Redis, kills it or looks at all of its keys starts one of its own: RedisProcess.

import Glibc
import PrivateServers
import Synchronization

/// The test process's PostgreSQL.
package enum ThrowAwayPostgres {
    private static let server: Result<PrivatePostgres, any Error> = Result {
        try PrivatePostgres.start(in: uniqueFolder("postgres"), durability: .throwAway)
    }
    private static let count = Atomic<Int>(0)

    /// The URL of a new empty database.
    package static func database() throws -> String {
        let number = count.add(1, ordering: .relaxed).newValue
        return try server.get().createDatabase("test_\(number)")
    }
}

/// The test process's Redis, one server for all tests: use keys of your own.
package enum ThrowAwayRedis {
    private static let server: Result<PrivateRedis, any Error> = Result {
        try PrivateRedis.start(in: uniqueFolder("redis"), deletingFolder: true)
    }

    /// `unix:` and the path of the socket.
    package static func url() throws -> String { try server.get().url }
}

private func uniqueFolder(_ kind: String) -> String {
    "/tmp/sitegen-tests-\(kind)-\(getpid())-\(UInt32.random(in: 0 ... .max))"
}
