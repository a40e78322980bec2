// When an ingester does what, on a clock that the tests move.

import Testing

@testable import Traffic

@Suite("Schedule of an ingester") struct IngestScheduleTests {
    private let start = ContinuousClock.now

    /// What is done in some seconds, if every action takes no time and finds nothing more.
    private func actions(for seconds: Int, hasMore: Bool = false) -> [IngestSchedule.Action] {
        var schedule = IngestSchedule(at: start)
        var now = start
        var done: [IngestSchedule.Action] = []
        while now < start + .seconds(seconds), done.count < 1_000 {
            switch schedule.next(at: now) {
            case .rest(let until): now = until
            case let action:
                done.append(action)
                schedule.did(action, hasMore: hasMore && action == .ingest, at: now)
                if hasMore { now += .milliseconds(100) }
            }
        }
        return done
    }

    @Test func `everything is done once at the start, keys and partitions before records`() {
        let done = actions(for: 1)
        #expect(done == [.exchangeKeys, .makeDays, .ingest, .seal, .expire])
    }

    @Test func `records are taken once a second`() {
        #expect(actions(for: 20).count { $0 == .ingest } == 20)
    }

    @Test func `keys and old rows are looked at once a minute, days every ten minutes`() {
        let done = actions(for: 610)
        #expect(done.count { $0 == .exchangeKeys } == 11)
        #expect(done.count { $0 == .expire } == 11)
        #expect(done.count { $0 == .makeDays } == 2)
        #expect(done.count { $0 == .seal } == 2)
    }

    @Test func `while more waits than fits into a batch, there is no rest, and order is kept`() {
        let done = actions(for: 65, hasMore: true)
        #expect(done.count { $0 == .ingest } > 600)
        #expect(done.count { $0 == .exchangeKeys } == 2)
        #expect(done.count { $0 == .expire } == 2)
    }

    @Test func `what waits for a lock is tried again a minute later and holds nothing up`() {
        var schedule = IngestSchedule(at: start)
        for action in IngestSchedule.Action.allCases { schedule.did(action, at: start) }
        schedule.postpone(.expire, at: start + .seconds(10))
        schedule.did(.exchangeKeys, at: start + .seconds(59))
        let now = start + .seconds(65)
        #expect(schedule.next(at: now) == .ingest)
        schedule.did(.ingest, at: now)
        #expect(schedule.next(at: now) == .rest(until: now + .seconds(1)))
        #expect(schedule.next(at: start + .seconds(70)) == .ingest)
    }
}
