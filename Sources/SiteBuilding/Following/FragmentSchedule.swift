// When the fragments of a followed site are published, without a clock and without Redis.
//
// Those of changed rows are at once, and all of them before their lifetimes end. A Redis that
// failed is left alone for a while, and has all of them again then: it may come back empty.

/// When a follower publishes which fragments.
struct FragmentSchedule {
    typealias Instant = ContinuousClock.Instant

    /// What is to be published.
    enum Part {
        case all, changed
    }

    /// How often all fragments are published at least.
    static let wholeInterval = Duration.seconds(60)
    /// How long Redis is left alone after it failed.
    static let pause = Duration.seconds(1)

    private let shortestLifetime: Duration
    private var nextWhole: Instant
    private var nextAttempt: Instant

    /// Begins with all of them.
    init(shortestLifetime: Duration, at now: Instant) {
        self.shortestLifetime = shortestLifetime
        nextWhole = now
        nextAttempt = now
    }

    /// What is due; nil if nothing is.
    func next(hasChanges: Bool, at now: Instant) -> Part? {
        guard now >= nextAttempt else { return nil }
        return now >= nextWhole ? .all : hasChanges ? .changed : nil
    }

    /// Everything has to be published again.
    mutating func noteAll(at now: Instant) { nextWhole = now }

    /// Notes what was published.
    mutating func did(_ part: Part, at now: Instant) {
        if part == .all { nextWhole = now + min(Self.wholeInterval, shortestLifetime / 2) }
    }

    /// Notes that Redis could not be told.
    mutating func failed(at now: Instant) {
        nextAttempt = now + Self.pause
        nextWhole = now
    }
}
