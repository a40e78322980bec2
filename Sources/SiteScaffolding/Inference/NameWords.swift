// The words of a name: `firstName`, `first_name` and `"First name"` are all `first`, `name`.
//
// Names of a database hold anything that fits into 63 bytes. Letters of Latin alphabets lose their
// marks, what is neither letter nor digit parts words, and what no ASCII letter stands for is left
// out, so that words may become part of names in Swift, of views and of addresses. Pure functions.

/// Takes names apart.
enum NameWords {
    /// The words of a name in lower case, ASCII letters and digits only; empty if there are none.
    static func words(of name: String) -> [String] {
        var words: [String] = []
        var word = ""
        let letters = name.unicodeScalars.flatMap(plain)
        for (place, letter) in letters.enumerated() {
            guard isLetter(letter) || isDigit(letter) else {
                if !word.isEmpty { words.append(word) }
                word = ""
                continue
            }
            if isUpper(letter), place > 0, beginsWord(letters, place), !word.isEmpty {
                words.append(word)
                word = ""
            }
            word += String(letter).lowercased()
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    /// The words joined by `_`, beginning with a letter, at most `bytes` long.
    ///
    /// - Parameters:
    ///   - name: any text.
    ///   - fallback: what is taken where no word begins with a letter.
    ///   - bytes: where it is cut.
    /// - Returns: never empty.
    static func snake(_ name: String, or fallback: String, bytes: Int) -> String {
        var words = words(of: name)
        if words.isEmpty { words = [fallback] }
        if let first = words.first?.unicodeScalars.first, isDigit(first) {
            words.insert(fallback, at: 0)
        }
        var text = String(words.joined(separator: "_").prefix(bytes))
        while text.hasSuffix("_") { text.removeLast() }
        return text
    }

    /// A name as a heading: its words with spaces between them, the first one capitalised.
    ///
    /// Where a name has letters that ASCII lacks, they stay.
    static func heading(_ name: String) -> String {
        var text = ""
        let scalars = Array(name.unicodeScalars)
        for (place, scalar) in scalars.enumerated() {
            let category = scalar.properties.generalCategory
            if scalar == "_" || scalar.properties.isWhitespace || category == .control
                || category == .format || category == .lineSeparator
            {
                if !text.isEmpty, text.last != " " { text.append(" ") }
                continue
            }
            if scalar.properties.isUppercase, place > 0, beginsWord(scalars, place),
                !text.isEmpty, text.last != " "
            {
                text.append(" ")
            }
            text.unicodeScalars.append(scalar)
        }
        let words = text.split(separator: " ").enumerated().map { place, word in
            let isAbbreviation = word.count > 1 && word.allSatisfy { !$0.isLowercase }
            return place > 0 && !isAbbreviation ? word.lowercased() : String(word)
        }
        guard let first = words.first, let letter = first.first else { return "Unnamed" }
        return ([letter.uppercased() + first.dropFirst()] + words.dropFirst())
            .joined(separator: " ")
    }

    /// Whether a capital begins a new word: after a small letter or a digit, or before one.
    private static func beginsWord(_ scalars: [Unicode.Scalar], _ place: Int) -> Bool {
        let before = scalars[place - 1]
        if before.properties.isLowercase || isDigit(before) { return true }
        guard before.properties.isUppercase, place + 1 < scalars.count else { return false }
        return scalars[place + 1].properties.isLowercase
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || isUpper(scalar)
    }

    private static func isUpper(_ scalar: Unicode.Scalar) -> Bool { ("A"..."Z").contains(scalar) }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    /// The ASCII letters for a letter; itself for all else, a space for letters without any.
    private static func plain(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        if scalar.isASCII { return [scalar] }
        for (letters, plain) in latin where letters.unicodeScalars.contains(scalar) {
            return Array(plain.unicodeScalars)
        }
        return [" "]
    }

    private static let latin = [
        ("àáâãäåāăąæ", "a"), ("ÀÁÂÃÄÅĀĂĄÆ", "A"), ("çćčĉċ", "c"), ("ÇĆČĈĊ", "C"), ("ðďđ", "d"),
        ("ÐĎĐ", "D"), ("èéêëēėęě", "e"), ("ÈÉÊËĒĖĘĚ", "E"), ("ğģĝġ", "g"), ("ĞĢĜĠ", "G"),
        ("ìíîïīįı", "i"), ("ÌÍÎÏĪĮİ", "I"), ("ķ", "k"), ("Ķ", "K"), ("łľļĺ", "l"), ("ŁĽĻĹ", "L"),
        ("ñńňņ", "n"), ("ÑŃŇŅ", "N"), ("òóôõöøōőœ", "o"), ("ÒÓÔÕÖØŌŐŒ", "O"), ("ŕř", "r"),
        ("ŔŘ", "R"), ("śšşș", "s"), ("ŚŠŞȘ", "S"), ("ß", "ss"), ("ťțţþ", "t"), ("ŤȚŢÞ", "T"),
        ("ùúûüūůűų", "u"), ("ÙÚÛÜŪŮŰŲ", "U"), ("ýÿ", "y"), ("ÝŸ", "Y"), ("źžż", "z"), ("ŹŽŻ", "Z"),
    ]
}
