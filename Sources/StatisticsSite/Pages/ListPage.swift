// One list of some days, and beside some lists what is not a list.
//
// The first lines alone: the terminal has all.

import SiteAuthoring
import Traffic

/// One list of some days.
struct ListPage: Component {
    let address: StatisticsAddress
    let subject: StatisticsSubject
    let list: StatisticsList
    /// How long answers took, beside the list of times.
    var times: TimeShares?
    /// Kinds of sites, beside the list of sources.
    var groups: StatisticsList?
    /// What was not sent, beside the list of answers.
    var saved: SavedBytes?
    let today: Int
    let made: String

    private var text: SubjectText { SubjectText.of(subject) }

    var view: HTML {
        PageFrame(title: text.title, address: address, today: today, made: made) {
            PeriodHead(
                period: address.period, subject: address.subject, today: today, title: text.title)
            p(.cls("note")) { text.about }
            if let times, times.total > 0 {
                FigureTiles(figures: [
                    Figure(label: "Half of all views", value: times.text(percent: 50)),
                    Figure(label: "95 of 100", value: times.text(percent: 95)),
                    Figure(label: "99 of 100", value: times.text(percent: 99)),
                ])
            }
            if let groups {
                section(.cls("card")) {
                    h2 { "By kind" }
                    ListTable(list: groups, empty: text.empty)
                }
                p {}
            }
            if let saved {
                FigureTiles(figures: [
                    Figure(
                        label: "Views answered with 304",
                        value: Shown.share(saved.unchanged, of: saved.views),
                        before: "\(Shown.number(saved.unchanged)) of \(Shown.number(saved.views))"),
                    Figure(label: "Bytes these saved", value: Shown.bytes(saved.bytes)),
                ])
                section(.cls("card")) {
                    h2 { "Codings of whole pages" }
                    ListTable(list: codings(saved), empty: "No whole page was sent.")
                }
                p {}
            }
            section(.cls("card")) { ListTable(list: list, empty: text.empty) }
            if list.lines.count >= StatisticsReading.linesMax {
                p(.cls("note")) {
                    "The first \(StatisticsReading.linesMax). `sitegen stats` has all: "
                    code { "sitegen stats --by \(subject.rawValue) --limit 100000" }
                }
            }
        }
    }

    private func codings(_ saved: SavedBytes) -> StatisticsList {
        let most = saved.codings.map(\.value).max() ?? 1
        return StatisticsList(
            columns: [
                .init(name: "Coding", isNumber: false), .init(name: "Views", isNumber: true),
                .init(name: "Bytes", isNumber: true), .init(name: "Mean", isNumber: true),
            ],
            lines: saved.codings.map { line in
                [
                    .init(text: line.name),
                    .init(
                        text: Shown.number(line.value), share: Double(line.value) / Double(most)),
                    .init(text: Shown.bytes(line.second)),
                    .init(text: Shown.bytes(line.second / max(1, line.value))),
                ]
            })
    }
}
