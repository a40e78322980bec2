// Reads from a parse tree which columns of which tables a view reads, and which equalities stand
// in it (`StatementCondition` says which of them tie a table to another one).
//
// Of a sub-select in FROM and of a view, only columns that the query around it reads count, and
// what picks, groups or orders its rows. A CTE is computed with all its columns.

/// What had to be looked up before a tree can be read.
struct StatementCatalog {
    /// The operators that are the equality of a B-tree, with its operator families.
    var equalities: [Int: Set<Int>] = [:]
    /// The collations for which different texts are equal: by another one, a link's text does not
    /// find its like.
    var looseCollations: Set<Int> = []
    /// The parse trees of views, by OID.
    var views: [Int: NodeTree] = [:]
    /// The conditions of row security that hold, by table.
    var policies: [Int: [NodeTree]] = [:]
}

/// Collects the table uses of one statement.
final class StatementReader {
    private let catalog: StatementCatalog
    /// All uses, in the order in which they were met.
    private(set) var uses: [TableUse] = []
    /// Whether an OFFSET is computed from the row around it: each page of a list then reads and
    /// sorts what stands before it.
    private(set) var hasOuterOffset = false
    private var viewsBeingRead: [Int] = []
    /// The tables whose row security is being read.
    private var secured: [Int] = []

    init(catalog: StatementCatalog) { self.catalog = catalog }

    /// Reads the query of a view.
    ///
    /// - Parameters:
    ///   - action: the view's `ev_action`.
    ///   - view: the view's OID; its own entries in the range table are no sources.
    ///   - key: the numbers of the view's columns that are never NULL.
    /// - Returns: the outermost scope.
    func read(_ action: NodeTree, of view: Int, key: [Int]) -> StatementScope {
        viewsBeingRead.append(view)
        defer { viewsBeingRead.removeLast() }
        let scope = StatementScope(
            query: action.elements.first ?? .none, parent: nil, isRecursive: false,
            catalog: catalog)
        process(scope)
        readOutputs(of: scope)
        scope.neededOutputs = Set(key)
        scope.tie()
        return scope
    }

    private func process(_ scope: StatementScope) {
        let query = scope.query
        for (place, entry) in query["rtable"].elements.enumerated() {
            scope.sources[place + 1] = source(entry, in: scope)
        }
        // What orders, groups or tells rows apart is read in any case.
        for entry in query["targetList"].elements
        where entry["resjunk"].isTrue || (entry["ressortgroupref"].integer ?? 0) > 0 {
            visit(entry["expr"], in: scope)
        }
        if query["hasTargetSRFs"].isTrue || comparesRows(query["setOperations"]) {
            readOutputs(of: scope)
        }
        for field in ["havingQual", "limitOffset", "limitCount", "windowClause"] {
            visit(query[field], in: scope)
        }
        if query["limitOffset"].hasOuterVariable { hasOuterOffset = true }
        _ = readSources(query["jointree"], in: scope, .init())
        for entry in query["rtable"].elements {
            for field in ["functions", "values_lists", "tablesample", "tablefunc"] {
                visit(entry[field], in: scope)
            }
        }
    }

    /// Whether whole rows are compared: by UNION without ALL, INTERSECT or EXCEPT.
    private func comparesRows(_ operation: NodeTree) -> Bool {
        guard operation.type == "SETOPERATIONSTMT" else { return false }
        // SetOperation: none, union, intersect, except.
        return operation["op"].integer != 1 || !operation["all"].isTrue
            || comparesRows(operation["larg"]) || comparesRows(operation["rarg"])
    }

    // MARK: Sources

    private func source(
        _ entry: NodeTree, in scope: StatementScope
    ) -> StatementScope.Source {
        switch entry["rtekind"].integer {
        case 0: return relation(entry, in: scope)
        case 1: return .query(nested(entry["subquery"], parent: scope))
        case 2, 9: return .join(columns: entry.derivedColumns ?? [])
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
                isRecursive: scope.isRecursive, catalog: catalog)
            scope.children.append(inner)
            process(inner)
            return .query(inner)
        }
        // An alias with names for columns hides those of the table.
        let isPlain = entry["alias"]["colnames"].isEmpty
        let use = TableUse(
            table: relation, alias: isPlain ? entry["eref"]["aliasname"].text ?? "" : "",
            isLinkable: !scope.isRecursive)
        use.isInRowSecurity = !secured.isEmpty
        uses.append(use)
        readSecurity(of: use)
        return .table(use)
    }

    /// Reads what row security looks at: columns of the row, and maybe other tables.
    ///
    /// Nothing is tied in there: a row that has just gone out of sight leads to no key.
    private func readSecurity(of use: TableUse) {
        guard let policies = catalog.policies[use.table], !secured.contains(use.table) else {
            return
        }
        secured.append(use.table)
        defer { secured.removeLast() }
        let row = StatementScope(query: .none, parent: nil, isRecursive: true, catalog: catalog)
        row.sources[1] = .table(use)
        for policy in policies { visit(policy, in: row) }
    }

    private func nested(
        _ query: NodeTree, parent: StatementScope, isRecursive: Bool = false
    ) -> StatementScope {
        let inner = StatementScope(
            query: query, parent: parent, isRecursive: isRecursive, catalog: catalog)
        parent.children.append(inner)
        process(inner)
        return inner
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
        let inner = nested(
            table["ctequery"], parent: owner, isRecursive: table["cterecursive"].isTrue)
        readOutputs(of: inner)
        return .query(inner)
    }

    // MARK: Columns

    private func visit(_ node: NodeTree, in scope: StatementScope) {
        switch node {
        case .none, .atom: return
        case .list(let elements):
            for element in elements { visit(element, in: scope) }
        case .node("VAR", _): use(node, in: scope)
        case .node("QUERY", _): readOutputs(of: nested(node, parent: scope))
        case .node("SUBLINK", _): _ = subSelect(node, in: scope)
        case .node(_, let fields):
            for field in fields.keys.sorted() { visit(fields[field] ?? .none, in: scope) }
        }
    }

    /// Reads a sub-select in an expression; of EXISTS, the columns matter to nobody.
    private func subSelect(_ node: NodeTree, in scope: StatementScope) -> StatementScope {
        visit(node["testexpr"], in: scope)
        let inner = nested(node["subselect"], parent: scope)
        if node["subLinkType"].integer != 0 { readOutputs(of: inner) }
        return inner
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
        case .query(let inner):
            if column > 0 {
                readOutput(column, of: inner)
            } else {
                readOutputs(of: inner)
            }
        case .other, nil: return
        }
    }

    private func readOutputs(of scope: StatementScope) {
        for entry in scope.query["targetList"].elements where !entry["resjunk"].isTrue {
            if let number = entry["resno"].integer { readOutput(number, of: scope) }
        }
    }

    private func readOutput(_ number: Int, of scope: StatementScope) {
        guard scope.readOutputs.insert(number).inserted else { return }
        visit(scope.output(number)?["expr"] ?? .none, in: scope)
        for branch in scope.branches { readOutput(number, of: branch) }
    }

    // MARK: Conditions

    /// Reads a part of FROM and WHERE.
    ///
    /// - Returns: the numbers of the sources in this part.
    private func readSources(
        _ node: NodeTree, in scope: StatementScope, _ place: StatementCondition.Place
    ) -> Set<Int> {
        switch node.type {
        case "RANGETBLREF":
            return node["rtindex"].integer.map { [$0] } ?? []
        case "FROMEXPR":
            var members: Set<Int> = []
            for item in node["fromlist"].elements {
                members.formUnion(readSources(item, in: scope, place))
            }
            readCondition(
                node["quals"], in: scope, .init(tied: members, isFilter: true))
            return members
        case "JOINEXPR":
            let left = readSources(node["larg"], in: scope, place)
            let right = readSources(node["rarg"], in: scope, place)
            // JoinType: inner, left, full, right. Rows of a side that is kept come through whether
            // the condition holds or not, so it ties only the other side.
            let kept = node["jointype"].integer ?? 2
            if kept != 0 {
                let missing = kept == 1 ? right : kept == 3 ? left : left.union(right)
                for number in missing { scope.markMissing(number) }
            }
            var place = StatementCondition.Place()
            for (side, other, isKept) in [
                (left, right, kept == 1 || kept == 2), (right, left, kept == 3 || kept == 2),
            ] {
                if isKept {
                    place.alternatives.append((tied: side, needing: other))
                } else {
                    place.tied.formUnion(side)
                }
            }
            readCondition(node["quals"], in: scope, place)
            return left.union(right).union(node["rtindex"].integer.map { [$0] } ?? [])
        default: return []
        }
    }

    private func readCondition(
        _ node: NodeTree, in scope: StatementScope, _ place: StatementCondition.Place
    ) {
        if case .list(let parts) = node {
            for part in parts { readCondition(part, in: scope, place) }
            return
        }
        switch (node.type, node["boolop"].text) {
        case ("BOOLEXPR", "and"): readCondition(node["args"], in: scope, place)
        case ("BOOLEXPR", "or"):
            var place = place
            place.isAlternative = true
            for part in node["args"].elements { readCondition(part, in: scope, place) }
        case ("OPEXPR", _): readComparison(node, in: scope, place)
        // SubLinkType: exists, all, any.
        case ("SUBLINK", _) where node["subLinkType"].integer == 2:
            let inner = subSelect(node, in: scope)
            readMembership(node["testexpr"], of: inner, in: scope, place)
        case ("SCALARARRAYOPEXPR", _) where node["useOr"].isTrue:
            readArray(node, in: scope, place)
        default: visit(node, in: scope)
        }
    }

    /// The OID of a comparison's operator, if it is an equality that links can follow.
    private func equality(_ node: NodeTree) -> Int? {
        guard let operation = node["opno"].integer, catalog.equalities[operation] != nil else {
            return nil
        }
        // Columns of one collation find each other by it; a column of another one would not.
        let collation = node["inputcollid"].integer ?? 0
        guard
            !catalog.looseCollations.contains(collation)
                || node["args"].elements.allSatisfy({ side in
                    side.strippedVariable?["varcollid"].integer == collation
                })
        else { return nil }
        return operation
    }

    /// `a = b`, `a = (SELECT …)`.
    private func readComparison(
        _ node: NodeTree, in scope: StatementScope, _ place: StatementCondition.Place
    ) {
        var sides: [StatementCondition.Side] = []
        var isSingle = false
        for side in node["args"].elements {
            if side.type == "SUBLINK", side["subLinkType"].integer == 4 {
                sides.append(.output(1, subSelect(side, in: scope)))
                isSingle = true
            } else {
                visit(side, in: scope)
                if let variable = side.strippedVariable { sides.append(.variable(variable)) }
            }
        }
        guard sides.count == 2, let operation = equality(node) else { return }
        scope.conditions.append(
            StatementCondition(
                first: sides[0], second: sides[1], equality: operation, place: place,
                isSingle: isSingle))
    }

    /// `(a, b) IN (SELECT …)`, the comparisons of which are `test`.
    private func readMembership(
        _ test: NodeTree, of inner: StatementScope, in scope: StatementScope,
        _ place: StatementCondition.Place
    ) {
        if test.type == "BOOLEXPR", test["boolop"].text == "and" {
            for part in test["args"].elements {
                readMembership(part, of: inner, in: scope, place)
            }
            return
        }
        let sides = test["args"].elements
        guard test.type == "OPEXPR", sides.count == 2, let operation = equality(test),
            let variable = sides[0].strippedVariable,
            let column = sides[1].subSelectColumn
        else { return }
        scope.conditions.append(
            StatementCondition(
                first: .variable(variable), second: .output(column, inner), equality: operation,
                place: place))
    }

    /// `a = ANY (ARRAY(SELECT …))`.
    private func readArray(
        _ node: NodeTree, in scope: StatementScope, _ place: StatementCondition.Place
    ) {
        let sides = node["args"].elements
        // SubLinkType: array is the seventh.
        guard sides.count == 2, let operation = equality(node),
            let variable = sides[0].strippedVariable,
            sides[1].type == "SUBLINK", sides[1]["subLinkType"].integer == 6
        else { return visit(node, in: scope) }
        visit(sides[0], in: scope)
        scope.conditions.append(
            StatementCondition(
                first: .variable(variable), second: .output(1, subSelect(sides[1], in: scope)),
                equality: operation, place: place))
    }
}

extension NodeTree {
    /// Whether a column of a query further out is in here.
    fileprivate var hasOuterVariable: Bool {
        switch self {
        case .none, .atom: false
        case .list(let elements): elements.contains(where: \.hasOuterVariable)
        case .node("VAR", let fields): (fields["varlevelsup"]?.integer ?? 0) > 0
        case .node("QUERY", _): false
        case .node(_, let fields): fields.values.contains(where: \.hasOuterVariable)
        }
    }

    /// The number of the sub-select's column that a parameter of `IN (SELECT …)` stands for.
    fileprivate var subSelectColumn: Int? {
        var node = self
        while node.type == "RELABELTYPE" { node = node["arg"] }
        // ParamKind: extern, exec, sublink.
        guard node.type == "PARAM", node["paramkind"].integer == 2 else { return nil }
        return node["paramid"].integer
    }
}
