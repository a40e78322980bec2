// What the rows of one view depend on, and the way from a changed row of a table to their keys.
//
// The root is the table use that gives the key; each branch of a UNION has its own. From it,
// equalities lead to every other use that they tie, nearest first. A use that nothing ties makes
// every row of the view depend on each of its rows: that is never wrong, and `sitegen db explain`
// says so. Nothing is guessed.

/// The dependencies of a view.
struct ViewDependencies: Equatable {
    /// One table on the way to the root.
    struct Step: Equatable {
        let table: QualifiedName
        /// The column that equals the link, or the column before.
        let column: String
        /// The column that leads on to the next step; nil at the root.
        let onward: WatchedTable.Column?
        /// The equality between this step and what is before it, as SQL: `=`.
        let equality: String
    }

    /// The table that gives the columns by which rows are looked up.
    struct Root: Equatable {
        let table: QualifiedName
        /// The table's name in `values`.
        let alias: String
        /// The columns of the table that are read for the look-up, with their types: what is
        /// queued when a row comes, goes or moves.
        let columns: [(name: String, type: String)]
        /// SQL of the columns of the view by which rows are looked up, in their order.
        let values: [String]
        /// Whether these are columns of the table, and nothing is computed.
        let isPlain: Bool

        static func == (first: Root, second: Root) -> Bool {
            first.table == second.table && first.alias == second.alias
                && first.columns.elementsEqual(second.columns, by: ==)
                && first.values == second.values && first.isPlain == second.isPlain
        }

        /// What gives the key, for people.
        var text: String {
            let parts = isPlain ? columns.map(\.name) : values
            return "\(table.text) (\(parts.joined(separator: ", ")))"
        }
    }

    /// How a change of a table is followed.
    enum Way: Equatable {
        /// The table gives the key: the link is the key.
        case root
        /// The table gives what the key is computed from.
        case computed(Root)
        /// Through these tables; the last one is the root.
        case path([Step], Root)
        /// By the author's statement (`-- watch:`).
        case declared(sql: String)
        /// Every row is looked at, because of this.
        case every(reason: String)
    }

    /// One use of a table.
    struct Dependency: Equatable {
        /// The rows that come, go or move.
        let watch: Watch
        /// The columns whose change matters, in the order of the table.
        let columns: [String]
        /// The type of the link; text for a key of several columns.
        let linkType: String
        let route: Way

        /// `watch`, and that of rows which stay where they are and change.
        var watches: [Watch] {
            let compared = columns.filter { !watch.columns.contains($0) }
            guard !compared.isEmpty else { return [watch] }
            return [
                watch,
                Watch(table: watch.table, columns: watch.columns, part: .columns(compared)),
            ]
        }
    }

    /// The view's name.
    let view: String
    /// The columns of the key, in the order of the view's `key`.
    let key: [String]
    /// The columns of the key by which rows are looked up: those that one table gives.
    ///
    /// Where they are not the whole key (the pages of a brand), rows that share them are computed
    /// together.
    let lookup: [String]
    /// The types of `lookup`.
    let lookupTypes: [String]
    /// The tables that give `lookup`, one for each branch of a UNION; none if there is none, and
    /// then every change looks at all rows.
    let roots: [Root]
    /// The column of a look-up by several that is asked for once more by itself: a condition on a
    /// pair does not reach what stands below GROUP BY or UNION, one on a column does.
    var pushed: String?
    /// Whether a row may have no key, since what it is looked up by may be NULL.
    var mayMissKeys = true
    /// Whether pages of a list are cut out of it by an OFFSET for each.
    var hasOuterOffset = false

    /// The type of an element in arrays of look-ups: that of its only column, or text.
    var keyType: String { lookupTypes.count == 1 ? lookupTypes[0] : "text" }

    /// In the order of the statement, each watch and route once.
    let dependencies: [Dependency]

    /// All watches, each once, in their order.
    var watches: [Watch] { Set(dependencies.flatMap(\.watches)).sorted() }
}
