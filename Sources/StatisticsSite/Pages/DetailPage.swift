// One page of the site, one source or one campaign, in the last thirty days.
//
// Its name is a text of strangers; it stands isolated and is no part of the page's address.

import SiteAuthoring

/// One page, source or campaign.
struct DetailPage: Component {
    let address: StatisticsAddress
    let detail: StatisticsDetail
    let today: Int
    let made: String

    var view: HTML {
        PageFrame(title: kind, address: address, today: today, made: made) {
            div(.cls("head")) {
                h1 { bdi { Shown.text(detail.name) } }
                p(.cls("span")) { "\(kind), \(address.period.title.lowercased())" }
            }
            FigureTiles(
                figures: detail.figures.map { Figure(label: $0.label, value: $0.value) })
            TimeChart(
                title: "\(detail.unit) by day", unit: detail.unit, before: address.period.before,
                points: detail.points)
            div(.cls("columns")) {
                for part in detail.parts {
                    section(.cls("card")) {
                        h2 { part.title }
                        ListTable(list: list(part), empty: "Nothing in the last days.")
                    }
                }
            }
            p(.cls("note")) {
                "Where readers came from and went on to is counted from rows, of the last "
                "\(StatisticsReading.rowDays) days at most and without prefetched pages."
            }
        }
    }

    private var kind: String {
        switch address.subject {
        case .source: "Source"
        case .campaign: "Campaign"
        default: "Page"
        }
    }

    private func list(_ part: StatisticsDetail.Part) -> StatisticsList {
        let most = part.lines.first.map { max(1, $0.value) } ?? 1
        return StatisticsList(
            columns: [
                .init(name: part.name, isNumber: false), .init(name: part.unit, isNumber: true),
            ],
            lines: part.lines.map { line in
                let subject = part.leadsTo.flatMap { leadsTo in line.id.map(leadsTo) }
                return [
                    .init(
                        text: Shown.text(line.name),
                        address: subject.map { StatisticsAddress(address.period, $0) }),
                    .init(
                        text: Shown.number(line.value), share: Double(line.value) / Double(most)),
                ]
            })
    }
}
