// Which changes lead to which keys, for every form of SELECT that matters. PostgreSQL parses; the
// expected lines are those of `sitegen db explain`.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("Dependencies") struct DependencyTests {
    /// A shop: items have a maker, tags and parts; makers have a country.
    static func shop() throws -> String {
        let url = try ThrowAwayPostgres.database()
        let connection = try Connection(to: url)
        try connection.run(
            """
            CREATE TABLE country (code text PRIMARY KEY, name text);
            CREATE TABLE maker (id int PRIMARY KEY, name text, country text REFERENCES country);
            CREATE TABLE item (
                id bigint PRIMARY KEY, slug varchar(40) UNIQUE NOT NULL, name text,
                maker_id int REFERENCES maker, shelf text, price numeric(9,2), until timestamptz);
            CREATE TABLE tag (id int PRIMARY KEY, name text);
            CREATE TABLE item_tag (item_id bigint REFERENCES item ON DELETE CASCADE,
                tag_id int REFERENCES tag ON DELETE CASCADE, PRIMARY KEY (item_id, tag_id));
            CREATE TABLE part (id int PRIMARY KEY, item_id bigint REFERENCES item ON DELETE CASCADE,
                name text, weight int);
            CREATE TABLE coin (item_id bigint, worth money);
            CREATE VIEW heavy AS SELECT p.item_id, p.name FROM part p WHERE p.weight > 10;
            """)
        return url
    }

    /// The lines that say where changes lead, without those about columns.
    private func routes(_ sql: String, key: String = "id") throws -> [String] {
        let connection = try Connection(to: Self.shop())
        let definition = try view("v", "-- key: \(key)\n\(sql)")
        let explanation = try ViewInstaller.explain(nil, of: [definition], on: connection)
        return explanation.flatMap(\.lines).filter { !$0.hasPrefix("    ") }
    }

    private static let everyItem = [
        "v: incremental, by public.item (id)", "  public.item.id is the key",
    ]

    @Test(arguments: [
        // Sub-selects, nested and over a join table.
        (
            """
            SELECT i.id, (SELECT json_agg(t.name ORDER BY t.id) FROM item_tag x
                JOIN tag t ON t.id = x.tag_id WHERE x.item_id = i.id) AS tags FROM item i
            """,
            [
                "  public.item_tag.item_id is the key",
                "  public.tag.id → public.item_tag.tag_id → public.item.id",
            ]
        ),
        // A parent, and the parent of a parent.
        (
            """
            SELECT i.id, m.name, c.name AS country FROM item i LEFT JOIN maker m
                ON m.id = i.maker_id LEFT JOIN country c ON c.code = m.country
            """,
            [
                "  public.maker.id → public.item.maker_id",
                "  public.country.code → public.maker.country → public.item.maker_id",
            ]
        ),
        // USING and a CTE that is named twice.
        (
            """
            WITH p AS (SELECT item_id AS id, name FROM part)
            SELECT id, (SELECT min(p.name) FROM p WHERE p.id = item.id) AS first,
                (SELECT max(p.name) FROM p WHERE p.id = item.id) AS last FROM item
            """, ["  public.part.item_id is the key"]
        ),
        // A view of somebody else is read through.
        (
            "SELECT i.id, (SELECT count(*) FROM heavy h WHERE h.item_id = i.id) AS n FROM item i",
            ["  public.part.item_id is the key"]
        ),
        // Siblings on the same shelf: no foreign key says so, the statement does.
        (
            """
            SELECT i.id, (SELECT min(o.name) FROM item o WHERE o.shelf = i.shelf
                AND o.id <> i.id) AS neighbour FROM item i
            """, ["  public.item.shelf → public.item.shelf"]
        ),
        // Grouped in FROM by the column that is joined.
        (
            """
            SELECT i.id, p.n FROM item i LEFT JOIN (SELECT item_id, count(*) AS n FROM part
                GROUP BY item_id) p ON p.item_id = i.id
            """, ["  public.part.item_id is the key"]
        ),
        // LATERAL with LIMIT: the condition is inside.
        (
            """
            SELECT i.id, p.name FROM item i LEFT JOIN LATERAL (SELECT name FROM part
                WHERE item_id = i.id ORDER BY id LIMIT 1) p ON true
            """, ["  public.part.item_id is the key"]
        ),
        // Both sides of a UNION inside a sub-select.
        (
            """
            SELECT i.id, (SELECT count(*) FROM (SELECT p.name FROM part p WHERE p.item_id = i.id
                UNION SELECT x.tag_id::text FROM item_tag x WHERE x.item_id = i.id) u) AS n
            FROM item i
            """,
            ["  public.part.item_id is the key", "  public.item_tag.item_id is the key"]
        ),
    ])
    func `an equality leads to the key`(sql: String, lines: [String]) throws {
        #expect(try routes(sql) == Self.everyItem + lines)
    }

    @Test(arguments: [
        // The kept side of an outer join is there whether the condition holds or not.
        """
        SELECT i.id, (SELECT count(*) FROM part p LEFT JOIN tag t ON t.id = i.id
            AND p.item_id = i.id) AS n FROM item i
        """,
        // A condition under OR.
        """
        SELECT i.id, (SELECT count(*) FROM part p WHERE p.item_id = i.id OR p.weight > 5) AS n
        FROM item i
        """,
        // The limit is outside: a change may push another row out.
        """
        SELECT i.id, (SELECT count(*) FROM (SELECT item_id FROM part ORDER BY weight, id LIMIT 5) p
            WHERE p.item_id = i.id) AS n FROM item i
        """,
        "SELECT i.id, (SELECT max(p.weight) FROM part p WHERE p.item_id < i.id) AS n FROM item i",
        """
        SELECT i.id, (SELECT count(*) FROM part p WHERE p.item_id::text = i.id::text) AS n
        FROM item i
        """,
    ])
    func `what nothing ties concerns every row`(sql: String) throws {
        let lines = try routes(sql)
        #expect(lines.first == Self.everyItem[0])
        #expect(
            lines.contains("  public.part → every row: no equality ties public.part to the key"))
    }

    @Test func `nothing is tied by money, whose text is the session's`() throws {
        let lines = try routes(
            "SELECT i.id, (SELECT count(*) FROM coin c WHERE c.worth = i.price::money) AS n, "
                + "(SELECT count(*) FROM coin c JOIN coin d ON d.worth = c.worth "
                + "WHERE c.item_id = i.id) AS m FROM item i")
        #expect(
            lines == Self.everyItem + [
                "  public.coin → every row: no equality ties public.coin to the key",
                "  public.coin.item_id is the key",
            ])
    }

    @Test(arguments: [
        ("SELECT worth::numeric AS id FROM coin", "it is computed"),
        ("SELECT coalesce(i.id, 0) AS id FROM item i", "it is computed"),
        ("SELECT i.id + m.id AS id FROM item i JOIN maker m ON m.name = i.name", "it is computed"),
        ("SELECT i.id FROM item i ORDER BY i.id LIMIT 3", "LIMIT or OFFSET picks rows"),
        ("SELECT i.id, rank() OVER (ORDER BY i.price) AS n FROM item i", "window functions"),
        ("SELECT id FROM part UNION ALL (SELECT id FROM item LIMIT 2)", "LIMIT"),
        (
            "SELECT i.id, rank() OVER (PARTITION BY i.shelf ORDER BY i.id) AS n FROM item i",
            "window functions"
        ),
        ("SELECT DISTINCT ON (maker_id) id FROM item ORDER BY maker_id, id", "DISTINCT ON"),
        ("SELECT min(i.id) AS id FROM item i GROUP BY i.maker_id", "it is not in GROUP BY"),
    ])
    func `a key that cannot be looked up makes the view full`(sql: String, part: String) throws {
        let lines = try routes(sql)
        #expect(lines[0].hasPrefix("v: full"))
        #expect(lines.dropFirst().allSatisfy { $0.contains("every row") && $0.contains(part) })
    }

    @Test func `rows are looked up by the part of the key that a table gives`() throws {
        let lines = try routes(
            """
            SELECT m.name AS maker, n.page, (SELECT count(*) FROM item i WHERE i.maker_id = m.id)
                AS items FROM maker m CROSS JOIN LATERAL generate_series(1, 2) AS n (page)
            """, key: "maker, page")
        #expect(
            lines == [
                "v: incremental, by public.maker (name)", "  public.maker.name is the key",
                "  public.item.maker_id → public.maker.id",
            ])
    }

    @Test func `a declared watch leads where the statement does not`() throws {
        let connection = try Connection(to: Self.shop())
        try connection.run(
            """
            CREATE FUNCTION weight(bigint) RETURNS bigint LANGUAGE sql STABLE
            AS 'SELECT sum(weight) FROM part WHERE item_id = $1'
            """)
        let sql = "SELECT i.id, weight(i.id) AS weight FROM item i"
        let hidden = try #require(throws: ViewError.self) {
            try ViewInstaller.explain(nil, of: [view("v", "-- key: id\n\(sql)")], on: connection)
        }
        #expect(hidden.description.contains("public.weight is not IMMUTABLE"))
        let declared = try view(
            "v",
            """
            -- key: id
            -- watch: part(item_id): SELECT i.id FROM item i WHERE i.id = ANY ($1)
            \(sql)
            """)
        _ = try ViewInstaller.apply([declared], on: connection)
        try connection.run(
            """
            INSERT INTO item (id, slug) VALUES (1, 'a'), (2, 'b');
            INSERT INTO part VALUES (1, 1, 'p', 7)
            """)
        _ = try ChangeQueue.drain(on: connection)
        try connection.run("UPDATE part SET weight = 9")
        #expect(
            try ChangeQueue.drain(on: connection)
                == [StepReport(view: "v", examined: 1, changed: 1)])
        #expect(
            try texts("SELECT weight::text FROM sitegen.v WHERE id = 1", on: connection) == ["9"])
    }

    @Test func `a declared watch counts beside what the statement shows`() throws {
        let connection = try Connection(to: Self.shop())
        try connection.run(
            """
            ALTER TABLE tag ADD parent int;
            CREATE FUNCTION trail(int) RETURNS text LANGUAGE sql STABLE AS $$
                WITH RECURSIVE up (id, name, parent) AS (
                    SELECT id, name, parent FROM public.tag WHERE id = $1
                    UNION ALL SELECT t.id, t.name, t.parent FROM public.tag t, up
                    WHERE t.id = up.parent)
                SELECT string_agg(name, '/' ORDER BY id) FROM up $$;
            INSERT INTO tag VALUES (1, 'root', NULL), (2, 'child', 1), (3, 'other', NULL);
            INSERT INTO item (id, slug) VALUES (1, 'a'), (2, 'b');
            INSERT INTO item_tag VALUES (1, 2), (2, 3)
            """)
        let trails = try view(
            "trails",
            """
            -- key: id
            -- nullable: trail
            -- watch: tag(id): WITH RECURSIVE down (id) AS (SELECT unnest($1) UNION \
            SELECT t.id FROM tag t JOIN down d ON t.parent = d.id) \
            SELECT x.item_id FROM item_tag x JOIN down d ON d.id = x.tag_id
            SELECT i.id, trail(t.id) AS trail FROM item i
            JOIN item_tag x ON x.item_id = i.id JOIN tag t ON t.id = x.tag_id
            """)
        _ = try ViewInstaller.apply([trails], on: connection)
        try connection.run("UPDATE tag SET name = 'top' WHERE id = 1")
        #expect(
            try ChangeQueue.drain(on: connection)
                == [StepReport(view: "trails", examined: 1, changed: 1)])
        #expect(
            try texts("SELECT trail FROM sitegen.trails ORDER BY id", on: connection)
                == ["top/child", "other"])
    }
}
