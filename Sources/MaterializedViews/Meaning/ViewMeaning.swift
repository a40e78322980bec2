// What a view was made from: each thing that its statement leads to, with what tells it from any
// other thing of that name.
//
// It is recorded when rows are computed and compared with what the same file means now. A renamed
// table, a replaced view or function, another enum label or partition: none of them fires a
// trigger, each of them changes rows. What a reader would get wrong: the OID of a table is part of
// it, so that a table which took another one's name is seen, and so is a restore into another
// database.

/// The things that a view was made from.
struct ViewMeaning: Equatable {
    /// What a thing is, as people call it, such as `table public.product`, and what identifies it.
    var facts: [String: String] = [:]
    /// The tables that triggers watch, partitions included.
    var tables: Set<QualifiedName> = []

    init() {}

    /// A meaning as `stored` wrote it.
    init(stored: [String]) {
        for line in stored {
            guard let end = line.lastIndex(of: "\t") else { continue }
            facts[String(line[..<end])] = String(line[line.index(after: end)...])
        }
    }

    /// As `sitegen.view` holds it.
    var stored: [String] { facts.sorted { $0.key < $1.key }.map { "\($0.key)\t\($0.value)" } }

    /// The kinds of facts, as the first word of their names.
    enum Kind: String, CaseIterable {
        case statement, table, view, columns, parts, security, rules, function, type, collation
        case setting, search, postgresql, crash, subscription

        /// The name of a fact.
        func fact(_ name: String) -> String {
            guard !name.isEmpty else { return rawValue }
            // A name may hold what parts facts where they are stored.
            let plain = name.unicodeScalars.map { $0.value < 0x20 ? " " : String($0) }.joined()
            return "\(rawValue) \(plain)"
        }
    }

    /// What differs from what was recorded, as sentences without a full stop; none if nothing does.
    func changes(since recorded: ViewMeaning) -> [String] {
        var sentences: [String] = []
        // A count that is not there says nothing.
        let count = Kind.subscription.fact("")
        let differing = Set(facts.keys).union(recorded.facts.keys)
            .filter { facts[$0] != recorded.facts[$0] && !($0 == count && facts[$0] == nil) }
        for fact in differing.sorted() {
            let (now, then) = (facts[fact], recorded.facts[fact])
            let word = fact.prefix { $0 != " " }
            guard let kind = Kind(rawValue: String(word)) else { continue }
            let name = String(fact.dropFirst(word.count + 1))
            // Of another table nothing else has to be told.
            let table = Kind.table.fact(name)
            if kind != .view, fact != table, differing.contains(table) { continue }
            sentences.append(Self.sentence(kind, name, isNew: then == nil, isGone: now == nil))
        }
        // The statement's own text changes with what it names: that says more.
        let statement = Self.sentence(.statement, "", isNew: false, isGone: false)
        let named = sentences.filter { $0 != statement }
        return named.isEmpty ? sentences : named
    }

    private static func sentence(
        _ kind: Kind, _ name: String, isNew: Bool, isGone: Bool
    ) -> String {
        switch kind {
        case .statement: return "names in its statement stand for something else now"
        case .crash: return "the server was restarted and \(name) is UNLOGGED"
        case .postgresql: return "PostgreSQL has another version"
        case .table, .view, .function, .type:
            if isGone { return "it does not read \(kind.rawValue) \(name) any more" }
            if isNew { return "it reads \(kind.rawValue) \(name) now" }
            return kind == .table
                ? "it reads \(name), which is another table now"
                : "\(kind.rawValue) \(name) is defined otherwise now"
        case .columns: return "columns of \(name) have changed"
        case .parts: return "partitions of \(name) have changed"
        case .security: return "the row security of \(name) has changed"
        case .subscription where name.isEmpty:
            return "tables were subscribed meanwhile, and a subscription fires no statement "
                + "triggers"
        case .subscription:
            return isGone
                ? "\(name) receives the changes of no subscription any more"
                : "\(name) receives the changes of a subscription, which fire no statement triggers"
        case .rules: return "the rules of \(name) have changed"
        case .collation: return "collation \(name) sorts by another version"
        case .search: return "configurations or dictionaries of text search have changed"
        case .setting: return "setting \(name) has another value"
        }
    }
}

extension ViewMeaning {
    /// What is said of a view that was installed without a meaning.
    static let unknown = "it was installed by an earlier version of sitegen"
}
