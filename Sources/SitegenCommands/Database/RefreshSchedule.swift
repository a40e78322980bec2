// When `db refresh --follow` does what on one connection, without a clock and without a database.
//
// A pass begins with what is due by the time, asks for queued changes once, and rests. One that
// found some is followed by another at once, which tells failures anew.

import MaterializedViews

/// What the follower of a queue does next.
struct RefreshSchedule {
    typealias Instant = ContinuousClock.Instant

    /// What can be done in a pass.
    enum Action: Equatable {
        /// Name what cannot be kept up to date.
        case tellFailures
        /// Drop old events.
        case prune
        /// Look whether views are still made from what they were made from.
        case lookAtSources
        /// Let the views take in what is queued.
        case takeIn
        /// Leave the queue alone for a poll.
        case rest
    }

    /// How long old events may lie about before they are dropped.
    static let pruneInterval = Duration.seconds(3_600)

    private var hasTold = false
    private var hasTakenIn = false
    private var nextPrune: Instant
    private var nextLook: Instant

    /// Begins on a new connection, with everything.
    init(at now: Instant) {
        nextPrune = now
        nextLook = now
    }

    /// The next action.
    mutating func next(at now: Instant) -> Action {
        if !hasTold {
            hasTold = true
            return .tellFailures
        }
        if now >= nextPrune {
            nextPrune = now + Self.pruneInterval
            return .prune
        }
        if now >= nextLook {
            nextLook = now + SourceWatch.interval
            return .lookAtSources
        }
        hasTakenIn.toggle()
        return hasTakenIn ? .takeIn : .rest
    }

    /// Notes that views took something in: there may be more.
    mutating func noteChange() {
        hasTold = false
        hasTakenIn = false
    }
}
