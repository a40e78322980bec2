/// A line of a list of pages, sources or campaigns.
struct RankedLine: Equatable, Sendable {
    /// The number that its page has; nil if it has none.
    let id: Int32?
    /// What strangers or the site call it.
    let name: String
    /// What the list is ordered by.
    let value: Int
    /// What stands beside it.
    let second: Int
    /// The first number in the period before.
    let before: Int
}
