// `paginate:`: lists that are cut into pages, and what each mistake in the header is told.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("Pagination") struct PaginationTests {
    private static let all = """
        -- paginate: 2 by name, id
        -- json: entries [Room]
        SELECT r.id, r.slug AS "Its slug", r.name
        FROM room r
        """

    @Test func `a list is cut into pages, and an empty one has its first`() throws {
        let connection = try Connection(to: roomsDatabase())
        _ = try ViewInstaller.apply([view("v", Self.all)], on: connection)
        let rows = "SELECT page || '/' || pages || ' ' || total || ' ' || entries FROM sitegen.v"
        #expect(
            try texts("\(rows) ORDER BY page", on: connection) == [
                #"1/2 3 [{"id" : 2, "Its slug" : "a-room", "name" : "A"}, "#
                    + #"{"id" : 1, "Its slug" : "b-room", "name" : "B"}]"#,
                #"2/2 3 [{"id" : 3, "Its slug" : "Z", "name" : "Z"}]"#,
            ])
        try connection.run("TRUNCATE bed, room")
        _ = try follow(connection)
        #expect(try texts(rows, on: connection) == ["1/1 0 []"])
    }

    @Test func `the columns of the key have pages of their own`() throws {
        let connection = try Connection(to: roomsDatabase())
        _ = try ViewInstaller.apply(
            [
                view(
                    "v",
                    """
                    -- key: slug
                    -- paginate: 1 by name desc nulls last
                    -- json: entries [Bed]
                    WITH b AS (SELECT b.room_id, b.name FROM bed b)
                    SELECT DISTINCT r.slug, b.name FROM b JOIN room r ON r.id = b.room_id
                    """)
            ], on: connection)
        let rows =
            "SELECT slug || ' ' || page || '/' || pages || ' ' || total || ' ' || "
            + "(entries -> 0 ->> 'name') FROM sitegen.v ORDER BY slug, page"
        #expect(
            try texts(rows, on: connection) == [
                "a-room 1/1 1 bunk", "b-room 1/2 2 queen", "b-room 2/2 2 king",
            ])
        try connection.run("INSERT INTO bed VALUES (4, 2, 'air'); DELETE FROM bed WHERE id = 1")
        #expect(
            try follow(connection) == [
                "d v b-room/2", "i v a-room/2", "u v a-room/1 pages,total",
                "u v b-room/1 pages,total",
            ])
    }

    @Test func `words that end a list of columns may stand in its items`() throws {
        let connection = try Connection(to: roomsDatabase())
        _ = try ViewInstaller.apply(
            [
                view(
                    "v",
                    """
                    -- paginate: 5 by id
                    -- json: entries [Room]
                    SELECT r.id, (r.name) IS DISTINCT FROM r.slug AS other,
                        r.name IS NOT DISTINCT FROM r.slug AS same
                    FROM room r WHERE r.id > 1
                    """),
                view(
                    "w",
                    """
                    -- paginate: 5 by id
                    -- json: entries [Bed]
                    SELECT b.room_id AS id, percentile_cont(0.5) WITHIN GROUP (ORDER BY b.id) AS m
                    FROM bed b GROUP BY b.room_id
                    """),
            ], on: connection)
        let entries = ["v", "w"].map { "SELECT entries::text FROM sitegen.\($0)" }
        #expect(
            try texts(entries.joined(separator: " UNION ALL "), on: connection) == [
                #"[{"id" : 2, "other" : true, "same" : false}, "#
                    + #"{"id" : 3, "other" : false, "same" : true}]"#,
                #"[{"id" : 1, "m" : 1.5}, {"id" : 2, "m" : 3}]"#,
            ])
    }

    @Test(arguments: ["distinct", "within"])
    func `a column may have such a word as its name`(name: String) throws {
        _ = try view("v", "-- paginate: 5 by \(name)\nSELECT 1 AS \(name) FROM room r")
    }

    @Test func `other sizes and orders are other views`() throws {
        func digest(_ header: String) throws -> String {
            try view("v", "-- paginate: \(header)\nSELECT r.id, r.name FROM room r").installDigest
        }
        #expect(try digest("2 by id") == digest("2  by id"))
        #expect(
            try Set(["2 by id", "3 by id", "2 by id desc", "2 by name"].map(digest)).count == 4)
    }

    @Test func `PostgreSQL's messages have the line of the author's statement`() throws {
        let connection = try Connection(to: roomsDatabase())
        let wrong = try view("v", Self.all.replacing("FROM room r", with: "FROM room q"))
        let error = #expect(throws: ViewError.self) {
            _ = try ViewInstaller.apply([wrong], on: connection)
        }
        guard case .sql(_, let line, let message, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(line == 3)
        #expect(message.contains("r"))
    }

    @Test(arguments: [
        ("24", "not understood"), ("by name", "not understood"), ("x by name", "not understood"),
        ("24 by", "not understood"), ("0 by name", "1 to 10000 entries"),
        ("10001 by name", "1 to 10000 entries"), ("5 by nam", "no column nam to order by. Is it"),
        ("5 by name down", "is no order"), ("5 by ,", "is no order"),
        ("5 by name; DROP TABLE room", "is no order"),
    ])
    func `a header that says nothing clear is refused`(header: String, words: String) throws {
        let text = "-- key: id\n-- paginate: \(header)\nSELECT r.id, r.name FROM room r"
        #expect(try problems(text).contains { $0.line == 2 && $0.message.contains(words) })
    }

    @Test(arguments: [
        ("id", "SELECT * FROM room r", "has to know the names"),
        ("id", "SELECT r.*, r.name FROM room r", "has to know the names"),
        ("id", "SELECT r.id, lower(r.name) FROM room r", "has to know the names"),
        ("id", "SELECT r.id, r.name::text FROM room r", "has to know the names"),
        ("id", "SELECT r.id, r.name title FROM room r", "has to know the names"),
        ("id", "SELECT r.id, r.name, r.name FROM room r", "two columns name"),
        ("slug", "SELECT r.id, r.name FROM room r", "no column slug, by which"),
        ("page", "SELECT r.id AS page, r.name FROM room r", "adds itself"),
        ("name", "SELECT r.name FROM room r", "this has 0"),
    ])
    func `columns without a name of their own are refused`(
        key: String, sql: String, words: String
    ) throws {
        let text = "-- key: \(key)\n-- paginate: 5 by name\n\(sql)"
        #expect(try problems(text).contains { $0.message.contains(words) })
    }

    @Test func `an entry has a limit of columns`() throws {
        func text(_ count: Int) -> String {
            let columns = (1...count).map { "1 AS c\($0)" }.joined(separator: ", ")
            return "-- paginate: 5 by c1\nSELECT \(columns)"
        }
        let most = ViewLimits.entryColumnsMax
        let connection = try Connection(to: roomsDatabase())
        _ = try ViewInstaller.apply([view("v", text(most))], on: connection)
        #expect(try problems(text(most + 1)).contains { $0.message.contains("this has 51") })
    }

    /// What is wrong with a view file.
    private func problems(_ text: String) throws -> [DefinitionProblem] {
        let error = #expect(throws: ViewError.self) { _ = try view("v", text) }
        guard case .definitions(let problems) = error else { return [] }
        return problems
    }
}

@Suite("Slugs") struct SlugTests {
    @Test(arguments: [
        ("Don't panic — ‘æther’ & Łódź!", "dont-panic-aether-lodz"), ("Straße Øre", "strasse-ore"),
        ("Ünïcode ﬁne ½", "unicode-fine-1-2"), ("Привет", ""), ("  -- a--B  ", "a-b"),
        ("日本 3", "3"), (String(repeating: "abc ", count: 40), String(repeating: "abc-", count: 20)),
    ])
    func `a text becomes a part of an address`(text: String, slug: String) throws {
        let connection = try Connection(to: roomsDatabase())
        _ = try ViewInstaller.apply([view("v", "-- key: id\nSELECT 1 AS id")], on: connection)
        let given = try texts("SELECT sitegen.slug(\(SQLText.literal(text)))", on: connection)
        #expect(given == [slug.hasSuffix("-") ? String(slug.dropLast()) : slug])
    }

    @Test func `a view that uses it follows what it is made of`() throws {
        let connection = try Connection(to: roomsDatabase())
        let named = try view("v", "-- key: slug\nSELECT sitegen.slug(r.name) AS slug FROM room r")
        _ = try ViewInstaller.apply([named], on: connection)
        try connection.run("UPDATE room SET name = 'Été à l''eau' WHERE id = 1")
        #expect(try follow(connection) == ["d v b", "i v ete-a-leau"])
        #expect(try ViewInstaller.drop(on: connection) == ["v"])
    }
}
