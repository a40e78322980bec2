// What the database holds of sitegen's views, read from PostgreSQL's catalogue.
//
// Everything is asked as text and in one query per question. A column of a domain is described as
// the type below it, by the server itself, so a domain over text is read as text.

import Postgres

/// Questions about schema `sitegen`.
enum ViewCatalogue {
    /// One row of `sitegen.view` with what the catalogue says about the view of that name.
    struct Record {
        var name: String
        var digest: String
        var strategy: String
        var key: String
        /// `v`, `m`, another letter for something that is no view, nil for nothing.
        var relationKind: String?
        var isPopulated: Bool
        /// The last refresh, `2026-05-03T08:15:00Z`; nil for a live view.
        var refreshedAt: String?
        var references: [String]
        /// Whether the statement of an incremental view is there; it is not while it is detached.
        var hasStatement: Bool
        /// The file as it was when the view was installed; nil if an older version installed it.
        var source: String?
        /// What it was made from (`ViewMeaning`); nil if an older version installed it.
        var madeFrom: [String]?
    }

    /// Whether `sitegen db apply` has ever been run here.
    static func isInstalled(on connection: borrowing Connection) throws(ViewError) -> Bool {
        let found = try connection.texts(
            "SELECT 'yes' WHERE to_regclass('\(connection.schema).view') IS NOT NULL",
            doing: "looking for sitegen's schema")
        return !found.isEmpty
    }

    /// Whether everything that this version needs beside views is in the schema.
    static func isPrepared(on connection: borrowing Connection) throws(ViewError) -> Bool {
        let schema = connection.schema
        let found = try connection.texts(
            "SELECT 'yes' WHERE "
                + CoreScript.newest.map { "to_regclass('\(schema).\($0)') IS NOT NULL" }
                .joined(separator: " AND "),
            doing: "looking for sitegen's schema")
        return !found.isEmpty
    }

    /// Whether the schema's own tables are those of this version, as its comment says.
    static func isCurrent(on connection: borrowing Connection) throws(ViewError) -> Bool {
        let found = try connection.texts(
            "SELECT obj_description(to_regnamespace('\(connection.schema)')::oid, 'pg_namespace')",
            doing: "looking for sitegen's schema")
        return found.first?[0] == CoreScript.version
    }

    /// The columns of an installed view, as its statement gives them.
    static func columns(
        ofView name: String, _ kind: RefreshStrategy, on connection: borrowing Connection
    ) throws(ViewError) -> [ViewColumn] {
        let columns = try columns(
            of: "SELECT * FROM \(connection.schema.view(name))", for: nil, on: connection)
        // The number of the last change belongs to sitegen.
        return kind == .incremental ? columns.filter { $0.name != "rev" } : columns
    }

    /// Everything recorded, by name; nothing if the schema is not there.
    static func records(on connection: borrowing Connection) throws(ViewError) -> [Record] {
        guard try isInstalled(on: connection) else { return [] }
        let references = try self.references(on: connection)
        let schema = connection.schema
        let rows = try connection.texts(
            """
            SELECT v.name, v.digest, v.strategy, array_to_string(v.key, ','), c.relkind::text,
                c.relispopulated::text,
                to_char(v.refreshed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                (to_regclass(format('\(schema).%I', 'def_' || v.name)) IS NOT NULL)::text,
                to_jsonb(v) ->> 'source',
                (SELECT array_to_string(ARRAY(SELECT jsonb_array_elements_text(
                    to_jsonb(v) -> 'made_from')), E'\n')
                 WHERE jsonb_typeof(to_jsonb(v) -> 'made_from') = 'array')
            FROM \(schema).view v
            LEFT JOIN pg_catalog.pg_class c
                ON c.relname = v.name
                AND c.relnamespace = (
                    SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = '\(schema)')
            ORDER BY v.name COLLATE "C"
            """, columns: 10, doing: "reading sitegen's list of views")
        return rows.map { row in
            let name = row[0] ?? ""
            return Record(
                name: name, digest: row[1] ?? "", strategy: row[2] ?? "", key: row[3] ?? "",
                relationKind: row[4], isPopulated: row[5] == "true", refreshedAt: row[6],
                references: references[name] ?? [], hasStatement: row[7] == "true",
                source: row[8],
                madeFrom: row[9]?.split(separator: "\n").map(String.init))
        }
    }

    /// Which relations of schema `sitegen` each view there reads.
    static func references(
        on connection: borrowing Connection
    ) throws(ViewError) -> [String: [String]] {
        let rows = try connection.texts(
            """
            SELECT DISTINCT reader.relname::text, read.relname::text
            FROM pg_catalog.pg_depend d
            JOIN pg_catalog.pg_rewrite w
                ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND w.oid = d.objid
            JOIN pg_catalog.pg_class reader ON reader.oid = w.ev_class
            JOIN pg_catalog.pg_class read
                ON d.refclassid = 'pg_catalog.pg_class'::regclass AND read.oid = d.refobjid
            JOIN pg_catalog.pg_namespace n
                ON n.nspname = '\(connection.schema)' AND n.oid = reader.relnamespace
                AND n.oid = read.relnamespace
            WHERE reader.oid <> read.oid
            ORDER BY 1, 2
            """, columns: 2, doing: "reading which views read each other")
        var references: [String: [String]] = [:]
        for row in rows {
            guard var reader = row[0], let read = row[1] else { continue }
            // The statement of an incremental view is a view of its own.
            if reader.hasPrefix("def_") { reader = String(reader.dropFirst(4)) }
            if reader != read { references[reader, default: []].append(read) }
        }
        return references
    }

    /// The columns of a statement's answer, without running it.
    ///
    /// - Throws: `.sql` with the line of `definition` if PostgreSQL refuses its statement.
    static func columns(
        of sql: String, for definition: ViewDefinition?, on connection: borrowing Connection
    ) throws(ViewError) -> [ViewColumn] {
        let described: StatementDescription
        do throws(PostgresError) {
            described = try connection.describe(sql)
        } catch {
            throw ViewError(error, in: definition, doing: "describing a view")
        }
        let types = described.columns.map { column in String(column.type.oid) }
        let modifiers = described.columns.map { column in String(column.modifier) }
        guard !types.isEmpty else { return [] }
        let rows = try connection.texts(
            """
            SELECT format_type(g.type, g.modifier), t.typname::text, t.typtype::text,
                (t.typnamespace = 'pg_catalog'::regnamespace OR t.typname = 'citext')::text,
                e.typname::text, e.typtype::text,
                (e.typnamespace = 'pg_catalog'::regnamespace OR e.typname = 'citext')::text
            FROM unnest($1::text::oid[], $2::text::int4[])
                WITH ORDINALITY AS g(type, modifier, place)
            JOIN pg_catalog.pg_type t ON t.oid = g.type
            LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
            ORDER BY g.place
            """,
            ["{\(types.joined(separator: ","))}", "{\(modifiers.joined(separator: ","))}"],
            columns: 7, doing: "reading the types of a view's columns")
        return zip(described.columns, rows).map { column, row in
            ViewColumn(
                name: column.name, type: row[0] ?? "unknown",
                base: row[4] == nil
                    ? base(row[1], row[2], row[3]) : .array(base(row[4], row[5], row[6])))
        }
    }

    private static func base(
        _ name: String?, _ kind: String?, _ isKnown: String?
    ) -> ViewColumn.BaseType {
        if kind == "e" { return .enumeration }
        let name = name ?? "unknown"
        return isKnown == "true" ? .builtIn(name) : .other(name)
    }
}

extension Connection {
    /// Rows of text columns.
    borrowing func texts(
        _ sql: String, _ parameters: [String] = [], columns: Int = 1, doing: String
    ) throws(ViewError) -> [[String?]] {
        do throws(PostgresError) {
            return try rows(sql, parameters.map { text in Parameter(text) }) {
                (row) throws(PostgresError) -> [String?] in
                var values: [String?] = []
                for column in 0..<columns {
                    values.append(try row.value(column, as: String?.self))
                }
                return values
            }
        } catch {
            throw ViewError(error, in: nil, doing: doing)
        }
    }

    /// Runs statements without an answer.
    borrowing func perform(_ sql: String, doing: String) throws(ViewError) {
        do throws(PostgresError) {
            try run(sql)
        } catch {
            throw ViewError(error, in: nil, doing: doing)
        }
    }
}
