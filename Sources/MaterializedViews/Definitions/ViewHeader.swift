// Reads the comment lines at the head of a view file.
//
// Prose first (the documentation of the view), then lines `-- key: value`. A word in lower case
// with a colon behind it, at the start of a line, is a header and must be known: a misspelt
// `nulable:` that passed as prose would fail much later and far from its cause. A word that
// begins with a capital is prose, unless it would be a header in lower case.

/// The header of one view file, still as text.
struct ViewHeader: Equatable {
    /// A line of the header: its value and where it stands.
    struct Value: Equatable {
        let text: String
        let line: Int
    }

    /// The words a header line may begin with, in the order in which messages list them.
    static let known = [
        "key", "refresh", "nullable", "json", "scope", "publish-at", "expire-at", "watch",
        "paginate", "moved", "draft",
    ]
    /// The words that may stand more than once.
    private static let repeatable: Set<String> = ["nullable", "json", "watch"]

    /// The prose, one element per line, without the leading `-- `; an empty line ends a paragraph.
    private(set) var documentation: [String] = []
    private(set) var values: [String: [Value]] = [:]
    private(set) var problems: [DefinitionProblem] = []

    /// Reads the comments among `tokens` of `file`.
    init(tokens: [SQLToken], file: String) {
        let head = tokens.prefix { token in token.kind == .comment }
        var isProse = true
        for token in head where token.text.hasPrefix("--") {
            let text = Self.content(of: token.text)
            guard let (word, value) = Self.split(text) else {
                if isProse { documentation.append(text) }
                continue
            }
            isProse = false
            if Self.known.contains(word) {
                if values[word] != nil, !Self.repeatable.contains(word) {
                    problems.append(.init(file, token.line, "`\(word):` stands here twice."))
                }
                values[word, default: []].append(Value(text: value, line: token.line))
            } else {
                problems.append(.init(file, token.line, Self.unknown(word)))
            }
        }
        for token in tokens.dropFirst(head.count)
        where token.kind == .comment && token.text.hasPrefix("--") {
            guard let (word, _) = Self.split(Self.content(of: token.text)),
                Self.known.contains(word)
            else { continue }
            problems.append(
                .init(
                    file, token.line,
                    "`\(word):` is a header. Move it above the statement, to the first lines."))
        }
        while documentation.last == "" { documentation.removeLast() }
    }

    /// The text of a comment, without `--`, control characters and outer spaces.
    private static func content(of comment: String) -> String {
        let scalars = comment.unicodeScalars.drop { scalar in scalar == "-" }
            .map { scalar in
                scalar.properties.generalCategory == .control
                    || scalar.properties.generalCategory == .lineSeparator
                    || scalar.properties.generalCategory == .paragraphSeparator ? " " : scalar
            }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text).trimmed
    }

    /// `word: value`, when the line has that form.
    private static func split(_ text: String) -> (word: String, value: String)? {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let word = String(text[..<colon])
        let rest = text[text.index(after: colon)...]
        let isWord =
            !word.isEmpty
            && word.utf8.allSatisfy { byte in
                SwiftName.isIdentifierPart(byte) || byte == UInt8(ascii: "-")
            }
        guard isWord, rest.isEmpty || rest.first == " " else { return nil }
        let isLower = word == word.lowercasedASCII
        guard isLower || known.contains(word.lowercasedASCII) else { return nil }
        return (word, String(rest).trimmed)
    }

    private static func unknown(_ word: String) -> String {
        if known.contains(word.lowercasedASCII) {
            return "Write `\(word.lowercasedASCII):` in lower case."
        }
        let list = known.map { word in "\(word):" }.joined(separator: ", ")
        return """
            `\(word):` is not a header of a view file. Allowed are \(list). \
            In prose, begin the line with a capital.
            """
    }
}

extension String {
    /// Without spaces and tabs at both ends.
    var trimmed: String {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
