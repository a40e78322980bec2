/// A bar of a chart, with the one that stood in its place before.
struct ChartPoint: Equatable, Sendable {
    /// What it is, in full.
    let label: String
    /// What stands below it, in few letters.
    let mark: String
    /// How high it is; nil for what is still to come.
    let value: Int?
    /// How high it was in the period before; nil if that was shorter.
    let before: Int?
    /// The page about it alone.
    var address: StatisticsAddress?
}
