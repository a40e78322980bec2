// What types are made of: the elements of arrays, the type below a domain, the bounds of ranges,
// the columns of composites. A property of a value is one of everything that holds such a value.
//
// What a reader would get wrong: a modifier may take the property away, as of numeric(8,2), whose
// values are written in one way; it stands where a type is used, so that it is asked on the way.

import Postgres

/// Asks which types are made of others.
enum TypeParts {
    /// SQL that leads from rows `r` with a type's `oid` to what it is made of, `x` with `oid` and
    /// `modifier`; 0 or NULL for what it has not.
    static let step = """
        JOIN pg_catalog.pg_type t ON t.oid = r.oid
        LEFT JOIN pg_catalog.pg_range g ON g.rngtypid = t.oid OR g.rngmultitypid = t.oid
        LEFT JOIN pg_catalog.pg_attribute a
            ON a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
        CROSS JOIN LATERAL (VALUES (t.typelem, -1), (t.typbasetype, t.typtypmod),
            (g.rngsubtype, -1), (a.atttypid, a.atttypmod)) AS x (oid, modifier)
        """

    /// The types that are made of some parts, at any depth.
    ///
    /// - Parameters:
    ///   - parts: PostgreSQL's own types.
    ///   - names: the same of extensions, by name.
    ///   - exact: those of them that do not count where they have a modifier.
    ///   - types: types that are not PostgreSQL's own.
    ///   - connection: where to ask.
    /// - Returns: their names, by OID.
    /// - Throws: `.database`.
    static func types(
        madeOf parts: Set<Int>, orNamed names: [String] = [], exact: Set<Int> = [],
        among types: Set<Int>, on connection: borrowing Connection
    ) throws(ViewError) -> [Int: String] {
        guard !types.isEmpty else { return [:] }
        let rows = try connection.texts(
            """
            WITH RECURSIVE reached (top, oid) AS (
                SELECT t.oid, t.oid FROM unnest($1::text::oid[]) AS t (oid)
                UNION
                SELECT r.top, x.oid FROM reached r \(step)
                WHERE x.oid > 0 AND NOT (x.modifier >= 0 AND x.oid = ANY ($4::text::oid[])))
            SELECT DISTINCT r.top::text, format_type(r.top, NULL) FROM reached r
            JOIN pg_catalog.pg_type t ON t.oid = r.oid
            WHERE r.oid = ANY ($2::text::oid[]) OR t.typname = ANY ($3::text::name[])
            """,
            [
                SQLText.oids(types), SQLText.oids(parts), SQLText.array(names),
                SQLText.oids(exact),
            ], columns: 2, doing: "reading what types are made of")
        return Dictionary(
            rows.compactMap { row in row[0].flatMap { Int($0) }.map { ($0, row[1] ?? "a type") } },
            uniquingKeysWith: { first, _ in first })
    }
}
