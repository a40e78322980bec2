/// A foreign key.
struct ForeignKey: Equatable, Sendable {
    /// The constraint's name.
    let name: String
    /// The table that has it, by its number.
    let table: Int
    /// The table that it leads to.
    let target: Int
    /// The numbers of its columns.
    let columns: [Int]
    /// The numbers of the columns that they are equal to.
    let targetColumns: [Int]
    /// Whether it holds for every row at any time: validated, and not deferrable.
    let isAlwaysTrue: Bool

    /// Describes a foreign key.
    init(
        name: String, table: Int, target: Int, columns: [Int], targetColumns: [Int],
        isAlwaysTrue: Bool = true
    ) {
        self.name = name
        self.table = table
        self.target = target
        self.columns = columns
        self.targetColumns = targetColumns
        self.isAlwaysTrue = isAlwaysTrue
    }
}
