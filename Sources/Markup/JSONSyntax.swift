// Whether bytes are JSON as every reader takes it (RFC 8259), and where they are not.
//
// Decoders are laxer than the standard, each in its own way (Foundation's takes `[1,]`), so a file
// that one of them accepts may still break in a browser.

/// Reads JSON and keeps nothing of it.
package struct JSONSyntax {
    /// Where bytes are no JSON.
    package struct Fault: Error, Equatable, CustomStringConvertible {
        /// The line, from 1.
        package let line: Int
        /// The byte of the line, from 1.
        package let column: Int
        /// What should be there, or what should not.
        package let reason: String

        /// `line 2, byte 7: a comma or ] is missing`.
        package var description: String { "line \(line), byte \(column): \(reason)" }
    }

    private let bytes: [UInt8]
    private var place = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The first fault of bytes that should be one JSON text; nil if there is none.
    package static func fault(in bytes: [UInt8]) -> Fault? {
        var syntax = JSONSyntax(bytes)
        if String(validating: bytes, as: UTF8.self) == nil {
            return syntax.fault("it is not UTF-8")
        }
        do throws(Fault) {
            try syntax.value(depth: 0)
            guard syntax.next == nil else { throw syntax.fault("something follows the JSON") }
            return nil
        } catch {
            return error
        }
    }

    /// The next byte that is no space, unless the bytes end.
    private var next: UInt8? {
        mutating get {
            while place < bytes.count {
                switch bytes[place] {
                case 0x20, 0x09, 0x0A, 0x0D: place += 1
                case let byte: return byte
                }
            }
            return nil
        }
    }

    private func fault(_ reason: String) -> Fault {
        let before = bytes[..<min(place, bytes.count)]
        let lines = before.count { $0 == 0x0A }
        let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return Fault(line: lines + 1, column: before.count - start + 1, reason: reason)
    }

    private mutating func value(depth: Int) throws(Fault) {
        if depth > MarkupLimits.jsonDepthMax {
            throw fault("it is nested more than \(MarkupLimits.jsonDepthMax) deep")
        }
        guard let first = next else { throw fault("a value is missing") }
        switch first {
        case UInt8(ascii: "{"): try list(endingIn: UInt8(ascii: "}"), hasNames: true, depth)
        case UInt8(ascii: "["): try list(endingIn: UInt8(ascii: "]"), hasNames: false, depth)
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
        default: throw fault("no value begins like this")
        }
    }

    private mutating func list(
        endingIn end: UInt8, hasNames: Bool, _ depth: Int
    ) throws(Fault) {
        place += 1
        if next == end {
            place += 1
            return
        }
        while true {
            if hasNames {
                guard next == UInt8(ascii: "\"") else { throw fault("a name in quotes is missing") }
                try string()
                guard next == UInt8(ascii: ":") else { throw fault("a colon is missing") }
                place += 1
            }
            try value(depth: depth + 1)
            let mark = next
            guard mark == UInt8(ascii: ",") || mark == end else {
                throw fault("a comma or \(Unicode.Scalar(end)) is missing")
            }
            place += 1
            if mark == end { return }
        }
    }

    private mutating func string() throws(Fault) {
        place += 1
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "\""):
                place += 1
                return
            case 0..<0x20: throw fault("a control character stands in a text")
            case UInt8(ascii: "\\"): try escape()
            default: place += 1
            }
        }
        throw fault("a quote is missing")
    }

    private mutating func escape() throws(Fault) {
        place += 1
        let letter = place < bytes.count ? bytes[place] : 0
        if letter == UInt8(ascii: "u") {
            let digits = bytes[(place + 1)...].prefix(4)
            guard digits.count == 4, digits.allSatisfy(Self.isHex) else {
                throw fault("\\u needs four hexadecimal digits")
            }
            place += 5
        } else if "\"\\/bfnrt".utf8.contains(letter) {
            place += 1
        } else {
            throw fault("no such escape")
        }
    }

    private mutating func word(_ word: String) throws(Fault) {
        guard bytes[place...].starts(with: word.utf8) else {
            throw fault("no value begins like this")
        }
        place += word.utf8.count
    }

    private mutating func number() throws(Fault) {
        if bytes[place] == UInt8(ascii: "-") { place += 1 }
        let start = place
        try digits()
        if place - start > 1, bytes[start] == UInt8(ascii: "0") {
            place = start
            throw fault("a number begins with 0")
        }
        if place < bytes.count, bytes[place] == UInt8(ascii: ".") {
            place += 1
            try digits()
        }
        if place < bytes.count, bytes[place] | 0x20 == UInt8(ascii: "e") {
            place += 1
            if place < bytes.count, "+-".utf8.contains(bytes[place]) { place += 1 }
            try digits()
        }
    }

    private mutating func digits() throws(Fault) {
        let start = place
        while place < bytes.count, (0x30...0x39).contains(bytes[place]) { place += 1 }
        if place == start { throw fault("a digit is missing") }
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }
}
