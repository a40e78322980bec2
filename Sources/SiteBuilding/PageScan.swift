// Reads a finished HTML page for checking: tags with their attributes, and the text of the elements
// that hold text alone. It makes no tree, and it never fails: what is malformed is passed over.
//
// It follows the tokenizer of the HTML standard (section 13.2.5) as far as pages that this project
// writes need it: comments, quoted and bare attributes, script, style, title and textarea.

/// A start tag with its attributes, and the text inside where only text can be.
struct PageTag {
    /// The name in lower case.
    let name: String
    /// Names in lower case, values with character references resolved.
    let attributes: [(name: String, value: String)]
    /// What stands inside a script, style, title or textarea; empty for others.
    let text: ArraySlice<UInt8>

    /// The value of an attribute; nil when it is not there.
    subscript(_ name: String) -> String? { attributes.first { $0.name == name }?.value }
}

/// Goes through the tags of a page.
struct PageScan {
    private let bytes: [UInt8]
    private var place = 0
    private static let textElements: Set<String> = ["script", "style", "title", "textarea"]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The next start tag; nil at the end.
    mutating func next() -> PageTag? {
        while let open = bytes[place...].firstIndex(of: UInt8(ascii: "<")) {
            place = open + 1
            guard place < bytes.count else { return nil }
            if bytes[place...].starts(with: "!--".utf8) {
                skip(past: Array("-->".utf8))
            } else if Self.isLetter(bytes[place]) {
                return tag()
            }
        }
        place = bytes.count
        return nil
    }

    private mutating func tag() -> PageTag {
        let name = word { !Self.isSpace($0) && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ">") }
        var attributes: [(name: String, value: String)] = []
        while place < bytes.count, bytes[place] != UInt8(ascii: ">") {
            if Self.isSpace(bytes[place]) || bytes[place] == UInt8(ascii: "/") {
                place += 1
                continue
            }
            let label = word {
                !Self.isSpace($0) && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ">")
                    && $0 != UInt8(ascii: "/")
            }
            guard !label.isEmpty else {
                place += 1
                continue
            }
            attributes.append((label, value()))
        }
        place = min(place + 1, bytes.count)
        guard Self.textElements.contains(name) else {
            return PageTag(name: name, attributes: attributes, text: [])
        }
        let start = place
        let end = endOfText(name)
        return PageTag(name: name, attributes: attributes, text: bytes[start..<end])
    }

    /// The value after an attribute's name; empty when there is none.
    private mutating func value() -> String {
        guard place < bytes.count, bytes[place] == UInt8(ascii: "=") else { return "" }
        place += 1
        guard place < bytes.count else { return "" }
        let quote = bytes[place]
        let start: Int
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            start = place + 1
            place = bytes[start...].firstIndex(of: quote) ?? bytes.count
            defer { place = min(place + 1, bytes.count) }
            return CharacterReferences.resolved(bytes[start..<place])
        }
        start = place
        while place < bytes.count, !Self.isSpace(bytes[place]), bytes[place] != UInt8(ascii: ">") {
            place += 1
        }
        return CharacterReferences.resolved(bytes[start..<place])
    }

    /// Where the text of an element ends; the scan goes on behind it.
    private mutating func endOfText(_ name: String) -> Int {
        let end = Array("</\(name)".utf8)
        while place + end.count <= bytes.count {
            let isEnd = zip(bytes[place...], end).allSatisfy { $0 | 0x20 == $1 | 0x20 }
            if isEnd { return place }
            place += 1
        }
        place = bytes.count
        return bytes.count
    }

    private mutating func skip(past mark: [UInt8]) {
        while place + mark.count <= bytes.count {
            if bytes[place...].starts(with: mark) {
                place += mark.count
                return
            }
            place += 1
        }
        place = bytes.count
    }

    private mutating func word(_ isPart: (UInt8) -> Bool) -> String {
        let start = place
        while place < bytes.count, isPart(bytes[place]) { place += 1 }
        return String(decoding: bytes[start..<place], as: UTF8.self).lowercased()
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
