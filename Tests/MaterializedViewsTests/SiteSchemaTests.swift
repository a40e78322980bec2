// Several sites in one database: what one does, another one does not see, whatever their views are
// called and however often they read the same tables.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("Several sites in one database") struct SiteSchemaTests {
    private static let shop = SiteSchema(site: "shop") ?? .unnamed

    private static let item = """
        -- key: slug
        -- nullable: maker
        SELECT i.slug, sitegen.slug(i.name) AS address, m.name AS maker,
            (SELECT coalesce(json_agg(t.name ORDER BY t.id), '[]') FROM item_tag x
             JOIN tag t ON t.id = x.tag_id WHERE x.item_id = i.id) AS tags
        FROM item i LEFT JOIN maker m ON m.id = i.maker_id
        """

    private static func list(of maker: String) -> String {
        """
        -- key: page
        SELECT 1 AS page, (SELECT coalesce(json_agg(s.slug ORDER BY s.slug), '[]')
            FROM "sitegen".item_page s WHERE s.maker = '\(maker)') AS items
        FROM maker m WHERE m.id = 1
        """
    }

    /// The views of a site; those of the two differ in what they list.
    private static func views(of schema: SiteSchema) throws -> [ViewDefinition] {
        let maker = schema == .unnamed ? "Ada" : "Bob"
        return try [("item_page", item), ("listed", list(of: maker))].map { name, text in
            try ViewDefinition(name: name, file: "\(name).sql", text: text, in: schema)
        }
    }

    private static func connected(_ url: String, _ schema: SiteSchema) throws -> Connection {
        try Connection(to: DatabaseAddress(url, schema: schema))
    }

    /// A database with the views of both sites.
    private static func prepared() throws -> String {
        let url = try DependencyTests.shop()
        try Connection(to: url).run(
            """
            INSERT INTO maker VALUES (1, 'Ada'), (2, 'Bob');
            INSERT INTO item (id, slug, name, maker_id)
                SELECT n, 'item-' || n, 'Item No. ' || n, n % 3 FROM generate_series(1, 20) n
                WHERE n % 3 > 0;
            INSERT INTO tag VALUES (1, 'red'), (2, 'blue');
            """)
        for schema in [SiteSchema.unnamed, shop] {
            let connection = try connected(url, schema)
            _ = try ViewInstaller.apply(views(of: schema), on: connection)
        }
        return url
    }

    @Test(arguments: [
        ("shop", true), ("s", true), ("a_1", true), (String(repeating: "a", count: 32), true),
        ("", false), ("Shop", false), ("1st", false), ("_a", false), ("a-b", false),
        ("a\"b", false), ("é", false), (String(repeating: "a", count: 33), false),
    ])
    func `a name is short, of small letters, and a letter comes first`(
        name: String, isName: Bool
    ) {
        #expect((SiteSchema(site: name) != nil) == isName)
        #expect(SiteSchema(site: name).map { "\($0)" } == (isName ? "sitegen_\(name)" : nil))
    }

    @Test(arguments: [
        (
            "SELECT sitegen.slug(a) FROM \"sitegen\" . b",
            "sitegen_shop.slug(a) FROM sitegen_shop . b"
        ),
        ("SELECT 'sitegen.a' FROM x.sitegen.b", "'sitegen.a' FROM x.sitegen.b"),
        ("SELECT 1 /* sitegen.a */ FROM sitegen.b", "1 /* sitegen.a */ FROM sitegen_shop.b"),
        ("SELECT sitegen_other.f(1)", "sitegen_other.f(1)"),
    ])
    func `in a view file, sitegen is the schema of its own site`(sql: String, meant: String) throws
    {
        let text = "-- key: a\n\(sql)"
        let definition = try ViewDefinition(name: "v", file: "v.sql", text: text, in: Self.shop)
        #expect(definition.sql == "SELECT \(meant)")
        let unnamed = try view("v", text)
        #expect(unnamed.sql == sql)
        #expect(unnamed.installDigest == definition.installDigest)
    }

    @Test func `a way that an author declares leads into the own site`() throws {
        let text = """
            -- key: a
            -- watch: sitegen.item_page(slug): SELECT a FROM sitegen.item_page WHERE a = ANY ($1)
            SELECT 1 AS a
            """
        let watch = try #require(
            try ViewDefinition(name: "v", file: "v.sql", text: text, in: Self.shop).watches.first)
        #expect(watch.table.text == "sitegen_shop.item_page")
        #expect(watch.sql == "SELECT a FROM sitegen_shop.item_page WHERE a = ANY ($1)")
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `each follows the same random changes by itself`(seed: UInt64) throws {
        let url = try Self.prepared()
        let plain = try Connection(to: url)
        let shop = try Self.connected(url, Self.shop)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<25 {
            for _ in 0..<Int.random(in: 1...5, using: &generator) {
                let id = Int.random(in: 1...24, using: &generator)
                let tag = Int.random(in: 1...2, using: &generator)
                let statements = [
                    "UPDATE item SET name = 'New \(id)', maker_id = \(tag) WHERE id = \(id)",
                    "DELETE FROM item WHERE id = \(id)",
                    "INSERT INTO item (id, slug, name) VALUES (\(id), 'item-\(id)', 'Ä \(id)') "
                        + "ON CONFLICT DO NOTHING",
                    "INSERT INTO item_tag SELECT id, \(tag) FROM item WHERE id = \(id) "
                        + "ON CONFLICT DO NOTHING",
                    "UPDATE tag SET name = name || '+' WHERE id = \(tag)",
                    "TRUNCATE item_tag",
                ]
                try plain.run(statements.randomElement(using: &generator) ?? "")
            }
            if Bool.random(using: &generator) {
                try expectUntouched(shop) { _ = try follow(plain) }
            } else {
                try expectUntouched(plain) { _ = try follow(shop) }
            }
        }
        _ = try follow(plain)
        _ = try follow(shop)
        #expect(try !ChangeQueue.isWaiting(on: plain))
        #expect(try !ChangeQueue.isWaiting(on: shop))
    }

    /// Expects that the queue and the log of a site are after some work as they were.
    private func expectUntouched(
        _ connection: borrowing Connection, _ work: () throws -> Void
    ) throws {
        let waiting = try ChangeQueue.isWaiting(on: connection)
        let last = try ChangeQueue.lastSequence(on: connection)
        try work()
        #expect(try ChangeQueue.isWaiting(on: connection) == waiting)
        #expect(try ChangeQueue.lastSequence(on: connection) == last)
    }

    @Test func `a second installation changes nothing, in either`() throws {
        let url = try Self.prepared()
        for schema in [SiteSchema.unnamed, Self.shop] {
            let connection = try Self.connected(url, schema)
            let definitions = try Self.views(of: schema)
            let actions = try ViewInstaller.apply(definitions, on: connection)
            #expect(actions.allSatisfy { if case .unchanged = $0 { true } else { false } })
            #expect(try ViewInstaller.plan(definitions, on: connection) == [])
            let status = try ViewInstaller.status(
                of: definitions, generatedSource: nil, on: connection)
            #expect(status.map(\.name) == ["item_page", "listed"])
            #expect(status.allSatisfy { $0.state == .installed })
        }
    }

    @Test func `one may change, stand aside, come back and leave while another goes on`() throws {
        let url = try Self.prepared()
        let plain = try Connection(to: url)
        let shop = try Self.connected(url, Self.shop)
        let views = try Self.views(of: .unnamed)
        func isFollowing(_ name: String) throws -> Bool {
            try shop.run("UPDATE item SET name = '\(name)' WHERE id = 1")
            return try follow(shop) == ["u item_page item-1 address"]
        }
        _ = try ViewInstaller.detach(on: plain)
        #expect(try isFollowing("One"))
        let found = try ViewInstaller.apply([], on: plain)
        #expect(found.map(\.view) == ["listed", "item_page"])
        #expect(try isFollowing("Two"))
        _ = try ViewInstaller.apply(views, on: plain)
        #expect(try isFollowing("Three"))
        #expect(try follow(plain) == ["u item_page item-1 address"])
        _ = try ViewInstaller.drop(on: plain)
        #expect(try isFollowing("Four"))
        #expect(
            try texts(
                "SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'sitegen%'", on: plain)
                == ["sitegen_shop"])
        _ = try ViewInstaller.drop(on: shop)
        #expect(
            try texts(
                "SELECT tgname::text FROM pg_trigger WHERE tgname LIKE 'sitegen%'", on: plain) == []
        )
    }

    @Test func `a failing row of one is no failure of another`() throws {
        let url = try Self.prepared()
        let plain = try Connection(to: url)
        let shop = try Self.connected(url, Self.shop)
        let text = "-- key: id\nSELECT id, 1 / (id - 1) AS n FROM item"
        _ = try ViewInstaller.apply(
            Self.views(of: .unnamed) + [try view("bad", text)], on: plain)
        #expect(try ViewInstaller.failures(on: plain).count == 1)
        #expect(try ViewInstaller.failures(on: shop).count == 0)
        let report = try MutationCheck.run([], limits: MutationLimits(), on: shop) { _, _, _ in }
        #expect(report.misses.isEmpty && report.differences.isEmpty)
        let advice = try ViewDoctor(Self.views(of: Self.shop)).advice(on: shop)
        #expect(!advice.contains { if case .failedRows = $0 { true } else { false } })
    }
}
