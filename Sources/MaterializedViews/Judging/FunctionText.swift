import Postgres

/// The text of a function that PostgreSQL does not keep parsed.
enum FunctionText {
    private static let clockWords: Set<String> = [
        "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp",
    ]

    /// Calls of clocks and of what changes each time.
    static func doubts(of source: String) -> [(Doubt.Kind, String)] {
        guard let tokens = try? SQLLexer.tokens(of: source) else { return [] }
        var found: [(Doubt.Kind, String)] = []
        for (place, token) in tokens.enumerated() where token.kind == .word {
            let isMember = place > 0 && tokens[place - 1].isSymbol(".")
            let isCatalog = isMember && place > 1 && tokens[place - 2].isWord("pg_catalog")
            guard !isMember || isCatalog else { continue }
            let isCall = place + 1 < tokens.count && tokens[place + 1].isSymbol("(")
            if clockWords.contains(token.text) {
                found.append((.clock, token.text.uppercased()))
            } else if isCall, BuiltInFunctions.clocks.contains(token.text) {
                found.append((.clock, "\(token.text)()"))
            } else if isCall, BuiltInFunctions.changing.contains(token.text) {
                found.append((.changing, "\(token.text)()"))
            }
        }
        return found
    }
}
