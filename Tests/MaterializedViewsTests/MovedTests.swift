// `moved:`: which earlier texts of a row are kept, whose they are, and who is told.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("Earlier texts") struct MovedTests {
    private static let page = """
        -- key: id
        -- moved: slug
        -- nullable: name
        SELECT r.id, r.slug, r.name FROM room r
        """

    private func kept(_ connection: borrowing Connection) throws -> [String] {
        try texts("SELECT key || ' was ' || old FROM sitegen.moved ORDER BY 1", on: connection)
    }

    @Test func `a text that changes is kept, and one that comes back is not`() throws {
        let connection = try Connection(to: roomsDatabase())
        _ = try ViewInstaller.apply([view("v", Self.page)], on: connection)
        try connection.run("UPDATE room SET slug = 'b2' WHERE id = 1")
        #expect(try follow(connection) == ["u v 1 slug"])
        try connection.run("UPDATE room SET slug = 'b3', name = 'BB' WHERE id = 1")
        _ = try follow(connection)
        #expect(try kept(connection) == ["1 was b-room", "1 was b2"])
        try connection.run("UPDATE room SET slug = 'b2' WHERE id = 1")
        _ = try follow(connection)
        #expect(try kept(connection) == ["1 was b-room", "1 was b3"])
        try connection.run("UPDATE room SET name = 'other' WHERE id = 1")
        #expect(try follow(connection) == ["u v 1 name"])
        #expect(try kept(connection) == ["1 was b-room", "1 was b3"])
    }

    @Test func `what another row takes is its own, and who had it is told`() throws {
        let connection = try Connection(to: roomsDatabase())
        _ = try ViewInstaller.apply([view("v", Self.page)], on: connection)
        try connection.run("UPDATE room SET slug = 'new' WHERE id = 1")
        _ = try follow(connection)
        try connection.run("INSERT INTO room VALUES (9, 'b-room', 'Nine', 1)")
        #expect(try follow(connection) == ["i v 9", "u v 1 slug"])
        #expect(try kept(connection) == [])
        try connection.run("UPDATE room SET slug = 'nine' WHERE id = 9")
        _ = try follow(connection)
        #expect(try kept(connection) == ["9 was b-room"])
    }

    @Test func `rows that exchange their texts keep nothing`() throws {
        let connection = try Connection(to: roomsDatabase())
        _ = try ViewInstaller.apply([view("v", Self.page)], on: connection)
        try connection.run(
            """
            UPDATE room SET slug = CASE id WHEN 1 THEN 'a-room' WHEN 2 THEN 'Z' ELSE 'b-room' END
            """)
        _ = try follow(connection)
        #expect(try kept(connection) == [])
        try connection.run("UPDATE room SET slug = 'r' || id")
        _ = try follow(connection)
        #expect(try kept(connection) == ["1 was a-room", "2 was Z", "3 was b-room"])
    }

    @Test func `another statement changes every address and keeps all of them`() throws {
        let connection = try Connection(to: roomsDatabase())
        _ = try ViewInstaller.apply([view("v", Self.page)], on: connection)
        let other = Self.page.replacing("r.slug,", with: "r.id || '-' || r.slug AS slug,")
        _ = try ViewInstaller.apply([view("v", other)], on: connection)
        #expect(try kept(connection) == ["1 was b-room", "2 was a-room", "3 was Z"])
        _ = try ViewInstaller.apply([view("v", Self.page)], on: connection)
        #expect(try kept(connection) == ["1 was 1-b-room", "2 was 2-a-room", "3 was 3-Z"])
    }

    @Test func `two rows that had the same text at once are no error`() throws {
        let connection = try Connection(to: roomsDatabase())
        try connection.run("UPDATE room SET slug = 'same'")
        _ = try ViewInstaller.apply([view("v", Self.page)], on: connection)
        try connection.run("UPDATE room SET slug = 's' || id")
        _ = try follow(connection)
        #expect(try kept(connection) == ["1 was same"])
        try connection.run("UPDATE room SET slug = repeat('x', 3000) WHERE id = 2")
        _ = try follow(connection)
        try connection.run("UPDATE room SET slug = 'short' WHERE id = 2")
        _ = try follow(connection)
        #expect(try kept(connection) == ["1 was same", "2 was s2"], "too long to be an address")
    }

    @Test func `of a row the latest are kept, and nothing of a view that is gone`() throws {
        let connection = try Connection(to: roomsDatabase())
        let definitions = [
            try view("v", Self.page), try view("w", "-- key: id\nSELECT r.id FROM room r"),
        ]
        _ = try ViewInstaller.apply(definitions, on: connection)
        for number in 0...ViewLimits.movedTextsMax + 4 {
            try connection.run("UPDATE room SET slug = 'n\(number)' WHERE id = 1")
            _ = try ChangeQueue.drain(on: connection)
        }
        let kept = try texts("SELECT old FROM sitegen.moved ORDER BY at", on: connection)
        #expect(kept.count == ViewLimits.movedTextsMax)
        #expect(kept.first == "n4" && kept.last == "n\(ViewLimits.movedTextsMax + 3)")
        _ = try ViewInstaller.apply([definitions[1]], on: connection)
        #expect(try texts("SELECT old FROM sitegen.moved", on: connection) == [])
    }

    @Test func `a text that becomes NULL is kept`() throws {
        let connection = try Connection(to: roomsDatabase())
        _ = try ViewInstaller.apply([view("v", Self.page)], on: connection)
        let other = Self.page.replacing("r.slug,", with: "nullif(r.slug, 'Z') AS slug,")
            .replacing("nullable: name", with: "nullable: name, slug")
        _ = try ViewInstaller.apply([view("v", other)], on: connection)
        #expect(try kept(connection) == ["3 was Z"])
    }

    @Test func `a row that goes and comes back has its texts`() throws {
        let connection = try Connection(to: roomsDatabase())
        _ = try ViewInstaller.apply([view("v", Self.page)], on: connection)
        try connection.run(
            "UPDATE room SET slug = 'z2' WHERE id = 3; DELETE FROM room WHERE id = 3")
        _ = try follow(connection)
        #expect(try kept(connection) == [])
        try connection.run("INSERT INTO room VALUES (3, 'z3', 'Z', 1)")
        _ = try follow(connection)
        try connection.run("UPDATE room SET slug = 'z4' WHERE id = 3")
        _ = try follow(connection)
        try connection.run("DELETE FROM room WHERE id = 3")
        _ = try follow(connection)
        #expect(try kept(connection) == ["3 was z3"])
        _ = try ViewInstaller.drop(on: connection)
        let there = "SELECT (to_regclass('sitegen.moved') IS NULL)::text"
        #expect(try texts(there, on: connection) == ["true"])
    }

    @Test(arguments: [1, 2, 3])
    func `after random changes that is kept which a model keeps`(seed: UInt64) throws {
        let connection = try Connection(to: roomsDatabase())
        try connection.run("TRUNCATE bed, room")
        _ = try ViewInstaller.apply([view("v", Self.page)], on: connection)
        var state = seed
        func number(below limit: UInt64) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % limit)
        }
        var rows: [Int: String] = [:]
        var model: [String: Int] = [:]
        for _ in 0..<60 {
            let before = rows
            for _ in 0...number(below: 3) {
                let (id, text) = (number(below: 5), "s\(number(below: 7))")
                if number(below: 6) == 0 {
                    rows[id] = nil
                    try connection.run("DELETE FROM room WHERE id = \(id)")
                } else if !rows.values.contains(text) {
                    rows[id] = text
                    try connection.run(
                        "INSERT INTO room VALUES (\(id), '\(text)', NULL, 1) "
                            + "ON CONFLICT (id) DO UPDATE SET slug = excluded.slug")
                }
            }
            _ = try follow(connection)
            for (id, text) in before where rows[id] != nil && rows[id] != text { model[text] = id }
            for text in rows.values { model[text] = nil }
            #expect(try kept(connection) == model.map { "\($1) was \($0)" }.sorted())
        }
    }

    @Test(arguments: [
        ("-- key: id\n-- moved: slug, name\n", "names one column"),
        ("-- key: slug\n-- moved: slug\n", "names a column of the key"),
        ("-- key: id\n-- moved: slug\n-- refresh: live\n", "incremental` only"),
        ("-- moved: slug\n-- paginate: 5 by id\n", "is about rows"),
        ("-- key: id\n-- moved:\n", "names one column"),
    ])
    func `a header that cannot work is refused`(header: String, words: String) {
        let error = #expect(throws: ViewError.self) {
            _ = try view("v", "\(header)SELECT r.id, r.slug, r.name FROM room r")
        }
        #expect("\(String(describing: error))".contains(words))
    }

    @Test(arguments: [("id2", "no column id2"), ("price", "keeps texts")])
    func `the column is there and holds texts`(column: String, words: String) throws {
        let connection = try Connection(to: roomsDatabase())
        let wrong = try view(
            "v", "-- key: id\n-- moved: \(column)\nSELECT r.id, r.slug, r.price FROM room r")
        let error = #expect(throws: ViewError.self) {
            _ = try ViewInstaller.apply([wrong], on: connection)
        }
        #expect("\(String(describing: error))".contains(words))
    }
}
