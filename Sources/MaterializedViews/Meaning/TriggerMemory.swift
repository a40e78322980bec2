import Postgres

/// Remembers in which state triggers were left.
///
/// They fire ALWAYS where sitegen may say so, in replica sessions too. Whoever disables and enables
/// all triggers of a table, as a restore does, leaves them firing as usual, and in any case writes
/// their rows of the catalogue anew: the transaction that did is remembered beside the state.
/// VACUUM freezes such a row without taking that number away (PostgreSQL 9.4 and later).
enum TriggerMemory {
    private static func query(_ schema: SiteSchema) -> String {
        """
        SELECT n.nspname::text AS schema, c.relname::text AS name, t.tgname::text AS trigger,
            t.tgenabled::text AS state, t.xmin::text AS written
        FROM pg_catalog.pg_trigger t
        JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
            AND p.pronamespace = to_regnamespace('\(schema)')
        WHERE NOT t.tgisinternal AND starts_with(t.tgname::text, '\(schema.triggerPrefix)')
        """
    }

    /// SQL of what is noted about a trigger.
    private static let line =
        "jsonb_build_array(x.schema, x.name, x.trigger, x.state, x.written)::text"

    /// Notes how triggers are now.
    static func record(on connection: borrowing Connection) throws(ViewError) {
        try connection.perform(
            """
            UPDATE \(connection.schema).installation SET triggers = (
                SELECT array_agg(\(line)) FROM (\(query(connection.schema))) x)
            """, doing: "recording the state of triggers")
    }

    /// Notes how the triggers of some tables are now that an installation has made anew.
    static func record(
        _ tables: Set<QualifiedName>, on connection: borrowing Connection
    ) throws(ViewError) {
        guard !tables.isEmpty else { return }
        _ = try connection.texts(
            """
            UPDATE \(connection.schema).installation i SET triggers = ARRAY(
                SELECT u.text FROM unnest(i.triggers) AS u (text)
                WHERE (u.text::jsonb ->> 0, u.text::jsonb ->> 1) NOT IN (
                    SELECT * FROM unnest($1::text::text[], $2::text::text[]))
                UNION ALL
                SELECT \(line) FROM (\(query(connection.schema))) x
                WHERE (x.schema, x.name) IN (
                    SELECT * FROM unnest($1::text::text[], $2::text::text[])))
            WHERE i.triggers IS NOT NULL
            """,
            [
                SQLText.array(tables.sorted().map(\.schema)),
                SQLText.array(tables.sorted().map(\.name)),
            ], doing: "recording the state of triggers")
    }

    /// The tables whose triggers are not as they were left, each with what is said about it.
    static func unwatched(
        on connection: borrowing Connection
    ) throws(ViewError) -> [QualifiedName: String] {
        let found = try connection.texts(
            "SELECT 'yes' WHERE to_regclass('\(connection.schema).installation') IS NOT NULL",
            doing: "looking for sitegen's schema")
        guard !found.isEmpty else { return [:] }
        let rows = try connection.texts(
            """
            SELECT s.line ->> 0, s.line ->> 1, max(coalesce(x.state, ''))
            FROM \(connection.schema).installation i
            CROSS JOIN LATERAL jsonb_array_elements_text(
                coalesce(nullif(to_jsonb(i) -> 'triggers', 'null'), '[]')) AS u (text)
            CROSS JOIN LATERAL (SELECT u.text::jsonb AS line) s
            LEFT JOIN (\(query(connection.schema))) x
                ON x.schema = s.line ->> 0 AND x.name = s.line ->> 1 AND x.trigger = s.line ->> 2
            WHERE (x.state IS DISTINCT FROM s.line ->> 3
                    OR x.written <> s.line ->> 4) AND i.is_attached
            GROUP BY 1, 2
            """, columns: 3, doing: "looking at the state of triggers")
        var tables: [QualifiedName: String] = [:]
        for row in rows {
            let table = QualifiedName(schema: row[0] ?? "", name: row[1] ?? "")
            let what = row[2] == "" ? "are missing" : row[2] == "D" ? "are off" : "were off"
            tables[table] = "triggers on \(table.text) \(what)"
        }
        return tables
    }

    /// Has triggers fire in replica sessions too, on tables of whoever installs.
    static func enableAlways(on connection: borrowing Connection) throws(ViewError) {
        let rows = try connection.texts(
            """
            SELECT format('ALTER TABLE %I.%I ENABLE ALWAYS TRIGGER %I', x.schema, x.name,
                x.trigger)
            FROM (\(query(connection.schema)) AND t.tgenabled <> 'A'
                AND n.nspname <> '\(connection.schema)' AND pg_has_role(c.relowner, 'USAGE')) x
            """, doing: "looking at the state of triggers")
        try ViewInstaller.run(
            rows.compactMap { $0[0] }, on: connection, doing: "enabling triggers")
    }
}
