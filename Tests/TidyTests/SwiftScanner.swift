// Splits Swift source into code, comments and string literals, without parsing it.
//
// The code that comes out has the length and the lines of the source, with comments and the
// contents of literals blanked, so that an offset means the same in both. Interpolations stay
// code, at any depth. It knows raw and multi-line strings, nested comments, regex literals and
// names in backticks; on source that does not compile it loses its way, but always ends.

/// A string literal and where it stands.
struct Literal {
    /// Offsets of the first byte and of the byte after the last, delimiters included.
    var range: Range<Int>
    /// What is between the delimiters, escapes as written, interpolations left out.
    var text: String
    /// Whether the text is all there is.
    var isWhole: Bool
}

/// One pass over the bytes of a source file.
struct SwiftScanner {
    private let bytes: [UInt8]
    private var at = 0
    /// The source with comments and literals' contents as spaces.
    private(set) var code: [UInt8]
    /// In the order of their ends.
    private(set) var literals: [Literal] = []

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        code = bytes
        scanCode(inInterpolation: false)
    }

    private func byte(_ offset: Int) -> UInt8 { offset < bytes.count ? bytes[offset] : 0 }

    /// Blanks from `at` up to `end`, but keeps line ends, and moves there.
    private mutating func blank(to end: Int) {
        while at < min(end, bytes.count) {
            if bytes[at] != UInt8(ascii: "\n") { code[at] = UInt8(ascii: " ") }
            at += 1
        }
    }

    private mutating func scanCode(inInterpolation: Bool) {
        var depth = 0
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "/") where byte(at + 1) == UInt8(ascii: "/"):
                blank(to: endOfLine(from: at))
            case UInt8(ascii: "/") where byte(at + 1) == UInt8(ascii: "*"):
                skipBlockComment()
            case UInt8(ascii: "/") where startsRegex():
                skipRegex(hashes: 0)
            case UInt8(ascii: "#"):
                let hashes = run(of: UInt8(ascii: "#"), from: at)
                if byte(at + hashes) == UInt8(ascii: "\"") {
                    scanString(hashes: hashes)
                } else if byte(at + hashes) == UInt8(ascii: "/") {
                    skipRegex(hashes: hashes)
                } else {
                    at += hashes
                }
            case UInt8(ascii: "\""):
                scanString(hashes: 0)
            case UInt8(ascii: "`"):
                skipBackticks()
            case UInt8(ascii: "("):
                depth += 1
                at += 1
            case UInt8(ascii: ")"):
                if inInterpolation && depth == 0 { return }
                depth -= 1
                at += 1
            default:
                at += 1
            }
        }
    }

    private func endOfLine(from start: Int) -> Int {
        bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    }

    private func run(of wanted: UInt8, from start: Int) -> Int {
        var end = start
        while byte(end) == wanted { end += 1 }
        return end - start
    }

    private mutating func skipBlockComment() {
        var depth = 0
        var end = at
        repeat {
            if byte(end) == UInt8(ascii: "/") && byte(end + 1) == UInt8(ascii: "*") {
                depth += 1
                end += 2
            } else if byte(end) == UInt8(ascii: "*") && byte(end + 1) == UInt8(ascii: "/") {
                depth -= 1
                end += 2
            } else {
                end += 1
            }
        } while depth > 0 && end < bytes.count
        blank(to: end)
    }

    /// A name such as a test's sentence becomes one identifier of underscores.
    private mutating func skipBackticks() {
        let limit = endOfLine(from: at)
        guard let end = bytes[(at + 1)..<max(at + 1, limit)].firstIndex(of: UInt8(ascii: "`"))
        else {
            at += 1
            return
        }
        for offset in at...end { code[offset] = UInt8(ascii: "_") }
        at = end + 1
    }

    /// Whether the slash at `at` begins a literal: after an operand it divides.
    private func startsRegex() -> Bool {
        let next = byte(at + 1)
        guard next != UInt8(ascii: " "), next != UInt8(ascii: "\n") else { return false }
        var before = at - 1
        while before >= 0 && code[before] == UInt8(ascii: " ") { before -= 1 }
        guard before >= 0, "(,=:[{!&|\n".utf8.contains(code[before]) else { return false }
        return bytes[(at + 1)..<endOfLine(from: at)].contains(UInt8(ascii: "/"))
    }

    private mutating func skipRegex(hashes: Int) {
        var end = at + hashes + 1
        let limit = hashes > 0 ? bytes.count : endOfLine(from: at)
        while end < limit {
            if byte(end) == UInt8(ascii: "\\") {
                end += 2
            } else if byte(end) == UInt8(ascii: "/")
                && run(of: UInt8(ascii: "#"), from: end + 1) >= hashes
            {
                end += 1 + hashes
                break
            } else {
                end += 1
            }
        }
        blank(to: end)
    }

    private mutating func scanString(hashes: Int) {
        let start = at
        at += hashes
        let opening = at
        var quotes = 1
        if run(of: UInt8(ascii: "\""), from: at) >= 3 {
            let rest = bytes[(at + 3)..<endOfLine(from: at)]
            if rest.allSatisfy({ $0 == UInt8(ascii: " ") }) { quotes = 3 }
        }
        at += quotes
        var text: [UInt8] = []
        var isWhole = true
        while at < bytes.count {
            let current = bytes[at]
            if current == UInt8(ascii: "\\"),
                run(of: UInt8(ascii: "#"), from: at + 1) >= hashes
            {
                if byte(at + 1 + hashes) == UInt8(ascii: "(") {
                    isWhole = false
                    blank(to: at + 1 + hashes)
                    at += 1
                    scanCode(inInterpolation: true)
                    at += 1
                } else {
                    text += bytes[at..<min(at + 2 + hashes, bytes.count)]
                    blank(to: at + 2 + hashes)
                }
            } else if current == UInt8(ascii: "\""), closes(quotes: quotes, hashes: hashes) {
                break
            } else if current == UInt8(ascii: "\n"), quotes == 1 {
                break
            } else {
                text.append(current)
                blank(to: at + 1)
            }
        }
        let end = min(at + quotes + hashes, bytes.count)
        for offset in start..<opening { code[offset] = UInt8(ascii: " ") }
        at = end
        literals.append(
            Literal(
                range: start..<end, text: String(decoding: text, as: UTF8.self), isWhole: isWhole))
    }

    private func closes(quotes: Int, hashes: Int) -> Bool {
        run(of: UInt8(ascii: "\""), from: at) >= quotes
            && run(of: UInt8(ascii: "#"), from: at + quotes) >= hashes
    }
}
