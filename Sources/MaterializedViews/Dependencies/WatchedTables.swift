// Reads from the catalogue what is known about the tables that views read.
//
// Partitions and inheriting tables are listed with their parent, since a statement on one of them
// does not fire the parent's triggers.

import Postgres

extension WatchedTable {
    /// Reads tables by OID or by name.
    ///
    /// - Returns: by OID; what does not exist is left out.
    static func read(
        oids: Set<Int>, names: Set<QualifiedName>, on connection: borrowing Connection
    ) throws(ViewError) -> [Int: WatchedTable] {
        let rows = try connection.texts(
            """
            SELECT c.oid::text, n.nspname::text, c.relname::text, c.relkind::text,
                (SELECT min(m.nspname || '.' || p.relname) FROM pg_catalog.pg_inherits i
                 JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
                 JOIN pg_catalog.pg_namespace m ON m.oid = p.relnamespace
                 WHERE i.inhrelid = c.oid)
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.oid = ANY ($1::text::oid[]) OR (n.nspname, c.relname) IN (
                SELECT * FROM unnest($2::text::name[], $3::text::name[]))
            """,
            [
                SQLText.array(oids.sorted().map(String.init)),
                SQLText.array(names.sorted().map(\.schema)),
                SQLText.array(names.sorted().map(\.name)),
            ], columns: 5, doing: "reading the tables of views")
        var tables: [Int: WatchedTable] = [:]
        for row in rows {
            guard let oid = row[0].flatMap({ Int($0) }) else { continue }
            tables[oid] = WatchedTable(
                oid: oid, name: QualifiedName(schema: row[1] ?? "", name: row[2] ?? ""),
                kind: row[3] ?? "", parent: row[4], isOwn: row[1] == connection.schema.description)
        }
        try readColumns(&tables, on: connection)
        try readIndexes(&tables, on: connection)
        try readIdentity(&tables, on: connection)
        try readParts(&tables, on: connection)
        return tables
    }

    private static func list(_ tables: [Int: WatchedTable]) -> [String] {
        [SQLText.array(tables.keys.sorted().map(String.init))]
    }

    private static func readColumns(
        _ tables: inout [Int: WatchedTable], on connection: borrowing Connection
    ) throws(ViewError) {
        let rows = try connection.texts(
            """
            SELECT a.attrelid::text, a.attnum::text, a.attname::text,
                CASE WHEN n.nspname = 'pg_catalog' THEN pg_catalog.format_type(a.atttypid, -1)
                    ELSE format('%I.%I', n.nspname, t.typname) END, a.attnotnull::text,
                (a.attgenerated <> '')::text, (t.typtype = 'e')::text,
                (a.attgenerated = 'v')::text
            FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
            WHERE a.attrelid = ANY ($1::text::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
            """, list(tables), columns: 8, doing: "reading the columns of tables")
        for row in rows {
            guard let oid = row[0].flatMap({ Int($0) }), let number = row[1].flatMap({ Int($0) })
            else { continue }
            tables[oid]?.columns[number] = Column(
                name: row[2] ?? "", type: row[3] ?? "", isNotNull: row[4] == "true",
                isGenerated: row[5] == "true", isVirtual: row[7] == "true",
                isEnumeration: row[6] == "true")
        }
    }

    private static func readIndexes(
        _ tables: inout [Int: WatchedTable], on connection: borrowing Connection
    ) throws(ViewError) {
        let rows = try connection.texts(
            """
            SELECT DISTINCT i.indrelid::text, i.indkey[0]::text FROM pg_catalog.pg_index i
            WHERE i.indrelid = ANY ($1::text::oid[]) AND i.indisvalid AND i.indpred IS NULL
            """, list(tables), columns: 2, doing: "reading the indexes of tables")
        for row in rows {
            guard let oid = row[0].flatMap({ Int($0) }), let number = row[1].flatMap({ Int($0) })
            else { continue }
            tables[oid]?.indexed.insert(number)
        }
    }

    /// The primary key, or else the first unique index that is whole, immediate and never NULL.
    ///
    /// Its equality is that of pg_catalog: triggers compare with `=`, and find no other one.
    private static func readIdentity(
        _ tables: inout [Int: WatchedTable], on connection: borrowing Connection
    ) throws(ViewError) {
        let rows = try connection.texts(
            """
            SELECT DISTINCT ON (i.indrelid) i.indrelid::text,
                (SELECT string_agg(k.attnum::text, ',' ORDER BY k.place)
                 FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
                 WHERE k.place <= i.indnkeyatts)
            FROM pg_catalog.pg_index i
            WHERE i.indrelid = ANY ($1::text::oid[]) AND i.indisunique AND i.indisvalid
                AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indimmediate
                AND NOT EXISTS (
                    SELECT FROM unnest(i.indkey::int2[]) AS k (attnum)
                    JOIN pg_catalog.pg_attribute a
                        ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND NOT a.attnotnull)
                AND NOT EXISTS (
                    SELECT FROM unnest(i.indclass::oid[]) AS k (class)
                    JOIN pg_catalog.pg_opclass c ON c.oid = k.class
                    JOIN pg_catalog.pg_amop m ON m.amopfamily = c.opcfamily AND m.amopstrategy = 3
                        AND m.amoplefttype = c.opcintype AND m.amoprighttype = c.opcintype
                    JOIN pg_catalog.pg_operator o ON o.oid = m.amopopr
                        AND o.oprnamespace <> 'pg_catalog'::regnamespace)
            ORDER BY i.indrelid, i.indisprimary DESC, i.indexrelid
            """, list(tables), columns: 2, doing: "reading the keys of tables")
        for row in rows {
            guard let oid = row[0].flatMap({ Int($0) }), let table = tables[oid] else { continue }
            let numbers = (row[1] ?? "").split(separator: ",").compactMap { Int($0) }
            tables[oid]?.identity = numbers.compactMap { table.columns[$0]?.name }
        }
    }

    private static func readParts(
        _ tables: inout [Int: WatchedTable], on connection: borrowing Connection
    ) throws(ViewError) {
        let rows = try connection.texts(
            """
            WITH RECURSIVE part (top, oid) AS (
                SELECT t.oid, t.oid FROM unnest($1::text::oid[]) AS t (oid)
                UNION
                SELECT p.top, i.inhrelid FROM part p
                JOIN pg_catalog.pg_inherits i ON i.inhparent = p.oid)
            SELECT p.top::text, n.nspname::text, c.relname::text, c.relkind::text,
                EXISTS (SELECT FROM pg_catalog.pg_subscription_rel s
                    WHERE s.srrelid = p.oid)::text
            FROM part p
            JOIN pg_catalog.pg_class c ON c.oid = p.oid AND c.relkind IN ('r', 'p', 'f')
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            ORDER BY 2, 3
            """, list(tables), columns: 5, doing: "reading the partitions of tables")
        for row in rows {
            guard let oid = row[0].flatMap({ Int($0) }) else { continue }
            if row[4] == "true" { tables[oid]?.isSubscribed = true }
            let part = QualifiedName(schema: row[1] ?? "", name: row[2] ?? "")
            if part == tables[oid]?.name { continue }
            if row[3] == "f" {
                tables[oid]?.foreignParts.append(part)
            } else {
                tables[oid]?.parts.append(part)
            }
        }
    }
}
