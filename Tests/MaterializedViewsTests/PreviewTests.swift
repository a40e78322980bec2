// Previews: rows of another time and drafts, through views that read each other, and nothing of
// them that stays.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("Previews") struct PreviewTests {
    private static let views = [
        (
            "card",
            """
            -- key: id
            -- publish-at: shown_from
            -- expire-at: shown_until
            -- draft: is_draft
            -- nullable: shown_from, shown_until, is_draft
            SELECT n.id, n.title, n.shown_from, n.shown_until, n.is_draft FROM news n
            """
        ),
        (
            "front",
            """
            -- key: edition
            -- json: titles [String]
            SELECT 1 AS edition, (SELECT coalesce(json_agg(c.title ORDER BY c.id), '[]')
                FROM sitegen.card c) AS titles
            """
        ),
        (
            "pages",
            """
            -- paginate: 2 by title, id
            -- json: entries [Entry]
            SELECT sitegen.card.id, c.title FROM sitegen.card JOIN "sitegen"."card" c
                ON c.id = card.id -- not sitegen.card
            """
        ),
    ]

    private func news() throws -> (url: String, views: [ViewDefinition]) {
        let url = try roomsDatabase()
        let connection = try Connection(to: url)
        try connection.run(
            """
            CREATE TABLE news (id int PRIMARY KEY, title text, shown_from timestamptz,
                shown_until timestamptz, is_draft boolean);
            INSERT INTO news VALUES
                (1, 'old', '2020-01-01', '2021-01-01', false),
                (2, 'always', '2020-01-01', NULL, NULL),
                (3, 'later', '2100-01-01', '2101-01-01', false),
                (4, 'undated', NULL, NULL, false),
                (5, 'draft', '2020-01-01', NULL, true)
            """)
        let views = try Self.views.map { try view($0.0, $0.1) }
        _ = try ViewInstaller.apply(views, on: connection)
        return (url, views)
    }

    private func titles(
        at time: String?, drafts: Bool, of url: String, _ views: [ViewDefinition]
    ) throws -> [String] {
        let connection = try Connection(to: url)
        let preview = Preview(
            time: try Preview.time(time, on: connection), showsDrafts: drafts)
        try connection.run("BEGIN ISOLATION LEVEL REPEATABLE READ")
        try PreviewViews.create(views, for: preview, on: connection)
        let front = PreviewViews.relation("front")
        let shown = try texts(
            "SELECT json_array_elements_text(titles) FROM \(front)", on: connection)
        let paged = try texts(
            "SELECT e ->> 'title' FROM \(PreviewViews.relation("pages")), "
                + "json_array_elements(entries) e ORDER BY (e ->> 'id')::int", on: connection)
        #expect(paged == shown)
        try connection.run("ROLLBACK")
        #expect(
            try texts(
                "SELECT count(*)::text FROM pg_class WHERE relname = 'front'",
                on: connection) == ["1"])
        return shown
    }

    @Test func `rows are those of the time, with drafts if they are asked for`() throws {
        let (url, views) = try news()
        #expect(try titles(at: nil, drafts: false, of: url, views) == ["always"])
        #expect(
            try titles(at: nil, drafts: true, of: url, views) == ["always", "undated", "draft"])
        #expect(try titles(at: "2100-06-01", drafts: false, of: url, views) == ["always", "later"])
        #expect(try titles(at: "2020-06-01", drafts: false, of: url, views) == ["old", "always"])
        #expect(
            try titles(at: "2020-12-31 23:30-01", drafts: false, of: url, views) == ["always"])
        #expect(try titles(at: "2019-01-01", drafts: false, of: url, views) == [])
    }

    @Test func `a view hides no table that has its name`() throws {
        let connection = try Connection(to: roomsDatabase())
        let views = [
            try view("room", "-- key: id\nSELECT r.id FROM room r WHERE r.id = 1"),
            try view("z", "-- key: id\nSELECT r.id, b.id AS first FROM room r, sitegen.room b"),
        ]
        _ = try ViewInstaller.apply(views, on: connection)
        let preview = Preview(time: try Preview.time(nil, on: connection), showsDrafts: true)
        try connection.run("BEGIN ISOLATION LEVEL REPEATABLE READ")
        try PreviewViews.create(views, for: preview, on: connection)
        let count = "SELECT count(*)::text FROM \(PreviewViews.relation("z"))"
        #expect(try texts(count, on: connection) == ["3"])
        try connection.run("ROLLBACK")
    }

    @Test func `what is installed has no drafts, and follows when one becomes a page`() throws {
        let (url, _) = try news()
        let connection = try Connection(to: url)
        func installed() throws -> [String] {
            try texts("SELECT title FROM sitegen.card ORDER BY id", on: connection)
        }
        #expect(try installed() == ["always"])
        try connection.run("UPDATE news SET is_draft = NOT coalesce(is_draft, false)")
        _ = try follow(connection)
        #expect(try installed() == ["draft"])
        try connection.run("UPDATE news SET is_draft = false")
        #expect(try follow(connection).contains("i card 2"))
    }

    @Test func `a time that is none is refused`() throws {
        let connection = try Connection(to: roomsDatabase())
        for text in ["soon", "2026-13-01", ""] {
            #expect(throws: ViewError.self) { try Preview.time(text, on: connection) }
        }
        #expect(
            try Preview.time("2026-03-04 05:06+01", on: connection).hasPrefix("2026-03-04T04:06"))
    }

    @Test(arguments: [
        ("-- draft: a, b\n", "names one column, of type boolean"),
        ("-- draft: id\n-- refresh: live\n", "incremental` only"),
    ])
    func `a header that cannot work is refused`(header: String, words: String) {
        let error = #expect(throws: ViewError.self) {
            _ = try view("v", "-- key: id\n\(header)SELECT r.id FROM room r")
        }
        #expect("\(String(describing: error))".contains(words))
    }

    @Test(arguments: [("name", "names a column of type boolean"), ("no", "no column no")])
    func `a draft is true or false`(column: String, words: String) throws {
        let connection = try Connection(to: roomsDatabase())
        let wrong = try view(
            "v", "-- key: id\n-- draft: \(column)\nSELECT r.id, r.name FROM room r")
        let error = #expect(throws: ViewError.self) {
            _ = try ViewInstaller.apply([wrong], on: connection)
        }
        #expect("\(String(describing: error))".contains(words))
    }

    @Test(arguments: [
        ("SELECT 1 FROM sitegen.card", "SELECT 1 FROM pg_temp.card"),
        (
            "SELECT sitegen.slug(a) FROM \"sitegen\" . \"card\"",
            "SELECT sitegen.slug(a) FROM pg_temp . \"card\""
        ),
        (
            "SELECT x.sitegen.card, 'sitegen.card' -- sitegen.card\nFROM sitegen.other",
            "SELECT x.sitegen.card, 'sitegen.card' -- sitegen.card\nFROM sitegen.other"
        ),
        (
            "SELECT sitegen.card.id, sitegen.card(1) FROM sitegen.card",
            "SELECT pg_temp.card.id, sitegen.card(1) FROM pg_temp.card"
        ),
    ])
    func `names of the site's views alone are changed`(sql: String, changed: String) throws {
        let reader = try view("reader", "-- key: id\n\(sql)")
        #expect(try PreviewViews.reading(reader, ["card"]) == changed)
    }
}
