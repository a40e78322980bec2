// The text of a statement's meaning: the same for two statements that PostgreSQL understands in
// the same way, whatever else the tables have that they read.
//
// A parse tree also says where words stood and which columns a joined table has, read or not. Both
// are left out: a column that is added beside is no change. A variable of a join is written as the
// column behind it.

/// Writes a parse tree without what does not belong to its meaning.
struct CanonicalStatement {
    private let view: Int
    private var scopes: [NodeTree] = []
    private var text = ""

    private init(view: Int) { self.view = view }

    /// A text that is equal for equal meanings, of the parse tree of a view.
    static func text(_ tree: NodeTree, of view: Int) -> String {
        var writer = CanonicalStatement(view: view)
        writer.write(tree)
        return writer.text
    }

    /// Fields about names that were written, rights, and columns that nobody reads.
    private static let ignored: Set<String> = NodeTree.places.subtracting(["ressortgroupref"])
        .union([
            "eref", "checkAsUser", "requiredPerms", "selectedCols", "insertedCols", "updatedCols",
            "extraUpdatedCols", "rteperminfos", "perminfoindex", "rellockmode", "joinaliasvars",
            "groupexprs",
            "joinleftcols", "joinrightcols", "varnullingrels",
        ])

    private mutating func write(_ node: NodeTree) {
        switch node {
        case .none: text += "-"
        case .atom(let word): text += "\(word.utf8.count):\(word) "
        case .list(let elements):
            text += "("
            for element in elements { write(element) }
            text += ")"
        case .node("VAR", _): write(variable: node)
        case .node("RANGETBLENTRY", _) where node["relid"].integer == view: text += "self"
        case .node(let type, let fields):
            if type == "QUERY" { scopes.append(node) }
            text += "{\(type) "
            for field in fields.keys.sorted() where !Self.ignored.contains(field) {
                text += "\(field)="
                write(fields[field] ?? .none)
            }
            text += "}"
            if type == "QUERY" { scopes.removeLast() }
        }
    }

    private mutating func write(variable node: NodeTree) {
        let level = node["varlevelsup"].integer ?? 0
        let number = node["varno"].integer ?? 0
        let column = node["varattno"].integer ?? 0
        if level < scopes.count {
            let entries = scopes[scopes.count - 1 - level]["rtable"].elements
            if number > 0, number <= entries.count,
                let columns = entries[number - 1].derivedColumns
            {
                if column > 0, column <= columns.count {
                    let outer = Array(scopes.dropLast(level))
                    let current = scopes
                    scopes = outer
                    text += "{\(level) up "
                    write(columns[column - 1])
                    text += "}"
                    scopes = current
                    return
                }
            }
        }
        text +=
            "{VAR \(level) \(number) \(column) \(node["vartype"].integer ?? 0) "
            + "\(node["vartypmod"].integer ?? -1) \(node["varcollid"].integer ?? 0)}"
    }
}
