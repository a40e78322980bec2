// The addresses of statistics: `/`, `/month/2026-11/`, `/month/2026-11/sources/`, `/page/17/`.
//
// No text of a stranger is in an address: pages, sources and campaigns have numbers. No page takes
// a parameter, so none can be asked for what it does not show by itself.

import SiteAuthoring
import Traffic

/// What a page of statistics shows.
struct StatisticsAddress: Hashable, Sendable {
    /// What it is about.
    enum Subject: Hashable, Sendable {
        /// The numbers of some days.
        case overview
        /// A list.
        case list(StatisticsSubject)
        /// One page of the site, by its number.
        case page(Int32)
        /// One source of visits.
        case source(Int32)
        /// One campaign.
        case campaign(Int32)
        /// What the numbers mean.
        case about
    }

    /// Which days.
    let period: PagePeriod
    /// What of them.
    let subject: Subject

    /// Names a page.
    init(_ period: PagePeriod, _ subject: Subject = .overview) {
        self.period = period
        self.subject = subject
    }

    /// Reads a path; nil for what is no address.
    ///
    /// - Parameters:
    ///   - path: decoded.
    ///   - today: the day it is, as a number since 2000.
    init?(_ path: String, today: Int) {
        guard path.hasPrefix("/"), path.hasSuffix("/") else { return nil }
        var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        parts = path == "/" ? [] : Array(parts.dropFirst().dropLast())
        var period: PagePeriod?
        if let kind = parts.first.flatMap(PagePeriod.Kind.init(rawValue:)) {
            switch kind {
            case .today: return nil
            case .recent:
                period = .recent(upTo: today)
                parts.removeFirst()
                guard parts.isEmpty else { return nil }
            case .day, .week, .month, .year:
                guard parts.count > 1, let named = PagePeriod(kind, parts[1]) else { return nil }
                period = named
                parts.removeFirst(2)
            }
        }
        guard let subject = Self.subject(parts, isOfPeriod: period != nil) else { return nil }
        self.period = period ?? (subject == .overview ? .today(today) : .recent(upTo: today))
        self.subject = subject
    }

    private static func subject(_ parts: [String], isOfPeriod: Bool) -> Subject? {
        guard let name = parts.first else { return .overview }
        if parts.count == 1, let list = StatisticsSubject(rawValue: name), list != .days {
            return .list(list)
        }
        guard !isOfPeriod else { return nil }
        if parts == ["about"] { return .about }
        guard parts.count == 2, let id = Int32(parts[1]), "\(id)" == parts[1], id >= 0 else {
            return nil
        }
        return switch name {
        case "page": .page(id)
        case "source": .source(id)
        case "campaign": .campaign(id)
        default: nil
        }
    }

    /// The path.
    var path: PagePath {
        let days = period.name.isEmpty ? "/" : "/\(period.kind.rawValue)/\(period.name)/"
        return switch subject {
        case .overview: period.kind == .recent ? "/recent/" : PagePath(days)
        case .list(let list): PagePath("\(days)\(list.rawValue)/")
        case .page(let id): "/page/\("\(id)")/"
        case .source(let id): "/source/\("\(id)")/"
        case .campaign(let id): "/campaign/\("\(id)")/"
        case .about: "/about/"
        }
    }
}
