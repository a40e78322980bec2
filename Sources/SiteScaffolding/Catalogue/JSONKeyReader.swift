// Looks at a few rows of JSON columns: do they hold objects, and which keys have plain values?
//
// The server answers with names of keys alone. A key counts if it is nowhere an object or an array;
// the order is that of the alphabet, and there is a limit.

import Postgres

/// Guesses the shape of JSON columns.
enum JSONKeyReader {
    /// Notes the keys of each json and jsonb column of a table.
    ///
    /// - Throws: what the server said; a table that cannot be read is passed over.
    static func read(
        _ table: inout DatabaseTable, on connection: borrowing Connection
    ) throws(PostgresError) {
        guard table.kind == .table, table.obstacle == nil else { return }
        for place in table.columns.indices where table.columns[place].isReadable {
            guard case .builtIn(let type) = table.columns[place].base,
                type == "json" || type == "jsonb"
            else { continue }
            let column = table.columns[place].quoted
            let keys = try CatalogueReader.texts(
                """
                SELECT e.key
                FROM (SELECT t.\(column) AS value FROM \(table.quoted) t
                      WHERE \(type)_typeof(t.\(column)) = 'object'
                      LIMIT \(ScaffoldingLimits.jsonRows)) r
                CROSS JOIN LATERAL \(type)_each(r.value) AS e (key, value)
                GROUP BY e.key
                HAVING bool_and(\(type)_typeof(e.value) NOT IN ('object', 'array'))
                ORDER BY e.key COLLATE "C" LIMIT \(ScaffoldingLimits.jsonKeys)
                """, on: connection)
            table.columns[place].jsonKeys = keys.compactMap(\.first)
        }
    }
}
