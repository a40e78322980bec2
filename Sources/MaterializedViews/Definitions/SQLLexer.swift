// Cuts SQL into tokens: just enough to find comments, statements, calls and names.
//
// It follows section 4.1 of PostgreSQL's manual (lexical structure) with
// standard_conforming_strings on. What a reader would get wrong: block comments nest, `E''` alone
// knows backslashes, and a dollar quote cannot start inside a word (`a$b$` is one identifier).
// It never changes the text: tokens are ranges of the file's bytes, so that positions stay true.

/// A constant or comment that never ends.
struct SQLLexerError: Error, Equatable {
    let line: Int
    let message: String
}

/// Reads SQL once, from front to back.
struct SQLLexer {
    private let bytes: [UInt8]
    private var at = 0
    private var line = 1

    private init(_ text: String) { bytes = Array(text.utf8) }

    /// Cuts `text` into tokens, comments included, white space left out.
    static func tokens(of text: String) throws(SQLLexerError) -> [SQLToken] {
        var lexer = SQLLexer(text)
        var tokens: [SQLToken] = []
        while let token = try lexer.next() { tokens.append(token) }
        return tokens
    }

    private mutating func next() throws(SQLLexerError) -> SQLToken? {
        while at < bytes.count, Self.isSpace(bytes[at]) {
            if bytes[at] == UInt8(ascii: "\n") { line += 1 }
            at += 1
        }
        guard at < bytes.count else { return nil }
        let start = at
        let startLine = line
        let kind = try skipToken()
        for byte in bytes[start..<at] where byte == UInt8(ascii: "\n") { line += 1 }
        let text = Self.text(of: bytes[start..<at], kind)
        return SQLToken(kind: kind, text: text, range: start..<at, line: startLine)
    }

    private static func text(of bytes: ArraySlice<UInt8>, _ kind: SQLToken.Kind) -> String {
        switch kind {
        case .word:
            return String(decoding: bytes, as: UTF8.self).lowercasedASCII
        case .quotedName:
            var name: [UInt8] = []
            var quotes = 0
            for byte in bytes.dropFirst().dropLast() {
                quotes = byte == UInt8(ascii: "\"") ? quotes + 1 : 0
                if quotes != 2 { name.append(byte) } else { quotes = 0 }
            }
            return String(decoding: name, as: UTF8.self)
        default:
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Moves past one token and says what it was.
    private mutating func skipToken() throws(SQLLexerError) -> SQLToken.Kind {
        let byte = bytes[at]
        switch byte {
        case UInt8(ascii: "-") where peek(1) == UInt8(ascii: "-"):
            while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { at += 1 }
            return .comment
        case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"):
            try skipBlockComment()
            return .comment
        case UInt8(ascii: "'"):
            try skipQuoted(UInt8(ascii: "'"), backslashes: false, "string")
            return .string
        case UInt8(ascii: "\""):
            try skipQuoted(UInt8(ascii: "\""), backslashes: false, "quoted name")
            return .quotedName
        case UInt8(ascii: "$"):
            return try skipDollar()
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            skipNumber()
            return .number
        case _ where Self.isNameStart(byte):
            return try skipWord()
        default:
            at += 1
            return .symbol
        }
    }

    private mutating func skipBlockComment() throws(SQLLexerError) {
        var depth = 0
        repeat {
            guard at < bytes.count else {
                throw SQLLexerError(line: line, message: "a comment that begins with /* never ends")
            }
            if bytes[at] == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
                depth += 1
                at += 2
            } else if bytes[at] == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
                depth -= 1
                at += 2
            } else {
                at += 1
            }
        } while depth > 0
    }

    /// Moves past a quoted text; the quote itself is written twice inside it.
    private mutating func skipQuoted(
        _ quote: UInt8, backslashes: Bool, _ what: String
    ) throws(SQLLexerError) {
        at += 1
        while at < bytes.count {
            if backslashes, bytes[at] == UInt8(ascii: "\\") {
                at += 2
            } else if bytes[at] != quote {
                at += 1
            } else if peek(1) == quote {
                at += 2
            } else {
                at += 1
                return
            }
        }
        throw SQLLexerError(line: line, message: "a \(what) never ends")
    }

    /// `$1`, `$tag$ … $tag$`, or a lone dollar sign.
    private mutating func skipDollar() throws(SQLLexerError) -> SQLToken.Kind {
        var end = at + 1
        if end < bytes.count, Self.isDigit(bytes[end]) {
            while end < bytes.count, Self.isDigit(bytes[end]) { end += 1 }
            at = end
            return .parameter
        }
        while end < bytes.count, Self.isNamePart(bytes[end]), bytes[end] != UInt8(ascii: "$") {
            end += 1
        }
        guard end < bytes.count, bytes[end] == UInt8(ascii: "$") else {
            at += 1
            return .symbol
        }
        let tag = bytes[at...end]
        var close = end + 1
        while close + tag.count <= bytes.count {
            if bytes[close] == UInt8(ascii: "$"), bytes[close..<(close + tag.count)] == tag {
                at = close + tag.count
                return .string
            }
            close += 1
        }
        throw SQLLexerError(line: line, message: "a dollar-quoted string never ends")
    }

    private mutating func skipNumber() {
        while at < bytes.count,
            Self.isNamePart(bytes[at]) || bytes[at] == UInt8(ascii: ".")
        {
            at += 1
        }
    }

    /// A word, or a string with a letter before it: `E'…'`, `B'…'`, `X'…'`, `N'…'`, `U&'…'`.
    private mutating func skipWord() throws(SQLLexerError) -> SQLToken.Kind {
        let start = at
        while at < bytes.count, Self.isNamePart(bytes[at]) { at += 1 }
        if at == start + 1, at < bytes.count {
            let letter = bytes[start] | 0x20
            if bytes[at] == UInt8(ascii: "'"), [0x65, 0x62, 0x78, 0x6e].contains(letter) {
                try skipQuoted(
                    UInt8(ascii: "'"), backslashes: letter == UInt8(ascii: "e"), "string")
                return .string
            }
            if letter == UInt8(ascii: "u"), bytes[at] == UInt8(ascii: "&"),
                peek(1) == UInt8(ascii: "'")
            {
                at += 1
                try skipQuoted(UInt8(ascii: "'"), backslashes: false, "string")
                return .string
            }
        }
        return .word
    }

    private func peek(_ distance: Int) -> UInt8? {
        at + distance < bytes.count ? bytes[at + distance] : nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isNameStart(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) && byte < 0x80
            || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        isNameStart(byte) || isDigit(byte) || byte == UInt8(ascii: "$")
    }
}

extension String {
    /// The text with A–Z as a–z and everything else as it is, which is how PostgreSQL folds names.
    var lowercasedASCII: String {
        String(
            decoding: utf8.map { byte in
                (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
            }, as: UTF8.self)
    }

    /// The text as a name in SQL, in double quotes.
    var quotedName: String {
        "\""
            + String(
                decoding: utf8.flatMap { byte in
                    byte == UInt8(ascii: "\"") ? [byte, byte] : [byte]
                }, as: UTF8.self) + "\""
    }
}
