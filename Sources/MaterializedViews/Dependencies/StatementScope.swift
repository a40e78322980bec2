// One SELECT inside a view's statement, with what stands in its FROM.
//
// Scopes nest as queries do: a sub-select sees the columns of the queries around it. What a reader
// would get wrong: a view of somebody else and a CTE are read as if their query stood in place,
// each time they are named, so that every use has tables of its own.

/// A column of one use of a table.
struct ColumnOrigin {
    let use: TableUse
    let column: Int
}

/// A query and the sources of its rows.
final class StatementScope {
    /// What a number of the range table stands for.
    enum Source {
        case table(TableUse)
        case query(StatementScope)
        /// A JOIN: its columns are expressions over the sources it joins.
        case join(columns: [NodeTree])
        case other
    }

    /// What is asked about a column of a query.
    enum Sense: Equatable {
        /// Whether its value is that of a row of some table, however rows were picked.
        case value
        /// Whether choosing rows of the answer by it is the same as choosing rows of the table by
        /// it. The equality they are chosen by is this one; nil for that of the column's type.
        case rows(equality: Int?)
    }

    /// Why a column of a query says nothing about the rows behind it.
    enum Opacity: String, Error {
        case computed = "it is computed"
        case limit = "LIMIT or OFFSET picks rows"
        case window = "window functions look at other rows"
        case setOperation = "UNION, INTERSECT or EXCEPT joins several queries"
        case distinctOn = "DISTINCT ON picks rows"
        case aggregate = "it is not in GROUP BY"
        case recursive = "the query is recursive"
    }

    let query: NodeTree
    let parent: StatementScope?
    let isRecursive: Bool
    let catalog: StatementCatalog
    /// By the number in the range table, from 1.
    var sources: [Int: Source] = [:]
    /// The queries in FROM and inside expressions.
    var children: [StatementScope] = []
    /// What was found in WHERE and in the conditions of joins, in the order of the statement.
    var conditions: [StatementCondition] = []
    /// The columns of the answer whose expressions were read.
    var readOutputs: Set<Int> = []
    /// Columns of the answer: rows in which one of them is NULL matter to nobody.
    var neededOutputs: Set<Int> = []

    init(
        query: NodeTree, parent: StatementScope?, isRecursive: Bool, catalog: StatementCatalog
    ) {
        self.query = query
        self.parent = parent
        self.isRecursive = isRecursive || (parent?.isRecursive ?? false)
        self.catalog = catalog
    }

    /// Notes that an outer join may put NULL in place of a row of a source.
    func markMissing(_ source: Int) {
        switch sources[source] {
        case .table(let use): use.mayBeMissing = true
        case .query(let inner): for number in inner.sources.keys { inner.markMissing(number) }
        case .join, .other, nil: return
        }
    }

    /// The scope `levels` further out.
    func outer(_ levels: Int) -> StatementScope? {
        var scope: StatementScope? = self
        for _ in 0..<max(0, levels) { scope = scope?.parent }
        return scope
    }

    /// The queries that UNION, INTERSECT and EXCEPT combine, in the order of the statement; none
    /// of a plain SELECT.
    var branches: [StatementScope] { branches(query["setOperations"]) }

    private func branches(_ operation: NodeTree) -> [StatementScope] {
        switch operation.type {
        case "SETOPERATIONSTMT":
            return branches(operation["larg"]) + branches(operation["rarg"])
        case "RANGETBLREF":
            guard case .query(let scope)? = operation["rtindex"].integer.flatMap({ sources[$0] })
            else { return [] }
            return [scope]
        default: return []
        }
    }

    /// A column of the answer.
    func output(_ number: Int) -> NodeTree? {
        query["targetList"].elements.first { entry in
            entry["resno"].integer == number && !entry["resjunk"].isTrue
        }
    }

    // MARK: Where a column comes from

    /// The columns of tables that a variable is, or why it is none.
    func origins(of variable: NodeTree, _ sense: Sense) throws(Opacity) -> [ColumnOrigin] {
        guard let scope = outer(variable["varlevelsup"].integer ?? 0),
            let number = variable["varno"].integer, let column = variable["varattno"].integer,
            column > 0
        else { throw .computed }
        switch scope.sources[number] {
        case .table(let use): return [ColumnOrigin(use: use, column: column)]
        case .query(let inner): return try inner.origins(ofOutput: column, sense)
        case .join(let columns):
            guard column <= columns.count, let base = columns[column - 1].strippedVariable else {
                throw .computed
            }
            return try scope.origins(of: base, sense)
        case .other, nil: throw .computed
        }
    }

    /// The columns of tables that a column of this query's answer is: one for each branch.
    func origins(ofOutput number: Int, _ sense: Sense) throws(Opacity) -> [ColumnOrigin] {
        guard let entry = output(number) else { throw .computed }
        try check(entry, sense)
        let branches = branches
        if !branches.isEmpty {
            // A value comes from one of the branches, and nobody knows from which.
            guard sense != .value else { throw .setOperation }
            var found: [ColumnOrigin] = []
            for branch in branches { found += try branch.origins(ofOutput: number, sense) }
            return found
        }
        guard let variable = entry["expr"].strippedVariable else { throw .computed }
        return try origins(of: variable, sense)
    }

    /// Whether rows of the answer can be chosen by a column before this query does the rest of its
    /// work: what groups, windows and DISTINCT ON do with rows of one value must not depend on
    /// rows of other values.
    func check(_ entry: NodeTree, _ sense: Sense) throws(Opacity) {
        if isRecursive { throw .recursive }
        guard case .rows(let equality) = sense else { return }
        if !query["limitCount"].isEmpty || !query["limitOffset"].isEmpty { throw .limit }
        if !query["setOperations"].isEmpty, branches.isEmpty { throw .setOperation }
        if query["hasWindowFuncs"].isTrue {
            for window in query["windowClause"].elements
            where !isAmong(window["partitionClause"], entry, equality) { throw .window }
        }
        if query["hasDistinctOn"].isTrue, !isAmong(query["distinctClause"], entry, equality) {
            throw .distinctOn
        }
        guard
            !query["groupClause"].elements.isEmpty || query["hasAggs"].isTrue
                || !query["groupingSets"].isEmpty
        else { return }
        guard query["groupingSets"].isEmpty else { throw .aggregate }
        // A column that is not in GROUP BY hangs on a primary key that is: PostgreSQL has seen to
        // that, so that all rows of the group have the same.
        let isDependent =
            entry["expr"].strippedVariable?["varlevelsup"].integer == 0
            && !query["groupClause"].elements.isEmpty
            && !isListed(query["groupClause"], entry)
        guard isDependent || isAmong(query["groupClause"], entry, equality) else {
            throw .aggregate
        }
    }

    private func clause(_ clauses: NodeTree, _ entry: NodeTree) -> NodeTree? {
        guard let reference = entry["ressortgroupref"].integer, reference > 0 else { return nil }
        return clauses.elements.first { $0["tleSortGroupRef"].integer == reference }
    }

    private func isListed(_ clauses: NodeTree, _ entry: NodeTree) -> Bool {
        sameEntries(entry).contains { clause(clauses, $0) != nil }
    }

    /// Whether a clause tells rows apart by a column, with an equality that agrees with this one.
    private func isAmong(_ clauses: NodeTree, _ entry: NodeTree, _ equality: Int?) -> Bool {
        sameEntries(entry).contains { entry in
            guard let operation = clause(clauses, entry)?["eqop"].integer else { return false }
            guard let equality else { return true }
            let families = catalog.equalities[equality] ?? []
            return !families.isDisjoint(with: catalog.equalities[operation] ?? [])
        }
    }

    /// The entries of the target list with the same expression: each clause may name another.
    private func sameEntries(_ entry: NodeTree) -> [NodeTree] {
        query["targetList"].elements.filter { $0["expr"] == entry["expr"] }
    }
}

extension NodeTree {
    /// The variable below changes of type that keep every bit, such as varchar to text.
    var strippedVariable: NodeTree? {
        var node = self
        while node.type == "RELABELTYPE" { node = node["arg"] }
        return node.type == "VAR" ? node : nil
    }
}
