// The text of a function that PostgreSQL does not keep parsed, read word by word: what it calls,
// which tables it names, and what in it is the time.
//
// Words say less than a parse tree, so what is found is what may be meant: `FunctionNames` asks
// what stands behind a name. What is not found: names that EXECUTE puts together, and words that
// become times where nothing beside them shows it. Strings are SQL, too, where there is an EXECUTE.

import Postgres

/// What the words of a function's body say.
struct FunctionText {
    /// A function that is called, by its name.
    struct Call: Hashable {
        /// The schema; nil if none is written.
        let schema: String?
        let name: String
        /// How many arguments it gets.
        let arguments: Int
    }

    /// A table or view that is named where one is read or written.
    struct Relation: Hashable {
        let schema: String?
        let name: String
    }

    /// Each once, in the order of the text.
    private(set) var calls: [Call] = []
    private(set) var relations: [Relation] = []
    /// What is doubtful by itself: CURRENT_DATE, `date 'today'`.
    private(set) var doubts: [(kind: Doubt.Kind, subject: String)] = []

    private let givesTime: Bool
    private var tokens: [SQLToken] = []

    /// Reads a body.
    ///
    /// - Parameters:
    ///   - source: SQL or PL/pgSQL.
    ///   - givesTime: whether the function's result is a time.
    init(_ source: String, givesTime: Bool = false) {
        self.givesTime = givesTime
        read(source, isInString: false)
    }

    private static let clockWords: Set<String> = [
        "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp",
    ]
    private static let sessionWords: Set<String> = [
        "current_user", "current_role", "session_user", "user", "current_catalog",
        "current_schema",
    ]
    private static let timeTypes: Set<String> = [
        "date", "time", "timetz", "timestamp", "timestamptz",
    ]
    /// Words before the name of a table.
    private static let beforeTables: Set<String> = [
        "from", "join", "only", "lateral", "table",
    ]
    /// Words that end the list of tables behind FROM.
    private static let afterTables: Set<String> = [
        "where", "group", "order", "having", "window", "limit", "offset", "fetch", "union",
        "intersect", "except", "for", "select", "set", "values", "returning", "loop", "then",
    ]
    /// Functions in whose brackets FROM stands before an argument.
    private static let withFrom: Set<String> = [
        "extract", "substring", "trim", "overlay", "position",
    ]

    private mutating func read(_ source: String, isInString: Bool) {
        guard let all = try? SQLLexer.tokens(of: source) else { return }
        tokens = all.filter { $0.kind != .comment }
        let isDynamic = !isInString && tokens.contains { $0.isWord("execute") }
        let strings = tokens.filter { $0.kind == .string }.map(\.text)
        for place in tokens.indices {
            switch tokens[place].kind {
            case .word, .quotedName: readName(place)
            case .string: readString(place)
            default: break
            }
        }
        readTables()
        guard isDynamic else { return }
        for string in strings { read(Self.content(of: string), isInString: true) }
    }

    private func symbol(_ place: Int, _ text: String) -> Bool {
        tokens.indices.contains(place) && tokens[place].isSymbol(text)
    }

    private func word(_ place: Int) -> String? {
        tokens.indices.contains(place) && tokens[place].kind == .word ? tokens[place].text : nil
    }

    /// The schema that is written before a name; nil for none, and for what is a column.
    private func schema(before place: Int) -> String? {
        guard symbol(place - 1, "."), tokens.indices.contains(place - 2),
            [.word, .quotedName].contains(tokens[place - 2].kind)
        else { return nil }
        return tokens[place - 2].text
    }

    private mutating func readName(_ place: Int) {
        let token = tokens[place]
        let schema = schema(before: place)
        if symbol(place + 1, "(") {
            let call = Call(
                schema: schema, name: token.text, arguments: arguments(place + 1))
            if !calls.contains(call) { calls.append(call) }
        } else if token.kind == .word, schema == nil || schema == "pg_catalog" {
            note(word: token.text)
        }
        if token.kind == .word, Self.clockWords.contains(token.text), symbol(place + 1, "(") {
            note(word: token.text)
        }
    }

    private mutating func note(word: String) {
        if Self.clockWords.contains(word) { doubts.append((.clock, word.uppercased())) }
        if Self.sessionWords.contains(word) { doubts.append((.session, word.uppercased())) }
    }

    /// How many arguments stand in the brackets that open here.
    private func arguments(_ open: Int) -> Int {
        var depth = 0
        var commas = 0
        for place in open..<tokens.count {
            if symbol(place, "(") || symbol(place, "[") { depth += 1 }
            if symbol(place, ")") || symbol(place, "]") { depth -= 1 }
            if depth == 1, symbol(place, ",") { commas += 1 }
            if depth == 0 { return place == open + 1 ? 0 : commas + 1 }
        }
        return commas + 1
    }

    // MARK: Times

    /// A string with a word such as today, where it becomes a time.
    private mutating func readString(_ place: Int) {
        guard let found = TimeWords.only(in: Self.content(of: tokens[place].text)) else { return }
        let before = symbol(place - 1, "(") ? word(place - 2) : word(place - 1)
        let isCast = symbol(place + 1, ":") && symbol(place + 2, ":")
        let after = isCast ? word(place + 3) : word(place + 1) == "as" ? word(place + 2) : nil
        if [before, after].contains(where: { $0.map(Self.timeTypes.contains) == true }) {
            doubts.append((.clock, "'\(found)'"))
            return
        }
        let isCompared = [place - 1, place + 1].contains { place in
            ["=", "<", ">"].contains { symbol(place, $0) }
                || ["between", "and", "default"].contains(word(place))
        }
        if isCompared || givesTime {
            doubts.append((.timeText(type: "time"), "'\(found)'"))
        }
    }

    /// What stands between the quotes of a string.
    private static func content(of string: String) -> String {
        if string.hasPrefix("$"), let end = string.dropFirst().firstIndex(of: "$") {
            let tag = string[...end]
            return String(string.dropFirst(tag.count).dropLast(tag.count))
        }
        return string.drop { $0 != "'" }.dropFirst().dropLast()
            .split(separator: "''", omittingEmptySubsequences: false).joined(separator: "'")
    }

    // MARK: Tables

    private mutating func readTables() {
        // Common tables are no tables: x AS (…).
        var common: Set<String> = []
        for place in tokens.indices
        where word(place + 1) == "as"
            && (symbol(place + 2, "(") || word(place + 2) == "not"
                || word(place + 2) == "materialized")
        { common.insert(tokens[place].text) }
        // Of each bracket, whether tables are listed at this point, and whether FROM means none.
        var levels: [(isList: Bool, isArgument: Bool)] = [(false, false)]
        for place in tokens.indices {
            let top = levels.count - 1
            if symbol(place, "(") {
                levels.append((false, Self.withFrom.contains(word(place - 1) ?? "")))
            } else if symbol(place, ")") || symbol(place, ";") {
                if levels.count > 1, symbol(place, ")") {
                    levels.removeLast()
                } else {
                    levels = [(false, false)]
                }
            } else if let word = word(place), Self.afterTables.contains(word) {
                levels[top].isList = false
            }
            // EXTRACT(year FROM x), x IS DISTINCT FROM y.
            let isArgument =
                word(place) == "from" && (levels[top].isArgument || word(place - 1) == "distinct")
            if word(place) == "from", !isArgument { levels[top].isList = true }
            let isNamed = Self.beforeTables.contains(word(place) ?? "") && !isArgument
            guard isNamed || symbol(place, ",") && levels[top].isList else { continue }
            readTable(place + 1, common)
        }
    }

    private mutating func readTable(_ first: Int, _ common: Set<String>) {
        guard tokens.indices.contains(first), !Self.beforeTables.contains(word(first) ?? ""),
            [.word, .quotedName].contains(tokens[first].kind)
        else { return }
        let hasSchema = symbol(first + 1, ".") && tokens.indices.contains(first + 2)
        let last = hasSchema ? first + 2 : first
        let relation = Relation(
            schema: hasSchema ? tokens[first].text : nil, name: tokens[last].text)
        guard !symbol(last + 1, "("), hasSchema || !common.contains(relation.name),
            !relations.contains(relation)
        else { return }
        relations.append(relation)
    }
}
