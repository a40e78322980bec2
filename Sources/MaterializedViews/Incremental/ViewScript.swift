// The SQL of one incremental view: its statement, its table, and the function that turns changed
// links into keys. `RefreshScript` has the functions that write.
//
// Functions take their parameters by number and declare as little as they can, so that no name of
// theirs can meet a name in the author's statement; where two do meet, the column wins.

extension IncrementalView {
    /// Makes the table of rows, empty, from the columns of the statement.
    static func createTable(_ definition: ViewDefinition, _ columns: [ViewColumn]) -> [String] {
        let table = definition.name.viewName
        var statements = [
            "CREATE TABLE \(table) AS SELECT * FROM \(statement(definition.name)) WITH NO DATA",
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
            // lz4 reads four times as fast as pglz (design, data §5).
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
            case .declared, .path: query = lookUp(dependency.route, links) ?? ""
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
        _ route: ViewDependencies.Route, _ links: String, isAdvised: Bool = false
    ) -> String? {
        switch route {
        case .every, .root: nil
        case .declared(let sql):
            "SELECT DISTINCT k::\(dependencies.keyType) FROM (\n"
                + "\(sql.replacingParameter(with: links))\n) AS q (k) WHERE k IS NOT NULL"
        case .path(let steps): lookUp(steps, links, isAdvised)
        }
    }

    /// Table by table, from an array of values to an array of values, each once: what is held is
    /// never more than a table has, where a join would multiply what several steps share.
    ///
    /// The array is a sub-select, so that a table without an index is read once and not once for
    /// each value.
    private func lookUp(
        _ steps: [ViewDependencies.Step], _ links: String, _ isAdvised: Bool
    ) -> String {
        var values = links
        for (place, step) in steps.enumerated() {
            let table = "t\(place)"
            let isLast = place == steps.count - 1
            let found = (isLast ? dependencies.root?.columns ?? [] : [step.onward ?? ""])
                .map { column in "\(table).\(column.quotedName)" }
            let name = found.count == 1 ? found[0] : RowKey.sql(found)
            let column = "\(table).\(step.column.quotedName)"
            let from = "FROM \(step.table.quoted) AS \(table) WHERE \(column) \(step.equality) "
            let query: String
            if isAdvised {
                query = "SELECT \(name) \(from)ANY (\(values))"
            } else {
                let isPresent = found.map { "\($0) IS NOT NULL" }.joined(separator: " AND ")
                query =
                    "SELECT DISTINCT \(name) \(from)ANY (SELECT unnest(\(values))) "
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
        let bytes = Array(utf8)
        var result: [UInt8] = []
        var at = 0
        for token in tokens where token.kind == .parameter {
            result += bytes[at..<token.range.lowerBound] + Array(text.utf8)
            at = token.range.upperBound
        }
        return String(decoding: result + bytes[at...], as: UTF8.self)
    }
}
