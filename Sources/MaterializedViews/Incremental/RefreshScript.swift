// The SQL functions that bring a view's rows up to date whatever stands in them.
//
// `refresh_` computes keys, or the view as a whole. A part that fails is cut until the bad row is
// alone: it is noted in `sitegen.failure`, keeps its last good state, and the others go on. What
// makes that cheap: keys that failed before are left out of a pass over the whole and tried apart;
// ranges of keys are cut, not lists, so that a pass in parts costs what a pass costs; and where not
// even no key at all can be computed, no key is to blame and none is looked for. Then, and where a
// link cannot be read, the view is noted with an empty key: it keeps its rows, and the next change
// looks at all of them.

extension IncrementalView {
    /// What must not be mistaken for a bad row, nor for what a migration has done.
    static let passing = """
        transaction_rollback OR lock_not_available OR insufficient_resources \
        OR operator_intervention OR system_error
        """

    /// What may be wrong with a row: OTHERS leaves out a failed ASSERT, for whoever debugs.
    static let fault = "OTHERS OR assert_failure"

    /// Ends an INSERT into `sitegen.failure`: one line for each view, kind and key.
    static let noteFailure = """
        ON CONFLICT (view, kind, md5(key), coalesce(md5(lookup), ''))
        DO UPDATE SET error = excluded.error, at = now()
        """

    /// Notes what is wrong with one key, or with the view.
    private func note(_ kind: ViewFailure.Kind, lookup: String, error: String) -> String {
        """
        INSERT INTO \(schema).failure (view, kind, lookup, key, error)
        VALUES (\(literal), '\(kind.rawValue)', \(lookup), coalesce(\(lookup), ''), \(error))
        \(Self.noteFailure);
        """
    }

    /// The most keys of a list that are computed by one statement.
    private static let chunkKeysMax = 1_000
    /// Into how many parts a part that fails is cut: fewer where each part reads the whole table.
    private var cuts: Int {
        dependencies.roots.isEmpty || dependencies.roots.contains { !$0.isPlain } ? 4 : 8
    }
    /// How many keys a view works on before it lets others go first.
    private static let keysPerStep = 1_000

    /// Recomputes keys, or all of them for NULL; rows that cannot be computed are set aside.
    var createRefresh: String {
        SQLFunction(
            head: """
                CREATE OR REPLACE FUNCTION \(function("refresh"))(\(keys), timestamptz)
                RETURNS bigint LANGUAGE plpgsql \(computing)
                """,
            body: """

                #variable_conflict use_column
                DECLARE
                    _total bigint := 0;
                    _keys \(keys) := $1;
                    _known \(keys);
                    _scope text := 'among';
                    _from int[] := '{}';
                    _to int[] := '{}';
                    _last int;
                    _first int;
                    _width int;
                    _failed int := 0;
                    _is_tried boolean := false;
                BEGIN
                    -- Keys that failed before are tried apart.
                    _known := ARRAY(SELECT f.lookup::\(dependencies.keyType) \
                FROM \(schema).failure f
                        WHERE f.view = \(literal) AND f.kind = 'row'
                            AND ($1 IS NULL OR f.lookup = ANY ($1::text[]))
                        LIMIT \(ViewLimits.failedRowsMax));
                \(refreshWhole)
                    IF $1 IS NOT NULL THEN
                        _keys := _known || ARRAY(SELECT u.k FROM unnest($1) AS u (k)
                            WHERE NOT (u.k = ANY (_known)));
                        FOR _first IN REVERSE cardinality(_keys) .. cardinality(_known) + 1
                            BY \(Self.chunkKeysMax) LOOP
                            _from := _from || greatest(
                                _first - \(Self.chunkKeysMax - 1), cardinality(_known) + 1);
                            _to := _to || _first;
                        END LOOP;
                    END IF;
                    IF _scope = 'among' THEN
                        FOR _first IN 1 .. cardinality(_known) LOOP
                            _from := _from || _first;
                            _to := _to || _first;
                        END LOOP;
                    END IF;
                \(refreshParts)
                \(nameMissingKeys)
                    RETURN _total;
                END
                """
        ).create
    }

    /// The pass over the whole: once, and in ranges of keys if a row's fault makes it fail.
    private var refreshWhole: String {
        """
            IF $1 IS NULL THEN
                BEGIN
                    DELETE FROM \(schema).failure f WHERE f.view = \(literal)
                        AND NOT (f.kind = 'row' AND f.lookup = ANY (_known::text[]));
                    _total := \(function("apply"))(_known, 'except', $2);
                    _is_tried := true;
                    _keys := _known;
                EXCEPTION WHEN \(Self.passing) THEN RAISE;
                WHEN \(Self.fault) THEN
                    -- Fails as well where it is no key's fault.
                    _total := \(function("apply"))('{}', 'between', $2);
                    _is_tried := true;
                    _scope := 'between';
                    _keys := \(orderedKeys);
                    DELETE FROM \(schema).failure f WHERE f.view = \(literal)
                        AND (f.lookup IS NULL OR f.lookup NOT IN (
                            SELECT u.k::text FROM unnest(_keys) AS u (k)));
                    _from := ARRAY[1];
                    _to := ARRAY[cardinality(_keys)];
                    -- It has just failed as a whole.
                    \(cut("1", "cardinality(_keys)"))
                END;
            END IF;
        """
    }

    /// Replaces the top of the stack of parts by its cuts.
    private func cut(_ first: String, _ last: String) -> String {
        """
        _width := (\(last) - \(first)) / \(cuts) + 1;
        _from := trim_array(_from, 1)
            || ARRAY(SELECT generate_series(\(first), \(last), _width) ORDER BY 1 DESC);
        _to := trim_array(_to, 1)
            || ARRAY(SELECT least(s + _width - 1, \(last))
                FROM generate_series(\(first), \(last), _width) s ORDER BY 1 DESC);
        """
    }

    /// Takes parts from the stack until it is empty.
    private var refreshParts: String {
        """
            WHILE cardinality(_from) > 0 LOOP
                _first := _from[cardinality(_from)];
                _last := _to[cardinality(_to)];
                BEGIN
                    DELETE FROM \(schema).failure f
                    WHERE f.view = \(literal) AND f.kind <> 'view' AND f.lookup IN (
                        SELECT u.k::text FROM unnest(_keys[_first : _last]) AS u (k));
                    _total := _total + \(function("apply"))(
                        CASE _scope WHEN 'among' THEN _keys[_first : _last]
                            ELSE ARRAY[_keys[_first], _keys[_last]] END, _scope, $2);
                    _from := trim_array(_from, 1);
                    _to := trim_array(_to, 1);
                EXCEPTION WHEN \(Self.passing) THEN RAISE;
                WHEN \(Self.fault) THEN
                    IF NOT _is_tried THEN
                        -- Fails as well where it is no key's fault.
                        _is_tried := true;
                        PERFORM \(function("apply"))('{}', _scope, $2);
                    END IF;
                    IF _first = _last OR _failed >= \(ViewLimits.failedRowsMax) THEN
                        _failed := _failed + 1;
                        _from := trim_array(_from, 1);
                        _to := trim_array(_to, 1);
                        IF _first = _last THEN
                            \(note(
                                .row, lookup: "_keys[_first]::text",
                                error: "SQLSTATE || ' ' || SQLERRM"))
                            \(postpone("s.key = _keys[_first]::text"))
                        ELSE
                            \(note(
                                .view, lookup: "NULL",
                                error: "SQLSTATE || ' more than \(ViewLimits.failedRowsMax) rows "
                                    + "cannot be computed: ' || SQLERRM"))
                            \(postpone(
                                "s.key IN (SELECT u.k::text "
                                    + "FROM unnest(_keys[_first : _last]) AS u (k))"))
                        END IF;
                    ELSE
                        \(cut("_first", "_last"))
                    END IF;
                END;
            END LOOP;
        """
    }

    /// Has what is due looked at a minute later: else it would be tried again without a pause.
    private func postpone(_ condition: String, at time: String = "$2") -> String {
        guard definition.publishAt != nil || definition.expireAt != nil else { return "" }
        return """
            UPDATE \(schema).schedule s SET at = \(time) + interval '1 minute'
            WHERE s.view = \(literal) AND s.at <= \(time) AND \(condition);
            """
    }

    // MARK: The step

    /// One view's part of a step: from links to keys, with those whose time has come; for NULL
    /// instead of links, all of them.
    ///
    /// - Parameter numbers: the numbers of watches.
    /// - Returns: one CREATE FUNCTION.
    func createStep(_ numbers: [Watch: Int]) -> String {
        func list(_ watches: [Watch]) -> String {
            Set(watches).compactMap { numbers[$0] }.sorted().map(String.init)
                .joined(separator: ", ")
        }
        let all = "ARRAY[\(list(dependencies.watches + [waiting]))]::int[]"
        let every = list(
            dependencies.dependencies.flatMap { dependency in
                if case .every = dependency.route { return dependency.watches }
                return []
            })
        let isScheduled = definition.publishAt != nil || definition.expireAt != nil
        let isDue = "s.view = \(literal) AND s.at <= $3"
        let due =
            "_keys := _keys || ARRAY(SELECT s.key::\(dependencies.keyType) "
            + "FROM \(schema).schedule s WHERE \(isDue));"
        // The numbers of rows without a link are negative.
        let isMine =
            "ARRAY(SELECT abs(u.w) FROM unnest($1) AS u (w)) && \(all)"
            + (isScheduled ? " OR EXISTS (SELECT FROM \(schema).schedule s WHERE \(isDue))" : "")
        return SQLFunction(
            head: """
                CREATE OR REPLACE FUNCTION \(function("step"))(
                    int[], text[], timestamptz, OUT examined bigint, OUT changed bigint)
                LANGUAGE plpgsql \(computing)
                """,
            body: """

                #variable_conflict use_column
                DECLARE _keys \(keys) := '{}';
                BEGIN
                    examined := 0;
                    changed := 0;
                    IF NOT ($1 IS NULL OR \(isMine)) THEN
                        RETURN;
                    END IF;
                    IF $1 IS NULL OR $1 && ARRAY[\(every)]::int[] OR EXISTS (
                        SELECT FROM unnest($1, $2) AS l (watch, link)
                        WHERE l.link IS NULL AND l.watch = ANY (\(all)))
                        OR EXISTS (SELECT FROM \(schema).failure f
                            WHERE f.view = \(literal) AND f.kind = 'view')
                    THEN
                        _keys := NULL;
                    ELSE
                        IF $1 && \(all) THEN _keys := \(function("keys"))($1, $2); END IF;
                        \(isScheduled ? due : "")
                        -- Most of the view: one pass over all of it is cheaper.
                        IF cardinality(_keys) > 5000 AND cardinality(_keys) > 0.5 * \(size) THEN
                            _keys := NULL;
                        END IF;
                    END IF;
                    \(putBack(numbers[waiting] ?? 0))
                    examined := cardinality(_keys);
                    changed := \(function("refresh"))(_keys, $3);
                EXCEPTION WHEN \(Self.passing) THEN RAISE;
                WHEN \(Self.fault) THEN
                    -- No key can be blamed: the view keeps its rows until all are looked at.
                    examined := NULL;
                    changed := 0;
                    \(note(.view, lookup: "NULL", error: "SQLSTATE || ' ' || SQLERRM\(gone)"))
                    \(postpone("true", at: "$3"))
                END
                """
        ).create
    }

    /// Leaves keys to the next step where there are many (`CoreScript.limit`).
    private func putBack(_ number: Int) -> String {
        """
        IF _keys IS NULL THEN
            DELETE FROM \(schema).queue q WHERE q.watch = \(number);
        ELSIF \(CoreScript.limit) IS NOT NULL AND cardinality(_keys) > \(Self.keysPerStep) THEN
            INSERT INTO \(schema).queue (watch, link)
            SELECT \(number), _keys[i : i + \(Self.keysPerStep - 1)]::text
            FROM generate_series(\(Self.keysPerStep + 1), cardinality(_keys),
                \(Self.keysPerStep)) AS g (i);
            _keys := _keys[: \(Self.keysPerStep)];
        END IF;
        """
    }

    private var size: String {
        "(SELECT nullif(c.reltuples, -1) FROM pg_catalog.pg_class c "
            + "WHERE c.oid = \(SQLText.literal(table))::regclass)"
    }

    /// Names rows that no key leads to, since theirs is NULL; nothing where it never is.
    private var nameMissingKeys: String {
        guard dependencies.mayMissKeys else { return "" }
        let isMissing = dependencies.lookup.map { column in "f.\(column.quotedName) IS NULL" }
            .joined(separator: " OR ")
        return """
            IF $1 IS NOT NULL OR _scope = 'between' THEN
                DELETE FROM \(schema).failure f WHERE f.view = \(literal) AND f.lookup IS NULL
                    AND f.kind = '\(ViewFailure.Kind.missing.rawValue)';
                INSERT INTO \(schema).failure (view, kind, lookup, key, error)
                \(missingKeys(of: statement, where: "(\(isMissing))", at: "$2"))
                \(Self.noteFailure);
            END IF;
            """
    }

    /// SQL that says which columns and tables of the view are not there any more.
    private var gone: String {
        var columns: Set<[String]> = []
        for dependency in dependencies.dependencies {
            for column in dependency.columns + dependency.watch.columns {
                columns.insert([dependency.watch.table.quoted, column])
            }
        }
        let sorted = columns.sorted { $0.lexicographicallyPrecedes($1) }
        func array(_ texts: [String]) -> String {
            "ARRAY[\(texts.map(SQLText.literal).joined(separator: ", "))]::text[]"
        }
        return """
             || coalesce((
                SELECT '; there is no ' || string_agg(DISTINCT CASE
                    WHEN to_regclass(u.t) IS NULL THEN u.t
                    ELSE u.t || '.' || quote_ident(u.c) END, ', ')
                FROM unnest(\(array(sorted.map { $0[0] })), \(array(sorted.map { $0[1] })))
                    AS u (t, c)
                WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a
                    WHERE a.attrelid = to_regclass(u.t) AND a.attname = u.c
                        AND NOT a.attisdropped)), '')
            """
    }
}
