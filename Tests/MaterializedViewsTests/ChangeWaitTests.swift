// A follower that has the server wait: it is told of each reason to look, and nobody is held up.

import Glibc
import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("Waiting for changes") struct ChangeWaitTests {
    /// A database with one installed view over `item`.
    private static func prepared(_ text: String) throws -> String {
        let url = try DependencyTests.shop()
        _ = try ViewInstaller.apply([view("item_page", text)], on: Connection(to: url))
        return url
    }

    /// Whether a wait of ten minutes ends before one is over.
    private static func ends(
        _ url: String, after sequence: Int64 = 0, _ change: () throws -> Void
    ) throws -> Bool {
        let connection = try Connection(to: url)
        try ChangeQueue.beginWaiting(
            after: sequence, pause: .milliseconds(5), upTo: .seconds(600), on: connection)
        #expect(try !ChangeQueue.hasWaited(on: connection))
        try change()
        var socket = pollfd(fd: connection.socket, events: Int16(POLLIN), revents: 0)
        while try !ChangeQueue.hasWaited(on: connection) {
            guard unsafe poll(&socket, 1, 60_000) > 0 else { return false }
        }
        return true
    }

    private static let plain = "-- key: slug\nSELECT slug, name FROM item"

    @Test func `a write that a view reads, and an event that another has made, end a wait`() throws
    {
        let url = try Self.prepared(Self.plain)
        let other = try Connection(to: url)
        let insert = "INSERT INTO item (id, slug) VALUES (1, 'one')"
        #expect(try Self.ends(url) { try other.run(insert) })
        #expect(try Self.ends(url) { _ = try ChangeQueue.drain(on: other) })
        let last = try ChangeQueue.lastSequence(on: other)
        #expect(try Self.ends(url, after: last) { try other.run("DELETE FROM item") })
    }

    @Test func `a row whose time comes ends a wait`() throws {
        let url = try Self.prepared(
            "-- key: slug\n-- publish-at: until\nSELECT slug, until FROM item")
        let other = try Connection(to: url)
        try other.run(
            """
            INSERT INTO item (id, slug, until)
            VALUES (1, 'one', clock_timestamp() + '1 s'::interval)
            """)
        _ = try ChangeQueue.drain(on: other)
        let last = try ChangeQueue.lastSequence(on: other)
        #expect(try Self.ends(url, after: last) {})
    }

    @Test func `whoever waits holds no lock and no snapshot for longer than a look`() throws {
        let url = try Self.prepared(Self.plain)
        let waiting = try Connection(to: url)
        try ChangeQueue.beginWaiting(
            after: 0, pause: .milliseconds(5), upTo: .seconds(600), on: waiting)
        let other = try Connection(to: url)
        try other.run(
            """
            SET lock_timeout = '60 s'; BEGIN;
            LOCK TABLE sitegen.queue, sitegen.event, sitegen.schedule IN ACCESS EXCLUSIVE MODE;
            ROLLBACK
            """)
        let before = try other.texts("SELECT pg_current_xact_id()::text", doing: "")[0][0]
        let horizon = "SELECT max(backend_xmin::text::bigint)::text FROM pg_stat_activity"
        for _ in 0..<6_000 {
            let oldest = try other.texts(
                horizon + " WHERE query LIKE 'DO%' AND datname = current_database()", doing: "")
            if try #require(oldest[0][0] ?? before) >= #require(before) { return }
            usleep(10_000)
        }
        Issue.record("its snapshot is still older than \(before ?? "")")
    }

    @Test func `a wait ends by itself, and one without views says what to do`() throws {
        let url = try Self.prepared(Self.plain)
        let connection = try Connection(to: url)
        try ChangeQueue.beginWaiting(
            after: 0, pause: .milliseconds(5), upTo: .milliseconds(40), on: connection)
        while try !ChangeQueue.hasWaited(on: connection) { usleep(1_000) }
        #expect(try !ChangeQueue.isWaiting(on: connection))
        let empty = try Connection(to: ThrowAwayPostgres.database())
        try ChangeQueue.beginWaiting(
            after: 0, pause: .milliseconds(5), upTo: .seconds(600), on: empty)
        #expect(throws: ViewError.notInstalled) {
            while try !ChangeQueue.hasWaited(on: empty) { usleep(1_000) }
        }
    }
}
