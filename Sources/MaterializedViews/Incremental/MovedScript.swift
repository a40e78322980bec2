// What `moved:` keeps: the texts that a column of a row had before, so that the addresses that were
// made of them lead to where the row is now.
//
// `sitegen.moved` has one line for each text that a row had and that no row has now. It outlives
// the view's table: another statement, which changes every address, is when it is needed most. A
// text that a row takes again belongs to that row alone; whoever had it before counts as changed.

import Postgres

extension IncrementalView {
    /// The longest text that is kept, in bytes.
    static let movedBytesMax = 2_000

    /// Makes the table, if it is not there.
    static func createMoved(in schema: SiteSchema) -> String {
        """
        CREATE TABLE IF NOT EXISTS \(schema).moved (
            view text NOT NULL,
            key text NOT NULL,
            old text NOT NULL,
            at timestamptz NOT NULL DEFAULT clock_timestamp()
        );
        CREATE UNIQUE INDEX IF NOT EXISTS moved_old ON \(schema).moved (view, md5(old));
        CREATE INDEX IF NOT EXISTS moved_key ON \(schema).moved (view, md5(key));
        """
    }

    /// SQL of a row's key as events name it.
    private func keyText(_ alias: String) -> String {
        "(\(RowKey.sql(dependencies.key.map { "\(alias).\($0.quotedName)" })))::text"
    }

    /// What a changed row had in the column before, as a column of `diff`; empty without `moved:`.
    var movedBefore: String {
        guard let column = definition.moved?.quotedName else { return "" }
        return """
            , CASE WHEN o.\(column) <> '' AND o.\(column) IS DISTINCT FROM f.\(column)
                THEN o.\(column)::text END AS "sitegen moved"
            """
    }

    /// The common tables that keep what was there before and let go of what is there again.
    var keepMoved: String {
        guard let column = definition.moved?.quotedName else { return "" }
        let kept = Self.keep(
            in: schema, view: literal, key: keyText("d"), from: "diff d",
            where: """
                NOT EXISTS (SELECT FROM fresh f WHERE f.\(column) = d."sitegen moved")
                    AND NOT EXISTS (SELECT FROM \(table) v WHERE v.\(column) = d."sitegen moved"
                        AND NOT EXISTS (SELECT FROM diff e WHERE \(isSame("e", "v"))))
                """)
        return """
            moved AS (
                \(kept)),
            retaken AS (
                DELETE FROM \(schema).moved m USING diff d
                WHERE m.view = \(literal) AND m.old = d.\(column)::text RETURNING m.key),
            forgotten AS (
                DELETE FROM \(schema).moved m USING (
                    SELECT x.ctid AS place, row_number() OVER (
                        PARTITION BY x.key ORDER BY x.at DESC, x.old) AS n
                    FROM \(schema).moved x WHERE x.view = \(literal) AND x.key IN (
                        SELECT \(keyText("d")) FROM diff d WHERE d."sitegen moved" IS NOT NULL)
                        AND NOT EXISTS (SELECT FROM diff d WHERE d."sitegen moved" = x.old)) o
                WHERE m.ctid = o.place AND o.n >= \(ViewLimits.movedTextsMax)),

            """
    }

    /// The events of rows that have lost an old address to another row.
    var toldOfRetaken: String {
        guard let column = definition.moved else { return "" }
        return """
            UNION ALL
            SELECT nextval('\(schema).rev'), \(literal), r.key, 'u'::"char",
                ARRAY[\(SQLText.literal(column))]
            FROM (SELECT DISTINCT key FROM retaken) r
            WHERE NOT EXISTS (SELECT FROM diff d WHERE \(keyText("d")) = r.key)
                AND EXISTS (SELECT FROM \(table) v WHERE \(keyText("v")) = r.key)
            """
    }

    /// The statement that keeps texts: `from` has them as `"sitegen moved"` of `d`.
    private static func keep(
        in schema: SiteSchema, view: String, key: String, from: String, where condition: String
    ) -> String {
        """
        INSERT INTO \(schema).moved (view, key, old)
            SELECT DISTINCT ON (d."sitegen moved") \(view), \(key), d."sitegen moved"
            FROM \(from)
            WHERE octet_length(d."sitegen moved") <= \(movedBytesMax)
                AND \(condition)
            ORDER BY d."sitegen moved", 2
            ON CONFLICT (view, md5(old)) DO UPDATE SET key = excluded.key, at = excluded.at
        """
    }

    // MARK: Another statement

    /// Notes what the rows of a view have before its table is replaced.
    ///
    /// - Parameters:
    ///   - definition: the view as it will be.
    ///   - connection: in the transaction that replaces it.
    /// - Returns: the table in which they are; nil if there is nothing to keep.
    /// - Throws: `.database`.
    static func rememberMoved(
        of definition: ViewDefinition, on connection: borrowing Connection
    ) throws(ViewError) -> String? {
        guard let column = definition.moved else { return nil }
        let doing = "keeping the addresses of \(definition.name)"
        let needed = definition.key + [column]
        let there = try connection.texts(
            """
            SELECT count(*)::text FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = to_regclass($1) AND NOT a.attisdropped
                AND a.attname = ANY ($2::text[])
            """, [definition.relation, SQLText.array(needed)], doing: doing)
        guard there.first?[0] == "\(Set(needed).count)" else { return nil }
        let name = "sitegen was \(definition.name)".quotedName
        let key = RowKey.sql(definition.key.map { "v.\($0.quotedName)" })
        try connection.perform(
            """
            CREATE TEMP TABLE \(name) ON COMMIT DROP AS
            SELECT \(key) AS key, v.\(column.quotedName)::text AS old
            FROM \(definition.relation) v
            """, doing: doing)
        return "pg_temp.\(name)"
    }

    /// Keeps what the rows of a replaced view had and have no more.
    ///
    /// - Parameters:
    ///   - table: what `rememberMoved` gave.
    ///   - definition: the view, which has its new rows.
    ///   - connection: in the same transaction.
    /// - Throws: `.database`.
    static func keepMoved(
        from table: String, of definition: ViewDefinition, on connection: borrowing Connection
    ) throws(ViewError) {
        guard let column = definition.moved?.quotedName else { return }
        let view = definition.relation
        let key = RowKey.sql(definition.key.map { "v.\($0.quotedName)" })
        let literal = SQLText.literal(definition.name)
        let kept = keep(
            in: definition.schema, view: literal, key: "d.key",
            from: """
                (SELECT w.key, w.old AS "sitegen moved" FROM \(table) w
                    JOIN \(view) v ON \(key) = w.key AND v.\(column)::text IS DISTINCT FROM w.old
                    WHERE w.old <> '') d
                """,
            where: """
                NOT EXISTS (SELECT FROM \(view) v WHERE v.\(column)::text = d."sitegen moved")
                """)
        try connection.perform(
            """
            \(kept);
            DELETE FROM \(definition.schema).moved m USING \(view) v
            WHERE m.view = \(literal) AND m.old = v.\(column)::text;
            DROP TABLE \(table)
            """, doing: "keeping the addresses of \(definition.name)")
    }
}
