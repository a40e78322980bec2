/// A list as a page shows it: names of columns and lines of texts.
struct StatisticsList: Sendable {
    /// A cell.
    struct Cell: Sendable {
        /// What is written.
        let text: String
        /// How large it is beside the largest of its column, from 0 to 1; nil without a bar.
        var share: Double?
        /// The address that it leads to.
        var address: StatisticsAddress?
    }

    /// A column.
    struct Column: Sendable {
        /// Its name.
        let name: String
        /// Whether it has numbers.
        let isNumber: Bool
    }

    /// The columns.
    let columns: [Column]
    /// The lines.
    let lines: [[Cell]]
}
