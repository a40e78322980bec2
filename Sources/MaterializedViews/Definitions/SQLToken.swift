/// A piece of SQL text.
struct SQLToken: Equatable, Sendable {
    /// What kind of piece it is.
    enum Kind: Equatable, Sendable {
        /// A word without quotes: keyword, name or function. `text` is in lower case.
        case word
        /// A name in double quotes. `text` is the name without them.
        case quotedName
        /// A string constant of any form, `text` as written.
        case string
        case number
        /// `$1`.
        case parameter
        /// One character: `( ) , ; . :` and operators.
        case symbol
        /// `--` to the end of the line (without it), or a block comment.
        case comment
    }

    let kind: Kind
    let text: String
    /// Where it stands, as byte offsets in the text.
    let range: Range<Int>
    /// The line it begins on, from 1.
    let line: Int

    /// Whether this is the word `word` (lower case), not quoted.
    func isWord(_ word: String) -> Bool { kind == .word && text == word }

    /// Whether this is the character `symbol`.
    func isSymbol(_ symbol: String) -> Bool { kind == .symbol && text == symbol }
}
