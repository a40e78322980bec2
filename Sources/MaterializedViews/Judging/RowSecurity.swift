// Row security: which conditions decide what of a table is seen.
//
// They hold for whoever computes rows, and that is not always who asks: rows are computed by the
// owner of sitegen's schema and of the views in it, and what a view of somebody else reads is
// seen as by its owner. Whoever only looks at the status, under another name, gets the same answer.

import Postgres

/// Reads the policies of tables.
enum RowSecurity {
    /// The conditions under which rows are seen, where they hold for anybody who reads.
    ///
    /// - Parameters:
    ///   - tables: the tables, by OID.
    ///   - views: the views through which they may be read.
    ///   - connection: where to ask.
    /// - Returns: by table, expressions over its row as the only source.
    /// - Throws: `.database`.
    static func conditions(
        on tables: Set<Int>, through views: Set<Int>, _ connection: borrowing Connection
    ) throws(ViewError) -> [Int: [NodeTree]] {
        guard !tables.isEmpty else { return [:] }
        let rows = try connection.texts(
            """
            WITH reader AS (
                SELECT r.oid FROM pg_catalog.pg_roles r WHERE NOT r.rolsuper AND NOT r.rolbypassrls
                    AND r.oid IN (
                        SELECT coalesce((SELECT n.nspowner FROM pg_catalog.pg_namespace n
                                WHERE n.nspname = '\(connection.schema)'),
                            (SELECT u.oid FROM pg_catalog.pg_roles u
                                WHERE u.rolname = current_user))
                        UNION ALL
                        SELECT v.relowner FROM pg_catalog.pg_class v
                        WHERE v.relkind IN ('v', 'm')
                            AND v.relnamespace = to_regnamespace('\(connection.schema)')
                        UNION ALL
                        SELECT v.relowner FROM pg_catalog.pg_class v
                        WHERE v.oid = ANY ($2::text::oid[])
                            AND v.relnamespace <> pg_my_temp_schema()))
            SELECT c.oid::text, p.polqual::text
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_policy p ON p.polrelid = c.oid
            WHERE c.oid = ANY ($1::text::oid[]) AND c.relrowsecurity
                AND p.polqual IS NOT NULL AND p.polcmd IN ('r', '*')
                AND EXISTS (SELECT FROM reader r
                    WHERE c.relforcerowsecurity OR NOT pg_has_role(r.oid, c.relowner, 'USAGE'))
            ORDER BY c.oid, p.polname
            """, [SQLText.oids(tables), SQLText.oids(views)], columns: 2,
            doing: "reading row security")
        var conditions: [Int: [NodeTree]] = [:]
        for row in rows {
            guard let oid = row[0].flatMap({ Int($0) }), let text = row[1] else { continue }
            conditions[oid, default: []].append(try ViewTree.parse(text))
        }
        return conditions
    }
}
