// The fragments of a site that is followed: those of changed rows at once, and all of them before
// their lifetimes end.
//
// Nothing that goes wrong here stops the pages: it is told once, and tried again. Fragments of
// views that write no log are seen to with all the others.

import ReleaseFormat
import SiteAuthoring

/// What Redis has to be told.
struct FollowedFragments {
    private let redisURL: String
    private var schedule: FragmentSchedule
    /// The rows whose fragments are not published yet.
    private var changed: Set<ViewKey> = []
    private var lastProblem: String?

    /// Begins with all of a site's fragments to be published; nil if there is nothing to do.
    init?(_ site: Site, redisURL: String?) {
        guard let redisURL,
            let lifetime = site.fragments.map(\.lifetimeSeconds).min()
        else { return nil }
        self.redisURL = redisURL
        schedule = FragmentSchedule(shortestLifetime: .seconds(max(lifetime, 1)), at: .now)
    }

    /// Notes rows that have changed.
    mutating func note(_ changes: Set<ViewKey>, _ site: Site) {
        let views = Set(site.fragments.map(\.schema.name))
        for row in changes where views.contains(row.view) { changed.insert(row) }
    }

    /// Everything has to be published again.
    mutating func noteAll() { schedule.noteAll(at: .now) }

    /// Publishes what is due.
    ///
    /// - Returns: what went wrong, if that is news.
    mutating func publish(
        _ publication: FragmentPublication, from open: FollowConnections
    ) -> (any Error)? {
        let now = ContinuousClock.now
        guard let part = schedule.next(hasChanges: !changed.isEmpty, at: now) else { return nil }
        do {
            switch part {
            case .all: try publication.publish(to: redisURL, isStrict: false)
            case .changed: try publication.publish(changed, from: &open.reading, to: redisURL)
            }
            lastProblem = nil
        } catch {
            // Rows without a fragment: the others are published, and these come with all again.
            if case BuildError.fragments = error {
                schedule.did(part, at: now)
            } else {
                schedule.failed(at: now)
            }
            changed = []
            return news(error)
        }
        schedule.did(part, at: now)
        changed = []
        return nil
    }

    private mutating func news(_ error: any Error) -> (any Error)? {
        let text = "\(error)"
        defer { lastProblem = text }
        return text == lastProblem ? nil : error
    }
}
