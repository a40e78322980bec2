// The numbers of some days, beside those of the days before.
//
// While the days are not over, no change is told: half a day against a whole one says nothing.

import SiteAuthoring
import Traffic

/// The overview of some days.
struct OverviewPage: Component {
    let overview: Overview
    let made: String

    private var period: PagePeriod { overview.period }
    private var isOver: Bool { period.last < overview.today }

    var view: HTML {
        PageFrame(
            title: period.title, address: StatisticsAddress(period), today: overview.today,
            made: made
        ) {
            PeriodHead(period: period, subject: .overview, today: overview.today)
            FigureTiles(figures: figures)
            TimeChart(
                title: "Views by \(step)", unit: "Views", before: period.before,
                points: overview.points)
            div(.cls("columns")) {
                for (subject, list) in overview.lists {
                    section(.cls("card")) {
                        h2 { SubjectText.of(subject).title }
                        ListTable(list: list, empty: SubjectText.of(subject).empty)
                        if !list.lines.isEmpty {
                            a(.cls("more"), .href(more(subject).path)) {
                                "All of \(SubjectText.of(subject).title.lowercased())"
                            }
                        }
                    }
                }
            }
        }
    }

    private func more(_ subject: StatisticsSubject) -> StatisticsAddress {
        StatisticsAddress(
            period.kind == .today ? .day(period.first) : period, .list(subject))
    }

    private var step: String {
        switch period.kind {
        case .today, .day: "hour"
        case .week, .month, .recent: "day"
        case .year: "month"
        }
    }

    private var figures: [Figure] {
        let (now, then) = (overview.totals, overview.before)
        var figures: [Figure] = []
        if let lately = overview.lately {
            figures.append(
                Figure(
                    label: "Last \(Overview.latelyMinutes) minutes",
                    value: Shown.number(lately.views),
                    before: lately.visitors == 1
                        ? "1 visitor" : "\(Shown.number(lately.visitors)) visitors"))
        }
        figures += [
            counted("Views", now.views, then.views),
            counted("Visits", now.visits, then.visits),
            counted(
                period.count == 1 ? "Visitors" : "Visitor-days", now.visitors, then.visitors),
            Figure(
                label: "Bounces", value: Shown.share(now.bounces, of: now.visits),
                before: "before \(Shown.share(then.bounces, of: then.visits))"),
            Figure(
                label: "Mean visit", value: Shown.mean(seconds: now.seconds, of: now.visits),
                before: "before \(Shown.mean(seconds: then.seconds, of: then.visits))"),
            counted("Robots", now.robots, then.robots),
            counted("Missing", now.missing, then.missing),
        ]
        if now.lost + then.lost > 0 { figures.append(counted("Lost", now.lost, then.lost)) }
        return figures
    }

    private func counted(_ label: String, _ now: Int, _ then: Int) -> Figure {
        Figure(
            label: label, value: Shown.number(now), before: "before \(Shown.number(then))",
            change: isOver ? Shown.change(now, then) : nil)
    }
}
