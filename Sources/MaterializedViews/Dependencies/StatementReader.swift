// Reads from a parse tree which columns of which tables a view reads, and which equalities tie
// each use of a table to another one.
//
// An equality counts where every row of the use has to satisfy it: among the conjuncts of WHERE, of
// an inner JOIN, and of an outer JOIN for the side that may be missing. Nothing under OR, NOT or
// CASE counts, so what is found is true and what is not found only costs precision.

/// What had to be looked up before a tree can be read.
struct StatementCatalog {
    /// The operators that are the equality of a B-tree.
    var equalities: Set<Int> = []
    /// The collations for which different texts are equal: by another one, a link's text does not
    /// find its like.
    var looseCollations: Set<Int> = []
    /// The parse trees of views, by OID.
    var views: [Int: NodeTree] = [:]
}

/// Collects the table uses of one statement.
final class StatementReader {
    private let catalog: StatementCatalog
    /// All uses, in the order in which they were met.
    private(set) var uses: [TableUse] = []
    private var viewsBeingRead: [Int] = []

    init(catalog: StatementCatalog) { self.catalog = catalog }

    /// Reads the query of a view.
    ///
    /// - Parameters:
    ///   - action: the view's `ev_action`.
    ///   - view: the view's OID; its own entries in the range table are no sources.
    /// - Returns: the outermost scope.
    func read(_ action: NodeTree, of view: Int) -> StatementScope {
        viewsBeingRead.append(view)
        defer { viewsBeingRead.removeLast() }
        let scope = StatementScope(
            query: action.elements.first ?? .none, parent: nil, isRecursive: false)
        process(scope)
        return scope
    }

    private func process(_ scope: StatementScope) {
        for (place, entry) in scope.query["rtable"].elements.enumerated() {
            scope.sources[place + 1] = source(entry, in: scope)
        }
        for field in ["targetList", "havingQual", "limitOffset", "limitCount", "windowClause"] {
            visit(scope.query[field], in: scope)
        }
        visit(scope.query["jointree"], in: scope)
        for entry in scope.query["rtable"].elements {
            for field in ["functions", "values_lists", "tablesample", "tablefunc"] {
                visit(entry[field], in: scope)
            }
        }
        _ = link(scope.query["jointree"], in: scope)
    }

    private func source(
        _ entry: NodeTree, in scope: StatementScope
    ) -> StatementScope.Source {
        switch entry["rtekind"].integer {
        case 0: return relation(entry, in: scope)
        case 1: return nested(entry["subquery"], parent: scope)
        case 2: return .join(columns: entry["joinaliasvars"].elements)
        case 6: return commonTable(entry, in: scope)
        default: return .other
        }
    }

    private func relation(
        _ entry: NodeTree, in scope: StatementScope
    ) -> StatementScope.Source {
        guard let relation = entry["relid"].integer, !viewsBeingRead.contains(relation) else {
            return .other
        }
        if entry["relkind"].text == "v" {
            guard let action = catalog.views[relation] else { return .other }
            viewsBeingRead.append(relation)
            defer { viewsBeingRead.removeLast() }
            let inner = StatementScope(
                query: action.elements.first ?? .none, parent: nil,
                isRecursive: scope.isRecursive)
            process(inner)
            return .query(inner)
        }
        let use = TableUse(table: relation, isLinkable: !scope.isRecursive)
        uses.append(use)
        return .table(use)
    }

    private func nested(
        _ query: NodeTree, parent: StatementScope, isRecursive: Bool = false
    ) -> StatementScope.Source {
        let inner = StatementScope(query: query, parent: parent, isRecursive: isRecursive)
        process(inner)
        return .query(inner)
    }

    private func commonTable(
        _ entry: NodeTree, in scope: StatementScope
    ) -> StatementScope.Source {
        guard !entry["self_reference"].isTrue,
            let owner = scope.outer(entry["ctelevelsup"].integer ?? 0),
            let table = owner.query["cteList"].elements.first(where: { table in
                table["ctename"] == entry["ctename"]
            })
        else { return .other }
        return nested(
            table["ctequery"], parent: owner, isRecursive: table["cterecursive"].isTrue)
    }

    // MARK: Columns

    private func visit(_ node: NodeTree, in scope: StatementScope) {
        switch node {
        case .none, .atom: return
        case .list(let elements):
            for element in elements { visit(element, in: scope) }
        case .node("VAR", _): use(node, in: scope)
        case .node("QUERY", _): _ = nested(node, parent: scope)
        case .node(_, let fields):
            for field in fields.keys.sorted() { visit(fields[field] ?? .none, in: scope) }
        }
    }

    private func use(_ variable: NodeTree, in scope: StatementScope) {
        guard let owner = scope.outer(variable["varlevelsup"].integer ?? 0),
            let number = variable["varno"].integer, let column = variable["varattno"].integer
        else { return }
        switch owner.sources[number] {
        case .table(let use):
            if column > 0 {
                use.columns.insert(column)
            } else if column == 0 {
                use.readsWholeRow = true
            } else {
                use.readsSystemColumn = true
            }
        case .join(let columns):
            let read = column > 0 && column <= columns.count ? [columns[column - 1]] : columns
            for column in read { visit(column, in: owner) }
        case .query, .other, nil: return
        }
    }

    // MARK: Equalities

    /// Finds the equalities below a part of FROM and WHERE.
    ///
    /// - Returns: the numbers of the sources in this part.
    private func link(_ node: NodeTree, in scope: StatementScope) -> Set<Int> {
        switch node.type {
        case "RANGETBLREF":
            return node["rtindex"].integer.map { [$0] } ?? []
        case "FROMEXPR":
            var members: Set<Int> = []
            for item in node["fromlist"].elements { members.formUnion(link(item, in: scope)) }
            conjuncts(node["quals"], children: members, in: scope)
            return members
        case "JOINEXPR":
            let left = link(node["larg"], in: scope)
            let right = link(node["rarg"], in: scope)
            // JoinType: inner, left, full, right. Rows of the side that is kept come through
            // whether the condition holds or not, so it ties only the other side.
            let isOuter = node["jointype"].integer ?? 2
            if isOuter != 0 {
                let missing = isOuter == 1 ? right : isOuter == 3 ? left : left.union(right)
                for number in missing { scope.markMissing(number) }
            }
            let tied: Set<Int> =
                switch node["jointype"].integer {
                case 0: left.union(right)
                case 1: right
                case 3: left
                default: []
                }
            conjuncts(node["quals"], children: tied, in: scope)
            return left.union(right).union(node["rtindex"].integer.map { [$0] } ?? [])
        default: return []
        }
    }

    private func conjuncts(
        _ condition: NodeTree, children: Set<Int>, in scope: StatementScope
    ) {
        if case .list(let parts) = condition {
            for part in parts { conjuncts(part, children: children, in: scope) }
            return
        }
        if condition.type == "BOOLEXPR", condition["boolop"].text == "and" {
            conjuncts(condition["args"], children: children, in: scope)
            return
        }
        let sides = condition["args"].elements
        guard condition.type == "OPEXPR", sides.count == 2,
            let operation = condition["opno"].integer, catalog.equalities.contains(operation),
            let first = sides[0].strippedVariable, let second = sides[1].strippedVariable
        else { return }
        // Columns of one collation find each other by it; a column of another one would not.
        let collation = condition["inputcollid"].integer ?? 0
        guard
            !catalog.looseCollations.contains(collation)
                || [first, second].allSatisfy({ $0["varcollid"].integer == collation })
        else { return }
        tie(first, to: second, by: operation, children: children, in: scope)
        tie(second, to: first, by: operation, children: children, in: scope)
    }

    private func tie(
        _ child: NodeTree, to parent: NodeTree, by equality: Int, children: Set<Int>,
        in scope: StatementScope
    ) {
        guard child["varlevelsup"].integer == 0, let number = child["varno"].integer,
            children.contains(number)
        else { return }
        do throws(StatementScope.Opacity) {
            let (use, column) = try scope.origin(of: child)
            let (target, targetColumn) = try scope.origin(of: parent)
            guard use !== target, use.isLinkable, target.isLinkable else { return }
            use.links.append(
                TableUse.Link(
                    column: column, parent: target, parentColumn: targetColumn,
                    equality: equality))
        } catch {
            // A computed side ties nothing: the use stays without this link.
        }
    }
}
