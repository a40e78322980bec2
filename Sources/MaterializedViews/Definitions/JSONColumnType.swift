// The Swift type that a view file names for a JSON column: `[LookImage]`, `LookLink?`.
//
// The text goes into generated source as it is, so it is parsed first: names, dots, brackets and
// question marks, nothing else. Whether such a type exists is the compiler's business.

/// A validated Swift type expression of names, `[…]`, `[…: …]` and `?`.
package struct JSONColumnType: Equatable, Sendable {
    /// The expression without a trailing `?`, white space made uniform.
    package let text: String
    /// Whether it ended with `?`.
    let isOptional: Bool

    /// Parses `text`; nil if it is anything but a type expression.
    package init?(_ text: String) {
        guard text.utf8.count <= ViewLimits.typeBytesMax else { return nil }
        var parser = Parser(rest: Array(text.utf8)[...])
        guard let parsed = parser.type(depth: 0), parser.isAtEnd else { return nil }
        if parsed.hasSuffix("?") {
            let bare = String(parsed.dropLast())
            guard !bare.hasSuffix("?") else { return nil }
            self.text = bare
            isOptional = true
        } else {
            self.text = parsed
            isOptional = false
        }
    }

    private struct Parser {
        var rest: ArraySlice<UInt8>

        var isAtEnd: Bool {
            mutating get {
                skipSpace()
                return rest.isEmpty
            }
        }

        mutating func skipSpace() { rest = rest.drop { byte in byte == 0x20 || byte == 0x09 } }

        mutating func take(_ character: Character) -> Bool {
            skipSpace()
            guard let first = rest.first, first == character.asciiValue else { return false }
            rest = rest.dropFirst()
            return true
        }

        mutating func type(depth: Int) -> String? {
            guard depth < 16, var text = bracketed(depth: depth) ?? name() else { return nil }
            while take("?") { text += "?" }
            return text
        }

        mutating func bracketed(depth: Int) -> String? {
            guard take("[") else { return nil }
            guard let first = type(depth: depth + 1) else { return nil }
            if take(":") {
                guard let second = type(depth: depth + 1), take("]") else { return nil }
                return "[\(first): \(second)]"
            }
            return take("]") ? "[\(first)]" : nil
        }

        mutating func name() -> String? {
            var parts: [String] = []
            repeat {
                skipSpace()
                let word = rest.prefix { byte in
                    SwiftName.isIdentifierPart(byte)
                }
                guard let first = word.first, !SwiftName.isDigit(first) else { return nil }
                parts.append(SwiftName.escaped(String(decoding: word, as: UTF8.self)))
                rest = rest.dropFirst(word.count)
            } while take(".")
            return parts.joined(separator: ".")
        }
    }
}
