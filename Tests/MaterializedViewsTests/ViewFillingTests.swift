// Views whose rows take long to compute: others go on, nothing is lost, and whoever stops it leaves
// nothing behind.
//
// Computing waits for a lock that the test holds, so that it takes exactly as long as the test
// wants.

import Glibc
import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("Filling views") struct ViewFillingTests {
    private static let slow =
        "-- key: id\nSELECT b.id, b.name, waited(b.room_id) AS room_id FROM bed b"
    private static let quick = "-- key: id\nSELECT id, slug, name FROM room"

    /// Who waits for the test's lock; other tests have locks and databases of their own.
    private static let waiting = """
        locktype = 'advisory' AND objid = 7 AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """

    private func database() throws -> String {
        let url = try roomsDatabase()
        try Connection(to: url).run(
            """
            CREATE FUNCTION waited(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN
                PERFORM pg_advisory_lock_shared(7); PERFORM pg_advisory_unlock_shared(7);
                RETURN $1;
            END $$
            """)
        return url
    }

    /// Whether somebody waits for the test's lock.
    private func isWaiting(_ connection: borrowing Connection) throws -> Bool {
        try texts("SELECT 'yes' FROM pg_locks WHERE \(Self.waiting)", on: connection) == ["yes"]
    }

    private func waitUntilComputing(_ connection: borrowing Connection) throws {
        while try !isWaiting(connection) { usleep(2_000) }
    }

    /// What stands before, and what is installed while its rows take long to compute.
    @Test(arguments: [
        ([("quick", quick)], [("quick", quick), ("slow", slow)]),
        (
            [("quick", quick), ("slow", slow)],
            [("quick", quick), ("slow", slow.replacing("b.name,", with: "upper(b.name) AS name,"))]
        ),
        (
            [("quick", quick), ("slow", slow)],
            [("quick", quick), ("slow", slow.replacing("b.name,", with: "b.name, 1 AS one,"))]
        ),
        (
            [
                ("quick", quick),
                ("slow", "-- key: id\n-- refresh: materialized\nSELECT id FROM bed"),
            ],
            [("quick", quick), ("slow", slow)]
        ),
        (
            [("quick", quick)],
            [
                ("quick", quick),
                (
                    "slow",
                    "-- key: id\nSELECT q.id, q.name, waited(1) AS one, b.name AS bed "
                        + "FROM sitegen.quick q LEFT JOIN bed b ON b.room_id = q.id AND b.id < 3 "
                        + "AND b.id <> 1"
                ),
            ]
        ),
    ])
    func `others follow meanwhile, and what changes meanwhile is not lost`(
        first: [(String, String)], second: [(String, String)]
    ) async throws {
        let url = try database()
        let other = try Connection(to: url)
        _ = try ViewInstaller.apply(first.map { try view($0.0, $0.1) }, on: other)
        let views = try second.map { try view($0.0, $0.1) }
        try other.run("SELECT pg_advisory_lock(7)")
        let applying = onOwnThread { try ViewInstaller.apply(views, on: Connection(to: url)) }
        try waitUntilComputing(other)
        // A step that had to wait for the installation would fail here.
        try other.run("SET lock_timeout = '20s'; UPDATE room SET name = 'X' WHERE id = 1")
        if first.count == 1 {
            #expect(try ChangeQueue.drain(on: other).map(\.view) == ["quick"])
            #expect(try texts("SELECT name FROM sitegen.quick WHERE id = 1", on: other) == ["X"])
        } else {
            // The slow view is not asked: rooms are nothing to it.
            #expect(try ChangeQueue.step(on: other).map(\.view) == ["quick"])
        }
        // The rows that were read are the old ones: these changes come behind.
        try other.run(
            """
            UPDATE bed SET name = 'late' WHERE id = 1; DELETE FROM bed WHERE id = 2;
            INSERT INTO bed VALUES (7, 3, 'new'); UPDATE room SET name = 'Y' WHERE id = 2
            """)
        if first.count == 1 { _ = try ChangeQueue.drain(on: other) }
        try other.run("SELECT pg_advisory_unlock(7)")
        let actions = try await applying.value
        #expect(actions.map(\.view).sorted() == ["quick", "slow"])
        _ = try follow(other)
        #expect(try texts("SELECT token FROM sitegen.fill_ticket", on: other) == [])
        #expect(try texts("SELECT token FROM sitegen.fill_link", on: other) == [])
        try other.run("UPDATE bed SET name = 'last'; UPDATE room SET name = 'last'")
        _ = try follow(other)
        #expect(try InstallDraft.make(views, on: other).isInstalled)
    }

    @Test func `events of a view that took long come behind those that others have read`()
        async throws
    {
        let url = try database()
        let other = try Connection(to: url)
        _ = try ViewInstaller.apply([view("quick", Self.quick)], on: other)
        let views = try [view("quick", Self.quick), view("slow", Self.slow)]
        try other.run("SELECT pg_advisory_lock(7)")
        let applying = onOwnThread { try ViewInstaller.apply(views, on: Connection(to: url)) }
        try waitUntilComputing(other)
        try other.run("UPDATE room SET name = name || '!'")
        _ = try ChangeQueue.drain(on: other)
        let read = try ChangeQueue.lastSequence(on: other)
        try other.run("SELECT pg_advisory_unlock(7)")
        _ = try await applying.value
        let events = try ChangeQueue.events(after: read, limit: 100, on: other)
        #expect(events.map(\.view) == ["slow", "slow", "slow"])
    }

    @Test(arguments: [true, false])
    func `whoever is stopped or killed leaves nothing, and the next one completes`(
        isKilled: Bool
    ) async throws {
        let url = try database()
        let other = try Connection(to: url)
        _ = try ViewInstaller.apply([view("quick", Self.quick)], on: other)
        let views = try [
            view("quick", Self.quick), view("early", "-- key: id\nSELECT id, name FROM bed"),
            view("slow", Self.slow),
        ]
        try other.run("SELECT pg_advisory_lock(7)")
        let applying = Task.detached {
            let connection = try Connection(to: url)
            let interrupter = connection.interrupter
            let stop = onOwnThread {
                let watch = try Connection(to: url)
                while try !self.isWaiting(watch) { usleep(2_000) }
                if isKilled {
                    try watch.run(
                        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE \(Self.waiting)")
                } else {
                    while !interrupter.interrupt() { usleep(2_000) }
                }
            }
            var done: [String] = []
            do {
                _ = try ViewInstaller.apply(views, on: connection) { moment in
                    if case .done(let action) = moment { done.append(action.view) }
                }
                Issue.record("it was not stopped")
            } catch let error as ViewError {
                if !isKilled { #expect(error == .interrupted(doing: "reading its rows")) }
            }
            try await stop.value
            return done
        }
        #expect(try await applying.value == ["early"])
        #expect(
            try texts("SELECT 'gone' WHERE to_regclass('sitegen.slow') IS NULL", on: other)
                == ["gone"])
        #expect(
            try texts("SELECT name FROM sitegen.view ORDER BY 1", on: other) == ["early", "quick"])
        if !isKilled {
            #expect(try texts("SELECT token FROM sitegen.fill_ticket", on: other) == [])
        }
        try other.run("UPDATE bed SET name = 'between'")
        _ = try follow(other)
        try other.run("SELECT pg_advisory_unlock(7)")
        _ = try ViewInstaller.apply(views, on: other)
        #expect(try texts("SELECT token FROM sitegen.fill_ticket", on: other) == [])
        try other.run("UPDATE bed SET name = 'after'")
        _ = try follow(other)
        #expect(try InstallDraft.make(views, on: other).isInstalled)
    }

    @Test func `whoever changes triggers meanwhile makes it begin anew`() async throws {
        let url = try database()
        let other = try Connection(to: url)
        _ = try ViewInstaller.apply([view("quick", Self.quick)], on: other)
        let views = try [view("quick", Self.quick), view("slow", Self.slow)]
        try other.run("SELECT pg_advisory_lock(7)")
        let applying = onOwnThread { try ViewInstaller.apply(views, on: Connection(to: url)) }
        try waitUntilComputing(other)
        try ViewFilling.forgetAll(on: other)
        // Nobody hears of this: only a second computation can see it.
        try other.run(
            """
            BEGIN; UPDATE bed SET name = 'unheard'; DELETE FROM sitegen.queue; COMMIT;
            SELECT pg_advisory_unlock(7)
            """)
        _ = try await applying.value
        try other.run("UPDATE room SET name = 'heard'")
        _ = try follow(other)
        #expect(try texts("SELECT DISTINCT name FROM sitegen.slow", on: other) == ["unheard"])
    }

    @Test func `whoever detaches meanwhile waits, and ends nobody's work`() async throws {
        let url = try database()
        let other = try Connection(to: url)
        _ = try ViewInstaller.apply([view("quick", Self.quick)], on: other)
        let views = try [view("quick", Self.quick), view("slow", Self.slow)]
        try other.run("SELECT pg_advisory_lock(7)")
        let applying = onOwnThread { try ViewInstaller.apply(views, on: Connection(to: url)) }
        try waitUntilComputing(other)
        let detaching = onOwnThread { try ViewInstaller.detach(on: Connection(to: url)) }
        // It has what the installation will wait for, and waits for what the installation has.
        let waiting = "SELECT 'y' FROM pg_locks WHERE NOT granted AND relation = 'bed'::regclass"
        while try texts(waiting, on: other) != ["y"] { usleep(2_000) }
        try other.run("SELECT pg_advisory_unlock(7)")
        #expect(try await applying.value.map(\.view).sorted() == ["quick", "slow"])
        #expect(try await detaching.value == ["quick", "slow"])
    }

    @Test func `a new view that fails takes back itself alone`() throws {
        let connection = try Connection(to: roomsDatabase())
        let views = try [
            view("a_beds", "-- key: id\nSELECT id, name FROM bed"),
            view("b_wrong", "-- key: room_id\nSELECT room_id, name FROM bed WHERE room_id = 1"),
            view("c_rooms", Self.quick),
        ]
        #expect(throws: ViewError.keyNotUnique(view: "b_wrong", key: ["room_id"], example: "1")) {
            try ViewInstaller.apply(views, on: connection)
        }
        #expect(try texts("SELECT name FROM sitegen.view", on: connection) == ["a_beds"])
        try connection.run("UPDATE bed SET name = 'x' WHERE id = 1")
        #expect(try follow(connection) == ["u a_beds 1 name"])
    }
}
