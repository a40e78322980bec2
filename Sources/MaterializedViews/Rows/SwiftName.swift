// From the names of the database to names in Swift: `look_page` → `LookPageRow`,
// `first_name` → `firstName`, `class` → `` `class` ``.
//
// Pure functions of the name. What a reader would get wrong: `init`, `self` and `Type` need more
// than a place in a keyword list (`x.init` means something else even in backticks before Swift
// 5.9, `self` cannot be stored at all), so those get a trailing word instead.

/// Makes names for generated Swift source.
package enum SwiftName {
    /// The class of one row: `look_page` → `LookPageRow`.
    package static func rowType(ofView view: String) -> String {
        words(in: view).map(capitalized).joined() + "Row"
    }

    /// The property of a column: lower camel case, escaped where Swift needs it.
    ///
    /// - Returns: nil when the column's name holds no ASCII letter to begin with, or a character
    ///   that is neither a letter, a digit nor an underscore.
    package static func property(ofColumn column: String) -> String? {
        guard !column.isEmpty, column.utf8.allSatisfy(isIdentifierPart) else { return nil }
        let parts = words(in: column)
        guard let first = parts.first, let start = first.utf8.first, !isDigit(start) else {
            return nil
        }
        let name = lowerFirst(first) + parts.dropFirst().map(capitalized).joined()
        return taken.contains(name) ? name + "Column" : escaped(name)
    }

    /// `name` in backticks if it is a keyword of Swift.
    package static func escaped(_ name: String) -> String {
        keywords.contains(name) ? "`\(name)`" : name
    }

    static func isIdentifierPart(_ byte: UInt8) -> Bool {
        let letter = byte | 0x20
        return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter) && byte < 0x80
            || isDigit(byte) || byte == UInt8(ascii: "_")
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func words(in name: String) -> [Substring] { name.split(separator: "_") }

    private static func capitalized(_ word: Substring) -> String {
        guard let first = word.first else { return "" }
        return first.uppercased() + word.dropFirst()
    }

    private static func lowerFirst(_ word: Substring) -> String {
        // `SKU` becomes `sku`, `fooBar` stays.
        if word.allSatisfy({ character in !character.isLowercase }) { return word.lowercased() }
        guard let first = word.first else { return "" }
        return first.lowercased() + word.dropFirst()
    }

    /// Names that a row has already, or that no backtick makes usable as a property.
    private static let taken: Set<String> = ["rowKey", "schema", "self", "init", "Self", "Type"]

    /// The words that Swift reserves in a place where a property's name may stand.
    private static let keywords: Set<String> = [
        "Any", "as", "associatedtype", "await", "break", "case", "catch", "class", "continue",
        "default", "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false",
        "fileprivate", "for", "func", "guard", "if", "import", "in", "init", "inout", "internal",
        "is", "let", "nil", "operator", "precedencegroup", "private", "protocol", "public",
        "repeat", "rethrows", "return", "self", "Self", "static", "struct", "subscript", "super",
        "switch", "throw", "throws", "true", "try", "typealias", "var", "where", "while",
    ]
}
