// The names in a parse tree, by OID: what has to be looked up before the tree can be judged, and
// what a statement is made from.
//
// What a reader would get wrong: the entries OLD and NEW in a view's own range table name the view
// itself, so a view always mentions itself; whoever asks leaves that out.

/// The catalogue's objects that parse trees name.
struct Mentions: Equatable {
    var relations: Set<Int> = []
    /// Those of `relations` that are views.
    var views: Set<Int> = []
    var functions: Set<Int> = []
    var operators: Set<Int> = []
    /// Types and collations that are not PostgreSQL's own.
    var types: Set<Int> = []
    var collations: Set<Int> = []

    /// The first OID that is not PostgreSQL's own.
    static let firstOwn = 16_384

    /// What a tree names.
    init(_ tree: NodeTree = .none) { collect(tree) }

    /// Adds what a tree names.
    mutating func collect(_ node: NodeTree) {
        switch node {
        case .none, .atom: return
        case .list(let elements):
            for element in elements { collect(element) }
        case .node(let type, let fields):
            if type == "RANGETBLENTRY", node["rtekind"].integer == 0,
                let relation = node["relid"].integer
            {
                relations.insert(relation)
                if node["relkind"].text == "v" { views.insert(relation) }
            }
            for (field, value) in fields { collect(field, value) }
        }
    }

    private mutating func collect(_ field: String, _ value: NodeTree) {
        switch field {
        case "opno", "eqop": value.integer.map { _ = operators.insert($0) }
        case "opnos": operators.formUnion(value.elements.compactMap(\.integer))
        case "funcid", "opfuncid", "aggfnoid", "winfnoid":
            value.integer.map { _ = functions.insert($0) }
        case "funcids": functions.formUnion(value.elements.compactMap(\.integer))
        case "funccoltypes", "coltypes", "colTypes":
            types.formUnion(value.elements.compactMap(\.integer).filter { $0 >= Self.firstOwn })
        case "colCollations":
            collations.formUnion(value.elements.compactMap(\.integer).filter { $0 > 0 })
        case "relid", "relkind": return
        case "eref", "alias": return
        default:
            guard let number = value.integer else { return collect(value) }
            if field.hasSuffix("type") || field.hasSuffix("typeid") || field == "typid" {
                if number >= Self.firstOwn { types.insert(number) }
            } else if field.hasSuffix("collid") || field.hasSuffix("collation") {
                if number > 0 { collations.insert(number) }
            }
        }
    }

    /// Everything of both.
    mutating func formUnion(_ other: Mentions) {
        relations.formUnion(other.relations)
        views.formUnion(other.views)
        functions.formUnion(other.functions)
        operators.formUnion(other.operators)
        types.formUnion(other.types)
        collations.formUnion(other.collations)
    }
}
