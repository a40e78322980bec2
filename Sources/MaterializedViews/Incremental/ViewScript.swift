// The SQL of one incremental view: its statement, its table, and the function that turns changed
// links into keys. `RefreshScript` has the functions that write.
//
// Functions take their parameters by number and declare as little as they can, so that no name of
// theirs can meet a name in the author's statement; where two do meet, the column wins.

extension IncrementalView {
    /// Makes the table of rows, empty, from the columns of the statement.
    static func createTable(_ definition: ViewDefinition, _ columns: [ViewColumn]) -> [String] {
        let table = definition.relation
        var statements = [
            "CREATE TABLE \(table) AS SELECT * FROM \(definition.statement) WITH NO DATA",
            "ALTER TABLE \(table) ADD COLUMN rev bigint NOT NULL, "
                + "ADD CONSTRAINT \("\(definition.name).key".quotedName) PRIMARY KEY "
                + "(\(definition.key.map(\.quotedName).joined(separator: ", ")))",
            // Room for HOT updates: rows are rewritten in place more often than they are added.
            "ALTER TABLE \(table) SET (fillfactor = 80)",
        ]
        let payload = columns.filter { column in
            switch column.base {
            case .builtIn("json"), .builtIn("jsonb"), .builtIn("text"), .builtIn("varchar"):
                !definition.key.contains(column.name)
            default: false
            }
        }
        if !payload.isEmpty {
            // lz4 writes five times as fast as pglz (Benchmarks/README.md, measured once).
            let changes = payload.map { column in
                "ALTER COLUMN \(column.name.quotedName) SET COMPRESSION lz4"
            }
            statements.append("ALTER TABLE \(table) \(changes.joined(separator: ", "))")
        }
        return statements
    }

    /// The function from changed links to keys.
    ///
    /// - Parameter numbers: the numbers of watches.
    /// - Returns: one statement.
    func createKeys(_ numbers: [Watch: Int]) -> String {
        var branches: [String] = []
        if let number = numbers[waiting] {
            branches.append(
                """
                    -- Keys that an earlier step left.
                    IF \(number) = ANY ($1) THEN
                        _keys := _keys || ARRAY(SELECT k FROM unnest($1, $2) AS l (watch, link),
                            unnest((CASE WHEN l.watch = \(number) THEN l.link END)::\(keys))
                            AS u (k));
                    END IF;
                """)
        }
        for dependency in dependencies.dependencies {
            let watched = dependency.watches.compactMap { numbers[$0] }.map(String.init)
                .joined(separator: ", ")
            guard !watched.isEmpty else { continue }
            let links =
                "ARRAY(SELECT l.link::\(dependency.linkType) "
                + "FROM unnest($1, $2) AS l (watch, link) WHERE l.watch IN (\(watched)))"
            let query: String
            switch dependency.route {
            case .every: continue
            case .root: query = "SELECT k FROM unnest(\(links)) AS u (k)"
            case .computed, .declared, .path: query = lookUp(dependency.route, links) ?? ""
            }
            // A name may end a line, and with it the comment.
            let comment = "\(dependency.watch.table.text) (\(dependency.watch.column))"
                .split(whereSeparator: \.isNewline).joined(separator: " ")
            branches.append(
                """
                    -- \(comment)
                    IF $1 && ARRAY[\(watched)] THEN
                        _keys := _keys || ARRAY(\(query));
                    END IF;
                """)
        }
        return SQLFunction(
            head: """
                CREATE OR REPLACE FUNCTION \(function("keys"))(int[], text[]) RETURNS \(keys)
                LANGUAGE plpgsql STABLE \(computing)
                """,
            body: """

                #variable_conflict use_column
                DECLARE _keys \(keys) := '{}';
                BEGIN
                \(branches.joined(separator: "\n"))
                    RETURN ARRAY(SELECT DISTINCT k FROM unnest(_keys) AS u (k) ORDER BY k);
                END
                """
        ).create
    }

    /// The query from links to the keys of the root; nil where there is nothing to look up.
    ///
    /// - Parameters:
    ///   - route: how a change of a table is followed.
    ///   - links: SQL of an array of links.
    ///   - isAdvised: whether only the plan matters: conditions that an index could serve then
    ///     stand at the tables themselves.
    /// - Returns: a query with one column, the keys, each once.
    func lookUp(
        _ route: ViewDependencies.Way, _ links: String, isAdvised: Bool = false
    ) -> String? {
        switch route {
        case .every, .root: nil
        case .declared(let sql):
            "SELECT DISTINCT \(declaredKey) FROM (\n"
                + "\(sql.replacingParameter(with: links))\n) AS q (k) WHERE k IS NOT NULL"
        case .computed(let root): compute(root, links)
        case .path(let steps, let root): lookUp(steps, root, links, isAdvised)
        }
    }

    /// What an author's statement gives as `k`, as it stands in arrays of keys.
    ///
    /// That is the text of a whole key, or only of the columns by which rows are looked up: where
    /// the two cannot be told apart, both are taken.
    private var declaredKey: String {
        let (key, lookup) = (dependencies.key, dependencies.lookup)
        guard key != lookup else { return "k::\(dependencies.keyType)" }
        let parts = zip(lookup, dependencies.lookupTypes).map { column, type in
            RowKey.sql(part: key.firstIndex(of: column) ?? 0, of: "k::text", type: type)
        }
        guard parts.count == 1 else {
            let isWhole =
                "length(k::text) - length(replace(k::text, '/', '')) = \(key.count - 1)"
            return "CASE WHEN \(isWhole) THEN \(RowKey.sql(parts)) ELSE k::text END"
        }
        return ["text", "character varying", "bpchar"].contains(dependencies.keyType)
            ? "unnest(ARRAY[k::text, \(parts[0])]::\(keys))"
            : "CASE WHEN strpos(k::text, '/') > 0 THEN \(parts[0]) "
                + "ELSE k::text::\(dependencies.keyType) END"
    }

    /// SQL of a key, as it stands in arrays of keys.
    private func key(of root: ViewDependencies.Root) -> String {
        root.values.count == 1
            ? "(\(root.values[0]))::\(dependencies.keyType)"
            : RowKey.sql(root.values.map { "(\($0))" })
    }

    /// From the columns that a key is made of to the key.
    private func compute(_ root: ViewDependencies.Root, _ links: String) -> String {
        let columns = root.columns.enumerated().map { place, column in
            let value =
                root.columns.count == 1
                ? "k" : RowKey.sql(part: place, of: "k", type: column.type)
            return "\(value) AS \(column.name.quotedName)"
        }
        let isPresent = root.values.map { "(\($0)) IS NOT NULL" }.joined(separator: " AND ")
        return "SELECT DISTINCT \(key(of: root)) FROM (SELECT \(columns.joined(separator: ", ")) "
            + "FROM unnest(\(links)) AS u (k)) AS \(root.alias.quotedName) WHERE \(isPresent)"
    }

    /// Table by table, from an array of values to an array of values, each once: what is held is
    /// never more than a table has, where a join would multiply what several steps share.
    ///
    /// The array is a sub-select, so that a table without an index is read once and not once for
    /// each value.
    private func lookUp(
        _ steps: [ViewDependencies.Step], _ root: ViewDependencies.Root, _ links: String,
        _ isAdvised: Bool
    ) -> String {
        var values = links
        for (place, step) in steps.enumerated() {
            let isLast = place == steps.count - 1
            let table = isLast ? root.alias.quotedName : "t\(place)"
            let onward = "\(table).\((step.onward?.name ?? "").quotedName)"
            // A type of an extension may call equal what another equality tells apart.
            let isForeign = !isLast && step.onward?.type.contains(".") ?? false
            let each = isForeign ? "DISTINCT ON (\(onward)::text)" : "DISTINCT"
            let found = isLast ? root.values : [onward]
            let name = isLast ? key(of: root) : onward
            let column = "\(table).\(step.column.quotedName)"
            let from = "FROM \(step.table.quoted) AS \(table) WHERE \(column) \(step.equality) "
            let query: String
            if isAdvised {
                query = "SELECT \(name) \(from)ANY (\(values))"
            } else {
                let isPresent = found.map { "(\($0)) IS NOT NULL" }
                    .joined(separator: " AND ")
                query =
                    "SELECT \(each) \(name) \(from)ANY (SELECT unnest(\(values))) "
                    + "AND \(isPresent)"
            }
            if isLast { return query }
            values = "ARRAY(\(query))"
        }
        return values
    }
}

extension String {
    /// The statement with its parameter `$1` replaced; text in quotes and comments stays.
    func replacingParameter(with text: String) -> String {
        guard let tokens = try? SQLLexer.tokens(of: self) else { return self }
        return replacing(tokens.filter { $0.kind == .parameter }.map(\.range), with: text)
    }
}
