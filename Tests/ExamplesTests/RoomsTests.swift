// The rooms: what a row holds, and that the three strategies agree on it after any change.
//
// Expected values are read table by table, with one small query for each row, the slow way that
// the statement of the view replaces.

import MaterializedViews
import Postgres
import TestSupport
import Testing

@testable import RoomsExample

@Suite("Rooms example") struct RoomsTests {
    /// A change of the base tables and what it does to the rooms of the sample.
    struct Change: Sendable, CustomTestStringConvertible {
        let name: String
        let sql: String
        /// A query for `i`, `u` or `d`, a space and the room's id, asked before the change.
        let affected: String
        var testDescription: String { name }

        init(_ name: String, _ sql: String, affects query: String) {
            self.name = name
            self.sql = sql
            affected = query
        }
    }

    static let changes = [
        Change(
            "a door gets a name", "UPDATE rooms_door SET name = 'Gate' WHERE id = 3",
            affects: "SELECT 'u ' || id FROM rooms_room WHERE door_id = 3"),
        Change(
            "a fitting gets a name", "UPDATE rooms_windowfittings SET name = 'Blind' WHERE id = 2",
            affects: """
                SELECT DISTINCT 'u ' || w.room_id FROM rooms_windowfittings_windows f
                JOIN rooms_window w ON w.id = f.window_id WHERE f.windowfittings_id = 2
                """),
        Change(
            "a room gets a name", "UPDATE rooms_room SET name = 'Attic' WHERE id = 9",
            affects: "SELECT 'u 9'"),
        Change(
            "a souvenir gets a name", "UPDATE rooms_souvenir SET name = 'Shell' WHERE id = 1",
            affects: """
                SELECT 'u ' || r.id FROM rooms_room r JOIN rooms_decoration_souvenirs s
                USING (decoration_id) WHERE s.souvenir_id = 1
                """),
        Change(
            "a bed goes out of a room",
            "DELETE FROM rooms_bed_rooms WHERE (bed_id, room_id) IN "
                + "(SELECT bed_id, room_id FROM rooms_bed_rooms ORDER BY id LIMIT 1)",
            affects: "SELECT 'u ' || room_id FROM rooms_bed_rooms ORDER BY id LIMIT 1"),
        Change(
            "a chair comes into a room without one of its name",
            "INSERT INTO rooms_chair (id, name, type) VALUES (900, 'Stool', 'CHT1'); "
                + "INSERT INTO rooms_chair_rooms (chair_id, room_id) VALUES (900, 25), (900, 3)",
            affects: "SELECT 'u ' || unnest(ARRAY[25, 3])"),
        Change(
            "a table is deleted, and its places with it",
            "DELETE FROM rooms_table WHERE id = 4",
            affects: "SELECT 'u ' || room_id FROM rooms_table_rooms WHERE table_id = 4"),
        Change(
            "a window moves to another room",
            "UPDATE rooms_window SET room_id = 25 WHERE id = 1",
            affects: "SELECT 'u ' || unnest(ARRAY[1, 25])"),
        Change(
            "a decoration is deleted and leaves a gap",
            "DELETE FROM rooms_decoration WHERE id = 5", affects: "SELECT 'u 5'"),
        Change(
            "a room gets another door and another decoration",
            "UPDATE rooms_room SET door_id = 1, decoration_id = 2 WHERE id = 8",
            affects: "SELECT 'u 8'"),
        Change(
            "a room is new",
            "INSERT INTO rooms_room (id, name, type, door_id) VALUES (901, 'Box', 'BDR', 1)",
            affects: "SELECT 'i 901'"),
        Change(
            "a room is deleted with windows and places of furniture",
            "DELETE FROM rooms_room WHERE id = 10", affects: "SELECT 'd 10'"),
        Change(
            "a room's key changes",
            "INSERT INTO rooms_room (id, name, type, door_id) VALUES (902, 'Nook', 'BDR', 1); "
                + "UPDATE rooms_room SET id = 903 WHERE id = 902",
            affects: "SELECT 'i 903'"),
        Change(
            "every bed grows",
            "UPDATE rooms_bed SET height = height + 1",
            affects: "SELECT DISTINCT 'u ' || room_id FROM rooms_bed_rooms"),
        Change(
            "all places of beds are emptied", "TRUNCATE rooms_bed_rooms",
            affects: "SELECT DISTINCT 'u ' || room_id FROM rooms_bed_rooms"),
        Change(
            "nothing changes",
            "UPDATE rooms_bed SET name = name; "
                + "UPDATE rooms_room SET width = width", affects: "SELECT 'u 0' WHERE false"),
    ]

    @Test(arguments: changes)
    func `each strategy shows a change, and the affected rooms alone are told`(
        change: Change
    ) throws {
        let database = try ExampleDatabase("rooms", size: 60)
        let connection = try Connection(to: database.url)
        let expected = try connection.texts(change.affected)
        let before = try connection.lastEvent()
        try connection.run(change.sql)
        try connection.refreshViews()
        _ = try ViewInstaller.refresh(["room_late"], on: connection)
        #expect(try connection.differences(between: "room_live", and: "room") == [])
        #expect(try connection.differences(between: "room_live", and: "room_late") == [])
        #expect(
            Set(try connection.events(of: "room", after: before)) == Set(expected),
            "the events are the affected rooms")
    }

    @Test func `a row holds what the tables hold, read one by one`() throws {
        let database = try ExampleDatabase("rooms", size: 60)
        let connection = try Connection(to: database.url)
        var rooms: [RoomRow] = []
        let stream = try RowStream(RoomRow.self, on: connection)
        try stream.each(on: connection) { row in rooms.append(row) }
        #expect(rooms.count == 60)
        for room in rooms {
            try #expect(room.windows.map(\.id) == ids("rooms_window WHERE room_id = \(room.id)"))
            for window in room.windows {
                try #expect(
                    window.fittings.map(\.id)
                        == ids(
                            "rooms_windowfittings_windows WHERE window_id = \(window.id)",
                            column: "windowfittings_id"))
            }
            for (kind, pieces) in [
                ("chair", room.chairs), ("bed", room.beds), ("table", room.tables),
            ] {
                try #expect(
                    pieces.map(\.id)
                        == ids(
                            "rooms_\(kind)_rooms WHERE room_id = \(room.id)", column: "\(kind)_id"))
            }
            try #expect(
                [room.door.id] == ids("rooms_room WHERE id = \(room.id)", column: "door_id"))
        }

        func ids(_ source: String, column: String = "id") throws -> [Int] {
            try connection.texts("SELECT \(column) FROM \(source) ORDER BY 1")
                .compactMap { text in Int(text) }
        }
    }

    @Test func `what a room does not have is an empty list, and the room is one row`() throws {
        let database = try ExampleDatabase("rooms", size: 60)
        let connection = try Connection(to: database.url)
        var rooms: [Int: RoomRow] = [:]
        let stream = try RowStream(RoomRow.self, on: connection)
        try stream.rows(withKeys: ["3", "7", "25"], on: connection) {
            row in
            #expect(rooms.updateValue(row, forKey: row.id) == nil, "one row a room")
        }
        #expect(try #require(rooms[25]).windows == [])
        #expect(try #require(rooms[3]).beds == [])
        #expect(try #require(rooms[7]).decoration == nil)
        #expect(try #require(rooms[3]).decoration?.souvenirs.count == 5)
        #expect(try #require(rooms[7]).windows.map(\.fittings).contains([]))
        let raw = try connection.texts("SELECT windows FROM sitegen.room WHERE id = 25")
        #expect(raw == ["[]"], "an empty list, not [null]")
    }
}
