// Finds SQL whose answer depends on more than the rows it reads.
//
// A page is a function of its row, and a build of its rows: a list in any order, a clock or a
// random number would change pages that nobody changed. The lint reads tokens, not a syntax tree,
// so it errs on the side of asking: `array_agg(x)` over a sorted sub-select is reported although
// PostgreSQL happens to keep that order. Functions hide what they do; those are not looked into.

/// Reads the statement of one view.
struct DeterminismLint {
    let tokens: [SQLToken]
    let file: String
    let strategy: RefreshStrategy

    private static let ordered: Set<String> = [
        "json_agg", "jsonb_agg", "array_agg", "string_agg", "xmlagg", "json_object_agg",
        "json_agg_strict", "jsonb_agg_strict", "json_arrayagg", "json_objectagg",
    ]
    private static let clocks: Set<String> = [
        "now", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "timeofday",
    ]
    private static let clockWords: Set<String> = [
        "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp",
    ]
    private static let changing: Set<String> = [
        "random", "random_normal", "setseed", "gen_random_uuid", "gen_random_bytes",
        "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4", "uuidv4", "uuidv7",
        "nextval", "currval", "lastval", "setval", "current_setting", "set_config",
        "pg_backend_pid", "txid_current", "pg_current_xact_id", "pg_sleep", "inet_client_addr",
        "inet_client_port", "pg_notify",
    ]
    private static let sessionWords: Set<String> = [
        "current_user", "session_user", "current_role", "current_catalog", "current_schema",
    ]

    /// Everything that is doubtful, in the order of the file.
    func findings() -> [DefinitionProblem] {
        var found: [DefinitionProblem] = []
        for index in tokens.indices where tokens[index].kind == .word {
            if let problem = finding(at: index) { found.append(problem) }
        }
        return found
    }

    private func finding(at index: Int) -> DefinitionProblem? {
        let token = tokens[index]
        let isMember = index > 0 && tokens[index - 1].isSymbol(".")
        let isCatalogMember = isMember && index > 1 && tokens[index - 2].isWord("pg_catalog")
        if isCall(index) {
            if isMember && !isCatalogMember { return nil }
            return callFinding(at: index)
        }
        if isMember { return nil }
        if Self.clockWords.contains(token.text) { return clock(token, token.text.uppercased()) }
        if Self.sessionWords.contains(token.text) {
            return problem(
                token, "\(token.text) depends on who is connected. A page must not.")
        }
        switch token.text {
        case "tablesample":
            return problem(token, "TABLESAMPLE picks other rows each time. A page must not.")
        case "array" where next(index, isSymbol: "[") == false: return nil
        case "limit", "offset", "fetch": return limitFinding(at: index)
        case "distinct" where index + 1 < tokens.count && tokens[index + 1].isWord("on"):
            return unordered(at: index, "DISTINCT ON keeps any row of each group")
        default: return nil
        }
    }

    private func callFinding(at index: Int) -> DefinitionProblem? {
        let token = tokens[index]
        if Self.clocks.contains(token.text) || Self.clockWords.contains(token.text) {
            return clock(token, "\(token.text)()")
        }
        if Self.changing.contains(token.text) {
            return problem(
                token, "\(token.text)() gives another answer each time. A page must not.")
        }
        let inside = call(at: index)
        if Self.ordered.contains(token.text), !hasOrder(inside), !hasOrderedWindow(after: index) {
            return problem(
                token,
                "\(token.text) without ORDER BY gives its elements in any order. "
                    + "Write \(token.text)(… ORDER BY …), ending in a unique column.")
        }
        if token.text == "array", inside.first?.isWord("select") == true, !hasOrder(inside) {
            return problem(
                token, "ARRAY(SELECT …) without ORDER BY gives its elements in any order.")
        }
        if token.text == "age", !atTopLevel(inside).contains(where: { $0.isSymbol(",") }) {
            return clock(token, "age() of one value")
        }
        return nil
    }

    // MARK: Sentences

    private func problem(
        _ token: SQLToken, _ message: String, _ severity: DefinitionProblem.Severity = .error
    ) -> DefinitionProblem {
        DefinitionProblem(file, token.line, message, severity: severity)
    }

    private func clock(_ token: SQLToken, _ name: String) -> DefinitionProblem {
        if strategy == .live {
            return problem(
                token,
                "\(name) in a live view: what is built from it is right until the next build.",
                .warning)
        }
        return problem(
            token,
            "\(name) reads the clock, and no table changes when time passes. Name the row's "
                + "columns in `publish-at:` and `expire-at:`, or make the view `refresh: live`."
        )
    }

    private func limitFinding(at index: Int) -> DefinitionProblem? {
        if tokens[index].isWord("fetch"),
            !(index + 1 < tokens.count
                && (tokens[index + 1].isWord("first") || tokens[index + 1].isWord("next")))
        {
            return nil
        }
        if index > 0, tokens[index - 1].isWord("as") { return nil }
        return unordered(at: index, "\(tokens[index].text.uppercased()) keeps any rows")
    }

    private func unordered(at index: Int, _ what: String) -> DefinitionProblem? {
        guard !hasOrder(select(around: index)) else { return nil }
        return problem(
            tokens[index], "\(what) unless the same SELECT has an ORDER BY.", .warning)
    }

    // MARK: Walking

    private func next(_ index: Int, isSymbol symbol: String) -> Bool {
        index + 1 < tokens.count && tokens[index + 1].isSymbol(symbol)
    }

    private func isCall(_ index: Int) -> Bool { next(index, isSymbol: "(") }

    /// The tokens inside the parentheses that open behind `index`.
    private func call(at index: Int) -> ArraySlice<SQLToken> {
        let start = min(index + 2, tokens.count)
        return tokens[start..<end(from: start)]
    }

    /// The place of the parenthesis that closes the one before `start`.
    private func end(from start: Int) -> Int {
        var depth = 0
        for index in start..<tokens.count {
            if tokens[index].isSymbol("(") { depth += 1 }
            if tokens[index].isSymbol(")") {
                if depth == 0 { return index }
                depth -= 1
            }
        }
        return tokens.count
    }

    private func atTopLevel(_ slice: ArraySlice<SQLToken>) -> [SQLToken] {
        var depth = 0
        return slice.filter { token in
            if token.isSymbol("(") || token.isSymbol("[") { depth += 1 }
            if token.isSymbol(")") || token.isSymbol("]") { depth -= 1 }
            return depth == 0
        }
    }

    private func hasOrder(_ slice: ArraySlice<SQLToken>) -> Bool {
        let top = atTopLevel(slice)
        return zip(top, top.dropFirst()).contains { first, second in
            first.isWord("order") && second.isWord("by")
        }
    }

    /// Whether `name(…) OVER (… ORDER BY …)` or `… FILTER (…) OVER (…)` follows.
    private func hasOrderedWindow(after index: Int) -> Bool {
        var at = end(from: min(index + 2, tokens.count)) + 1
        if at < tokens.count, tokens[at].isWord("filter"), isCall(at) {
            at = end(from: at + 2) + 1
        }
        guard at < tokens.count, tokens[at].isWord("over"), isCall(at) else { return false }
        return hasOrder(call(at: at))
    }

    /// The tokens of the parentheses around `index`, or of the whole statement.
    private func select(around index: Int) -> ArraySlice<SQLToken> {
        var depth = 0
        var start = index
        while start > 0 {
            if tokens[start - 1].isSymbol(")") { depth += 1 }
            if tokens[start - 1].isSymbol("(") {
                if depth == 0 { break }
                depth -= 1
            }
            start -= 1
        }
        return tokens[start..<end(from: start)]
    }
}
