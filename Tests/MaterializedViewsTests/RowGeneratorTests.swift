// Generated source: its text for one view, its rules for all of them.

import Testing

@testable import MaterializedViews

@Suite("Row generator") struct RowGeneratorTests {
    private static let text = """
        -- A room to sleep in. It has beds.
        -- key: slug, floor
        -- nullable: price
        -- json: beds [Bed]; door Door?
        SELECT 1
        """
    private static let columns = [
        ViewColumn(name: "slug", type: "text", base: .builtIn("text")),
        ViewColumn(name: "floor", type: "integer", base: .builtIn("int4")),
        ViewColumn(name: "price", type: "numeric(8,2)", base: .builtIn("numeric")),
        ViewColumn(name: "beds", type: "jsonb", base: .builtIn("jsonb")),
        ViewColumn(name: "door", type: "json", base: .builtIn("json")),
        ViewColumn(name: "class", type: "shop.size[]", base: .array(.enumeration)),
    ]

    private func view(_ name: String, _ text: String) throws -> ViewDefinition {
        try ViewDefinition(name: name, file: "site/database/\(name).sql", text: text)
    }

    @Test func `a view becomes a class`() throws {
        let room = try view("hotel_room", Self.text)
        let source = try RowGenerator.source(
            definitions: [room], columns: ["hotel_room": Self.columns])
        for part in [
            "/// A room to sleep in.\n///\n/// It has beds.\nfinal class HotelRoomRow: SharedRow {",
            "    let price: Numeric?\n", "    let beds: [Bed]\n", "    let door: Door?\n",
            "    let `class`: [String]\n", "key: [\"slug\", \"floor\"]",
            ".init(\"class\", \"shop.size[]\", cast: \"text[]\"),",
            "digest: \"\(room.digest)\"", "RowKey.text(slug, \"\\(floor)\")",
            "        floor: Int,\n", "        price: Numeric? = nil,\n",
            "beds = try row.json(3, of: Self.self)",
            "door = try row.optionalJSON(4, of: Self.self)",
        ] {
            #expect(source.contains(part), "\(part) is missing in\n\(source)")
        }
    }

    @Test func `the order of the definitions does not matter`() throws {
        let text = "-- key: id\nSELECT 1 AS id"
        let id = [ViewColumn(name: "id", type: "integer", base: .builtIn("int4"))]
        let views = try [view("b", text), view("a", text), view("c", text)]
        let columns = ["a": id, "b": id, "c": id]
        let source = try RowGenerator.source(definitions: views, columns: columns)
        #expect(
            try RowGenerator.source(definitions: views.reversed(), columns: columns) == source)
        #expect(RowGenerator.staleViews(in: source, definitions: views) == [])
        let other = try view("a", "-- Other.\n-- key: id\nSELECT 1 AS id")
        #expect(RowGenerator.staleViews(in: source, definitions: [other]) == ["a"])
    }

    @Test func `a private view becomes a private row`() throws {
        let bag = try view("bag", "-- key: id\n-- scope: private\nSELECT 1 AS id")
        let source = try RowGenerator.source(
            definitions: [bag],
            columns: ["bag": [ViewColumn(name: "id", type: "integer", base: .builtIn("int4"))]])
        #expect(source.contains("final class BagRow: PrivateRow {"))
    }

    @Test(arguments: [
        ("point", ViewColumn.BaseType.other("hstore"), "cannot hold a value of type"),
        ("integer", .array(.array(.builtIn("int4"))), "cannot hold a value of type"),
    ])
    func `a type that rows cannot hold is an error`(
        type: String, base: ViewColumn.BaseType, part: String
    ) throws {
        let room = try view("room", "-- key: id\nSELECT 1")
        let columns = [
            ViewColumn(name: "id", type: "integer", base: .builtIn("int4")),
            ViewColumn(name: "x", type: type, base: base),
        ]
        let error = try #require(throws: ViewError.self) {
            try RowGenerator.source(definitions: [room], columns: ["room": columns])
        }
        #expect(error.description.hasPrefix("room.x: "))
        #expect(error.description.contains(part))
    }

    @Test(arguments: [
        ("-- key: id\n-- nullable: nope\nSELECT 1", ["id"], 2, "no column nope"),
        ("-- key: nope\nSELECT 1", ["id"], 1, "no column nope"),
        ("-- key: id\n-- json: nope X\nSELECT 1", ["id"], 2, "no column nope"),
        ("-- key: id\n-- json: id X\nSELECT 1", ["id"], 2, "cannot be read as X"),
        ("-- key: id\nSELECT 1", ["id", "?column?"], 2, "has no name"),
        ("-- key: id\nSELECT 1", ["id", "a-b"], 2, "cannot be a property"),
        ("-- key: id\nSELECT 1", ["id", "a_b", "aB"], 1, "would both be aB"),
    ])
    func `a header that does not fit the columns is an error with its line`(
        text: String, names: [String], line: Int, part: String
    ) throws {
        let room = try view("room", text)
        let problems = room.problems(
            with: names.map { ViewColumn(name: $0, type: "integer", base: .builtIn("int4")) })
        #expect(problems.map(\.line) == [line])
        #expect(problems.first?.message.contains(part) == true)
    }

    @Test func `two views with one type name are an error`() throws {
        let id = [ViewColumn(name: "id", type: "integer", base: .builtIn("int4"))]
        let text = "-- key: id\nSELECT 1 AS id"
        #expect(throws: ViewError.self) {
            try RowGenerator.source(
                definitions: [view("a_b", text), view("a__b", text)],
                columns: ["a_b": id, "a__b": id])
        }
    }

    @Test(arguments: [
        ("x\"y\\z", "\"x\\\"y\\\\z\""), ("a\nb", "\"a\\u{a}b\""), ("\\(x)", "\"\\\\(x)\""),
    ])
    func `a hostile text is a literal and nothing else`(text: String, literal: String) {
        #expect(RowSource.literal(text) == literal)
    }

    @Test func `prose is wrapped and cannot leave its comment`() throws {
        let words = Array(repeating: "wordy", count: 60).joined(separator: " ")
        let view = try view(
            "room", "-- \(words)\n-- - Returns: x\r-- */ }\n--\n-- Next.\n-- key: id\nSELECT 1")
        let lines = RowSource.comment(view.documentation, indent: "")
        #expect(lines.allSatisfy { $0.hasPrefix("///") && $0.count <= 100 })
        #expect(lines.last == "/// Next.")
        #expect(!lines.contains { $0.hasPrefix("/// - ") })
    }
}
