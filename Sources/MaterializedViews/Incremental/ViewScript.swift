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
                + "ADD CONSTRAINT \("\(definition.name)_key".quotedName) PRIMARY KEY "
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
            guard let number = numbers[dependency.watch] else { continue }
            let links =
                "ARRAY(SELECT l.link::\(dependency.linkType) "
                + "FROM unnest($1, $2) AS l (watch, link) WHERE l.watch = \(number))"
            let query: String
            switch dependency.route {
            case .every: continue
            case .root: query = "SELECT k FROM unnest(\(links)) AS u (k)"
            case .declared, .path: query = lookUp(dependency.route, links) ?? ""
            }
            branches.append(
                """
                    -- \(dependency.watch.table.text) (\(dependency.watch.column))
                    IF \(number) = ANY ($1) THEN
                        _keys := _keys || ARRAY(\(query));
                    END IF;
                """)
        }
        return """
            CREATE OR REPLACE FUNCTION \(function("keys"))(int[], text[]) RETURNS \(keys)
            LANGUAGE plpgsql STABLE \(computing) AS $sitegen$
            #variable_conflict use_column
            DECLARE _keys \(keys) := '{}';
            BEGIN
            \(branches.joined(separator: "\n"))
                RETURN ARRAY(SELECT DISTINCT k FROM unnest(_keys) AS u (k) ORDER BY k);
            END $sitegen$
            """
    }

    /// The query from links to the keys of the root; nil where there is nothing to look up.
    ///
    /// - Parameters:
    ///   - route: how a change of a table is followed.
    ///   - links: SQL of an array of links.
    /// - Returns: a query with one column, the keys.
    func lookUp(_ route: ViewDependencies.Route, _ links: String) -> String? {
        switch route {
        case .every, .root: nil
        case .declared(let sql):
            "SELECT k::\(dependencies.keyType) FROM (\n"
                + "\(sql.replacingParameter(with: links))\n) AS q (k) WHERE k IS NOT NULL"
        case .path(let steps): lookUp(steps, links)
        }
    }

    /// Table by table.
    private func lookUp(_ steps: [ViewDependencies.Step], _ links: String) -> String {
        var from = ""
        for (place, step) in steps.enumerated() {
            if place == 0 {
                from = "\(step.table.quoted) AS t0"
            } else {
                let before = steps[place - 1]
                from +=
                    " JOIN \(step.table.quoted) AS t\(place) ON t\(place)."
                    + "\(step.column.quotedName) \(step.equality) t\(place - 1)."
                    + (before.onward ?? "").quotedName
            }
        }
        let root = (dependencies.root?.columns ?? []).map { column in
            "t\(steps.count - 1).\(column.quotedName)"
        }
        let key = root.count == 1 ? root[0] : RowKey.sql(root)
        let condition =
            "t0.\((steps.first?.column ?? "").quotedName) "
            + "\(steps.first?.equality ?? "=") ANY (\(links))"
        let isPresent = root.map { "\($0) IS NOT NULL" }.joined(separator: " AND ")
        return "SELECT \(key) FROM \(from) WHERE \(condition) AND \(isPresent)"
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
