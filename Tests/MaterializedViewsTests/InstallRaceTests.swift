// Two installations with different files at the same time: whichever was last, its views follow
// their tables.
//
// The steps of one are run between those of another, in the orders in which they could undo each
// other, and then many at once.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("Installations at the same time") struct InstallRaceTests {
    private static func rooms() throws -> [ViewDefinition] { [try view("room_page", roomPage)] }

    private static func beds() throws -> [ViewDefinition] {
        [
            try view("bed_page", "-- key: id\nSELECT b.id, b.name FROM bed b"),
            try view(
                "room_list",
                """
                -- key: page
                SELECT 1 AS page, (SELECT coalesce(json_agg(r.slug ORDER BY r.slug), '[]')
                    FROM room r) AS rooms
                """),
        ]
    }

    /// The third step; false if another installation came between.
    private func carryThrough(
        _ draft: InstallDraft, _ views: [ViewDefinition], on connection: borrowing Connection
    ) throws -> Bool {
        var work = InstallWork(draft, views) { _ in }
        return try ViewInstaller.carryThrough(&work, on: connection)
    }

    /// Changes both tables; every installed view must be its statement afterwards.
    private func expectFollowing(
        _ connection: borrowing Connection, events: Set<String>, number: Int = 9
    ) throws {
        try connection.run(
            """
            INSERT INTO bed VALUES (\(number), 2, 'cot');
            INSERT INTO room VALUES (\(number), 'room-\(number)', 'N', 1)
            """)
        let views = try follow(connection).map { $0.split(separator: " ")[1] }
        #expect(Set(views.map { String($0) }) == events)
    }

    @Test func `one that ends last leaves the triggers of one that came between`() throws {
        let url = try roomsDatabase()
        let one = try Connection(to: url)
        let other = try Connection(to: url)
        var draft = try InstallDraft.make(Self.rooms(), on: one)
        draft.target = try TriggerInstaller.install(draft, on: one)
        #expect(try carryThrough(draft, Self.rooms(), on: one))
        _ = try ViewInstaller.apply(Self.beds(), on: other)
        try TriggerInstaller.finish(draft.target, on: one)
        try expectFollowing(other, events: ["bed_page", "room_list"])
        // What is installed is known: nothing is left to be done.
        #expect(try InstallDraft.make(Self.beds(), on: other).isInstalled)
    }

    @Test func `one whose triggers were taken away begins anew`() throws {
        let url = try roomsDatabase()
        let one = try Connection(to: url)
        let other = try Connection(to: url)
        var draft = try InstallDraft.make(Self.rooms(), on: one)
        draft.target = try TriggerInstaller.install(draft, on: one)
        #expect(try carryThrough(draft, Self.rooms(), on: one))
        var later = try InstallDraft.make(Self.beds(), on: other)
        later.target = try TriggerInstaller.install(later, on: other)
        try TriggerInstaller.finish(draft.target, on: one)
        #expect(try !carryThrough(later, Self.beds(), on: other))
        try expectFollowing(one, events: ["room_page"])
        _ = try ViewInstaller.apply(Self.beds(), on: other)
        try expectFollowing(other, events: ["bed_page", "room_list"], number: 10)
    }

    @Test func `many at once leave one of them, whole`() async throws {
        let url = try roomsDatabase()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<4 {
                group.addTask {
                    let connection = try Connection(to: url)
                    for round in 0..<4 {
                        let views = try (number + round) % 2 == 0 ? Self.rooms() : Self.beds()
                        do throws(ViewError) {
                            _ = try ViewInstaller.apply(views, on: connection)
                        } catch {
                            // Overtaken too often, or behind a lock: nothing has changed.
                            switch error {
                            case .database, .locked: continue
                            default: throw error
                            }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let connection = try Connection(to: url)
        let names = try Set(texts("SELECT name FROM sitegen.view", on: connection))
        #expect(names == ["room_page"] || names == ["bed_page", "room_list"])
        try expectFollowing(connection, events: names)
    }
}
