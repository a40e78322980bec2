// The heading of a page about some days, with the ways to those before and behind.
//
// Nothing leads into the future, and from the last thirty days nothing leads on.

import SiteAuthoring

/// The heading of a page about some days.
struct PeriodHead: Component {
    let period: PagePeriod
    let subject: StatisticsAddress.Subject
    let today: Int
    /// What stands before the days; nil for the days alone.
    var title: String?

    var view: HTML {
        div(.cls("head")) {
            h1 { title ?? period.title }
            p(.cls("span")) {
                title == nil ? period.span : "\(period.title), \(period.span)"
            }
            if period.kind != .recent {
                nav(.cls("turn"), .aria("label", "Neighbours")) {
                    a(.href(address(period.previous).path), .rel("prev")) { "← Earlier" }
                    if let next = period.next(today: today) {
                        a(.href(address(next).path), .rel("next")) { "Later →" }
                    }
                }
            }
        }
    }

    private func address(_ period: PagePeriod) -> StatisticsAddress {
        // A list of today is that of its day: today itself has an overview alone.
        let period = period.kind == .today && subject != .overview ? .day(period.first) : period
        return StatisticsAddress(period, subject)
    }
}
