// The statistics as a site: each address is made when it is asked for, from counts, by components
// as any page of a site, and is stored nowhere.
//
// It is linked into the tool and serves on a listener of its own (docs/decisions), so no release
// can contain it. What a page shows is read in one snapshot.

import Groundwork
package import Postgres
package import SiteAuthoring
import Traffic

/// The statistics of a site's traffic.
package enum StatisticsSite {
    /// What pages have in common: the strict policy, and that nobody may keep, frame or index them.
    package static let site = Site(
        title: "Statistics", origin: Origin(literal: "http://localhost"), routes: [],
        headers: [
            .set("referrer-policy", to: "no-referrer"), .set("x-robots-tag", to: "noindex"),
            .set("cross-origin-resource-policy", to: "same-origin"),
        ])

    /// What is at an address.
    ///
    /// - Parameters:
    ///   - path: decoded.
    ///   - connection: of a role that may read statistics, in a transaction that sees one snapshot.
    /// - Returns: the output, and whether it is the page for unknown addresses.
    /// - Throws: what PostgreSQL says.
    package static func output(
        at path: String, on connection: borrowing Connection
    ) throws -> (output: Output, isKnown: Bool) {
        if let file = file(at: path) { return (file, true) }
        let reading = try StatisticsReading(on: connection)
        let today = reading.today
        if let address = StatisticsAddress(path, today: today),
            let output = try output(address, reading, on: connection)
        {
            return (output, true)
        }
        return (.page(at: "/404.html", LostPage(today: today)), false)
    }

    /// What is no page.
    private static func file(at path: String) -> Output? {
        switch path {
        case "/icon.svg": .xml(at: path, mediaType: "image/svg+xml", IconDrawing())
        case "/robots.txt": .text(at: path, "User-agent: *\nDisallow: /\n")
        default: nil
        }
    }

    private static func output(
        _ address: StatisticsAddress, _ reading: StatisticsReading,
        on connection: borrowing Connection
    ) throws -> Output? {
        let (period, today) = (address.period, reading.today)
        let made =
            "Made on \(PagePeriod.text(today, "d MMMM yyyy")) at \(reading.clock), \(reading.zone)."
        switch address.subject {
        case .overview:
            let overview = try overview(period, today, on: connection)
            return .page(at: address.path, OverviewPage(overview: overview, made: made))
        case .list(let subject):
            let page = ListPage(
                address: address, subject: subject,
                list: try StatisticsReading.list(subject, period, on: connection),
                times: subject == .slow
                    ? try StatisticsReading.times(period, on: connection) : nil,
                groups: subject == .sources
                    ? try StatisticsReading.groups(period, on: connection) : nil,
                saved: subject == .statuses
                    ? try StatisticsReading.saved(period, on: connection) : nil,
                today: today, made: made)
            return .page(at: address.path, page)
        case .page, .source, .campaign:
            guard let detail = try StatisticsReading.detail(address, on: connection) else {
                return nil
            }
            return .page(
                at: address.path,
                DetailPage(address: address, detail: detail, today: today, made: made))
        case .about:
            let state = try StatisticsReading.state(on: connection)
            return .page(at: address.path, AboutPage(state: state, today: today, made: made))
        }
    }

    private static func overview(
        _ period: PagePeriod, _ today: Int, on connection: borrowing Connection
    ) throws -> Overview {
        var lists: [(subject: StatisticsSubject, list: StatisticsList)] = []
        for (subject, limit) in Overview.lists {
            lists.append(
                (
                    subject,
                    try StatisticsReading.list(subject, period, limit: limit, on: connection)
                ))
        }
        return Overview(
            period: period, today: today,
            totals: try StatisticsReading.totals(period, on: connection),
            before: try StatisticsReading.totals(period.previous, on: connection),
            points: try StatisticsReading.views(period, on: connection), lists: lists,
            lately: period.kind == .today
                ? try StatisticsReading.lately(minutes: Overview.latelyMinutes, on: connection)
                : nil)
    }
}
