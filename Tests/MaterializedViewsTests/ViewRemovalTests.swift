// Planning, stepping aside, coming back, leaving, and the check by mutation.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("Views among other programs") struct ViewRemovalTests {
    private static func rooms() throws -> [ViewDefinition] { try [view("room_page", roomPage)] }

    @Test func `a plan is SQL that psql could run, and changes nothing`() throws {
        let connection = try Connection(to: roomsDatabase())
        let sql = try ViewInstaller.plan(Self.rooms(), on: connection).joined(separator: ";\n")
        for part in [
            "CREATE SCHEMA",
            "CREATE OR REPLACE TRIGGER sitegen_update AFTER UPDATE ON \"public\".\"bed\"",
            "CREATE VIEW sitegen.\"def_room_page\"", "CREATE TABLE sitegen.\"room_page\"",
            "sitegen.step",
        ] { #expect(sql.contains(part), "\(part)") }
        #expect(try !ViewCatalogue.isInstalled(on: connection))
        _ = try ViewInstaller.apply(Self.rooms(), on: connection)
        #expect(try ViewInstaller.plan(Self.rooms(), on: connection).isEmpty)
    }

    @Test func `while views stand aside, columns may change; what changed is found afterwards`()
        throws
    {
        let connection = try Connection(to: roomsDatabase())
        _ = try ViewInstaller.apply(Self.rooms(), on: connection)
        #expect(throws: PostgresError.self) {
            try connection.run("ALTER TABLE room ALTER name TYPE varchar(90)")
        }
        #expect(try ViewInstaller.detach(on: connection) == ["room_page"])
        #expect(try ViewInstaller.detach(on: connection).isEmpty)
        #expect(
            try ViewInstaller.status(of: Self.rooms(), generatedSource: nil, on: connection)
                .map(\.state) == [.detached])
        try connection.run(
            """
            ALTER TABLE bed ALTER room_id TYPE bigint;
            UPDATE bed SET name = 'sofa' WHERE id = 3; DELETE FROM room WHERE id = 3
            """)
        #expect(try texts("SELECT slug FROM sitegen.room_page", on: connection).count == 3)
        let before = try ChangeQueue.lastSequence(on: connection)
        #expect(
            try ViewInstaller.apply(Self.rooms(), on: connection).map(\.description)
                == ["redefined room_page (2 rows changed): it stood aside"])
        let events = try ChangeQueue.events(after: before, limit: 9, on: connection)
        #expect(Set(events.map(\.key)) == ["a-room", "Z"])
        try connection.run("UPDATE bed SET name = 'cot' WHERE id = 3")
        #expect(try ChangeQueue.drain(on: connection).map(\.changed) == [1])
    }

    @Test func `another statement with the same columns writes what differs`() throws {
        let connection = try Connection(to: roomsDatabase())
        _ = try ViewInstaller.apply(
            [view("rooms", "-- key: slug\nSELECT slug, name FROM room")], on: connection)
        let before = try ChangeQueue.lastSequence(on: connection)
        let changed = try view(
            "rooms",
            "-- key: slug\nSELECT slug, CASE WHEN id = 1 THEN 'Suite' ELSE name END AS name "
                + "FROM room"
        )
        #expect(
            try ViewInstaller.apply([changed], on: connection).map(\.description)
                == ["redefined rooms (1 row changed): its file has changed"])
        let events = try ChangeQueue.events(after: before, limit: 9, on: connection)
        #expect(events.map(\.key) == ["b-room"])
        #expect(events.map(\.columns) == [["name"]])
    }

    @Test func `a view that cannot be filled leaves the old one, and it goes on following`() throws
    {
        let connection = try Connection(to: roomsDatabase())
        let first = try view("rooms", "-- key: slug\nSELECT slug, name FROM room")
        _ = try ViewInstaller.apply([first], on: connection)
        let wrong = try view(
            "rooms",
            "-- key: slug\nSELECT slug, (rank() OVER (ORDER BY 1 / (id - 2)))::text AS name "
                + "FROM room")
        #expect(throws: ViewError.self) { try ViewInstaller.apply([wrong], on: connection) }
        try connection.run("UPDATE room SET name = 'New' WHERE id = 2")
        #expect(try ChangeQueue.drain(on: connection).map(\.changed) == [1])
        #expect(try ViewInstaller.apply([first], on: connection) == [.unchanged(view: "rooms")])
    }

    @Test func `dropping leaves nothing behind`() throws {
        let connection = try Connection(to: roomsDatabase())
        let list = try view("names", "-- key: slug\nSELECT slug FROM sitegen.room_page")
        _ = try ViewInstaller.apply(Self.rooms() + [list], on: connection)
        #expect(try ViewInstaller.drop(on: connection) == ["names", "room_page"])
        #expect(
            try texts(
                "SELECT 'left' WHERE to_regnamespace('sitegen') IS NOT NULL OR EXISTS "
                    + "(SELECT FROM pg_trigger WHERE tgname LIKE 'sitegen%')", on: connection
            ).isEmpty)
        #expect(throws: ViewError.notInstalled) { try ViewInstaller.drop(on: connection) }
        #expect(try ViewInstaller.apply(Self.rooms(), on: connection).count == 1)
    }

    @Test func `a trigger that somebody disabled is made again`() throws {
        let connection = try Connection(to: roomsDatabase())
        _ = try ViewInstaller.apply(Self.rooms(), on: connection)
        try connection.run("ALTER TABLE bed DISABLE TRIGGER sitegen_update")
        _ = try ViewInstaller.apply(Self.rooms(), on: connection)
        try connection.run("UPDATE bed SET name = 'cot' WHERE id = 3")
        #expect(try ChangeQueue.drain(on: connection).map(\.changed) == [1])
    }

    @Test func `a table that a view reads no more has no triggers any more`() throws {
        let connection = try Connection(to: roomsDatabase())
        _ = try ViewInstaller.apply(Self.rooms(), on: connection)
        _ = try ViewInstaller.apply(
            [view("room_page", "-- key: slug\nSELECT slug FROM room")], on: connection)
        #expect(
            try texts(
                "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger "
                    + "WHERE tgname LIKE 'sitegen%'", on: connection) == ["room"])
        try connection.run("UPDATE bed SET name = 'x'")
        #expect(try !ChangeQueue.isWaiting(on: connection))
    }

    @Test func `an installation while others write loses none of their changes`() async throws {
        let url = try roomsDatabase()
        let definitions = try Self.rooms()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<2 {
                group.addTask {
                    let connection = try Connection(to: url)
                    for round in 0..<150 {
                        try connection.run(
                            "UPDATE bed SET name = '\(writer) \(round)' WHERE id = \(writer + 1)")
                    }
                }
            }
            group.addTask {
                let connection = try Connection(to: url)
                for round in 0..<4 {
                    let other = round % 2 == 0 ? "" : ", 1 AS more"
                    let second = try view(
                        "beds", "-- key: id\nSELECT b.id, b.name\(other) FROM bed b")
                    _ = try ViewInstaller.apply(definitions + [second], on: connection)
                }
            }
            try await group.waitForAll()
        }
        let connection = try Connection(to: url)
        _ = try ChangeQueue.drain(on: connection)
        for view in try InstallDraft.installed(on: connection).views {
            #expect(try staleRows(of: view, on: connection) == 0, "\(view.name)")
        }
    }
}
