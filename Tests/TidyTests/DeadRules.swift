// Finds declarations that nothing but tests uses: they cost every reader and serve no user.
//
// Told by names alone, so that what shares its name with something in use is not found. What an
// author may call (`public`) and what a protocol of a library asks for are left out.

/// Findings about declarations without a user.
enum DeadRules {
    private static let keywords: Set<String> = [
        "func", "var", "let", "struct", "class", "enum", "actor", "protocol", "typealias",
    ]

    /// Declarations whose name stands nowhere else in these files.
    ///
    /// - Parameters:
    ///   - files: what is part of the product, and what uses it besides tests.
    ///   - judged: which of them are looked at.
    /// - Returns: one finding for each.
    static func unused(
        _ files: [SourceFile], judged: (SourceFile) -> Bool = { $0.section == "Sources" }
    ) -> [Finding] {
        var counts: [String: Int] = [:]
        for file in files { for token in file.tokens { counts[token.text, default: 0] += 1 } }
        return files.filter(judged).flatMap { file in
            file.tokens.indices.dropFirst().compactMap { place in
                let name = file.tokens[place].text
                guard keywords.contains(file.tokens[place - 1].text), file.tokens[place].isWord,
                    counts[name] == 1, Exempt.unused[name] == nil,
                    !isForOthers(file.tokens, at: place - 1)
                else { return nil }
                return Finding(
                    path: file.path, line: file.tokens[place].line,
                    message: "Nothing but tests uses `\(name)`. Remove it, or move it to them.")
            }
        }
    }

    /// Whether a declaration is one that authors see, or that overrides another.
    private static func isForOthers(_ tokens: [Token], at keyword: Int) -> Bool {
        var place = keyword
        while place > 0, !tokens[place].startsLine { place -= 1 }
        return tokens[place...keyword].contains { ["public", "override"].contains($0.text) }
    }
}
