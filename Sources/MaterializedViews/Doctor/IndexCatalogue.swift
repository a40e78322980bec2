// What the catalogue knows about indexes: those that are there, and whether there could be one on
// an expression.
//
// Nothing is created: whether an index could be is read from the volatility of what it would hold.

import Postgres

extension UsableIndex {
    /// The indexes that can be used, by `schema.index`.
    static func all(
        on connection: borrowing Connection
    ) throws(ViewError) -> [String: UsableIndex] {
        let rows = try connection.texts(
            """
            SELECT n.nspname || '.' || c.relname, m.nspname::text, t.relname::text,
                coalesce(a.attname, '')::text,
                CASE WHEN i.indkey[0] = 0 THEN pg_get_indexdef(i.indexrelid, 1, false) ELSE '' END
            FROM pg_catalog.pg_index i
            JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
            JOIN pg_catalog.pg_namespace m ON m.oid = t.relnamespace
            LEFT JOIN pg_catalog.pg_attribute a
                ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] AND a.attnum > 0
            WHERE i.indisvalid AND i.indpred IS NULL
            """, columns: 5, doing: "reading the list of indexes")
        var indexes: [String: UsableIndex] = [:]
        for row in rows {
            guard let name = row[0] else { continue }
            indexes[name] = UsableIndex(
                schema: row[1] ?? "", table: row[2] ?? "", firstColumn: row[3] ?? "",
                firstExpression: row[4] ?? "")
        }
        return indexes
    }
}

extension UnindexedLookup {
    /// The same with what an index can be made on; nil if nothing remains.
    ///
    /// A cast that changes no byte is its column; an expression that is not immutable cannot be
    /// indexed.
    func indexable(on connection: borrowing Connection) throws(ViewError) -> UnindexedLookup? {
        var columns = columns
        var expressions: [IndexExpression] = []
        for expression in self.expressions {
            let kind =
                try expression.cast == nil
                ? functionKind(expression, on: connection) : castKind(expression, on: connection)
            switch kind {
            case "column": columns.append(expression.column)
            case "expression": expressions.append(expression)
            default: continue
            }
        }
        guard !columns.isEmpty || !expressions.isEmpty else { return nil }
        return UnindexedLookup(
            schema: schema, table: table, columns: Array(Set(columns)).sorted(),
            expressions: expressions)
    }

    /// `column` if an index on the column helps, `expression` if one on the expression does.
    private func castKind(
        _ expression: IndexExpression, on connection: borrowing Connection
    ) throws(ViewError) -> String? {
        try connection.texts(
            """
            WITH types AS (
                SELECT CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END AS source,
                    to_regtype(split_part($4::text, '(', 1))::oid AS target
                FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
                WHERE a.attrelid = to_regclass(format('%I.%I', $1::text, $2::text))
                    AND a.attname = $3)
            SELECT CASE
                WHEN source = target OR c.castmethod = 'b' THEN 'column'
                WHEN c.castmethod = 'f' AND p.provolatile = 'i' THEN 'expression'
                WHEN c.castmethod IS DISTINCT FROM 'f' AND o.provolatile = 'i'
                    AND i.provolatile = 'i' THEN 'expression' END
            FROM types
            LEFT JOIN pg_catalog.pg_cast c ON c.castsource = source AND c.casttarget = target
            LEFT JOIN pg_catalog.pg_proc p ON p.oid = c.castfunc
            JOIN pg_catalog.pg_type s ON s.oid = source
            JOIN pg_catalog.pg_type g ON g.oid = target
            JOIN pg_catalog.pg_proc o ON o.oid = s.typoutput
            JOIN pg_catalog.pg_proc i ON i.oid = g.typinput
            """, [schema, table, expression.column, expression.cast ?? ""],
            doing: "reading a cast"
        ).first?[0]
    }

    /// `expression` if every function of that name that takes the column is immutable.
    private func functionKind(
        _ expression: IndexExpression, on connection: borrowing Connection
    ) throws(ViewError) -> String? {
        let name = expression.text.prefix { $0 != "(" }.split(separator: ".").last ?? ""
        return try connection.texts(
            """
            SELECT CASE WHEN bool_and(p.provolatile = 'i') THEN 'expression' END
            FROM pg_catalog.pg_proc p,
                (SELECT CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END AS source
                 FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
                 WHERE a.attrelid = to_regclass(format('%I.%I', $1::text, $2::text))
                    AND a.attname = $3) AS x
            WHERE p.proname = $4 AND (source = ANY (p.proargtypes)
                OR 'text'::regtype = ANY (p.proargtypes) AND EXISTS (
                    SELECT FROM pg_catalog.pg_cast c WHERE c.castsource = source
                        AND c.casttarget = 'text'::regtype AND c.castmethod = 'b')
                    AND NOT EXISTS (SELECT FROM pg_catalog.pg_proc q
                        WHERE q.proname = p.proname AND source = ANY (q.proargtypes)))
            """, [schema, table, expression.column, String(name)], doing: "reading a function"
        ).first?[0]
    }
}
