// What statistics are asked by: the subjects of `sitegen stats --by`.
//
// Each has a view of the same name in the schema `traffic`, which everybody may use.

/// What an answer has a line for each of.
package enum StatisticsSubject: String, CaseIterable, Sendable {
    /// Days.
    case days
    /// Pages.
    case pages
    /// Where visits came from.
    case sources
    /// Campaigns.
    case campaigns
    /// Where visits begin.
    case entries
    /// Where visits end.
    case exits
    /// Browsers, systems and devices.
    case agents
    /// Robots.
    case robots
    /// Feeds.
    case feeds
    /// Kinds and statuses of answers.
    case statuses
    /// Paths that lead nowhere.
    case missing
    /// How long pages took.
    case slow
    /// How fragments came into pages.
    case slots
    /// Violations of policies.
    case reports
    /// Times that browsers measured.
    case vitals
    /// What was lost.
    case losses
}
