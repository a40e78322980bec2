// Two sessions at once, each test one interleaving, step by step: no sleep and no luck.
//
// The first of them is the reason for the design. A trigger that looks for the affected rooms sees
// them in its own transaction's snapshot; two transactions that each make half of a fact then
// leave the row stale for ever, and no later change need ever repair it.

import Postgres
import Testing

@Suite("Two sessions at once") struct RaceTests {
    private struct Sessions: ~Copyable {
        let first: Connection
        let second: Connection
        let refresher: Connection

        init(_ database: ExampleDatabase) throws {
            // A session that would wait for another fails here instead of hanging.
            let wait = "SET lock_timeout = '2s'"
            let one = try Connection(to: database.url)
            try one.run(wait)
            let two = try Connection(to: database.url)
            try two.run(wait)
            let three = try Connection(to: database.url)
            first = one
            second = two
            refresher = three
        }
    }

    private let database: ExampleDatabase

    init() throws { database = try ExampleDatabase("rooms", size: 60) }

    private func expectTrue(_ connection: borrowing Connection) throws {
        #expect(try connection.differences(between: "def_room", and: "room") == [])
        #expect(try connection.texts("SELECT count(*) FROM sitegen.queue") == ["0"])
    }

    @Test func `a bed changes while another session puts it into a room`() throws {
        let sessions = try Sessions(database)
        let bed = try sessions.first.texts(
            "SELECT id FROM rooms_bed WHERE id NOT IN "
                + "(SELECT bed_id FROM rooms_bed_rooms WHERE room_id = 3) ORDER BY id LIMIT 1")[0]
        try sessions.first.run("BEGIN; UPDATE rooms_bed SET width = 77 WHERE id = \(bed)")
        try sessions.second.run(
            "INSERT INTO rooms_bed_rooms (bed_id, room_id) VALUES (\(bed), 3)")
        try sessions.refresher.refreshViews()
        try expectOldBed(sessions.refresher)
        try sessions.first.run("COMMIT")
        try sessions.refresher.refreshViews()
        try expectTrue(sessions.refresher)
        let beds = try sessions.refresher.texts("SELECT beds FROM sitegen.room WHERE id = 3")
        #expect(beds[0].contains("\"width\" : 77"))
    }

    private func expectOldBed(_ connection: borrowing Connection) throws {
        let beds = try connection.texts("SELECT beds FROM sitegen.room WHERE id = 3")
        #expect(beds[0] != "[]" && !beds[0].contains("77"), "what is committed, and only that")
    }

    @Test func `two sessions change two parts of one room`() throws {
        let sessions = try Sessions(database)
        try sessions.first.run("BEGIN; UPDATE rooms_window SET width = 50 WHERE room_id = 1")
        try sessions.second.run(
            "BEGIN; UPDATE rooms_door SET width = 60 WHERE id = "
                + "(SELECT door_id FROM rooms_room WHERE id = 1)")
        try sessions.second.run("COMMIT")
        try sessions.refresher.refreshViews()
        try sessions.first.run("COMMIT")
        try sessions.refresher.refreshViews()
        try expectTrue(sessions.refresher)
    }

    @Test func `two sessions change two rooms in opposite order and never wait`() throws {
        let sessions = try Sessions(database)
        let windows = "UPDATE rooms_window SET height = height + 1 WHERE room_id ="
        let rooms = "UPDATE rooms_room SET height = height + 1 WHERE id ="
        try sessions.first.run("BEGIN; \(windows) 1")
        try sessions.second.run("BEGIN; \(windows) 2")
        try sessions.first.run("\(rooms) 2")
        try sessions.second.run("\(rooms) 1")
        try sessions.refresher.refreshViews()
        try sessions.first.run("COMMIT")
        try sessions.second.run("COMMIT")
        try sessions.refresher.refreshViews()
        try expectTrue(sessions.refresher)
    }

    @Test func `a second refresher waits, and its snapshot is newer than what the first wrote`()
        throws
    {
        let sessions = try Sessions(database)
        let other = try Connection(to: database.url)
        try sessions.first.run("UPDATE rooms_window SET width = 51 WHERE room_id = 1")
        try sessions.refresher.run(RefreshStep.begin)
        try sessions.refresher.run(RefreshStep.work)
        try sessions.second.run("UPDATE rooms_window SET width = 52 WHERE room_id = 1")
        let error = #expect(throws: PostgresError.self) {
            try other.run("BEGIN; LOCK TABLE sitegen.leader IN EXCLUSIVE MODE NOWAIT")
        }
        #expect(error?.sqlState == "55P03", "the lock is taken")
        try other.run("ROLLBACK")
        try sessions.refresher.run(RefreshStep.end)
        try other.refreshViews()
        try expectTrue(other)
        let windows = try other.texts("SELECT windows FROM sitegen.room WHERE id = 1")
        #expect(windows[0].contains("\"width\" : 52"))
    }

    @Test func `a refresh that is rolled back leaves queue, rows and events as they were`() throws {
        let sessions = try Sessions(database)
        let before = try sessions.refresher.lastEvent()
        try sessions.first.run("UPDATE rooms_window SET width = 53 WHERE room_id = 1")
        let queued = try sessions.refresher.texts("SELECT count(*) FROM sitegen.queue")
        try sessions.refresher.run(RefreshStep.begin)
        try sessions.refresher.run(RefreshStep.work)
        try sessions.refresher.run("ROLLBACK")
        #expect(try sessions.refresher.texts("SELECT count(*) FROM sitegen.queue") == queued)
        #expect(try sessions.refresher.lastEvent() == before)
        try sessions.refresher.refreshViews()
        #expect(try sessions.refresher.events(of: "room", after: before) == ["u 1"])
        try expectTrue(sessions.refresher)
    }
}
