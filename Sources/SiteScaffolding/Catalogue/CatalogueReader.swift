// Reads tables, columns, keys and comments from PostgreSQL's catalogue, for a whole database at
// once.
//
// Everything is asked in one read-only transaction that its caller has begun. Beside the catalogue,
// up to `ScaffoldingLimits.jsonRows` rows of tables with JSON columns are looked at, for the keys
// of their objects: no value leaves the server.

import Postgres

/// Questions about the tables of a database.
enum CatalogueReader {
    /// What there is in a database.
    struct Catalogue: Equatable, Sendable {
        /// The names of all schemas that a user may have made.
        var schemas: [String] = []
        /// The database's name.
        var database = ""
        /// Whether texts are stored as UTF-8.
        var isUnicode = true
        /// Tables, views and the like, in the order of the schemas, by name.
        var tables: [DatabaseTable] = []
        /// All foreign keys between them, sorted by name.
        var foreignKeys: [ForeignKey] = []

        /// Nothing yet.
        init() {}
    }

    /// Reads the catalogue.
    ///
    /// - Parameters:
    ///   - schemas: the schemas whose tables are read.
    ///   - connection: inside of a read-only transaction.
    /// - Returns: everything that the inference looks at.
    /// - Throws: what the server said.
    static func read(
        schemas: [String], on connection: borrowing Connection
    ) throws(PostgresError) -> Catalogue {
        var catalogue = Catalogue()
        catalogue.schemas = try texts(
            """
            SELECT nspname::text FROM pg_catalog.pg_namespace
            WHERE nspname NOT LIKE 'pg\\_%'
                AND nspname NOT IN ('information_schema', 'sitegen', 'traffic')
            ORDER BY nspname COLLATE "C"
            """, on: connection
        ).compactMap(\.first)
        let facts = try texts(
            "SELECT current_database()::text, current_setting('server_encoding')", on: connection)
        catalogue.database = facts.first?.first ?? ""
        catalogue.isUnicode = facts.first?.last == "UTF8"
        let wanted = "{\(schemas.map(arrayElement).joined(separator: ","))}"
        var tables = try tables(wanted, on: connection)
        let columns = try columns(wanted, on: connection)
        let indexes = try indexes(wanted, on: connection)
        for place in tables.indices {
            let oid = tables[place].oid
            tables[place].columns = columns[oid] ?? []
            for index in indexes[oid] ?? [] {
                if let first = index.columns.first, first > 0 {
                    tables[place].indexedColumns.insert(first)
                }
                guard index.isUnique, !index.columns.contains(0) else { continue }
                if index.isPrimary { tables[place].primaryKey = index.columns }
                tables[place].uniqueKeys.append(index.columns)
            }
            try JSONKeyReader.read(&tables[place], on: connection)
        }
        catalogue.tables = tables
        catalogue.foreignKeys = try foreignKeys(on: connection)
        return catalogue
    }

    // MARK: Questions

    private static func tables(
        _ schemas: String, on connection: borrowing Connection
    ) throws(PostgresError) -> [DatabaseTable] {
        let rows = try texts(
            """
            SELECT c.oid::text, n.nspname::text, c.relname::text, c.relkind::text,
                coalesce(obj_description(c.oid, 'pg_class'), ''),
                CASE WHEN NOT has_schema_privilege(n.oid, 'USAGE')
                        OR NOT (has_table_privilege(c.oid, 'SELECT')
                            OR has_any_column_privilege(c.oid, 'SELECT')) THEN 'noRights'
                    WHEN c.relrowsecurity THEN 'rowSecurity'
                    WHEN c.relpersistence = 'u' THEN 'unlogged'
                    WHEN c.relkind = 'r' AND EXISTS (
                        SELECT FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid)
                        THEN 'hasHeirs'
                    WHEN c.relkind = 'r' AND EXISTS (
                        SELECT FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid)
                        THEN 'isHeir' ELSE '' END
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
                AND c.relpersistence <> 't' AND n.nspname <> 'sitegen'
                AND n.nspname = ANY ($1::text::text[])
                AND NOT EXISTS (
                    SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
                        AND d.deptype = 'e')
            ORDER BY array_position($1::text::text[], n.nspname::text), c.relname COLLATE "C"
            """, [schemas], on: connection)
        return rows.map { row in
            DatabaseTable(
                oid: Int(row[0]) ?? 0, schema: row[1], name: row[2],
                kind: kinds[row[3]] ?? .table, comment: row[4].isEmpty ? nil : row[4],
                obstacle: obstacles[row[5]])
        }
    }

    private static let kinds: [String: DatabaseTable.Kind] = [
        "v": .view, "m": .materializedView, "f": .foreignTable,
    ]

    private static let obstacles: [String: DatabaseTable.Obstacle] = [
        "noRights": .noRights, "rowSecurity": .rowSecurity, "unlogged": .unlogged,
        "hasHeirs": .hasHeirs, "isHeir": .isHeir,
    ]

    private static func columns(
        _ schemas: String, on connection: borrowing Connection
    ) throws(PostgresError) -> [Int: [DatabaseColumn]] {
        let rows = try texts(
            """
            WITH RECURSIVE below (type, base) AS (
                SELECT t.oid, t.oid FROM pg_catalog.pg_type t
                UNION ALL
                SELECT b.type, t.typbasetype FROM below b
                JOIN pg_catalog.pg_type t ON t.oid = b.base AND t.typtype = 'd')
            SELECT a.attrelid::text, a.attnum::text, a.attname::text, a.attnotnull::text,
                format_type(a.atttypid, a.atttypmod), t.typname::text, t.typtype::text,
                (t.typnamespace = 'pg_catalog'::regnamespace OR t.typname = 'citext')::text,
                coalesce(e.typname::text, ''),
                (e.typtype = 'e' OR coalesce(
                    e.typnamespace = 'pg_catalog'::regnamespace OR e.typname = 'citext', false)
                )::text,
                has_column_privilege(a.attrelid, a.attnum, 'SELECT')::text,
                coalesce(NOT o.collisdeterministic, false)::text
            FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
                AND NOT c.relispartition
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                AND n.nspname = ANY ($1::text::text[])
            JOIN below b ON b.type = a.atttypid
            JOIN pg_catalog.pg_type t ON t.oid = b.base AND t.typtype <> 'd'
            LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
            LEFT JOIN pg_catalog.pg_collation o ON o.oid = a.attcollation
            WHERE a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attrelid, a.attnum
            """, [schemas], on: connection)
        var columns: [Int: [DatabaseColumn]] = [:]
        for row in rows {
            let base: ColumnType =
                if row[6] == "e" {
                    .enumeration
                } else if !row[8].isEmpty {
                    .array(of: row[8], isKnown: row[9] == "true")
                } else {
                    row[7] == "true" ? .builtIn(row[5]) : .other(row[5])
                }
            columns[Int(row[0]) ?? 0, default: []].append(
                DatabaseColumn(
                    number: Int(row[1]) ?? 0, name: row[2], isNotNull: row[3] == "true",
                    type: row[4], base: base, isLoose: row[11] == "true",
                    isReadable: row[10] == "true"))
        }
        return columns
    }

    /// An index over all rows; an expression counts as column 0.
    private struct Index {
        let columns: [Int]
        let isUnique: Bool
        let isPrimary: Bool
    }

    private static func indexes(
        _ schemas: String, on connection: borrowing Connection
    ) throws(PostgresError) -> [Int: [Index]] {
        let rows = try texts(
            """
            SELECT i.indrelid::text, i.indisprimary::text, (i.indisunique AND i.indimmediate)::text,
                (SELECT string_agg(k.number::text, ' ' ORDER BY k.place)
                 FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)
                 WHERE k.place <= i.indnkeyatts)
            FROM pg_catalog.pg_index i
            JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                AND n.nspname = ANY ($1::text::text[])
            WHERE i.indisvalid AND i.indpred IS NULL
            ORDER BY i.indrelid, i.indexrelid
            """, [schemas], on: connection)
        var indexes: [Int: [Index]] = [:]
        for row in rows {
            indexes[Int(row[0]) ?? 0, default: []].append(
                Index(
                    columns: numbers(row[3]), isUnique: row[2] == "true",
                    isPrimary: row[1] == "true"))
        }
        return indexes
    }

    private static func foreignKeys(
        on connection: borrowing Connection
    ) throws(PostgresError) -> [ForeignKey] {
        let rows = try texts(
            """
            SELECT k.conname::text, k.conrelid::text, k.confrelid::text,
                array_to_string(k.conkey, ' '), array_to_string(k.confkey, ' '),
                (k.convalidated AND NOT k.condeferrable)::text
            FROM pg_catalog.pg_constraint k
            WHERE k.contype = 'f' AND k.conparentid = 0
            ORDER BY k.conname COLLATE "C", k.conrelid
            """, on: connection)
        return rows.map { row in
            ForeignKey(
                name: row[0], table: Int(row[1]) ?? 0, target: Int(row[2]) ?? 0,
                columns: numbers(row[3]), targetColumns: numbers(row[4]),
                isAlwaysTrue: row[5] == "true")
        }
    }

    // MARK: Values

    private static func numbers(_ text: String) -> [Int] {
        text.split(separator: " ").compactMap { Int($0) }
    }

    /// A text as an element of an array's text.
    private static func arrayElement(_ text: String) -> String {
        var element = "\""
        for character in text {
            if character == "\"" || character == "\\" { element.append("\\") }
            element.append(character)
        }
        return element + "\""
    }

    /// Rows of texts, NULL as an empty one.
    static func texts(
        _ sql: String, _ parameters: [String] = [], on connection: borrowing Connection
    ) throws(PostgresError) -> [[String]] {
        try connection.rows(sql, parameters.map { Parameter($0) }) {
            (row) throws(PostgresError) -> [String] in
            var values: [String] = []
            for column in 0..<row.count {
                values.append(try row.value(column, as: String?.self) ?? "")
            }
            return values
        }
    }
}
