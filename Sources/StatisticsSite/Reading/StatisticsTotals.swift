/// The numbers of some days, all in all.
struct StatisticsTotals: Equatable, Sendable {
    /// Pages that people looked at.
    var views = 0
    /// Views of one visitor without a pause.
    var visits = 0
    /// Visitors; over more than one day, visitor-days.
    var visitors = 0
    /// Visits of one view.
    var bounces = 0
    /// How long visits took, from their first view to their last.
    var seconds = 0
    /// Answers to robots.
    var robots = 0
    /// Answers to feed readers.
    var feeds = 0
    /// Answers to paths that lead nowhere.
    var missing = 0
    /// Answers without a record.
    var lost = 0
    /// Records whose time could not be.
    var redated = 0
}
