import Traffic

/// What the overview of some days shows.
struct Overview: Sendable {
    /// Which days.
    let period: PagePeriod
    /// The day it is.
    let today: Int
    /// All in all.
    let totals: StatisticsTotals
    /// The same before.
    let before: StatisticsTotals
    /// Over time.
    let points: [ChartPoint]
    /// Lists, each with its subject.
    let lists: [(subject: StatisticsSubject, list: StatisticsList)]
    /// Views and visitors of the last minutes; nil unless it is about today.
    let lately: (views: Int, visitors: Int)?

    /// The lists that it has, each with its most lines.
    static let lists: [(subject: StatisticsSubject, limit: Int)] = [
        (.pages, 10), (.sources, 10), (.campaigns, 5), (.agents, 5), (.missing, 5), (.robots, 5),
    ]
    /// The minutes that "now" has.
    static let latelyMinutes = 5
}
