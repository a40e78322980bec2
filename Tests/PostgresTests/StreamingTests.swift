// Large results in flat memory, early stops, cancels, transactions, snapshots and COPY.

import Glibc
import TestSupport
import Testing

@testable import Postgres

private struct Stop: Error, Equatable { var row: Int }

/// A thread of its own: those of the test runner may all be blocked.
private struct OwnThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
    private var id = pthread_t()

    init(_ body: @escaping @Sendable () -> Void) {
        let context = Unmanaged.passRetained(Body(body)).toOpaque()
        pthread_create(
            &id, nil,
            { context in
                context.map { Unmanaged<Body>.fromOpaque($0).takeRetainedValue().run() }
                return nil
            }, context)
    }

    func join() { pthread_join(id, nil) }
}

@Suite("Streams") struct StreamingTests {
    @Test func `a million rows pass through flat memory`() throws {
        try withDatabase { connection throws in
            try connection.prepare(
                "many", as: "SELECT generate_series(1, $1::int8), repeat('x', 200)")
            var sum = 0
            var bytes = 0
            var early = 0
            try connection.streamRows("many", [1_000_000]) { row throws(PostgresError) in
                let number = try row.value(0, as: Int.self)
                sum += number
                bytes += try row.value(1, as: String.self).utf8.count
                if number == 10_000 { early = residentPages() }
            }
            let growth = (residentPages() - early) * 4_096
            #expect(sum == 500_000_500_000)
            #expect(bytes == 200_000_000)
            #expect(growth < 100_000_000, "the other tests of this process included")
        }
    }

    @Test func `a closure that throws stops the stream, and the connection goes on`() throws {
        try withDatabase { connection throws in
            try connection.prepare(
                "endless", as: "SELECT generate_series(1, 1000000000000)")
            do throws(StreamError<Stop>) {
                try connection.stream("endless") { row throws(Stop) in
                    guard let number = try? row.value(0, as: Int.self), number < 1_000 else {
                        throw Stop(row: 1_000)
                    }
                }
                Issue.record("the stream ended")
            } catch {
                guard case .body(let stop) = error else { throw error }
                #expect(stop == Stop(row: 1_000))
            }
            #expect(try connection.one("SELECT 1::int8", as: Int.self) == 1)
        }
    }

    @Test func `an error amid the rows is thrown with the statement's name`() throws {
        try withDatabase { connection throws in
            try connection.prepare(
                "bad", as: "SELECT 1 / (1000 - i) FROM generate_series(1, 2000) AS i")
            let error = failure { try connection.streamRows("bad") { _ in } }
            #expect(error?.sqlState == "22012")
            #expect(error?.description.contains("\"bad\"") == true)
            #expect(try connection.one("SELECT 1::int8", as: Int.self) == 1)
        }
    }

    @Test func `the connection is busy inside its closures`() throws {
        try withDatabase { connection throws in
            try connection.prepare("two", as: "SELECT generate_series(1, 2)")
            var rows = 0
            let error = failure {
                try connection.streamRows("two") { _ throws(PostgresError) in
                    rows += 1
                    try connection.run("SELECT 1")
                }
            }
            #expect(error == .busy)
            #expect(rows == 1)
            #expect(
                failure { try connection.streamRows("none") { _ in } }
                    == .notPrepared(statement: "none"))
            #expect(try connection.one("SELECT 1::int8", as: Int.self) == 1)
        }
    }

    @Test func `another thread can cancel`() async throws {
        let url = try ThrowAwayPostgres.database()
        let connection = try Connection(to: url)
        try connection.prepare("sleep", as: "SELECT pg_sleep(60)")
        let handle = connection.canceller
        let canceller = try #require(handle)
        let process: Int = try connection.one("SELECT pg_backend_pid()::int8")
        let thread = OwnThread {
            // Cancels only once the server is in the statement: an earlier cancel hits nothing.
            let deadline = ContinuousClock.now + .seconds(30)
            guard let observer = try? Connection(to: url) else { return }
            while ContinuousClock.now < deadline {
                let isSleeping = try? observer.one(
                    """
                    SELECT count(*) = 1 FROM pg_stat_activity
                    WHERE pid = $1 AND wait_event = 'PgSleep'
                    """, [Parameter(process)], as: Bool.self)
                if isSleeping == true { break }
            }
            canceller.cancel()
        }
        let error = failure { try connection.streamRows("sleep") { _ in } }
        thread.join()
        #expect(error?.isCancellation == true)
        #expect(try connection.one("SELECT 1::int8", as: Int.self) == 1)
    }

    @Test func `a connection may be sent to another thread`() async throws {
        let connection = try Connection(to: ThrowAwayPostgres.database())
        #expect(await divisionByZero(connection)?.sqlState == "22012")
    }

    @concurrent private func divisionByZero(
        _ connection: consuming sending Connection
    ) async -> PostgresError? {
        do throws(PostgresError) {
            try connection.run("SELECT 1 / 0")
            return nil
        } catch {
            return error
        }
    }

    private func residentPages() -> Int {
        let file = open("/proc/self/statm", O_RDONLY)
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 100)
        let count = read(file, &bytes, 100)
        let words = String(decoding: bytes[..<max(0, count)], as: UTF8.self).split(separator: " ")
        return words.dropFirst().first.flatMap { Int($0) } ?? 0
    }
}

@Suite("Transactions") struct TransactionTests {
    @Test func `what a closure throws undoes what it did`() throws {
        try withDatabase { connection throws in
            try connection.run("CREATE TABLE t (a int)")
            let error = failure {
                try connection.inTransaction { connection throws(PostgresError) in
                    try connection.run("INSERT INTO t VALUES (1)")
                    try connection.run("SELECT 1 / 0")
                }
            }
            #expect(error?.sqlState == "22012")
            #expect(try connection.one("SELECT count(*) FROM t", as: Int.self) == 0)
            let answer = try connection.inTransaction { connection throws(PostgresError) in
                try connection.execute("INSERT INTO t SELECT generate_series(1, 3)")
            }
            #expect(answer == 3)
            #expect(try connection.one("SELECT count(*) FROM t", as: Int.self) == 3)
        }
    }

    @Test func `a swallowed error makes the commit an error`() throws {
        try withDatabase { connection throws in
            let error = failure {
                try connection.inTransaction { connection throws(PostgresError) in
                    try? connection.run("SELECT 1 / 0")
                }
            }
            #expect(error == .rolledBack)
        }
    }

    @Test func `levels, read-only and nesting`() throws {
        try withDatabase { connection throws in
            try connection.run("CREATE TABLE t (a int)")
            for level in [IsolationLevel.readCommitted, .repeatableRead, .serializable] {
                let shown = try connection.inTransaction(isolation: level) {
                    connection throws(PostgresError) in
                    try connection.rows("SHOW transaction_isolation") {
                        row throws(PostgresError) in try row.value(0, as: String.self)
                    }
                }
                #expect(shown == [level.rawValue.lowercased()])
            }
            let write = failure {
                try connection.inTransaction(readOnly: true) { connection throws(PostgresError) in
                    try connection.run("INSERT INTO t VALUES (1)")
                }
            }
            #expect(write?.sqlState == "25006")
            let nested = failure {
                try connection.inTransaction { connection throws(PostgresError) in
                    try connection.inTransaction { _ in }
                }
            }
            guard case .misuse = nested else {
                Issue.record("\(String(describing: nested))")
                return
            }
        }
    }

    @Test func `two connections share a snapshot`() throws {
        let url = try ThrowAwayPostgres.database()
        let first = try Connection(to: url)
        let second = try Connection(to: url)
        try first.run("CREATE TABLE t AS SELECT 1 AS a")
        let counts = try first.inTransaction(isolation: .repeatableRead) {
            first throws(PostgresError) in
            let snapshot = try first.exportSnapshot()
            try second.run("INSERT INTO t VALUES (2)")
            return try second.inTransaction(isolation: .repeatableRead, readOnly: true) {
                second throws(PostgresError) in
                try second.useSnapshot(snapshot)
                return try second.rows("SELECT count(*) FROM t") { row throws(PostgresError) in
                    try row.value(0, as: Int.self)
                }
            }
        }
        #expect(counts == [1])
        #expect(try second.one("SELECT count(*) FROM t", as: Int.self) == 2)
    }
}

@Suite("COPY") struct CopyTests {
    @Test func `rows are loaded as they were given`() throws {
        let texts: [String?] = [
            nil, "", "\\N", "\\.", "tab\tline\nreturn\rback\\slash", "ä😀", "\u{8}\u{b}\u{c}",
            "\"q\"",
        ]
        try withDatabase { connection throws in
            try connection.run(
                """
                CREATE TABLE "T" (
                    id int8, "a b" text, tags text[], price numeric, at timestamptz)
                """)
            let price = try #require(Numeric("12.50"))
            let loaded = try connection.copyIn(
                "\"T\"", columns: ["a b", "id", "tags", "price", "at"]
            ) {
                writer throws(PostgresError) in
                for (index, text) in texts.enumerated() {
                    try writer.row([
                        Parameter(text), Parameter(index), Parameter([text]), Parameter(price),
                        Parameter(Timestamp(microsecondsSince1970: 0)),
                    ])
                }
            }
            #expect(loaded == texts.count)
            let back = try connection.rows("SELECT \"a b\", tags, price, at FROM \"T\" ORDER BY id")
            {
                row throws(PostgresError) in
                #expect(try row.value(2, as: Numeric.self) == price)
                #expect(try row.value(3, as: Timestamp.self).microsecondsSince1970 == 0)
                #expect(
                    try row.value(1, as: [String?].self) == [try row.value(0, as: String?.self)])
                return try row.value(0, as: String?.self)
            }
            #expect(back == texts)
        }
    }

    @Test func `binary rows are loaded as they were given`() throws {
        try withDatabase { connection throws in
            try connection.run("CREATE TABLE t (a int8, b int2, c timestamptz, d text)")
            let types: [PostgresType] = [.int8, .int2, .timestamptz, .text]
            let columns = ["a", "b", "c", "d"]
            let loaded = try connection.copyIn("t", columns: columns, types: types) {
                writer throws(PostgresError) in
                for number in 1...20_000 {
                    try writer.row([
                        Parameter(Int64(number)), Parameter(Int16(-3)),
                        Parameter(Timestamp(microsecondsSince2000: 7)),
                        number % 2 == 0 ? nil : "tab\tä",
                    ])
                }
            }
            #expect(loaded == 20_000)
            let sum = try connection.one(
                "SELECT sum(a + b)::int8 FROM t WHERE c = '2000-01-01 00:00:00.000007Z'",
                as: Int.self)
            #expect(sum == 200_010_000 - 60_000)
            #expect(
                try connection.one("SELECT count(*) FROM t WHERE d = E'tab\\tä'", as: Int.self)
                    == 10_000)
            let wrong = failure {
                try connection.copyIn("t", columns: columns, types: types) {
                    writer throws(PostgresError) in
                    try writer.row([1, Parameter(70_000), nil, nil])
                }
            }
            guard case .misuse = wrong else { throw wrong ?? .busy }
            let few = failure {
                try connection.copyIn("t", columns: columns, types: [.int8]) {
                    _ throws(PostgresError) in
                }
            }
            guard case .misuse = few else { throw few ?? .busy }
            #expect(try connection.one("SELECT count(*) FROM t", as: Int.self) == 20_000)
        }
    }

    @Test func `many rows go in several pieces`() throws {
        try withDatabase { connection throws in
            try connection.run("CREATE TABLE t (a int8)")
            let loaded = try connection.copyIn("t", columns: ["a"]) {
                writer throws(PostgresError) in
                for number in 1...100_000 { try writer.row([Parameter(number)]) }
            }
            #expect(loaded == 100_000)
            #expect(try connection.one("SELECT sum(a)::int8 FROM t", as: Int.self) == 5_000_050_000)
        }
    }

    @Test func `a failing load loads nothing and leaves the connection usable`() throws {
        try withDatabase { connection throws in
            try connection.run("CREATE TABLE t (a int8)")
            let given = failure {
                try connection.copyIn("t", columns: ["a"]) { writer throws(PostgresError) in
                    try writer.row([1])
                    throw .misuse("enough")
                }
            }
            #expect(given == .misuse("enough"))
            let wrong = failure {
                try connection.copyIn("t", columns: ["a"]) { writer throws(PostgresError) in
                    try writer.row(["x"])
                }
            }
            #expect(wrong?.sqlState == "22P02")
            let count = failure {
                try connection.copyIn("t", columns: ["a"]) { writer throws(PostgresError) in
                    try writer.row([1, 2])
                }
            }
            guard case .misuse = count else { throw count ?? .busy }
            #expect(
                failure { try connection.copyIn("none", columns: ["a"]) { _ in } }?.sqlState
                    == "42P01")
            #expect(try connection.one("SELECT count(*) FROM t", as: Int.self) == 0)
        }
    }
}
