// The SQL functions that keep an incremental view's table equal to its statement.
//
// `apply_` is one statement: it computes the rows of some keys, compares them with the stored ones
// by their bytes (`*<>`: 1.0 and 1.00 make different pages, and json has no equality), writes only
// what differs and adds one event for each. A changed row takes the next number of
// `sitegen.rev`, which is the event's number as well; only the holder of `sitegen.leader` draws
// it, so numbers are in the order of commits. `refresh_` cuts long lists into chunks; a chunk that
// fails is cut further until the bad row is alone: it is noted in `sitegen.failure`, keeps its last
// good state, and the others go on. Where no key can be blamed, since a link or the statement as a
// whole fails, the view is noted there with an empty key: the next change looks at all of its rows.

extension IncrementalView {
    /// Recomputes some keys, or all of them for NULL; returns how many rows differed.
    var createApply: String {
        """
        CREATE OR REPLACE FUNCTION \(function("apply"))(\(keys), timestamptz) RETURNS bigint
        LANGUAGE plpgsql \(computing) AS $sitegen$
        #variable_conflict use_column
        DECLARE _changed bigint; _rows bigint; _keys bigint;
        BEGIN
            IF $1 IS NULL THEN
        \(applyStatement(isPartial: false));
            ELSE
        \(applyStatement(isPartial: true));
            END IF;
            IF _rows <> _keys THEN
                RAISE unique_violation USING MESSAGE = 'several rows have the same key';
            END IF;
            RETURN _changed;
        END $sitegen$
        """
    }

    private func applyStatement(isPartial: Bool) -> String {
        let names = columns.map(\.name)
        let list = names.map(\.quotedName).joined(separator: ", ")
        func row(_ alias: String, _ names: [String]) -> String {
            "ROW(\(names.map { "\(alias).\($0.quotedName)" }.joined(separator: ", ")))::record"
        }
        let changed = names.filter { !dependencies.key.contains($0) }.map { name in
            "CASE WHEN \(row("f", [name])) *<> \(row("o", [name])) THEN '\(name)' END"
        }
        let isNew = "o.\(dependencies.key[0].quotedName) IS NULL"
        let isMine = isPartial ? "\(isAmong("$1", "v")) AND " : ""
        let key = dependencies.key.map { "f.\($0.quotedName)" }.joined(separator: ", ")
        let assignments = names.map { "\($0.quotedName) = d.\($0.quotedName)" }
        return """
            WITH found AS MATERIALIZED (
                SELECT q.* FROM \(statement) q\(isPartial ? " WHERE \(isAmong("$1", "q"))" : "")),
            fresh AS MATERIALIZED (SELECT f.* FROM found f\(visible("f"))),
            diff AS MATERIALIZED (
                SELECT f.*, nextval('sitegen.rev') AS "sitegen rev", \(isNew) AS "sitegen new",
                    CASE WHEN NOT \(isNew) THEN array_remove(ARRAY[
                        \(changed.joined(separator: ",\n            "))
                    ]::text[], NULL) END AS "sitegen columns"
                FROM fresh f LEFT JOIN \(table) o ON \(isSame("o", "f"))
                WHERE \(isNew) OR \(row("f", names)) *<> \(row("o", names))),
            gone AS (
                DELETE FROM \(table) v
                WHERE \(isMine)NOT EXISTS (SELECT FROM fresh f WHERE \(isSame("f", "v")))
                RETURNING \(RowKey.sql(dependencies.key.map { "v.\($0.quotedName)" })) AS key),
            added AS (
                INSERT INTO \(table) (\(list), rev)
                SELECT \(names.map { "d.\($0.quotedName)" }.joined(separator: ", ")), \
            d."sitegen rev"
                FROM diff d WHERE d."sitegen new"),
            changed AS (
                UPDATE \(table) v SET \(assignments.joined(separator: ", ")), rev = d."sitegen rev"
                FROM diff d WHERE \(isSame("v", "d")) AND NOT d."sitegen new"),
            \(schedule(isPartial: isPartial))told AS (
                INSERT INTO sitegen.event (seq, view, key, op, cols)
                SELECT d."sitegen rev", \(literal), \
            \(RowKey.sql(dependencies.key.map { "d.\($0.quotedName)" })),
                    CASE WHEN d."sitegen new" THEN 'i' ELSE 'u' END::"char", d."sitegen columns"
                FROM diff d
                UNION ALL
                SELECT nextval('sitegen.rev'), \(literal), g.key, 'd'::"char", NULL FROM gone g
                RETURNING 1)
            SELECT (SELECT count(*) FROM told), (SELECT count(*) FROM fresh),
                (SELECT count(*) FROM (SELECT DISTINCT \(key) FROM fresh f) k)
            INTO _changed, _rows, _keys
            """
    }

    /// The rows that may be seen at the time `$2`.
    func visible(_ alias: String, at time: String = "$2") -> String {
        var conditions: [String] = []
        if let column = definition.publishAt {
            conditions.append("\(alias).\(column.quotedName) <= \(time)")
        }
        if let column = definition.expireAt {
            let column = "\(alias).\(column.quotedName)"
            conditions.append("(\(column) IS NULL OR \(column) > \(time))")
        }
        return conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
    }

    /// Notes when each key has to be looked at next; nothing for a view without times.
    private func schedule(isPartial: Bool) -> String {
        guard definition.publishAt != nil || definition.expireAt != nil else { return "" }
        func later(_ column: String) -> String {
            "CASE WHEN f.\(column) > $2 AND f.\(column) < 'infinity' THEN f.\(column) END"
        }
        // A row that is not published yet matters at its publication, one without a date never.
        let publish = definition.publishAt.map { column in later(column.quotedName) }
        let expire = definition.expireAt.map { column in
            let isDraft = definition.publishAt.map { "f.\($0.quotedName) IS NULL" }
            let time = later(column.quotedName)
            return isDraft.map { "CASE WHEN NOT (\($0)) THEN \(time) END" } ?? time
        }
        let times = [publish, expire].compactMap { $0 }.joined(separator: ", ")
        let key = RowKey.sql(dependencies.lookup.map { "f.\($0.quotedName)" })
        let isMine = isPartial ? "s.key = ANY ($1::text[]) AND " : ""
        return """
            due AS MATERIALIZED (
                SELECT \(key) AS key, min(least(\(times))) AS at FROM found f GROUP BY 1),
            settled AS (
                DELETE FROM sitegen.schedule s WHERE s.view = \(literal) AND \(isMine)NOT EXISTS (
                    SELECT FROM due d WHERE d.key = s.key AND d.at IS NOT NULL)),
            planned AS (
                INSERT INTO sitegen.schedule (view, key, at)
                SELECT \(literal), d.key, d.at FROM due d WHERE d.at IS NOT NULL
                ON CONFLICT (view, key) DO UPDATE SET at = excluded.at
                WHERE sitegen.schedule.at <> excluded.at),

            """
    }

    /// What must not be mistaken for a bad row.
    private static let passing = """
        serialization_failure OR deadlock_detected OR lock_not_available \
        OR insufficient_resources OR operator_intervention OR system_error
        """

    /// Recomputes keys in chunks; a row that cannot be computed is set aside.
    var createRefresh: String {
        """
        CREATE OR REPLACE FUNCTION \(function("refresh"))(\(keys), timestamptz, int)
        RETURNS bigint LANGUAGE plpgsql \(computing) AS $sitegen$
        #variable_conflict use_column
        DECLARE _total bigint := 0; _changed bigint; _keys \(keys) := $1; _part \(keys);
            _at int := 1;
        BEGIN
            IF _keys IS NULL THEN
                BEGIN
                    _changed := \(function("apply"))(NULL, $2);
                    DELETE FROM sitegen.failure f WHERE f.view = \(literal);
                    RETURN _changed;
                EXCEPTION WHEN \(Self.passing) THEN RAISE;
                WHEN OTHERS THEN
                    _keys := ARRAY(SELECT \(key(of: "d")) FROM \(statement) d
                        UNION SELECT \(key(of: "v")) FROM \(table) v);
                    DELETE FROM sitegen.failure f WHERE f.view = \(literal) AND f.key = '';
                END;
            END IF;
            WHILE _at <= cardinality(_keys) LOOP
                _part := _keys[_at : _at + $3 - 1];
                BEGIN
                    _total := _total + \(function("apply"))(_part, $2);
                    DELETE FROM sitegen.failure f
                    WHERE f.view = \(literal) AND f.key = ANY (_part::text[]);
                EXCEPTION WHEN \(Self.passing) THEN RAISE;
                WHEN OTHERS THEN
                    IF cardinality(_part) = 1 THEN
                        INSERT INTO sitegen.failure (view, key, error)
                        VALUES (\(literal), _part[1]::text, SQLSTATE || ' ' || SQLERRM)
                        ON CONFLICT (view, key)
                        DO UPDATE SET error = excluded.error, at = now();
                        -- Else a row that is due would be tried again without a pause.
                        UPDATE sitegen.schedule SET at = $2 + interval '1 minute'
                        WHERE view = \(literal) AND key = _part[1]::text AND at <= $2;
                    ELSE
                        _total := _total + \(function("refresh"))(
                            _part, $2, greatest(cardinality(_part) / 8, 1));
                    END IF;
                END;
                _at := _at + $3;
            END LOOP;
            RETURN _total;
        END $sitegen$
        """
    }

    /// One view's part of a step: from links to keys, with those whose time has come.
    ///
    /// - Parameter numbers: the numbers of watches.
    /// - Returns: one CREATE FUNCTION.
    func createStep(_ numbers: [Watch: Int]) -> String {
        func list(_ watches: [Watch]) -> String {
            Set(watches).compactMap { numbers[$0] }.sorted().map(String.init)
                .joined(separator: ", ")
        }
        let all = list(dependencies.watches)
        let every = list(
            dependencies.dependencies.flatMap { dependency in
                if case .every = dependency.route { return dependency.watches }
                return []
            })
        let isScheduled = definition.publishAt != nil || definition.expireAt != nil
        let isDue = "s.view = \(literal) AND s.at <= $3"
        let due =
            "_keys := _keys || ARRAY(SELECT s.key::\(dependencies.keyType) "
            + "FROM sitegen.schedule s WHERE \(isDue));"
        let size =
            "(SELECT nullif(c.reltuples, -1) FROM pg_catalog.pg_class c "
            + "WHERE c.oid = '\(table)'::regclass)"
        return """
            CREATE OR REPLACE FUNCTION \(function("step"))(
                int[], text[], timestamptz, OUT examined bigint, OUT changed bigint)
            LANGUAGE plpgsql \(computing) AS $sitegen$
            #variable_conflict use_column
            DECLARE _keys \(keys) := '{}';
            BEGIN
                examined := 0;
                changed := 0;
                IF NOT ($1 && ARRAY[\(all)]::int[]\(isScheduled
                    ? " OR EXISTS (SELECT FROM sitegen.schedule s WHERE \(isDue))" : "")) THEN
                    RETURN;
                END IF;
                IF $1 && ARRAY[\(every)]::int[] OR EXISTS (
                    SELECT FROM unnest($1, $2) AS l (watch, link)
                    WHERE l.link IS NULL AND l.watch = ANY (ARRAY[\(all)]::int[]))
                    OR EXISTS (SELECT FROM sitegen.failure f
                        WHERE f.view = \(literal) AND f.key = '')
                THEN
                    _keys := NULL;
                ELSE
                    IF $1 && ARRAY[\(all)]::int[] THEN _keys := \(function("keys"))($1, $2); END IF;
                    \(isScheduled ? due : "")
                    -- Most of the view: one pass over all of it is cheaper.
                    IF cardinality(_keys) > 5000 AND cardinality(_keys) > 0.5 * \(size) THEN
                        _keys := NULL;
                    END IF;
                END IF;
                IF _keys IS NULL OR cardinality(_keys) > 0 THEN
                    examined := cardinality(_keys);
                    changed := \(function("refresh"))(_keys, $3, 1000);
                END IF;
            EXCEPTION WHEN \(Self.passing) THEN RAISE;
            WHEN OTHERS THEN
                -- No key can be blamed: the view keeps its rows until all of them are looked at.
                examined := NULL;
                changed := 0;
                INSERT INTO sitegen.failure (view, key, error)
                VALUES (\(literal), '', SQLSTATE || ' ' || SQLERRM)
                ON CONFLICT (view, key) DO UPDATE SET error = excluded.error, at = now();
                \(isScheduled
                    ? "UPDATE sitegen.schedule s SET at = $3 + interval '1 minute' "
                        + "WHERE \(isDue);" : "")
            END $sitegen$
            """
    }
}
