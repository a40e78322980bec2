// The frame of every page of statistics: head, navigation, heading, foot, and the one style sheet.
//
// Light and dark follow the reader's system. No script, no font, no picture: a page is one file.

import SiteAuthoring
import Traffic

/// The frame of a page.
struct PageFrame: Component {
    let title: String
    /// What is shown, so that the navigation can mark it; nil for an unknown address.
    let address: StatisticsAddress?
    /// The day it is.
    let today: Int
    /// What stands at the foot: when the page was made.
    let made: String
    @HTMLBuilder let content: () -> HTML

    var view: HTML {
        html(.lang("en")) {
            head {
                meta(.charset("utf-8"))
                meta(.name("viewport"), .content("width=device-width, initial-scale=1"))
                meta(.name("color-scheme"), .content("light dark"))
                Markup.title { "\(title) – Statistics" }
                link(.rel("icon"), .type("image/svg+xml"), .href("/icon.svg"))
            }
            body {
                a(.cls("skip"), .href("#main")) { "Skip to the numbers" }
                Markup.header {
                    nav(.aria("label", "Periods")) { periods }
                }
                Markup.main(.id("main"), .tabindex(-1)) { content() }
                nav(.cls("lists"), .aria("label", "Lists")) { lists }
                footer { p { made } }
            }
        }
    }

    /// The periods that today is in.
    @HTMLBuilder private var periods: HTML {
        ul {
            for (name, period) in [
                ("Today", PagePeriod.today(today)), ("Yesterday", .day(today - 1)),
                ("Week", .week(of: today)), ("Month", .month(of: today)),
                ("Year", .year(of: today)), ("30 days", .recent(upTo: today)),
            ] {
                li { entry(name, StatisticsAddress(period)) }
            }
        }
    }

    /// The lists of the period that is shown.
    @HTMLBuilder private var lists: HTML {
        let period = address.map { $0.period.kind == .today ? .day(today) : $0.period }
        ul {
            for subject in SubjectText.order {
                li {
                    entry(
                        SubjectText.of(subject).title,
                        StatisticsAddress(period ?? .recent(upTo: today), .list(subject)))
                }
            }
            li { entry("About these numbers", StatisticsAddress(.recent(upTo: today), .about)) }
        }
    }

    private func entry(_ name: String, _ target: StatisticsAddress) -> HTML {
        a(
            .href(target.path),
            target.path == address?.path ? .aria("current", "page") : .none
        ) { name }
    }
}
