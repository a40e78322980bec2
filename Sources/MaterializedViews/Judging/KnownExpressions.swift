// Whether an expression is decided by what is known of a row, and small questions about trees.
//
// What a reader would get wrong: levels. A variable says how many queries further out its source
// stands; walking into a query, a variable at that depth belongs to the scope that asks.

extension SelectScope {
    /// Whether the value of an expression is decided, to the byte.
    ///
    /// - Parameters:
    ///   - node: an expression of this scope.
    ///   - known: what is known.
    ///   - depth: how many queries inside this scope the expression stands.
    ///   - windows: whether a window function counts as decided by what it is computed from.
    /// - Returns: false where nothing says so.
    func isExact(
        _ node: NodeTree, in known: Knowledge, depth: Int = 0, windows: Bool = false
    ) -> Bool {
        switch node {
        case .none, .atom: return true
        case .list(let elements):
            return elements.allSatisfy {
                isExact($0, in: known, depth: depth, windows: windows)
            }
        case .node(let type, let fields):
            if depth == 0, type != "VAR", known.expressions.contains(where: { $0.type == type }),
                known.expressions.contains(node.withoutPlaces), !isLoose(node)
            {
                return true
            }
            switch type {
            case "CONST", "PARAM": return true
            case "VAR": return isExactVariable(node, in: known, depth: depth)
            case "AGGREF" where depth == 0 && isGrouped:
                return node["agglevelsup"].integer != 0 || isRowKnown(known)
            case "WINDOWFUNC" where depth == 0:
                guard windows else { return isRowKnown(known) }
                let window = window(of: node)
                return isExact(node["args"], in: known)
                    && (expressions(of: window["partitionClause"])
                        + expressions(of: window["orderClause"]))
                        .allSatisfy { isExact($0, in: known) }
            case "QUERY":
                return fields.values.allSatisfy { isExact($0, in: known, depth: depth + 1) }
            default:
                return fields.values.allSatisfy {
                    isExact($0, in: known, depth: depth, windows: windows)
                }
            }
        }
    }

    private func isExactVariable(_ node: NodeTree, in known: Knowledge, depth: Int) -> Bool {
        let level = (node["varlevelsup"].integer ?? 0) - depth
        if level < 0 { return true }
        if level > 0 { return known.outer(level, node.atLevel(level)) }
        let variable = node.atLevel(0)
        if let column = column(of: variable) {
            if known.exact.contains(column) || known.whole.contains(column.source) { return true }
            return false
        }
        guard let source = variable["varno"].integer, let number = variable["varattno"].integer,
            case .join(let columns) = sources[source], number > 0, number <= columns.count
        else { return false }
        return isExact(columns[number - 1], in: known)
    }

    /// Whether the value of an expression is decided, up to equality.
    func isFixed(_ node: NodeTree, in known: Knowledge) -> Bool {
        if let column = column(of: node) {
            return known.fixed.contains(column) || known.whole.contains(column.source)
        }
        return isExact(node, in: known)
    }

    /// The window of a window function.
    func window(of function: NodeTree) -> NodeTree {
        query["windowClause"].elements.first { $0["winref"] == function["winref"] } ?? .none
    }

    /// The variables of queries around `node`, with the level at which they stand from there.
    func variables(in node: NodeTree, depth: Int) -> [(level: Int, variable: NodeTree)] {
        switch node {
        case .none, .atom: return []
        case .list(let elements): return elements.flatMap { variables(in: $0, depth: depth) }
        case .node("VAR", _):
            let level = (node["varlevelsup"].integer ?? 0) - depth
            return level > 0 ? [(level, node)] : []
        case .node(_, let fields):
            return fields.values.flatMap { value in
                value.isQuery
                    ? variables(in: value, depth: depth + 1) : variables(in: value, depth: depth)
            }
        }
    }
}

extension NodeTree {
    /// Whether this is a query, whose variables count from there.
    var isQuery: Bool { type == "QUERY" }

    /// A variable that stands `level` queries further in than its source.
    func atLevel(_ level: Int) -> NodeTree {
        guard case .node(let type, var fields) = self else { return self }
        fields["varlevelsup"] = .atom("\(level)")
        return .node(type: type, fields: fields)
    }

    /// The same without what depends on how the text is written.
    var withoutPlaces: NodeTree {
        switch self {
        case .none, .atom: self
        case .list(let elements): .list(elements.map(\.withoutPlaces))
        case .node(let type, let fields):
            .node(
                type: type,
                fields: fields.filter { field, _ in !Self.places.contains(field) }
                    .mapValues(\.withoutPlaces))
        }
    }

    /// Fields that say where in a text something stands, or by which name it was called there.
    static let places: Set<String> = [
        "location", "stmt_location", "stmt_len", "varnosyn", "varattnosyn", "ressortgroupref",
        "list_start", "list_end", "rexpr_list_start", "rexpr_list_end",
    ]

    /// The type of an expression's value, where its node says it.
    var valueType: Int? {
        for field in Self.typeFields {
            if let type = self[field].integer { return type }
        }
        return nil
    }

    private static let typeFields = [
        "vartype", "consttype", "paramtype", "funcresulttype", "opresulttype", "resulttype",
        "aggtype", "wintype", "casetype", "coalescetype", "minmaxtype", "array_typeid",
        "row_typeid", "refrestype",
    ]

    /// The collation of an expression's value.
    var valueCollation: Int? {
        for field in ["varcollid", "constcollid", "funccollid", "resultcollid", "aggcollid"] {
            if let collation = self[field].integer { return collation }
        }
        return nil
    }

    /// The bytes of a constant; nil for anything else, and for NULL.
    var constantBytes: [UInt8]? {
        guard type == "CONST", !self["constisnull"].isTrue else { return nil }
        return self["constbytes"].elements.compactMap { $0.integer.map { UInt8($0) } }
    }

    /// Whether this is the number `value` as a constant, below 256.
    func constantIs(_ value: UInt8) -> Bool {
        var node = self
        // LIMIT 1 is a cast of 1 to bigint.
        while node.type == "FUNCEXPR", node["args"].elements.count == 1 {
            node = node["args"].elements[0]
        }
        guard let bytes = node.constantBytes, let first = bytes.first else { return false }
        return first == value && bytes.dropFirst().allSatisfy { $0 == 0 }
    }
}
