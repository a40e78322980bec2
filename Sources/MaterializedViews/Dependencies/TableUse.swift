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
    /// Its name in the statement.
    let alias: String
    /// The numbers of the columns that are read.
    var columns: Set<Int> = []
    /// Whether the row is read as a whole, as in `to_jsonb(t)`.
    var readsWholeRow = false
    /// Whether a system column, such as `ctid`, is read.
    var readsSystemColumn = false
    /// Whether an outer join may put NULL in place of a row of this use.
    var mayBeMissing = false
    /// Whether only row security reads it.
    var isInRowSecurity = false
    /// The equalities in force, in the order of the statement.
    var links: [Link] = []
    /// Whether equalities count; inside a recursive query they do not.
    let isLinkable: Bool

    init(table: Int, alias: String, isLinkable: Bool) {
        self.table = table
        self.alias = alias
        self.isLinkable = isLinkable
    }
}
