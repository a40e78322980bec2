// Forms of SELECT that look as if a change concerned every row, and do not: for each, where changes
// lead, and then random writes after which the rows are those of a fresh query.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("Forms of statements") struct StatementFormTests {
    /// A view over the shop, and the lines that say where changes of its tables lead.
    struct Form: CustomTestStringConvertible, Sendable {
        let name: String
        let key: String
        let sql: String
        let lines: [String]
        var testDescription: String { name }

        init(_ name: String, _ key: String, _ sql: String, _ lines: [String]) {
            self.name = name
            self.key = key
            self.sql = sql
            self.lines = lines
        }
    }

    static let forms: [Form] = picking + windows + memberships + keys + unions + computed

    /// What is picked is tied by its value, however it was picked.
    private static let picking = [
        Form(
            "picked_by_limit", "id",
            """
            SELECT m.id, (SELECT json_agg(o.name ORDER BY o.id) FROM (SELECT i.id FROM item i
                WHERE i.maker_id = m.id ORDER BY i.price, i.id LIMIT 2) k
                JOIN item o ON o.id = k.id)::text AS items FROM maker m
            """,
            [
                "  public.item.maker_id is the key",
                "  public.item.id → public.item.id → public.maker.id",
            ]),
        Form(
            "picked_by_distinct_on", "id",
            """
            SELECT m.id, (SELECT json_agg(o.name ORDER BY o.id) FROM (
                SELECT DISTINCT ON (i.shelf) i.id FROM item i WHERE i.maker_id = m.id
                ORDER BY i.shelf, i.price, i.id) k
                JOIN item o ON o.id = k.id)::text AS items FROM maker m
            """,
            [
                "  public.item.maker_id is the key",
                "  public.item.id → public.item.id → public.maker.id",
            ]),
        Form(
            "picked_by_window", "id",
            """
            SELECT m.id, (SELECT sum(p.weight) FROM (SELECT i.id,
                row_number() OVER (ORDER BY i.price, i.id) AS n FROM item i
                WHERE i.maker_id = m.id) k JOIN part p ON p.item_id = k.id
                WHERE k.n <= 2) AS weight FROM maker m
            """, ["  public.part.item_id → public.item.id → public.maker.id"]),
        Form(
            "picked_by_value", "id",
            """
            SELECT i.id, (SELECT p.name FROM part p WHERE p.id = (SELECT q.id FROM part q
                WHERE q.item_id = i.id ORDER BY q.weight, q.id LIMIT 1)) AS part FROM item i
            """,
            [
                "  public.part.item_id is the key",
                "  public.part.id → public.part.id → public.item.id",
            ]),
    ]

    /// Rows of other keys do not matter to what a window or DISTINCT ON does.
    private static let windows = [
        Form(
            "pages_by_header", "maker",
            """
            -- paginate: 3 by name desc, id
            SELECT i.maker_id AS maker, i.name, i.id FROM item i WHERE i.maker_id IS NOT NULL
            """, ["  public.item.maker_id is the key"]),
        Form(
            "pages_by_row_number", "maker, page",
            """
            SELECT k.maker, k.page, json_agg(k.name ORDER BY k.n)::text AS names FROM (
                SELECT i.maker_id AS maker, i.name, o.n, (o.n - 1) / 3 AS page FROM item i
                JOIN (SELECT x.id,
                    row_number() OVER (PARTITION BY x.maker_id ORDER BY x.price, x.id) AS n,
                    x.maker_id FROM item x WHERE x.shelf <> 'z') o
                ON o.id = i.id AND o.maker_id = i.maker_id) k GROUP BY k.maker, k.page
            """, ["  public.item.maker_id is the key"]),
        Form(
            "ranks", "shelf, id",
            """
            SELECT i.shelf, i.id, rank() OVER (PARTITION BY i.shelf ORDER BY i.price, i.id) AS place
            FROM item i WHERE i.shelf IS NOT NULL
            """, ["  public.item.shelf is the key"]),
        Form(
            "first_of_shelf", "shelf",
            """
            SELECT DISTINCT ON (i.shelf) i.shelf, i.name, m.name AS maker FROM item i
            LEFT JOIN maker m ON m.id = i.maker_id WHERE i.shelf IS NOT NULL
            ORDER BY i.shelf, i.price, i.id
            """, ["  public.item.shelf is the key", "  public.maker.id → public.item.maker_id"]),
    ]

    /// `IN (SELECT …)` where EXISTS would do.
    private static let memberships = [
        Form(
            "with_heavy_parts", "id",
            "SELECT i.id, i.name FROM item i WHERE i.id IN (SELECT p.item_id FROM part p "
                + "WHERE p.weight > 5)", ["  public.part.item_id is the key"]),
        Form(
            "with_heavy_parts_or_dear", "id",
            "SELECT i.id, i.name FROM item i WHERE i.price > 50 OR i.id IN (SELECT p.item_id "
                + "FROM part p GROUP BY p.item_id HAVING sum(p.weight) > 9)",
            ["  public.part.item_id is the key"]),
        Form(
            "of_tags", "id",
            """
            SELECT m.id, (SELECT count(*) FROM tag t WHERE t.name <> 'q' AND t.id = ANY (
                SELECT x.tag_id FROM item_tag x JOIN item i ON i.id = x.item_id
                WHERE i.maker_id = m.id)) AS tags FROM maker m
            """,
            [
                "  public.tag.id → public.item_tag.tag_id → public.item.id → public.maker.id",
                "  public.item_tag.item_id → public.item.id → public.maker.id",
            ]),
        Form(
            "of_arrays", "id",
            """
            SELECT i.id, (SELECT string_agg(t.name, ',' ORDER BY t.id)
                FROM tag t WHERE t.id = ANY (
                ARRAY(SELECT x.tag_id FROM item_tag x WHERE x.item_id = i.id ORDER BY 1))) AS tags
            FROM item i
            """,
            [
                "  public.tag.id → public.item_tag.tag_id → public.item.id",
                "  public.item_tag.item_id is the key",
            ]),
    ]

    private static let keys = [
        Form(
            "grouped_by_primary_key", "slug",
            "SELECT i.slug, count(p.id) AS n FROM item i LEFT JOIN part p ON p.item_id = i.id "
                + "GROUP BY i.id",
            ["  public.item.slug is the key", "  public.part.item_id → public.item.id"]),
        Form(
            "key_of_left_join", "id",
            "SELECT m.id, count(*) AS n, sum(i.price) AS price FROM item i LEFT JOIN maker m "
                + "ON m.id = i.maker_id WHERE m.id IS NOT NULL GROUP BY m.id",
            ["  public.item.maker_id is the key", "  public.maker.id is the key"]),
        Form(
            "key_of_full_join", "id",
            "SELECT m.id, count(i.id) AS n FROM item i FULL JOIN maker m ON m.id = i.maker_id "
                + "WHERE m.id > 0 GROUP BY m.id",
            ["  public.item.maker_id is the key", "  public.maker.id is the key"]),
        Form(
            "two_columns", "maker_id, shelf",
            "SELECT i.maker_id, i.shelf, count(*) AS n FROM item i "
                + "WHERE i.maker_id IS NOT NULL AND i.shelf IS NOT NULL "
                + "GROUP BY i.maker_id, i.shelf",
            ["  public.item.maker_id, shelf is the key"]),
    ]

    private static let unions = [
        Form(
            "search", "kind, id",
            "SELECT 'item' AS kind, i.id, i.name FROM item i UNION ALL "
                + "SELECT 'maker', m.id, m.name FROM maker m UNION ALL "
                + "SELECT 'part', p.item_id, min(p.name) FROM part p JOIN item i "
                + "ON i.id = p.item_id GROUP BY p.item_id",
            [
                "  public.item.id is the key", "  public.maker.id is the key",
                "  public.part.item_id is the key",
            ]),
        Form(
            "addresses", "path",
            "SELECT '/items/' || i.slug || '/' AS path, i.until FROM item i UNION ALL "
                + "SELECT '/makers/' || m.id::text, NULL FROM maker m",
            [
                "  public.item.slug gives the key: (('/items/'::text || (i.slug)::text) || "
                    + "'/'::text)",
                "  public.maker.id gives the key: ('/makers/'::text || (m.id)::text)",
            ]),
        Form(
            "without_parts", "id",
            "SELECT i.id FROM item i EXCEPT SELECT p.item_id FROM part p",
            ["  public.item.id is the key", "  public.part.item_id is the key"]),
    ]

    private static let computed = [
        Form(
            "letters", "letter",
            "SELECT upper(left(i.slug, 1)) AS letter, count(*) AS n FROM item i GROUP BY 1",
            ["  public.item.slug gives the key: upper(\"left\"((i.slug)::text, 1))"]),
        Form(
            "months", "month",
            "SELECT date_trunc('month', i.until)::date AS month, sum(p.weight) AS weight "
                + "FROM item i JOIN part p ON p.item_id = i.id WHERE i.until IS NOT NULL "
                + "GROUP BY 1",
            [
                "  public.item.until gives the key: "
                    + "(date_trunc('month'::text, i.until))::date",
                "  public.part.item_id → public.item.id",
            ]),
        Form(
            "bands", "letter, band",
            "SELECT left(i.slug, 1) AS letter, (i.price / 10)::int AS band, count(*) AS n "
                + "FROM item i WHERE i.price IS NOT NULL GROUP BY 1, 2",
            [
                "  public.item.slug, price gives the key: \"left\"((i.slug)::text, 1), "
                    + "((i.price / (10)::numeric))::integer"
            ]),
        Form(
            "lower_slugs", "slug",
            "SELECT lower(i.slug) AS slug, (SELECT count(*) FROM part p WHERE p.item_id = i.id) "
                + "AS parts FROM item i",
            [
                "  public.item.slug gives the key: lower((i.slug)::text)",
                "  public.part.item_id → public.item.id",
            ]),
    ]

    @Test(arguments: forms)
    func `a form leads to keys`(form: Form) throws {
        let connection = try Connection(to: DependencyTests.shop())
        let definition = try view("v", "-- key: \(form.key)\n\(form.sql)")
        let explanation = try ViewInstaller.explain(nil, of: [definition], on: connection)
        let lines = explanation.flatMap(\.lines).filter { !$0.hasPrefix("    ") }
        #expect(!lines.contains { $0.contains("every row") }, "\(lines)")
        for line in form.lines { #expect(lines.contains(line), "\(lines)") }
    }

    @Test(arguments: [
        // NULL in the set decides what NOT IN is, whatever the other values are.
        "SELECT i.id FROM item i WHERE i.id NOT IN (SELECT p.item_id FROM part p)",
        "SELECT i.id, i.id IN (SELECT p.item_id FROM part p) AS has FROM item i",
        // The window looks at rows of other keys.
        """
        SELECT i.id, (SELECT count(*) FROM (SELECT p.item_id, rank() OVER (ORDER BY p.weight) AS n
            FROM part p) k WHERE k.item_id = i.id AND k.n < 3) AS n FROM item i
        """,
        // One row of each weight is picked among the parts of all items.
        """
        SELECT i.id, (SELECT count(*) FROM (SELECT DISTINCT ON (p.weight) p.item_id FROM part p
            ORDER BY p.weight, p.id) k WHERE k.item_id = i.id) AS n FROM item i
        """,
        "SELECT i.id FROM item i WHERE i.id IN (SELECT p.item_id FROM part p ORDER BY 1 LIMIT 3)",
    ])
    func `where other rows matter, every row is looked at`(sql: String) throws {
        let connection = try Connection(to: DependencyTests.shop())
        let explanation = try ViewInstaller.explain(
            nil, of: [view("v", "-- key: id\n\(sql)")], on: connection)
        #expect(explanation[0].lines.contains { $0.hasPrefix("  public.part → every row") })
    }

    @Test(arguments: [
        (
            "kind, id",
            "SELECT 'item' AS kind, i.id FROM item i UNION ALL SELECT 'tag', t.id FROM tag t"
        ),
        ("id, kind", "SELECT i.id, 'item' AS kind FROM item i"),
        ("id, slug, place", "SELECT i.id, i.slug, 1 AS place FROM item i"),
        ("slug, place", "SELECT i.slug, 1 AS place FROM item i"),
    ])
    func `a declared watch gives whole keys or what rows are looked up by`(
        key: String, sql: String
    ) throws {
        let connection = try Connection(to: DependencyTests.shop())
        try connection.run(
            """
            INSERT INTO maker VALUES (1, 'm', NULL);
            INSERT INTO item (id, slug) VALUES (7, 'a/b~'), (8, 'c')
            """)
        let parts = key.split(separator: ", ").map { part in
            ["id": "i.id::text", "kind": "'item'", "slug": "'a~1b~0'", "place": "'1'"][part] ?? ""
        }
        let bare =
            key.hasPrefix("slug") ? "i.slug" : parts.count == 3 ? "i.id || '/a~1b~0'" : "i.id"
        for given in [parts.joined(separator: " || '/' || "), bare] {
            let definition = try view(
                "v",
                "-- key: \(key)\n-- watch: maker(id): SELECT \(given) FROM item i "
                    + "WHERE i.id = 7 AND 1 = ANY ($1)\n\(sql)")
            _ = try ViewInstaller.apply([definition], on: connection)
            try connection.run("UPDATE maker SET name = name || '.'")
            let reports = try ChangeQueue.drain(on: connection)
            let examined = try #require(reports.first?.examined, "\(key) from \(given)")
            #expect(1...2 ~= examined)
            #expect(try texts("SELECT view FROM sitegen.failure", on: connection) == [])
        }
    }

    @Test func `pages that are cut by an OFFSET each are told of`() throws {
        let connection = try Connection(to: DependencyTests.shop())
        func lines(_ offset: String) throws -> [String] {
            try ViewInstaller.explain(
                nil,
                of: [
                    view(
                        "v",
                        """
                        -- key: id, page
                        -- nullable: items
                        SELECT m.id, n.page, (SELECT json_agg(k.name ORDER BY k.id) FROM (
                            SELECT i.id, i.name FROM item i WHERE i.maker_id = m.id ORDER BY i.id
                            LIMIT 5 OFFSET \(offset)) k)::text AS items
                        FROM maker m CROSS JOIN LATERAL generate_series(1, 2) AS n (page)
                        """)
                ], on: connection)[0].lines
        }
        #expect(try lines("5 * (n.page - 1)").contains { $0.contains("row_number()") })
        #expect(try !lines("5").contains { $0.contains("row_number()") })
    }

    @Test func `of a view that is read, only the columns that are used count`() throws {
        let connection = try Connection(to: DependencyTests.shop())
        try connection.run(
            """
            CREATE VIEW parts AS SELECT p.id, p.item_id, p.name, p.weight FROM part p
                WHERE p.id > 0;
            CREATE VIEW named AS SELECT DISTINCT p.item_id, p.name FROM parts p
            """)
        func columns(_ sql: String) throws -> String? {
            let lines = try ViewInstaller.explain(
                nil, of: [view("v", "-- key: id\n\(sql)")], on: connection)[0].lines
            return lines.firstIndex { $0.hasPrefix("  public.part.") }.map { lines[$0 + 1] }
        }
        #expect(
            try columns(
                "SELECT i.id, (SELECT min(p.name) FROM parts p WHERE p.item_id = i.id) AS n "
                    + "FROM item i") == "    on a change of id, item_id, name")
        #expect(
            try columns(
                "SELECT i.id, (SELECT count(*) FROM named p WHERE p.item_id = i.id) AS n "
                    + "FROM item i") == "    on a change of id, item_id, name")
        #expect(
            try columns(
                "SELECT i.id, k.n FROM item i LEFT JOIN (SELECT p.item_id, count(*) AS n, "
                    + "max(p.weight) AS heaviest FROM part p GROUP BY p.item_id) k "
                    + "ON k.item_id = i.id") == "    on a change of item_id")
    }
}
