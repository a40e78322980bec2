// View files: what is read from them, and what each mistake is told.

import Testing

@testable import MaterializedViews

@Suite("View definitions") struct ViewDefinitionTests {
    static let look = """
        -- Looks, one page each. They belong to a collection.
        --
        -- Sorted by slug.
        -- key: slug, page
        -- refresh: live
        -- nullable: price, note
        -- json: images [LookImage]; next LookLink?
        -- scope: private

        SELECT slug, page, price, note, images, next
        FROM looks -- all of them
        JOIN sitegen.season USING (id);

        """

    @Test func `every header of a file is read`() throws {
        let view = try ViewDefinition(name: "look", file: "look.sql", text: Self.look)
        #expect(
            view.documentation == [
                "Looks, one page each. They belong to a collection.", "", "Sorted by slug.",
            ])
        #expect(view.key == ["slug", "page"])
        #expect(view.refresh == .live)
        #expect(view.scope == .private)
        #expect(view.nullable == ["price", "note", "next"])
        #expect(view.json["images"]?.text == "[LookImage]")
        #expect(view.json["next"]?.text == "LookLink")
        #expect(view.sql.hasPrefix("SELECT slug"))
        #expect(view.sql.hasSuffix("USING (id)"))
        #expect(view.sqlLine == 10)
        #expect(view.references == ["season"])
    }

    @Test func `a shared, incremental view needs a key and nothing else`() throws {
        let view = try ViewDefinition(
            name: "a", file: "a.sql", text: "-- key: id\nSELECT 1 AS id")
        #expect(view.refresh == .incremental)
        #expect(view.scope == .shared)
        #expect(view.documentation.isEmpty)
    }

    @Test(arguments: [
        ("-- nulable: a\n-- key: id\nSELECT 1", 1, "`nulable:` is not a header"),
        (
            "-- key: id\n-- refresh: often\nSELECT 1", 2,
            "Allowed are live, materialized, incremental"
        ),
        ("-- key: id\n-- publish-at: a, b\nSELECT 1", 2, "one column"),
        ("-- key: id\n-- expire-at: a\n-- refresh: live\nSELECT 1", 2, "incremental` only"),
        ("-- key: id\n-- watch: t: SELECT 1\nSELECT 1", 2, "names a table, a column"),
        ("-- key: id\n-- watch: t(a): DELETE FROM t WHERE a = $1\nSELECT 1", 2, "a SELECT"),
        ("-- key: id\n-- watch: t(a): SELECT 1; SELECT $1\nSELECT 1", 2, "a SELECT"),
        ("-- key: id\n-- watch: t(a): SELECT $2\nSELECT 1", 2, "a SELECT"),
        ("-- key: id\n-- scope: mine\nSELECT 1", 2, "Allowed are shared, private"),
        ("-- Key: id\nSELECT 1", 1, "in lower case"),
        ("-- key: id\n-- key: id\nSELECT 1", 2, "twice"),
        ("-- key: id, id\nSELECT 1", 1, "a column twice"),
        ("-- key:\nSELECT 1", 1, "names no column"),
        ("-- key: a b\nSELECT 1", 1, "names no column"),
        ("-- key: a,, b\nSELECT 1", 1, "not a column's name"),
        ("-- key: a;drop, b\nSELECT 1", 1, "not a column's name"),
        ("SELECT 1", 1, "has no key"),
        ("-- key: id\n-- nullable: id\nSELECT 1", 2, "never NULL"),
        ("-- key: id\n-- json: a [X\nSELECT 1", 2, "not a Swift type"),
        ("-- key: id\n-- json: a X; a Y\nSELECT 1", 2, "names a twice"),
        ("-- key: id\n-- json: a X = fatalError()\nSELECT 1", 2, "not a Swift type"),
        ("-- key: id\nSELECT 1; SELECT 2", 2, "exactly one statement"),
        ("-- key: id\nDELETE FROM a", 2, "A view is one SELECT"),
        ("-- key: id\nSELECT $1", 2, "no parameters"),
        ("-- key: id\n", 1, "no statement"),
        ("-- key: id\nSELECT 'a", 2, "never ends"),
        ("-- key: id\nSELECT 1\n-- refresh: live", 3, "Move it above"),
        ("-- key: id\nSELECT * FROM sitegen.v", 2, "reads itself"),
        ("-- key: id\nSELECT '\u{0}'", nil, "NUL byte"),
    ])
    func `a mistake is told with its line`(text: String, line: Int?, part: String) throws {
        let error = try #require(throws: ViewError.self) {
            try ViewDefinition(name: "v", file: "v.sql", text: text)
        }
        guard case .definitions(let problems) = error else {
            Issue.record("another error: \(error)")
            return
        }
        #expect(problems.contains { $0.line == line && $0.message.contains(part) }, "\(error)")
        #expect(problems.allSatisfy { $0.file == "v.sql" })
    }

    @Test(arguments: [
        "Look", "look-page", "1look", "_look", "", "l.k", "look\";drop", "view", "def_x", "v_x",
        String(repeating: "a", count: 52),
    ])
    func `a file name that cannot be a view is refused`(name: String) {
        #expect(throws: ViewError.self) {
            try ViewDefinition(name: name, file: "f.sql", text: "-- key: id\nSELECT 1 AS id")
        }
    }

    @Test func `all mistakes of a file are told at once`() throws {
        let error = try #require(throws: ViewError.self) {
            try ViewDefinition(
                name: "v", file: "v.sql",
                text: "-- links: a\n-- refresh: x\nSELECT now(); SELECT 2")
        }
        guard case .definitions(let problems) = error else {
            Issue.record("another error: \(error)")
            return
        }
        #expect(problems.count >= 4)
        #expect(problems.compactMap(\.line) == problems.compactMap(\.line).sorted())
    }

    @Test func `comments change the file's digest and not what is installed`() throws {
        func view(_ text: String) throws -> ViewDefinition {
            try ViewDefinition(name: "v", file: "v.sql", text: text)
        }
        let one = try view("-- key: id\nSELECT 1 AS id")
        let commented = try view("-- One.\n-- key: id\nselect  1 /* ! */\nAS id;")
        let other = try view("-- key: id\nSELECT 2 AS id")
        let live = try view("-- key: id\n-- refresh: live\nSELECT 1 AS id")
        let windows = try view("-- key: id\r\nSELECT 1 AS id")
        #expect(one.digest != commented.digest)
        #expect(one.installDigest == commented.installDigest)
        #expect(one.installDigest != other.installDigest)
        #expect(one.installDigest != live.installDigest)
        #expect(one.digest == windows.digest)
    }

    @Test func `publish-at and expire-at are installed differently`() throws {
        let digests = try ["", "-- publish-at: at\n", "-- expire-at: at\n"].map { header in
            try ViewDefinition(
                name: "v", file: "v.sql", text: "-- key: id\n\(header)SELECT id, at FROM t"
            ).installDigest
        }
        #expect(Set(digests).count == 3)
    }

    @Test func `a position in the statement becomes a line of the file`() throws {
        let view = try ViewDefinition(
            name: "v", file: "v.sql", text: "-- key: id\n\nSELECT 'ä' AS id,\n  oops")
        #expect(view.line(ofPosition: 1) == 3)
        #expect(view.line(ofPosition: 22) == 4)
        #expect(view.line(ofPosition: 9_999) == 4)
    }

    @Test(arguments: [
        ("LookImage", "LookImage", false), ("[ LookImage ] ?", "[LookImage]", true),
        ("[String:Int]", "[String: Int]", false), ("Look.Image?", "Look.Image", true),
        ("[Int?]", "[Int?]", false), ("class", "`class`", false),
    ])
    func `a JSON type is a type expression`(text: String, type: String, isOptional: Bool) throws {
        let parsed = try #require(JSONColumnType(text))
        #expect(parsed.text == type)
        #expect(parsed.isOptional == isOptional)
    }

    @Test(arguments: [
        "", "[", "[A", "A]", "A B", "A;", "A()", "A??", "1A", "A\"", "A{", "A\n//", "A<B>", ".A",
        String(repeating: "[", count: 40) + "A" + String(repeating: "]", count: 40),
    ])
    func `anything but a type expression is refused`(text: String) {
        #expect(JSONColumnType(text) == nil)
    }
}
