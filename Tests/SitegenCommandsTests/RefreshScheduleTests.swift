// When `db refresh --follow` does what, with a clock that the test moves.

import MaterializedViews
import Testing

@testable import SitegenCommands

@Suite("Schedule of refreshing") struct RefreshScheduleTests {
    private let start = ContinuousClock.now

    /// What is done until the follower rests.
    private func pass(
        _ schedule: inout RefreshSchedule, at now: ContinuousClock.Instant
    ) -> [RefreshSchedule.Action] {
        var done: [RefreshSchedule.Action] = []
        while case let action = schedule.next(at: now), action != .rest { done.append(action) }
        return done
    }

    @Test func `a connection begins with everything, and then only asks for changes`() {
        var schedule = RefreshSchedule(at: start)
        let first = pass(&schedule, at: start)
        #expect(first == [.tellFailures, .prune, .lookAtSources, .takeIn])
        let second = pass(&schedule, at: start + .milliseconds(20))
        #expect(second == [.takeIn])
    }

    @Test func `changes are followed by another pass at once, which tells failures`() {
        var schedule = RefreshSchedule(at: start)
        _ = pass(&schedule, at: start)
        let action = schedule.next(at: start)
        #expect(action == .takeIn)
        schedule.noteChange()
        let done = pass(&schedule, at: start)
        #expect(done == [.tellFailures, .takeIn])
    }

    @Test func `sources are looked at every two seconds, old events dropped every hour`() {
        var schedule = RefreshSchedule(at: start)
        var (looks, prunes) = (0, 0)
        for second in 0...3_600 {
            let done = pass(&schedule, at: start + .seconds(second))
            looks += done.filter { $0 == .lookAtSources }.count
            prunes += done.filter { $0 == .prune }.count
        }
        #expect(looks == 1_801)
        #expect(prunes == 2)
    }
}
