// When a follower does what: a state machine of what was done and what time it is, without a clock
// and without a database.
//
// A look is a row of actions, each given once at most; it ends with the first that found something
// to do, or with `rest`. Times are given to it, so tests move the clock.

import MaterializedViews

/// What a follower does next.
struct FollowSchedule {
    /// A time of the clock that runs on while a machine sleeps or is set.
    typealias Instant = ContinuousClock.Instant

    /// What can be done in a look, in the order in which it is.
    enum Action: Equatable {
        /// Make what depends on all pages, such as the site map.
        case settle
        /// Remove old releases and files.
        case prune
        /// Try the rows without pages again.
        case retry
        /// Look whether views are still made from what they were made from.
        case lookAtSources
        /// Let the views take in what is queued, and make the pages of rows that changed.
        case takeIn
        /// Publish the fragments that are due.
        case publishFragments
        /// Tell the log that somebody still reads it.
        case acknowledge
        /// Compare the views that have no log.
        case compare
        /// Compress some pages again, smaller.
        case deepen
        /// Leave the database alone for a poll.
        case rest
    }

    /// What the follower knows besides.
    struct Facts {
        var hasFailedRows = false
        var hasUnloggedViews = false
        var deepens = false
    }

    private enum Stage: Int {
        case overdue, pruneOverdue, retry, sources, takeIn, fragments, acknowledge, compare
        case settle, prune, deepen
    }

    /// How long rows without pages are left alone, while nothing changes them.
    static let retrying = Duration.seconds(1)
    /// How often the log is told that somebody still reads it.
    static let acknowledging = Duration.seconds(3_600)
    /// What may take long is done so much more seldom than it takes: a tenth of the time at most.
    private static let seldom = 10

    private let pace: FollowPace
    /// The next stage of the look, by its number.
    private var place = 0
    private var hasSettledInLook = false
    /// Whether something remains to be done when changes pause.
    private(set) var isUnsettled: Bool
    /// Whether pages changed since the rows without pages were tried.
    private var shouldRetry = false
    private var unsettledSince: Instant
    private var lastChange: Instant
    private var lastSettled: Instant
    private var settlingTook = Duration.zero
    private var lastCompared: Instant
    private var comparingTook = Duration.zero
    private var lastRetried: Instant
    private var lastPruned: Instant
    private var lastAcknowledged: Instant
    private var nextSources: Instant

    /// Begins behind a build; `isUnsettled` if it left what depends on all pages undone.
    init(_ pace: FollowPace, isUnsettled: Bool = false, at now: Instant) {
        self.pace = pace
        self.isUnsettled = isUnsettled
        unsettledSince = now
        lastChange = now
        lastSettled = now
        lastCompared = now
        lastRetried = now
        lastPruned = now
        lastAcknowledged = now
        nextSources = now
    }

    /// The next action of the look; a new look begins behind its end.
    mutating func next(_ facts: Facts, at now: Instant) -> Action {
        while let stage = Stage(rawValue: place) {
            place += 1
            if let action = action(of: stage, facts, now) { return action }
        }
        beginLook()
        return .rest
    }

    /// Notes an action that was done.
    ///
    /// - Parameters:
    ///   - action: what `next` gave.
    ///   - found: whether there was something to do, for those that look for it.
    ///   - start: when it began.
    ///   - end: when it was done.
    /// - Returns: whether the look ends with it.
    mutating func did(
        _ action: Action, found: Bool = true, from start: Instant, to end: Instant
    ) -> Bool {
        var isOver = false
        switch action {
        case .settle:
            isUnsettled = false
            lastSettled = end
            settlingTook = end - start
            hasSettledInLook = true
            isOver = place > Stage.pruneOverdue.rawValue
        case .takeIn:
            isOver = found
            if found { lastChange = end }
        case .compare:
            lastCompared = end
            comparingTook = end - start
            isOver = found
            if found { lastChange = end }
        case .deepen: isOver = found
        case .retry, .lookAtSources, .publishFragments, .prune, .acknowledge, .rest: break
        }
        if isOver { beginLook() }
        return isOver
    }

    /// Notes that pages went live: what depends on all pages is old, and what was in the way of
    /// others may be gone.
    mutating func noteChange(at now: Instant) {
        if !isUnsettled { unsettledSince = now }
        isUnsettled = true
        shouldRetry = true
    }

    /// Notes that the log was told.
    mutating func noteAcknowledgement(at now: Instant) { lastAcknowledged = now }

    /// Notes a new connection: what it shows is looked at from the beginning.
    mutating func noteConnection(at now: Instant) {
        beginLook()
        nextSources = now
    }

    private mutating func beginLook() {
        place = 0
        hasSettledInLook = false
    }

    private mutating func action(
        of stage: Stage, _ facts: Facts, _ now: Instant
    ) -> Action? {
        switch stage {
        case .overdue:
            // Changes that never pause must not keep the site map old, nor old releases, for ever.
            let isOverdue = isUnsettled && now - unsettledSince >= pace.unsettled
            return isOverdue && isSettlingSeldom(now) ? .settle : nil
        case .pruneOverdue: return hasSettledInLook ? pruneIfDue(now) : nil
        case .retry:
            guard shouldRetry, facts.hasFailedRows, now - lastRetried >= Self.retrying else {
                return nil
            }
            shouldRetry = false
            lastRetried = now
            return .retry
        case .sources:
            guard now >= nextSources else { return nil }
            nextSources = now + SourceWatch.interval
            return .lookAtSources
        case .takeIn: return .takeIn
        case .fragments: return .publishFragments
        case .acknowledge:
            return now - lastAcknowledged >= Self.acknowledging ? .acknowledge : nil
        case .compare:
            let pause = max(pace.comparing, comparingTook * Self.seldom)
            return facts.hasUnloggedViews && now - lastCompared >= pause ? .compare : nil
        case .settle:
            let isDue = isUnsettled && now - lastChange >= pace.settling
            return isDue && isSettlingSeldom(now) ? .settle : nil
        case .prune: return isUnsettled ? nil : pruneIfDue(now)
        case .deepen:
            let isDue = facts.deepens && !isUnsettled && now - lastChange >= pace.deepening
            return isDue ? .deepen : nil
        }
    }

    private func isSettlingSeldom(_ now: Instant) -> Bool {
        now - lastSettled >= settlingTook * Self.seldom
    }

    private mutating func pruneIfDue(_ now: Instant) -> Action? {
        guard now - lastPruned >= pace.pruning else { return nil }
        lastPruned = now
        return .prune
    }
}
