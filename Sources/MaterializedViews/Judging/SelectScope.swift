// One SELECT with what its rows are made of, to answer: do these expressions decide that one?
//
// Keys of tables, equalities and groups are followed: who knows the key of a table knows its row,
// and whose row it is tied to. What a reader would get wrong: "fixed" is equality and "exact" is
// the same bytes. 1.0 and 1.00 are fixed by each other and not exact; a whole row, found by its
// key, is exact. Nothing is guessed: what is not found counts as undecided.

/// A SELECT inside a statement.
final class SelectScope {
    /// What a number of the range table stands for.
    enum Source {
        case table(ReadTable)
        case query(SelectScope)
        case join(columns: [NodeTree])
        case function(NodeTree)
        /// VALUES, or what refers to itself.
        case other
    }

    /// A column of a source.
    struct Column: Hashable {
        let source: Int
        let number: Int
    }

    /// What is known once some expressions are.
    struct Knowledge {
        var expressions: [NodeTree] = []
        var fixed: Set<Column> = []
        var exact: Set<Column> = []
        /// Sources of which one row remains.
        var whole: Set<Int> = []
        /// Whether a column of a query around counts as known.
        let outer: (Int, NodeTree) -> Bool
    }

    let query: NodeTree
    let parent: SelectScope?
    let library: StatementLibrary
    private var isBeforeGrouping = false
    private var ungrouped: SelectScope?
    /// By number; only those that rows are made of, and joins.
    private(set) var sources: [Int: Source] = [:]
    /// The sources in FROM, without joins.
    private(set) var members: [Int] = []
    /// Equalities that hold for every row, each with the sources that they can tie.
    private var equalities: [(first: NodeTree, second: NodeTree, tied: Set<Int>)] = []

    init(_ query: NodeTree, in parent: SelectScope?, _ library: StatementLibrary, depth: Int = 0) {
        self.query = query
        self.parent = parent
        self.library = library
        let entries = query["rtable"].elements
        for (place, entry) in entries.enumerated() {
            sources[place + 1] = source(entry, depth: depth)
        }
        _ = gather(query["jointree"])
        if !query["setOperations"].isEmpty { members = query["setOperations"].setMembers }
    }

    /// How deep views and queries are followed.
    private static let depthMax = 60

    private func source(_ entry: NodeTree, depth: Int) -> Source {
        guard depth < Self.depthMax else { return .other }
        switch entry["rtekind"].integer {
        case 0:
            guard let relation = entry["relid"].integer else { return .other }
            // OLD and NEW of the view itself stand in no FROM; reading them would not end.
            guard entry["relkind"].text == "v" else {
                return library.tables[relation].map(Source.table) ?? .other
            }
            guard entry["inFromCl"].isTrue, let tree = library.views[relation],
                let inner = tree.elements.first
            else { return .other }
            return .query(SelectScope(inner, in: nil, library, depth: depth + 1))
        case 1: return .query(SelectScope(entry["subquery"], in: self, library, depth: depth + 1))
        case 2, 9: return .join(columns: entry.derivedColumns ?? [])
        case 3: return .function(entry)
        case 6:
            guard !entry["self_reference"].isTrue,
                let owner = outer(entry["ctelevelsup"].integer ?? 0),
                let table = owner.query["cteList"].elements.first(where: {
                    $0["ctename"] == entry["ctename"]
                }), !table["cterecursive"].isTrue
            else { return .other }
            return .query(SelectScope(table["ctequery"], in: owner, library, depth: depth + 1))
        default: return .other
        }
    }

    /// The scope `levels` further out.
    private func outer(_ levels: Int) -> SelectScope? {
        var scope: SelectScope? = self
        for _ in 0..<max(0, levels) { scope = scope?.parent }
        return scope
    }

    // MARK: FROM

    /// Finds the members of FROM and the equalities among them.
    private func gather(_ node: NodeTree) -> Set<Int> {
        switch node.type {
        case "RANGETBLREF":
            guard let number = node["rtindex"].integer else { return [] }
            members.append(number)
            return [number]
        case "FROMEXPR":
            var inside: Set<Int> = []
            for item in node["fromlist"].elements { inside.formUnion(gather(item)) }
            conjuncts(node["quals"], tied: inside)
            return inside
        case "JOINEXPR":
            let left = gather(node["larg"])
            let right = gather(node["rarg"])
            let tied: Set<Int> =
                switch node["jointype"].integer {
                case 0: left.union(right)
                case 1: right
                case 3: left
                default: []
                }
            conjuncts(node["quals"], tied: tied)
            return left.union(right)
        default: return []
        }
    }

    private func conjuncts(_ condition: NodeTree, tied: Set<Int>) {
        if case .list(let parts) = condition {
            for part in parts { conjuncts(part, tied: tied) }
        } else if condition.type == "BOOLEXPR", condition["boolop"].text == "and" {
            conjuncts(condition["args"], tied: tied)
        } else if condition.type == "OPEXPR", let operation = condition["opno"].integer,
            library.equalities.contains(operation)
        {
            let sides = condition["args"].elements
            guard sides.count == 2 else { return }
            equalities.append((sides[0], sides[1], tied))
        } else if let column = column(of: condition), tied.contains(column.source) {
            // A condition that is a boolean column: it is true.
            equalities.append((condition, NodeTree.node(type: "CONST", fields: [:]), tied))
        }
    }

    /// The column of a source that an expression is; nil for anything else.
    func column(of node: NodeTree) -> Column? {
        var node = node
        while node.type == "RELABELTYPE" { node = node["arg"] }
        guard node.type == "VAR", node["varlevelsup"].integer == 0,
            let source = node["varno"].integer, let number = node["varattno"].integer
        else { return nil }
        if case .join(let columns) = sources[source] {
            guard number > 0, number <= columns.count else { return nil }
            return column(of: columns[number - 1])
        }
        return Column(source: source, number: number)
    }

    // MARK: What follows

    /// The expressions that a list of sort or group clauses names, in the query's own targets.
    func expressions(of clauses: NodeTree) -> [NodeTree] {
        let references = clauses.elements.compactMap { $0["tleSortGroupRef"].integer }
        return references.compactMap { reference in
            query["targetList"].elements.first { $0["ressortgroupref"].integer == reference }
                .map { resolved($0["expr"]) }
        }
    }

    /// The expression behind a column of a join, or of GROUP BY (PostgreSQL 18).
    private func resolved(_ node: NodeTree) -> NodeTree {
        guard node.type == "VAR", node["varlevelsup"].integer == 0,
            let source = node["varno"].integer, let number = node["varattno"].integer,
            case .join(let columns) = sources[source], number > 0, number <= columns.count
        else { return node }
        return resolved(columns[number - 1])
    }

    /// What is known of a row once these expressions are.
    func knowledge(
        fixing expressions: [NodeTree], and columns: Set<Column> = [],
        outer: @escaping (Int, NodeTree) -> Bool = { _, _ in true }
    ) -> Knowledge {
        var known = Knowledge(expressions: expressions.map(\.withoutPlaces), outer: outer)
        known.fixed = columns
        for expression in expressions { note(expression, in: &known) }
        guard query["setOperations"].isEmpty else {
            // The columns of the answer count as those of the first branch, whose rows say nothing
            // about the others.
            followBranches(&known)
            return known
        }
        var grew = true
        while grew {
            grew = false
            for (first, second, tied) in equalities {
                for (side, other) in [(first, second), (second, first)] {
                    guard let column = column(of: side), tied.contains(column.source),
                        !known.fixed.contains(column), isFixed(other, in: known)
                    else { continue }
                    known.fixed.insert(column)
                    if !isLoose(side) { known.exact.insert(column) }
                    grew = true
                }
            }
            for member in members where !known.whole.contains(member) {
                if follow(member, in: &known) { grew = true }
            }
        }
        return known
    }

    private func note(_ expression: NodeTree, in known: inout Knowledge) {
        guard let column = column(of: expression) else { return }
        known.fixed.insert(column)
        if !isLoose(expression) { known.exact.insert(column) }
    }

    /// Whether equal values of this expression may be written differently.
    func isLoose(_ node: NodeTree) -> Bool {
        guard let type = node.valueType else { return false }
        return library.isLoose(
            type, modifier: node["vartypmod"].integer ?? node["resulttypmod"].integer ?? -1,
            collation: node.valueCollation)
    }

    /// Learns what is known of one source.
    private func follow(_ member: Int, in known: inout Knowledge) -> Bool {
        let fixed = Set(known.fixed.filter { $0.source == member }.map(\.number))
        switch sources[member] {
        case .table(let table):
            guard table.keys.contains(where: { $0.isSubset(of: fixed) }) else { return false }
            known.whole.insert(member)
            return true
        case .query(let inner):
            let current = known
            let (exact, isWhole) = inner.outputs(
                fixing: fixed, and: twins(of: member, inner, in: known)
            ) { [self] level, variable in
                level == 1
                    ? isExact(variable.atLevel(0), in: current)
                    : current.outer(level - 1, variable.atLevel(level - 1))
            }
            let columns = exact.map { Column(source: member, number: $0) }
            let isNew = isWhole || !known.exact.isSuperset(of: columns)
            known.exact.formUnion(columns)
            known.fixed.formUnion(columns)
            if isWhole { known.whole.insert(member) }
            return isNew
        case .function(let entry):
            guard isOneRow(entry, fixed: fixed, in: known) else { return false }
            known.whole.insert(member)
            return true
        case .join, .other, nil: return false
        }
    }

    /// Columns inside of a query that are known because its row and one out here are the same row
    /// of a table: `(SELECT l.id FROM look l …) k JOIN look l ON l.id = k.id`.
    private func twins(
        of member: Int, _ inner: SelectScope, in known: Knowledge
    ) -> Set<Column> {
        var columns: Set<Column> = []
        for (first, second, tied) in equalities where tied.contains(member) {
            for (side, other) in [(first, second), (second, first)] {
                guard let output = column(of: side), output.source == member,
                    let key = column(of: other), case .table(let table) = sources[key.source],
                    table.keys.contains([key.number]),
                    let origin = inner.origin(ofOutput: output.number),
                    case .table(let twin) = inner.sources[origin.source], twin == table,
                    origin.number == key.number
                else { continue }
                for column in known.fixed where column.source == key.source {
                    columns.insert(Column(source: origin.source, number: column.number))
                }
            }
        }
        return columns
    }

    /// The column that a column of the answer is, row by row.
    private func origin(ofOutput number: Int) -> Column? {
        guard !isGrouped, query["setOperations"].isEmpty else { return nil }
        return query["targetList"].elements.first { $0["resno"].integer == number }
            .flatMap { column(of: $0["expr"]) }
    }

    private func isOneRow(_ entry: NodeTree, fixed: Set<Int>, in known: Knowledge) -> Bool {
        let functions = entry["functions"].elements
        let arguments = functions.map { $0["funcexpr"] }
        guard arguments.allSatisfy({ isExact($0, in: known) }) else { return false }
        let columns = functions.map { $0["funccolcount"].integer ?? 1 }.reduce(0, +)
        if entry["funcordinality"].isTrue, fixed.contains(columns + 1) { return true }
        let routines = arguments.map { $0["funcid"].integer.flatMap { library.routines[$0] } }
        if routines.allSatisfy({ $0?.givesRows == false }) { return true }
        // It never gives the same value twice.
        return routines.count == 1 && routines[0]?.name.name == "generate_series"
            && routines[0]?.isBuiltIn == true && fixed.contains(1)
    }

    /// What is known of this query's answer once some of its columns are, and whether one row is.
    func outputs(
        fixing numbers: Set<Int>, and columns: Set<Column>,
        outer: @escaping (Int, NodeTree) -> Bool
    ) -> (exact: Set<Int>, isWhole: Bool) {
        let targets = query["targetList"].elements.filter { !$0["resjunk"].isTrue }
        let all = Set(targets.compactMap { $0["resno"].integer })
        if !query["setOperations"].isEmpty {
            let isDistinct = !query["setOperations"]["all"].isTrue
            let isWhole =
                isDistinct && all.isSubset(of: numbers)
                || isOuterKnown(outer) && tellsApart(rowsOf: members, by: numbers)
            return (isWhole ? all : [], isWhole)
        }
        let known = knowledge(
            fixing: targets.filter { numbers.contains($0["resno"].integer ?? 0) }
                .map { $0["expr"] }, and: columns, outer: outer)
        let isWhole =
            isOuterKnown(outer) && !query["hasTargetSRFs"].isTrue
            && (isRowKnown(known) || isAtMostOneRow
                || isListKnown(query["distinctClause"], in: known)
                || targets.contains { target in
                    numbers.contains(target["resno"].integer ?? 0)
                        && isNumber(target["expr"], in: known)
                })
        if isWhole { return (all, true) }
        let exact = targets.filter { isExact($0["expr"], in: known) }
            .compactMap { $0["resno"].integer }
        return (Set(exact), false)
    }

    /// Whether what this query takes from those around it is known.
    private func isOuterKnown(_ outer: (Int, NodeTree) -> Bool) -> Bool {
        variables(in: query, depth: 0).allSatisfy { level, variable in
            outer(level, variable.atLevel(level))
        }
    }

    private var isAtMostOneRow: Bool {
        query["limitCount"].constantIs(1) && query["limitOption"].integer != 1
    }

    /// Whether this is a row's number, among rows that are known up to it.
    private func isNumber(_ node: NodeTree, in known: Knowledge) -> Bool {
        var node = node
        // A number that is shown as an integer is a cast of it.
        while node.type == "FUNCEXPR", node["args"].elements.count == 1,
            let cast = node["funcid"].integer.flatMap({ library.routines[$0] }), cast.isBuiltIn,
            ["int4", "int8", "numeric"].contains(cast.name.name)
        {
            node = node["args"].elements[0]
        }
        guard node.type == "WINDOWFUNC",
            let routine = node["winfnoid"].integer.flatMap({ library.routines[$0] }),
            routine.isBuiltIn, routine.name.name == "row_number"
        else { return false }
        return expressions(of: window(of: node)["partitionClause"])
            .allSatisfy { isExact($0, in: known) }
    }

    private func isListKnown(_ clauses: NodeTree, in known: Knowledge) -> Bool {
        !clauses.isEmpty && expressions(of: clauses).allSatisfy { isExact($0, in: known) }
    }

    /// Whether one row of this query remains.
    func isRowKnown(_ known: Knowledge) -> Bool {
        if isGrouped {
            return query["groupingSets"].isEmpty
                && expressions(of: query["groupClause"]).allSatisfy { isExact($0, in: known) }
        }
        return members.allSatisfy(known.whole.contains)
    }

    /// Whether rows are groups.
    var isGrouped: Bool {
        !isBeforeGrouping
            && (query["hasAggs"].isTrue || !query["groupClause"].isEmpty
                || !query["groupingSets"].isEmpty)
    }

    /// The same rows before they are grouped, as an aggregate takes them.
    var withoutGroups: SelectScope {
        if let ungrouped { return ungrouped }
        let rows = SelectScope(query, in: parent, library)
        rows.isBeforeGrouping = true
        ungrouped = rows
        return rows
    }
}
