/// Reads the text form of nodes.
struct NodeTreeReader {
    /// How deep nodes may nest; PostgreSQL's own limit on the statement is lower.
    static let depthMax = 2_000

    private let bytes: [UInt8]
    private var at = 0

    private init(_ text: String) { bytes = Array(text.utf8) }

    /// Reads one value; at once if that text was read before.
    static func read(_ text: String) throws(NodeTreeError) -> NodeTree {
        try TreeCache.shared.tree(of: text) { () throws(NodeTreeError) in
            var reader = NodeTreeReader(text)
            return try reader.value(depth: 0)
        }
    }

    private mutating func skipSpace() {
        while at < bytes.count, bytes[at] == 0x20 || (0x09...0x0D).contains(bytes[at]) { at += 1 }
    }

    /// Whether a byte, by its number, belongs to a word as it is: no space, bracket or backslash.
    private static let isPlain: [Bool] = (0...255).map { byte in
        byte > 0x20 && !Array("(){}\\".utf8).contains(UInt8(byte))
    }

    private mutating func value(depth: Int) throws(NodeTreeError) -> NodeTree {
        guard depth < Self.depthMax else { throw NodeTreeError(reason: "it nests too deep") }
        skipSpace()
        guard at < bytes.count else { throw NodeTreeError(reason: "it ends too early") }
        switch bytes[at] {
        case UInt8(ascii: "("):
            at += 1
            return .list(try values(until: UInt8(ascii: ")"), depth: depth + 1))
        case UInt8(ascii: "{"):
            at += 1
            return try node(depth: depth + 1)
        case UInt8(ascii: ")"), UInt8(ascii: "}"):
            throw NodeTreeError(reason: "a bracket closes what was not opened")
        case UInt8(ascii: "\""):
            return .atom(quoted())
        default:
            let word = atom()
            return word == "<>" ? .none : .atom(word)
        }
    }

    private mutating func values(
        until end: UInt8, depth: Int
    ) throws(NodeTreeError) -> [NodeTree] {
        var found: [NodeTree] = []
        while true {
            skipSpace()
            guard at < bytes.count else { throw NodeTreeError(reason: "a list does not end") }
            if bytes[at] == end {
                at += 1
                return found
            }
            found.append(try value(depth: depth))
        }
    }

    private mutating func node(depth: Int) throws(NodeTreeError) -> NodeTree {
        skipSpace()
        let type = atom()
        var fields: [String: NodeTree] = [:]
        var field: String?
        var constant: [UInt8] = []
        while true {
            skipSpace()
            guard at < bytes.count else { throw NodeTreeError(reason: "a node does not end") }
            if bytes[at] == UInt8(ascii: "}") {
                at += 1
                if !constant.isEmpty {
                    fields["constbytes"] = .list(constant.map { .atom("\($0)") })
                }
                return .node(type: type, fields: fields)
            }
            if bytes[at] == UInt8(ascii: ":") {
                at += 1
                field = atom()
                if let field { fields[field] = NodeTree.none }
                continue
            }
            let value = try value(depth: depth)
            if let name = field {
                fields[name] = value
                field = nil
            } else if type == "CONST", let byte = value.integer {
                // A constant's bytes follow its length, in brackets.
                constant.append(UInt8(truncatingIfNeeded: byte))
            }
        }
    }

    /// A word up to a space or bracket; a backslash takes the next byte as it is.
    private mutating func atom() -> String {
        let isPlain = Self.isPlain
        let backslash = UInt8(ascii: "\\")
        var word: [UInt8] = []
        var start = at
        while at < bytes.count, isPlain[Int(bytes[at])] || bytes[at] == backslash {
            if bytes[at] == backslash, at + 1 < bytes.count {
                word += bytes[start..<at]
                at += 1
                start = at
            }
            at += 1
        }
        return String(decoding: word + bytes[start..<at], as: UTF8.self)
    }

    private mutating func quoted() -> String {
        var word: [UInt8] = []
        at += 1
        while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
            if bytes[at] == UInt8(ascii: "\\"), at + 1 < bytes.count { at += 1 }
            word.append(bytes[at])
            at += 1
        }
        at += 1
        return String(decoding: word, as: UTF8.self)
    }
}
