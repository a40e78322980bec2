// The addresses in a style sheet: `@import`, `url()`, and the strings of `src()` and `image-set()`.
//
// It follows the tokenizer of CSS Syntax (section 4) as far as addresses need it: comments,
// strings, escapes, functions and at-rules. It never fails; what is malformed is passed over.

/// Reads one style sheet, or the value of a `style` attribute.
package struct StyleScan {
    /// What the sheet refers to, in its order, with escapes resolved.
    package private(set) var addresses: [String] = []
    /// Where each of them begins, as a byte of the text.
    private var places: [Int] = []
    /// The line of the first `@import`, counted from 1; 0 when there is none.
    package private(set) var importLine = 0
    /// Whether `@layer a, b;` stands before an `@import`.
    package private(set) var hasLayerBeforeImport = false

    private let bytes: [UInt8]
    private var place = 0
    private var line = 1
    private var atRule: String?
    private var hasLayer = false
    private var depth = 0
    /// The functions that are open, by name; empty for a bare parenthesis.
    private var functions: [String] = []

    /// Functions whose strings are addresses.
    private static let addressed: Set<String> = ["url", "src", "image-set", "-webkit-image-set"]
    /// Rules whose addresses nobody fetches.
    private static let unfetched: Set<String> = ["namespace", "document", "-moz-document"]

    /// Reads it all.
    package init(_ text: some Sequence<UInt8>) {
        bytes = Array(text)
        while place < bytes.count { step() }
    }

    private mutating func step() {
        let byte = bytes[place]
        switch byte {
        case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"): skipComment()
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            let start = place + 1
            takeString(string(byte), at: start)
        case UInt8(ascii: "@"):
            place += 1
            begin(rule: name())
        case UInt8(ascii: "("):
            functions.append("")
            place += 1
        case UInt8(ascii: ")"):
            _ = functions.popLast()
            place += 1
        case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ";"):
            if byte == UInt8(ascii: ";"), depth == 0, atRule == "layer" { hasLayer = true }
            if byte != UInt8(ascii: ";") { depth += byte == UInt8(ascii: "{") ? 1 : -1 }
            atRule = nil
            functions = []
            place += 1
        case UInt8(ascii: "\\"): takeWord()
        case _ where Self.isName(byte): takeWord()
        default: advance()
        }
    }

    private mutating func begin(rule name: String) {
        atRule = name
        guard name == "import" else { return }
        if importLine == 0 { importLine = line }
        if hasLayer { hasLayerBeforeImport = true }
    }

    /// A word, and what it begins if a parenthesis follows.
    private mutating func takeWord() {
        let word = name()
        guard peek(0) == UInt8(ascii: "(") else { return }
        place += 1
        guard word == "url" else { return functions.append(word) }
        skipSpace()
        if peek(0) == UInt8(ascii: "\"") || peek(0) == UInt8(ascii: "'") {
            return functions.append(word)
        }
        let start = place
        var text: [UInt8] = []
        while place < bytes.count, bytes[place] != UInt8(ascii: ")"), !Self.isSpace(bytes[place]) {
            take(into: &text)
        }
        while place < bytes.count, bytes[place] != UInt8(ascii: ")") { advance() }
        place += 1
        note(text, at: start)
    }

    private mutating func takeString(_ text: [UInt8], at start: Int) {
        if let function = functions.last {
            if Self.addressed.contains(function) { note(text, at: start) }
        } else if atRule == "import" {
            note(text, at: start)
            // The rest of the rule is conditions.
            atRule = ""
        }
    }

    private mutating func note(_ text: [UInt8], at start: Int) {
        if let atRule, Self.unfetched.contains(atRule) { return }
        guard !text.isEmpty else { return }
        addresses.append(String(decoding: text, as: UTF8.self))
        places.append(start)
    }

    /// A style sheet with a folder before each address that begins at the host.
    ///
    /// - Parameters:
    ///   - sheet: the style sheet.
    ///   - folder: such as `/shop`; with an empty one the sheet is not read.
    /// - Returns: the sheet; as it was if there is nothing to do.
    package static func text(_ sheet: String, inFolder folder: String) -> [UInt8] {
        folder.isEmpty ? Array(sheet.utf8) : StyleScan(sheet.utf8).inFolder(folder)
    }

    private func inFolder(_ folder: String) -> [UInt8] {
        var text: [UInt8] = []
        var from = 0
        for (place, address) in zip(places, addresses)
        where address.hasPrefix("/") && !address.hasPrefix("//") {
            text += bytes[from..<place]
            text += folder.utf8
            from = place
        }
        return text + bytes[from...]
    }

    /// The style sheet with other addresses; one that has escapes in it stays as it is.
    ///
    /// - Parameter other: gives the address that takes the place of one; nil for none.
    /// - Returns: the sheet.
    package func replacing(_ other: (String) -> String?) -> [UInt8] {
        var text: [UInt8] = []
        var from = 0
        for (place, address) in zip(places, addresses) {
            guard bytes[place...].starts(with: address.utf8), let new = other(address) else {
                continue
            }
            text += bytes[from..<place]
            text += new.utf8
            from = place + address.utf8.count
        }
        return text + bytes[from...]
    }

    /// The string that begins here, without its quotes; a line break ends it, too.
    private mutating func string(_ quote: UInt8) -> [UInt8] {
        var text: [UInt8] = []
        place += 1
        while place < bytes.count, bytes[place] != quote, bytes[place] != 0x0A {
            take(into: &text)
        }
        if peek(0) == quote { place += 1 }
        return text
    }

    /// The name that begins here, in lower case.
    private mutating func name() -> String {
        var text: [UInt8] = []
        while place < bytes.count, Self.isName(bytes[place]) || bytes[place] == UInt8(ascii: "\\") {
            take(into: &text)
        }
        return String(decoding: text, as: UTF8.self).lowercased()
    }

    /// Appends a byte, or what an escape stands for.
    private mutating func take(into text: inout [UInt8]) {
        guard bytes[place] == UInt8(ascii: "\\") else {
            text.append(bytes[place])
            return advance()
        }
        place += 1
        let digits = bytes[place...].prefix(6).prefix { Self.digit($0) != nil }
        guard !digits.isEmpty else {
            if peek(0) != 0x0A, let next = peek(0) { text.append(next) }
            return advance()
        }
        let value = digits.reduce(UInt32(0)) { $0 << 4 | (Self.digit($1) ?? 0) }
        text += Array(String(Character(Unicode.Scalar(value) ?? "\u{FFFD}")).utf8)
        place += digits.count
        if let next = peek(0), Self.isSpace(next) { advance() }
    }

    private mutating func skipComment() {
        place += 2
        while place < bytes.count {
            if bytes[place] == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
                place += 2
                return
            }
            advance()
        }
    }

    private mutating func skipSpace() {
        while let byte = peek(0), Self.isSpace(byte) { advance() }
    }

    private mutating func advance() {
        if peek(0) == 0x0A { line += 1 }
        place += 1
    }

    private func peek(_ distance: Int) -> UInt8? {
        place + distance < bytes.count ? bytes[place + distance] : nil
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt32.init)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }
}
