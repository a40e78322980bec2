// What the numbers mean, what is missing in them, and the settings in force.
//
// The words are those of docs/traffic.md, said for those who read the numbers.

import SiteAuthoring
import Traffic

/// About these numbers.
struct AboutPage: Component {
    let state: NumbersState
    let today: Int
    let made: String

    private static let terms: [(name: String, text: String)] = [
        (
            "View",
            """
            A page that a person's browser asked for by navigating: sent whole (200), or unchanged \
            (304). A page that was prefetched counts when, within ten minutes, the same visitor \
            asks for something out of it. Going back asks nothing of the server, so it counts as \
            nothing unless the page has a script that tells it.
            """
        ),
        (
            "Visitor",
            """
            Known by a number that is made with a key of the day, which is destroyed with its day. \
            Exact within a day; over days, visitors add up to visitor-days.
            """
        ),
        (
            "Visit",
            """
            The views of one visitor without a pause, within a day. One that midnight or a pause \
            has cut is continued. A bounce is a visit of one view; it has no length.
            """
        ),
        (
            "Source",
            """
            The host of the page with the link, without its path. Typed: an address, a bookmark, a \
            new tab. Hidden: another site that does not tell its name.
            """
        ),
        (
            "Robot",
            """
            Named by its User-Agent, or given away by a request or by its whole day. It is shown \
            by name and reason, and counts as nothing else.
            """
        ),
        ("Missing", "An address that leads nowhere (404 or 410), asked for by people."),
        ("Before", "The whole period before. While a period is not over, no change is shown."),
        (
            "Left out",
            """
            Who objects (/-/measure/off) counts by hour and status alone. Who sends Do Not Track \
            or Global Privacy Control counts as views, without a visitor.
            """
        ),
    ]

    var view: HTML {
        PageFrame(
            title: "About these numbers", address: StatisticsAddress(.recent(upTo: today), .about),
            today: today, made: made
        ) {
            h1 { "About these numbers" }
            p(.cls("note")) {
                "Everything is counted from what the server itself answered; no cookie and no "
                "address is kept. Each count can be proved while its rows are kept: "
                code { "sitegen log verify DAY" }
                "."
            }
            section(.cls("card")) {
                h2 { "What is missing in them" }
                ListTable(list: faults, empty: "")
            }
            p {}
            section(.cls("card")) {
                h2 { "Settings" }
                ListTable(list: settings, empty: "")
            }
            h2 { "Words" }
            dl(.cls("terms")) {
                for term in Self.terms {
                    dt { term.name }
                    dd { term.text }
                }
            }
        }
    }

    private var faults: StatisticsList {
        pairs([
            ("Answers without a record, since a spool was full", Shown.number(state.lost)),
            ("Records whose time cannot be, counted as they came", Shown.number(state.redated)),
            ("Records that were refused", Shown.number(state.refused)),
            (
                "Days that are over and not proved",
                state.unsealed.isEmpty ? "none" : state.unsealed.joined(separator: ", ")
            ),
        ])
    }

    private var settings: StatisticsList {
        let settings = state.settings
        let half = "\(settings.halfLifeMinutes) minutes"
        return pairs([
            ("Days and hours are those of", settings.zone),
            ("A visit is over without a view for", "\(settings.visitMinutes) minutes"),
            ("Rows are kept for", "\(settings.hitDays) days"),
            ("Counts are kept for", "\(settings.countMonths) months"),
            ("What was read counts half for “most read” after", half),
            (
                "Ten views without a style or picture are a robot's",
                settings.asksForAssets ? "yes" : "no"
            ),
            ("The first day with counts", state.oldest ?? "–"),
            ("The first day with rows", state.oldestRows ?? "–"),
        ])
    }

    private func pairs(_ pairs: [(String, String)]) -> StatisticsList {
        StatisticsList(
            columns: [.init(name: "", isNumber: false), .init(name: "", isNumber: true)],
            lines: pairs.map { [.init(text: $0.0), .init(text: $0.1)] })
    }
}
