// The SQL function that makes rows of a view's table equal to its statement, and tells of it.
//
// `apply_` is one statement: it computes the rows of some keys, compares them with the stored ones
// by their bytes (`*<>`: 1.0 and 1.00 make different pages, and json has no equality), writes only
// what differs and adds one event for each. A changed row takes the next number of
// `sitegen.rev`, which is the event's number as well; only the holder of `sitegen.leader` draws
// it, so numbers are in the order of commits. Rows that no table can keep, since their key is NULL,
// is that of another row or is too long for an index, are set aside by the same statement:
// they are named in `sitegen.failure`, and what is stored under such a key stays.

extension IncrementalView {
    /// Which rows a statement of `apply_` is about; the raw value is its second parameter.
    enum Scope: String, CaseIterable {
        /// All but those of the keys `$1`.
        case except
        /// Those of the keys `$1`.
        case among
        /// Those from the key `$1[1]` to the key `$1[2]`; with an empty `$1` none, and whatever
        /// fails then is no key's fault.
        case between
    }

    /// Recomputes rows; returns how many differed.
    var createApply: String {
        let branches = Scope.allCases.map { scope in
            "IF $2 = '\(scope.rawValue)' THEN\n\(applyStatement(scope));\n    END IF;"
        }
        return SQLFunction(
            head: """
                CREATE OR REPLACE FUNCTION \(function("apply"))(\(keys), text, timestamptz)
                RETURNS bigint LANGUAGE plpgsql \(answering)
                """,
            body: """

                #variable_conflict use_column
                DECLARE _changed bigint;
                BEGIN
                    \(branches.joined(separator: "\n    "))
                    RETURN _changed;
                END
                """
        ).create
    }

    /// That a row belongs to a scope; nil if every row does.
    private func belongs(_ alias: String, to scope: Scope) -> String {
        switch scope {
        case .except: "(\(isAmong("$1", alias))) IS NOT TRUE"
        case .among: isAmong("$1", alias, isComputed: alias == "q")
        case .between: isBetween("$1[1]", "$1[2]", alias)
        }
    }

    /// That a row's key lies between two others, in the order of `orderedKeys`.
    private func isBetween(_ low: String, _ high: String, _ alias: String) -> String {
        let parts = lookupColumns(alias)
        func values(_ text: String) -> String {
            guard parts.count > 1 else { return text }
            return dependencies.lookupTypes.enumerated().map { place, type in
                RowKey.sql(part: place, of: text, type: type)
            }.joined(separator: ", ")
        }
        let row = parts.joined(separator: ", ")
        return "(\(row)) >= (\(values(low))) AND (\(row)) <= (\(values(high)))"
    }

    /// All keys that the statement or the table has, in order.
    var orderedKeys: String {
        func columns(_ alias: String) -> String {
            lookupColumns(alias).joined(separator: ", ")
        }
        let isThere = lookupColumns("k").map { "\($0) IS NOT NULL" }.joined(separator: " AND ")
        return """
            ARRAY(SELECT \(key(of: "k"))
                FROM (SELECT \(columns("d")) FROM \(statement) d
                    UNION SELECT \(columns("v")) FROM \(table) v) k
                WHERE \(isThere) ORDER BY \(columns("k")))
            """
    }

    private func lookupColumns(_ alias: String) -> [String] {
        dependencies.lookup.map { column in "\(alias).\(column.quotedName)" }
    }

    private func keyColumns(_ alias: String) -> [String] {
        dependencies.key.map { column in "\(alias).\(column.quotedName)" }
    }

    private func applyStatement(_ scope: Scope) -> String {
        let names = columns.map(\.name)
        let list = names.map(\.quotedName).joined(separator: ", ")
        func row(_ alias: String, _ names: [String]) -> String {
            "ROW(\(names.map { "\(alias).\($0.quotedName)" }.joined(separator: ", ")))::record"
        }
        let changed = names.filter { !dependencies.key.contains($0) }.map { name in
            "CASE WHEN \(row("f", [name])) *<> \(row("o", [name])) "
                + "THEN \(SQLText.literal(name)) END"
        }
        let isNew = "o.\(dependencies.key[0].quotedName) IS NULL"
        let assignments = names.map { "\($0.quotedName) = d.\($0.quotedName)" }
        return """
            WITH found AS MATERIALIZED (
                SELECT q.* FROM \(statement) q WHERE \(belongs("q", to: scope))),
            \(setAside)
            diff AS MATERIALIZED (
                SELECT f.*, nextval('\(schema).rev') AS "sitegen rev", \(isNew) AS "sitegen new",
                    CASE WHEN NOT \(isNew) THEN nullif((\(RowKey.sql(keyColumns("o")))) COLLATE "C",
                        \(RowKey.sql(keyColumns("f")))) END AS "sitegen before",
                    CASE WHEN NOT \(isNew) THEN array_remove(ARRAY[
                        \(changed.joined(separator: ",\n            "))
                    ]::text[], NULL) END AS "sitegen columns"\(movedBefore)
                FROM fresh f LEFT JOIN \(table) o ON \(isSame("o", "f"))
                WHERE \(isNew) OR \(row("f", names)) *<> \(row("o", names))),
            gone AS (
                DELETE FROM \(table) v
                WHERE \(belongs("v", to: scope))
                    AND NOT EXISTS (SELECT FROM fresh f WHERE \(isSame("f", "v")))
                    AND NOT EXISTS (SELECT FROM doubles d WHERE \(isSame("d", "v")))
                RETURNING \(RowKey.sql(keyColumns("v"))) AS key),
            added AS (
                INSERT INTO \(table) (\(list), rev)
                SELECT \(names.map { "d.\($0.quotedName)" }.joined(separator: ", ")), \
            d."sitegen rev"
                FROM diff d WHERE d."sitegen new"),
            changed AS (
                UPDATE \(table) v SET \(assignments.joined(separator: ", ")), rev = d."sitegen rev"
                FROM diff d WHERE \(isSame("v", "d")) AND NOT d."sitegen new"),
            \(schedule(scope))\(keepMoved)\(told)
            SELECT count(*) FROM told INTO _changed
            """
    }

    /// One event for each row that differs.
    ///
    /// A key that is equal to the one before and has another
    /// text (1.0 and 1.00, or `A` and `a` for a collation that does not tell them apart) is another
    /// key for whoever reads events.
    private var told: String {
        """
        told AS (
            INSERT INTO \(schema).event (seq, view, key, op, cols)
            SELECT d."sitegen rev", \(literal), \(RowKey.sql(keyColumns("d"))),
                CASE WHEN d."sitegen new" OR d."sitegen before" IS NOT NULL
                    THEN 'i' ELSE 'u' END::"char",
                CASE WHEN d."sitegen before" IS NULL THEN d."sitegen columns" END
            FROM diff d
            UNION ALL
            SELECT nextval('\(schema).rev'), \(literal), d."sitegen before", 'd'::"char", NULL
            FROM diff d WHERE d."sitegen before" IS NOT NULL
            UNION ALL
            SELECT nextval('\(schema).rev'), \(literal), g.key, 'd'::"char", NULL FROM gone g
            \(toldOfRetaken)
            RETURNING 1)
        """
    }

    // MARK: Rows that no table can keep

    /// The common tables `doubles` and `fresh`, and the one that names what is in neither.
    private var setAside: String {
        let key = keyColumns("f")
        let isThere = key.map { "\($0) IS NOT NULL" }.joined(separator: " AND ")
        let seen = definition.isSeen("f", at: "$3")
        let conditions =
            [seen, isThere, isShort("f")].compactMap { $0 } + [
                "NOT EXISTS (SELECT FROM doubles d WHERE \(isSame("d", "f")))"
            ]
        let shown = seen.map { " WHERE \($0)" } ?? ""
        return """
            doubles AS MATERIALIZED (
                SELECT \(key.joined(separator: ", ")), count(*) AS "sitegen rows"
                FROM found f\(shown) GROUP BY \(key.joined(separator: ", "))
                HAVING count(*) > 1),
            fresh AS MATERIALIZED (
                SELECT f.* FROM found f WHERE \(conditions.joined(separator: " AND "))),
            aside AS (
                INSERT INTO \(schema).failure (view, kind, lookup, key, error)
                \(missingKeys(of: "found", where: "NOT (\(isThere))", at: "$3"))
                UNION ALL
                SELECT \(literal), '\(ViewFailure.Kind.double.rawValue)',
                    \(RowKey.sql(lookupColumns("f"))), \(RowKey.sql(key)),
                    '23505 ' || f."sitegen rows" || ' rows have this key'
                FROM doubles f WHERE \(isThere)
                \(longKeys(seen))
                \(Self.noteFailure)),
            """
    }

    /// The lines of rows whose key is NULL, one for each text of such keys.
    ///
    /// Rows that are not to be seen yet are named now: no key tells when their time has come.
    ///
    /// - Parameters:
    ///   - source: where the rows come from, with all columns of the view.
    ///   - condition: which of them have no key, for the alias `f`.
    ///   - time: the time of the step.
    /// - Returns: a query with the columns of `sitegen.failure`.
    func missingKeys(of source: String, where condition: String, at time: String) -> String {
        let key = keyColumns("f")
        let shown = RowKey.sql(key.map { "coalesce(\($0)::text, 'NULL')" })
        let names = zip(dependencies.key, key).map { name, column in
            "CASE WHEN \(column) IS NULL THEN \(SQLText.literal(name)) END"
        }
        var conditions = [condition]
        if let column = definition.publishAt {
            conditions.append("f.\(column.quotedName) IS NOT NULL")
        }
        if let column = definition.expireAt {
            conditions.append("(f.\(column.quotedName) > \(time)) IS NOT FALSE")
        }
        if let column = definition.draft {
            conditions.append("f.\(column.quotedName) IS NOT TRUE")
        }
        return """
            SELECT \(literal), '\(ViewFailure.Kind.missing.rawValue)',
                \(RowKey.sql(lookupColumns("f"))),
                \(shown), '23502 ' || count(*)
                    || CASE count(*) WHEN 1 THEN ' row' ELSE ' rows' END || ' whose '
                    || min(concat_ws(', ', \(names.joined(separator: ", "))))
                    || ' is NULL'
            FROM \(source) f WHERE \(conditions.joined(separator: " AND "))
            GROUP BY 3, 4
            """
    }

    /// Types of which no value is too long for an index.
    private static let shortTypes: Set<String> = [
        "smallint", "integer", "bigint", "boolean", "uuid", "date", "real", "double precision",
        "timestamp with time zone", "timestamp without time zone", "interval", "name", "oid",
    ]

    /// The bytes of a row's key, as they are stored; nil if it is always short.
    private func keyBytes(_ alias: String) -> String? {
        let long = dependencies.key.filter { name in
            guard let type = columns.first(where: { $0.name == name })?.type else { return true }
            return !Self.shortTypes.contains(type)
        }
        return long.isEmpty
            ? nil
            : long.map { "pg_column_size(\(alias).\($0.quotedName))" }.joined(separator: " + ")
    }

    private func isShort(_ alias: String) -> String? {
        keyBytes(alias).map { "\($0) <= \(ViewLimits.keyBytesMax)" }
    }

    private func longKeys(_ seen: String?) -> String {
        guard let bytes = keyBytes("f") else { return "" }
        let conditions = [seen, "\(bytes) > \(ViewLimits.keyBytesMax)"].compactMap { $0 }
        return """
            UNION ALL
            SELECT \(literal), '\(ViewFailure.Kind.long.rawValue)',
                \(RowKey.sql(lookupColumns("f"))),
                \(RowKey.sql(keyColumns("f"))), '54000 the key has ' || max(\(bytes))
                    || ' bytes, more than \(ViewLimits.keyBytesMax)'
            FROM found f WHERE \(conditions.joined(separator: " AND ")) GROUP BY 3, 4
            """
    }

    /// That a row which is not as in the statement is known to be so: `f` is the statement's row,
    /// `v` the stored one.
    var isSetAside: String {
        func both(_ names: [String]) -> String {
            RowKey.sql(names.map { "coalesce(f.\($0.quotedName), v.\($0.quotedName))" })
        }
        let isMissing = keyColumns("f").map { "\($0) IS NULL" }.joined(separator: " OR ")
        return """
            EXISTS (SELECT FROM \(schema).failure x WHERE x.view = \(literal) AND CASE x.kind
                WHEN 'view' THEN true
                WHEN 'row' THEN x.lookup = \(both(dependencies.lookup))
                WHEN 'missing'
                    THEN v.\(dependencies.key[0].quotedName) IS NULL AND (\(isMissing))
                ELSE x.key = \(both(dependencies.key)) END)
            """
    }

    // MARK: Times

    /// WHERE for the rows that may be seen at the time `time`; empty if all may be.
    func visible(_ alias: String, at time: String) -> String {
        definition.isSeen(alias, at: time).map { " WHERE \($0)" } ?? ""
    }

    /// Notes when each key has to be looked at next; nothing for a view without times.
    private func schedule(_ scope: Scope) -> String {
        guard definition.publishAt != nil || definition.expireAt != nil else { return "" }
        func later(_ column: String) -> String {
            "CASE WHEN f.\(column) > $3 AND f.\(column) < 'infinity' THEN f.\(column) END"
        }
        // A row that is not published yet matters at its publication, one without a date never.
        let publish = definition.publishAt.map { column in later(column.quotedName) }
        let expire = definition.expireAt.map { column in
            let isDraft = definition.publishAt.map { "f.\($0.quotedName) IS NULL" }
            let time = later(column.quotedName)
            return isDraft.map { "CASE WHEN NOT (\($0)) THEN \(time) END" } ?? time
        }
        let times = [publish, expire].compactMap { $0 }.joined(separator: ", ")
        let lookup = lookupColumns("f")
        let isThere = lookup.map { "\($0) IS NOT NULL" }.joined(separator: " AND ")
        let isMine =
            switch scope {
            case .except: "(s.key = ANY ($1::text[])) IS NOT TRUE"
            case .among: "s.key = ANY ($1::text[])"
            // What is planned for keys that are gone is found out at its time.
            case .between: "s.key IN (SELECT d.key FROM due d)"
            }
        return """
            due AS MATERIALIZED (
                SELECT \(RowKey.sql(lookup)) AS key, min(least(\(times))) AS at
                FROM found f WHERE \(isThere) GROUP BY 1),
            settled AS (
                DELETE FROM \(schema).schedule s WHERE s.view = \(literal) AND \(isMine)
                    AND NOT EXISTS (
                        SELECT FROM due d WHERE d.key = s.key AND d.at IS NOT NULL)),
            planned AS (
                INSERT INTO \(schema).schedule (view, key, at)
                SELECT \(literal), d.key, d.at FROM due d WHERE d.at IS NOT NULL
                ON CONFLICT (view, md5(key)) DO UPDATE SET at = excluded.at
                WHERE \(schema).schedule.at <> excluded.at),

            """
    }
}
