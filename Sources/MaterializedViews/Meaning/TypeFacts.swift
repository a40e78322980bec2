// What types and collations mean: the labels of an enum and their order, the checks of a domain,
// the parts of a composite type, the version by which a collation sorts.
//
// A type leads to others: the elements of an array, the type below a domain, the bounds of a range.

import Postgres

/// Facts about types and collations that are not PostgreSQL's own.
struct TypeFacts {
    /// By OID: the type's name and what it means, with everything that it leads to.
    private var types: [Int: [(name: String, text: String)]] = [:]
    private var collations: [Int: (name: String, version: String)] = [:]

    /// Reads these types and collations.
    static func read(
        _ types: Set<Int>, collations: Set<Int>, on connection: borrowing Connection
    ) throws(ViewError) -> TypeFacts {
        var facts = TypeFacts()
        if !types.isEmpty { try facts.readTypes(types, on: connection) }
        if !collations.isEmpty { try facts.readCollations(collations, on: connection) }
        return facts
    }

    private mutating func readTypes(
        _ types: Set<Int>, on connection: borrowing Connection
    ) throws(ViewError) {
        let rows = try connection.texts(
            """
            WITH RECURSIVE reached (top, oid) AS (
                SELECT t.oid, t.oid FROM pg_catalog.pg_type t WHERE t.oid = ANY ($1::text::oid[])
                UNION
                SELECT r.top, x.oid FROM reached r \(TypeParts.step)
                WHERE x.oid >= \(Mentions.firstOwn))
            SELECT r.top::oid::text, n.nspname || '.' || t.typname, concat_ws(' ', t.typtype,
                t.typbasetype, t.typtypmod, t.typnotnull, t.typcollation,
                (SELECT string_agg(format('%s %s', e.enumlabel, e.enumsortorder), ','
                    ORDER BY e.enumsortorder)
                 FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid),
                (SELECT string_agg(c.conname || ' ' || c.conbin::text, ',' ORDER BY c.conname)
                 FROM pg_catalog.pg_constraint c WHERE c.contypid = t.oid),
                (SELECT string_agg(format('%s %s %s', a.attname, a.atttypid, a.atttypmod), ','
                    ORDER BY a.attnum)
                 FROM pg_catalog.pg_attribute a
                 WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
                    AND t.typtype = 'c'
                    AND (SELECT k.relkind FROM pg_catalog.pg_class k WHERE k.oid = t.typrelid)
                        = 'c'))
            FROM reached r JOIN pg_catalog.pg_type t ON t.oid = r.oid
            JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
            WHERE t.typelem = 0 OR t.typlen <> -1
            """, [SQLText.oids(types)], columns: 3, doing: "reading types")
        for row in rows {
            guard let oid = row[0].flatMap({ Int($0) }) else { continue }
            self.types[oid, default: []].append((row[1] ?? "", row[2] ?? ""))
        }
    }

    private mutating func readCollations(
        _ oids: Set<Int>, on connection: borrowing Connection
    ) throws(ViewError) {
        // 100 is the collation of the database.
        let rows = try connection.texts(
            """
            SELECT c.oid::text, n.nspname || '.' || c.collname, concat_ws(' ', c.collprovider,
                to_jsonb(c) ->> 'collisdeterministic', c.collcollate,
                to_jsonb(c) ->> 'colliculocale', to_jsonb(c) ->> 'colllocale',
                CASE WHEN c.oid = 100 THEN (SELECT d.datcollate FROM pg_catalog.pg_database d
                    WHERE d.datname = current_database()) END,
                CASE WHEN c.oid <> 100 THEN pg_collation_actual_version(c.oid)
                    ELSE pg_database_collation_actual_version((SELECT d.oid
                        FROM pg_catalog.pg_database d WHERE d.datname = current_database())) END)
            FROM pg_catalog.pg_collation c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
            WHERE c.oid = ANY ($1::text::oid[])
            """, [SQLText.oids(oids)], columns: 3, doing: "reading collations")
        for row in rows {
            guard let oid = row[0].flatMap({ Int($0) }) else { continue }
            collations[oid] = (row[1] ?? "", row[2] ?? "")
        }
    }

    /// Notes what these types and collations mean.
    func add(_ types: Set<Int>, _ collations: Set<Int>, to meaning: inout ViewMeaning) {
        for (name, text) in types.flatMap({ self.types[$0] ?? [] }) {
            meaning.facts[ViewMeaning.Kind.type.fact(name)] = Digest.hexadecimal(of: text)
        }
        for collation in collations {
            guard let (name, version) = self.collations[collation] else { continue }
            meaning.facts[ViewMeaning.Kind.collation.fact(name)] = Digest.hexadecimal(of: version)
        }
    }
}
