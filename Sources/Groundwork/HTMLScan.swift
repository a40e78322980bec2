// Reads HTML as the tokenizer of the HTML standard does (section 13.2.5), as far as tags, their
// attributes and comments go; it makes no tree and resolves no character references.
//
// It never fails: what has no end is told as such. Whoever meets an element that holds text alone
// asks for its text, and alone knows whether it is inside `svg` or `math`, where it holds none.

/// A start or end tag as it is written.
package struct HTMLTag {
    /// The name in lower case.
    package let name: String
    /// Whether it is an end tag.
    package let isEnd: Bool
    /// Names in lower case, values as they are written, without their quotes.
    package fileprivate(set) var attributes: [(name: String, value: ArraySlice<UInt8>)] = []
    /// Whether it ends in `/>`.
    package fileprivate(set) var isSelfClosing = false
    /// Whether it has its `>`, and its quotes are closed.
    package fileprivate(set) var isWhole = false

    /// The value of an attribute, the first of its name; nil when it is not there.
    package subscript(_ name: String) -> ArraySlice<UInt8>? {
        attributes.first { $0.name == name }?.value
    }
}

/// Goes through the tags and comments of some HTML.
package struct HTMLScan {
    /// What begins with a `<`.
    package enum Item {
        /// A start or end tag.
        case tag(HTMLTag)
        /// A comment, or what a browser takes for one; whether it ends.
        case comment(isWhole: Bool)
        /// `<!` that begins no comment; the scan goes on behind it.
        case declaration
    }

    private let bytes: [UInt8]
    private var place = 0

    /// Begins at the beginning.
    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The next tag or comment; nil at the end.
    ///
    /// A `<` at the very end is a tag without a name.
    package mutating func next() -> Item? {
        while let open = bytes[place...].firstIndex(of: UInt8(ascii: "<")) {
            place = open + 1
            guard place < bytes.count else { return .tag(HTMLTag(name: "", isEnd: false)) }
            switch bytes[place] {
            case UInt8(ascii: "!"): return declarationOrComment(from: open)
            case UInt8(ascii: "?"): return bogusComment()
            case UInt8(ascii: "/"):
                guard place + 1 < bytes.count else { return .tag(HTMLTag(name: "", isEnd: true)) }
                guard Self.isLetter(bytes[place + 1]) else { return bogusComment() }
                place += 1
                return .tag(tag(isEnd: true))
            case let byte where Self.isLetter(byte): return .tag(tag(isEnd: false))
            default: continue
            }
        }
        place = bytes.count
        return nil
    }

    /// The text of an element that holds text alone and whose start tag came last; what comes next
    /// is its end tag.
    ///
    /// - Returns: nil if it has no end tag; the scan has ended then.
    package mutating func text(of name: String) -> ArraySlice<UInt8>? {
        let start = place
        while let open = bytes[place...].firstIndex(of: UInt8(ascii: "<")) {
            let word = bytes[open...].dropFirst(2)
            if bytes[open...].starts(with: "</".utf8),
                word.prefix(name.utf8.count).elementsEqual(name.utf8, by: { ($0 | 0x20) == $1 }),
                let next = word.dropFirst(name.utf8.count).first, Self.endsName(next)
            {
                place = open
                return bytes[start..<open]
            }
            place = open + 1
        }
        place = bytes.count
        return nil
    }

    /// Where the comment ends that begins with `<!--` at `start`: behind `-->` or `--!>`, which may
    /// take the two dashes of the beginning (`<!-->`, `<!--->`); nil if nowhere.
    package static func commentEnd(_ bytes: [UInt8], from start: Int) -> Int? {
        let (dash, greaterThan) = (UInt8(ascii: "-"), UInt8(ascii: ">"))
        var place = start + 2
        while place + 2 < bytes.count {
            if bytes[place] == dash, bytes[place + 1] == dash {
                if bytes[place + 2] == greaterThan { return place + 3 }
                // `<!--!>` does not close: the dashes of `--!>` are its own.
                if bytes[place + 2] == UInt8(ascii: "!"), place >= start + 4,
                    place + 3 < bytes.count, bytes[place + 3] == greaterThan
                {
                    return place + 4
                }
            }
            place += 1
        }
        return nil
    }

    private mutating func declarationOrComment(from open: Int) -> Item {
        guard bytes[place...].starts(with: "!--".utf8) else { return .declaration }
        let end = Self.commentEnd(bytes, from: open)
        place = end ?? bytes.count
        return .comment(isWhole: end != nil)
    }

    private mutating func bogusComment() -> Item {
        let close = bytes[place...].firstIndex(of: UInt8(ascii: ">"))
        place = close.map { $0 + 1 } ?? bytes.count
        return .comment(isWhole: close != nil)
    }

    private mutating func tag(isEnd: Bool) -> HTMLTag {
        var tag = HTMLTag(name: word { !Self.endsName($0) }, isEnd: isEnd)
        while true {
            let gap = place
            skip { Self.isSpace($0) || $0 == UInt8(ascii: "/") }
            guard place < bytes.count else { return tag }
            if bytes[place] == UInt8(ascii: ">") {
                // A slash at the end of an unquoted value belongs to that.
                tag.isSelfClosing = place > gap && bytes[place - 1] == UInt8(ascii: "/")
                tag.isWhole = true
                place += 1
                return tag
            }
            // A leading `=` belongs to the name.
            let first = place
            place += 1
            skip { !Self.endsName($0) && $0 != UInt8(ascii: "=") }
            let name = String(decoding: bytes[first..<place], as: UTF8.self).lowercased()
            tag.attributes.append((name, value()))
            guard place < bytes.count else { return tag }
        }
    }

    /// The value in `= "value"`, empty if there is none; without its end it goes to the end.
    private mutating func value() -> ArraySlice<UInt8> {
        skip(Self.isSpace)
        guard place < bytes.count, bytes[place] == UInt8(ascii: "=") else { return [] }
        place += 1
        skip(Self.isSpace)
        guard place < bytes.count else { return [] }
        let quote = bytes[place]
        let isQuoted = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
        if isQuoted { place += 1 }
        let start = place
        skip { isQuoted ? $0 != quote : !Self.isSpace($0) && $0 != UInt8(ascii: ">") }
        defer { if isQuoted { place = min(place + 1, bytes.count) } }
        return bytes[start..<place]
    }

    private mutating func word(_ isPart: (UInt8) -> Bool) -> String {
        let start = place
        skip(isPart)
        return String(decoding: bytes[start..<place], as: UTF8.self).lowercased()
    }

    private mutating func skip(_ condition: (UInt8) -> Bool) {
        while place < bytes.count, condition(bytes[place]) { place += 1 }
    }

    private static func endsName(_ byte: UInt8) -> Bool {
        isSpace(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ">")
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0C || byte == 0x0D
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
