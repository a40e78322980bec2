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
    private let shortestLifetime: Duration
    /// The rows whose fragments are not published yet.
    private var changed: Set<ViewKey> = []
    private var nextWhole = ContinuousClock.now
    private var nextAttempt = ContinuousClock.now
    private var lastProblem: String?

    /// How often all fragments are published at least.
    private static let wholeInterval = Duration.seconds(60)
    /// How long Redis is left alone after it failed.
    private static let pause = Duration.seconds(1)

    /// Begins with all of a site's fragments to be published; nil if there is nothing to do.
    init?(_ site: Site, redisURL: String?) {
        guard let redisURL,
            let lifetime = site.fragments.map(\.lifetimeSeconds).min()
        else { return nil }
        self.redisURL = redisURL
        shortestLifetime = .seconds(max(lifetime, 1))
    }

    /// Notes rows that have changed.
    mutating func note(_ changes: Set<ViewKey>, _ site: Site) {
        let views = Set(site.fragments.map(\.schema.name))
        for row in changes where views.contains(row.view) { changed.insert(row) }
    }

    /// Everything has to be published again.
    mutating func noteAll() { nextWhole = .now }

    /// Publishes what is due.
    ///
    /// - Returns: what went wrong, if that is news.
    mutating func publish(
        _ publication: FragmentPublication, from open: FollowConnections
    ) -> BuildError? {
        let now = ContinuousClock.now
        let isWhole = now >= nextWhole
        guard isWhole || !changed.isEmpty, now >= nextAttempt else { return nil }
        do throws(BuildError) {
            if isWhole {
                try publication.publish(to: redisURL, isStrict: false)
            } else {
                try publication.publish(changed, from: &open.reading, to: redisURL)
            }
            lastProblem = nil
        } catch {
            // Rows without a fragment: the others are published, and these come with all again.
            if case .fragments = error { done(isWhole, now) } else { failed(now) }
            return news(error)
        }
        done(isWhole, now)
        return nil
    }

    private mutating func done(_ isWhole: Bool, _ now: ContinuousClock.Instant) {
        changed = []
        if isWhole { nextWhole = now + min(Self.wholeInterval, shortestLifetime / 2) }
    }

    private mutating func failed(_ now: ContinuousClock.Instant) {
        nextAttempt = now + Self.pause
        // A Redis that comes back may be empty: all are published, also those that changed.
        nextWhole = now
        changed = []
    }

    private mutating func news(_ error: BuildError) -> BuildError? {
        let text = "\(error)"
        defer { lastProblem = text }
        return text == lastProblem ? nil : error
    }
}
