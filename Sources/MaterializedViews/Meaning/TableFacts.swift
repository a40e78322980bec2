// What tells a table from another one of its name, and what about it changes rows without a write:
// partitions, row security, rules, and for UNLOGGED ones a crash.
//
// A crash leaves no trace in the catalogue. The start of the server and of its statistics, which
// a crash loses, stand for it: a clean restart counts as one too, which costs a comparison.

import Postgres

/// Facts about relations.
struct TableFacts {
    private struct Table {
        let name: QualifiedName
        let kind: String
        let identity: String
        let security: String?
        let rules: String?
        let isUnlogged: Bool
        var isSubscribed = false
        var parts: [(oid: String, name: QualifiedName)] = []
    }

    private var tables: [Int: Table] = [:]
    /// PostgreSQL's major version.
    let version: String
    private let crash: String
    /// How many tables were ever subscribed in this database, as the statistics of its catalogue
    /// have it; nil for none, and where nobody counted: on a replica, after a crash.
    let subscriptions: String?

    /// Reads the facts about these relations.
    static func read(
        _ relations: Set<Int>, on connection: borrowing Connection
    ) throws(ViewError) -> TableFacts {
        let server = try connection.texts(
            """
            SELECT (current_setting('server_version_num')::int / 10000)::text,
                pg_postmaster_start_time()::text || ' '
                    || coalesce((SELECT stats_reset::text FROM pg_catalog.pg_stat_bgwriter), ''),
                nullif(pg_stat_get_tuples_inserted(
                    'pg_catalog.pg_subscription_rel'::regclass), 0)::text
            """, columns: 3, doing: "reading the version of the server")
        var facts = TableFacts(
            version: server.first?[0] ?? "", crash: server.first?[1] ?? "",
            subscriptions: server.first?[2])
        try facts.readTables(relations, on: connection)
        try facts.readParts(on: connection)
        return facts
    }

    private init(version: String, crash: String, subscriptions: String?) {
        self.version = version
        self.crash = crash
        self.subscriptions = subscriptions
    }

    private mutating func readTables(
        _ relations: Set<Int>, on connection: borrowing Connection
    ) throws(ViewError) {
        // Rows are computed by whoever owns sitegen's schema.
        let rows = try connection.texts(
            """
            SELECT c.oid::text, n.nspname::text, c.relname::text, c.relkind::text,
                (c.relpersistence = 'u')::text,
                CASE WHEN c.relrowsecurity THEN encode(sha256(convert_to(concat_ws(' ',
                    c.relforcerowsecurity, o.rolsuper, o.rolbypassrls,
                    pg_has_role(o.oid, c.relowner, 'USAGE'),
                    (SELECT string_agg(to_jsonb(p)::text, ' ' ORDER BY p.polname)
                     FROM pg_catalog.pg_policy p WHERE p.polrelid = c.oid)), 'UTF8')), 'hex') END,
                (SELECT encode(sha256(convert_to(string_agg(
                    concat_ws(' ', w.rulename, w.ev_enabled, w.ev_action), ' '
                    ORDER BY w.rulename), 'UTF8')), 'hex')
                 FROM pg_catalog.pg_rewrite w
                 WHERE w.ev_class = c.oid AND w.rulename <> '_RETURN'),
                array_to_string(c.reloptions, ' ')
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_catalog.pg_roles o ON o.oid = (
                SELECT s.nspowner FROM pg_catalog.pg_namespace s
                WHERE s.nspname = '\(connection.schema)')
            WHERE c.oid = ANY ($1::text::oid[])
            """, [SQLText.oids(relations)], columns: 8, doing: "reading the tables of views")
        for row in rows {
            guard let oid = row[0].flatMap({ Int($0) }) else { continue }
            let kind = row[3] ?? ""
            tables[oid] = Table(
                name: QualifiedName(schema: row[1] ?? "", name: row[2] ?? ""), kind: kind,
                identity: "\(oid) \(kind)" + (kind == "v" ? " \(row[7] ?? "")" : ""),
                security: row[5], rules: kind == "v" ? nil : row[6],
                isUnlogged: row[4] == "true")
        }
    }

    private mutating func readParts(on connection: borrowing Connection) throws(ViewError) {
        let rows = try connection.texts(
            """
            WITH RECURSIVE part (top, oid) AS (
                SELECT t.oid, t.oid FROM unnest($1::text::oid[]) AS t (oid)
                UNION
                SELECT p.top, i.inhrelid FROM part p
                JOIN pg_catalog.pg_inherits i ON i.inhparent = p.oid)
            SELECT p.top::oid::text, c.oid::text, n.nspname::text, c.relname::text,
                EXISTS (SELECT FROM pg_catalog.pg_subscription_rel s
                    WHERE s.srrelid = c.oid)::text
            FROM part p
            JOIN pg_catalog.pg_class c ON c.oid = p.oid AND c.relkind IN ('r', 'p', 'f')
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            ORDER BY p.top, p.oid
            """, [SQLText.oids(Set(tables.keys))], columns: 5,
            doing: "reading the partitions of tables")
        for row in rows {
            guard let top = row[0].flatMap({ Int($0) }) else { continue }
            if row[4] == "true" { tables[top]?.isSubscribed = true }
            guard row[1] != row[0] else { continue }
            tables[top]?.parts.append(
                (row[1] ?? "", QualifiedName(schema: row[2] ?? "", name: row[3] ?? "")))
        }
    }

    /// Notes what identifies these relations, and where `isWhole` what changes the rows in them.
    func add(_ relations: Set<Int>, to meaning: inout ViewMeaning, isWhole: Bool) {
        for relation in relations {
            guard let table = tables[relation] else { continue }
            let name = table.name.text
            if table.kind != "v" || !isWhole {
                meaning.facts[ViewMeaning.Kind.table.fact(name)] = table.identity
            }
            guard isWhole else { continue }
            meaning.facts[ViewMeaning.Kind.security.fact(name)] = table.security
            meaning.facts[ViewMeaning.Kind.rules.fact(name)] = table.rules
            if !table.parts.isEmpty {
                meaning.facts[ViewMeaning.Kind.parts.fact(name)] = Digest.hexadecimal(
                    of: table.parts.map(\.oid).joined(separator: ","))
            }
            if table.isSubscribed {
                meaning.facts[ViewMeaning.Kind.subscription.fact(name)] = "subscribed"
            }
            if table.isUnlogged { meaning.facts[ViewMeaning.Kind.crash.fact(name)] = crash }
            if table.kind != "v" {
                meaning.tables.formUnion([table.name] + table.parts.map(\.name))
            }
        }
    }
}
