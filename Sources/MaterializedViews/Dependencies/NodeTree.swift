// The parse tree of a view's statement, as PostgreSQL keeps it in `pg_rewrite.ev_action`.
//
// PostgreSQL has parsed the statement and resolved every name; reading its answer is safer than
// parsing SQL a second time. The text is a list of `{TYPE :field value …}` (PostgreSQL sources,
// backend/nodes/read.c). What a reader would get wrong: fields are looked up by name and unknown
// ones are kept, so that a version with more fields reads the same; nothing here knows a version.
// The bytes of a constant, which follow its length, are the field `constbytes`.

/// A value of PostgreSQL's text form of nodes.
indirect enum NodeTree: Equatable, Sendable {
    /// `<>`, or a field without a value.
    case none
    /// A number, a word, or a string with its quotes taken off.
    case atom(String)
    /// `( … )`; the letter in front of lists of integers (`i`, `o`, `b`) is an atom like others.
    case list([NodeTree])
    /// `{TYPE :field value …}`.
    case node(type: String, fields: [String: NodeTree])

    /// The type of a node, such as `VAR`; nil for anything else.
    var type: String? {
        if case .node(let type, _) = self { return type }
        return nil
    }

    /// A field of a node; `.none` if it is not there.
    subscript(_ field: String) -> NodeTree {
        guard case .node(_, let fields) = self else { return .none }
        return fields[field] ?? .none
    }

    /// The elements of a list; empty for anything else.
    var elements: [NodeTree] {
        if case .list(let elements) = self { return elements }
        return []
    }

    /// The value of a number.
    var integer: Int? {
        if case .atom(let text) = self { return Int(text) }
        return nil
    }

    /// The text of an atom.
    var text: String? {
        if case .atom(let text) = self { return text }
        return nil
    }

    /// The columns of an entry of the range table that has none of its own, as expressions over
    /// other entries: of a join, and since PostgreSQL 18 of GROUP BY; nil for any other entry.
    var derivedColumns: [NodeTree]? {
        switch self["rtekind"].integer {
        case 2: self["joinaliasvars"].elements
        case 9: self["groupexprs"].elements
        default: nil
        }
    }

    /// Whether the atom is `true`.
    var isTrue: Bool { text == "true" }

    /// Whether there is no value, or a list of none.
    var isEmpty: Bool {
        switch self {
        case .none: true
        case .list(let elements): elements.isEmpty
        default: false
        }
    }
}

/// Why a parse tree cannot be read.
struct NodeTreeError: Error, Equatable {
    /// What was wrong, for the end of a sentence.
    let reason: String
}
