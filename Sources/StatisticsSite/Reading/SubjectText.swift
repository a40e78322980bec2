// What lists are called, what they say, and how the columns of an answer are written.
//
// The words are those of docs/traffic.md; About these numbers has the definitions.

import Traffic

/// The words of a list.
struct SubjectText {
    /// What it is called.
    let title: String
    /// One sentence about it.
    let about: String
    /// What stands where nothing was counted.
    let empty: String

    private init(_ title: String, _ about: String, _ empty: String = "Nothing was counted.") {
        self.title = title
        self.about = about
        self.empty = empty
    }

    /// The lists, in the order of the navigation.
    static let order: [StatisticsSubject] = [
        .pages, .entries, .exits, .sources, .campaigns, .agents, .missing, .slow, .slots,
        .statuses, .reports, .vitals, .feeds, .robots, .losses,
    ]

    /// The words of a list.
    static func of(_ subject: StatisticsSubject) -> SubjectText {
        switch subject {
        case .days: SubjectText("Days", "A line for each day.")
        case .pages:
            SubjectText("Pages", "What was read. A page that a browser had already (304) counts.")
        case .entries:
            SubjectText("Entries", "Where visits begin; a bounce is a visit of one view.")
        case .exits: SubjectText("Exits", "Where visits end.")
        case .sources:
            SubjectText(
                "Sources",
                "Where visits came from. Typed: an address, a bookmark, a new tab. Hidden: a site "
                    + "that does not tell. Continued: midnight or a pause has cut a visit.")
        case .campaigns:
            SubjectText(
                "Campaigns", "What stood in utm_source, utm_medium and utm_campaign, or in ref.",
                "No visit came from a campaign.")
        case .agents: SubjectText("Browsers", "Browsers, systems and devices of people.")
        case .missing:
            SubjectText(
                "Missing", "Addresses that lead nowhere, and what links there.",
                "Every address that was asked for leads somewhere.")
        case .slow: SubjectText("Times", "How long the server worked for an answer.")
        case .slots:
            SubjectText(
                "Slots", "How fragments came into pages: fresh, stale, or not at all (fallback).",
                "No page with slots was asked for.")
        case .statuses:
            SubjectText("Answers", "All answers by kind and status, what 304s and codings save.")
        case .reports:
            SubjectText(
                "Policy reports", "What browsers refused since a page's policy forbids it.",
                "No browser has reported a violation.")
        case .vitals:
            SubjectText(
                "Vitals", "What browsers measured: three quarters of them were at most so long.",
                "No page measures, or no browser has told anything.")
        case .feeds:
            SubjectText(
                "Feeds", "Feeds, what reads them, and how many readers that says it has.",
                "No feed was asked for.")
        case .robots:
            SubjectText(
                "Robots", "Robots by name and by what gave them away; none counts as a view.",
                "No robot came.")
        case .losses:
            SubjectText(
                "Losses", "Answers that have no record, since a spool was full.",
                "Every answer has a record.")
        }
    }

    /// The name of a column, and how its values are written; nil for texts.
    static func column(_ name: String) -> (title: String, value: ((Int) -> String)?) {
        switch name {
        case "bytes": ("Bytes", Shown.bytes)
        case "mean_micros": ("Mean", { Shown.time(microseconds: $0) })
        case "slow": ("Over 100 ms", Shown.number)
        case "at_most": ("At most", { "\(Shown.number($0)) ms" })
        case "hits": ("Answers", Shown.number)
        case "views", "visits", "visitors", "entries", "exits", "bounces", "count", "measured",
            "subscribers":
            (name.prefix(1).uppercased() + name.dropFirst(), Shown.number)
        default: (name.prefix(1).uppercased() + name.dropFirst(), nil)
        }
    }
}
