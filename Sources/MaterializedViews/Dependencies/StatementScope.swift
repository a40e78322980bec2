// One SELECT inside a view's statement, with what stands in its FROM.
//
// Scopes nest as queries do: a sub-select sees the columns of the queries around it. What a reader
// would get wrong: a view of somebody else and a CTE are read as if their query stood in place,
// each time they are named, so that every use has tables of its own.

/// A use of a table: the same table named twice is two of them.
final class TableUse {
    /// An equality that every row of this use has to satisfy: `column = parent.parentColumn`.
    struct Link {
        let column: Int
        let parent: TableUse
        let parentColumn: Int
        /// The OID of the equality.
        let equality: Int
    }

    /// The table's OID.
    let table: Int
    /// The numbers of the columns that are read.
    var columns: Set<Int> = []
    /// Whether the row is read as a whole, as in `to_jsonb(t)`.
    var readsWholeRow = false
    /// Whether a system column, such as `ctid`, is read.
    var readsSystemColumn = false
    /// Whether an outer join may put NULL in place of a row of this use.
    var mayBeMissing = false
    /// The equalities in force, in the order of the statement.
    var links: [Link] = []
    /// Whether equalities count; inside a recursive query they do not.
    let isLinkable: Bool

    init(table: Int, isLinkable: Bool) {
        self.table = table
        self.isLinkable = isLinkable
    }
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
    /// By the number in the range table, from 1.
    var sources: [Int: Source] = [:]

    init(query: NodeTree, parent: StatementScope?, isRecursive: Bool) {
        self.query = query
        self.parent = parent
        self.isRecursive = isRecursive || (parent?.isRecursive ?? false)
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

    /// The column of a table that a variable is, or why it is none.
    func origin(of variable: NodeTree) throws(Opacity) -> (use: TableUse, column: Int) {
        guard let scope = outer(variable["varlevelsup"].integer ?? 0),
            let number = variable["varno"].integer, let column = variable["varattno"].integer,
            column > 0
        else { throw .computed }
        switch scope.sources[number] {
        case .table(let use): return (use, column)
        case .query(let inner): return try inner.origin(ofOutput: column)
        case .join(let columns):
            guard column <= columns.count, let base = columns[column - 1].strippedVariable else {
                throw .computed
            }
            return try scope.origin(of: base)
        case .other, nil: throw .computed
        }
    }

    /// The column of a table that a column of this query's answer is.
    ///
    /// Choosing rows of the answer by such a column must be the same as choosing rows of the table
    /// by it: that is what the conditions make sure of.
    func origin(ofOutput number: Int) throws(Opacity) -> (use: TableUse, column: Int) {
        if isRecursive { throw .recursive }
        if !query["setOperations"].isEmpty { throw .setOperation }
        if !query["limitCount"].isEmpty || !query["limitOffset"].isEmpty { throw .limit }
        if query["hasWindowFuncs"].isTrue { throw .window }
        if query["hasDistinctOn"].isTrue { throw .distinctOn }
        let entry = query["targetList"].elements.first { entry in
            entry["resno"].integer == number && !entry["resjunk"].isTrue
        }
        guard let entry, let variable = entry["expr"].strippedVariable else { throw .computed }
        let groups = query["groupClause"].elements.compactMap { $0["tleSortGroupRef"].integer }
        if !groups.isEmpty || query["hasAggs"].isTrue || !query["groupingSets"].isEmpty {
            guard query["groupingSets"].isEmpty, let group = entry["ressortgroupref"].integer,
                groups.contains(group)
            else { throw .aggregate }
        }
        return try origin(of: variable)
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
