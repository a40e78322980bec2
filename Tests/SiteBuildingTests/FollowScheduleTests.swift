// When a follower does what, with a clock that the test moves: no database, no waiting.

import Testing

@testable import SiteBuilding

@Suite("Schedule of following") struct FollowScheduleTests {
    typealias Action = FollowSchedule.Action

    /// A follower whose actions take no time, unless the test says so.
    private struct Driver {
        var now = ContinuousClock.now
        var facts = FollowSchedule.Facts()
        var schedule: FollowSchedule
        /// How long each action takes.
        var took: [Action: Duration] = [:]
        /// Which actions find something, so that pages go live.
        var finds: Set<Action> = []

        init(isUnsettled: Bool = false) {
            schedule = FollowSchedule(FollowPace(), isUnsettled: isUnsettled, at: now)
        }

        /// One look: what was done, without what every look does.
        mutating func look() -> [Action] {
            var done: [Action] = []
            while true {
                let start = now
                let action = schedule.next(facts, at: start)
                if action == .rest { break }
                if !FollowScheduleTests.everyLook.contains(action) { done.append(action) }
                now += took[action] ?? .zero
                let found = finds.contains(action)
                if found, action != .deepen { schedule.noteChange(at: now) }
                if found, action == .takeIn { done.append(.takeIn) }
                if schedule.did(action, found: found, from: start, to: now) { break }
            }
            return done
        }

        /// Looks every 10 ms for so long; what was done, and when.
        mutating func looks(for time: Duration) -> [(Action, at: Duration)] {
            let start = now
            var done: [(Action, at: Duration)] = []
            while now - start < time {
                let before = now
                done += look().map { ($0, at: before - start) }
                now += .milliseconds(10)
            }
            return done
        }
    }

    private static let everyLook: Set<Action> = [.takeIn, .publishFragments, .lookAtSources]

    private func times(_ action: Action, _ done: [(Action, at: Duration)]) -> [Duration] {
        done.filter { $0.0 == action }.map(\.at)
    }

    @Test func `a look asks for changes and then publishes fragments, and rests`() {
        var schedule = FollowSchedule(FollowPace(), at: .now)
        let now = ContinuousClock.now
        var actions: [Action] = []
        for _ in 0..<2 {
            while case let action = schedule.next(.init(), at: now), action != .rest {
                actions.append(action)
                let isOver = schedule.did(action, found: false, from: now, to: now)
                #expect(!isOver)
            }
        }
        // Sources are looked at once in two seconds, everything else in each look.
        #expect(
            actions == [.lookAtSources, .takeIn, .publishFragments, .takeIn, .publishFragments])
    }

    @Test func `sources are looked at every two seconds, and anew on a new connection`() {
        let start = ContinuousClock.now
        var schedule = FollowSchedule(FollowPace(), at: start)
        func looks(_ seconds: Int) -> Bool {
            var looks = false
            while case let action = schedule.next(.init(), at: start + .seconds(seconds)),
                action != .rest
            {
                if action == .lookAtSources { looks = true }
            }
            return looks
        }
        #expect((0...5).map(looks) == [true, false, true, false, true, false])
        schedule.noteConnection(at: start + .seconds(5))
        #expect(looks(5))
    }

    @Test func `rows are taken in at once, and the look ends with them`() {
        var driver = Driver()
        driver.finds = [.takeIn]
        let done = driver.look()
        #expect(done == [.takeIn])
        #expect(driver.schedule.isUnsettled)
    }

    @Test func `what depends on all pages waits until changes pause`() {
        var driver = Driver()
        driver.finds = [.takeIn]
        _ = driver.look()
        driver.finds = []
        let done = driver.looks(for: .seconds(2))
        #expect(times(.settle, done) == [.milliseconds(300)])
        #expect(!driver.schedule.isUnsettled)
    }

    @Test func `what depends on all pages waits for a pause, however long nothing changed`() {
        var driver = Driver()
        driver.now += .seconds(3_600)
        driver.finds = [.takeIn]
        _ = driver.look()
        driver.finds = []
        let done = driver.looks(for: .seconds(2))
        #expect(times(.settle, done) == [.milliseconds(300)])
    }

    @Test func `changes that never pause are settled once a minute, and old releases go`() {
        var driver = Driver()
        driver.finds = [.takeIn]
        let done = driver.looks(for: .seconds(150))
        #expect(times(.settle, done) == [.seconds(60), .seconds(120)])
        #expect(times(.prune, done) == [.seconds(60), .seconds(120)])
    }

    @Test func `settling takes a tenth of the time at most`() {
        var driver = Driver(isUnsettled: true)
        driver.took = [.settle: .seconds(20)]
        driver.finds = [.takeIn]
        let done = driver.looks(for: .seconds(500))
        // The first is due after a minute; the next ten times as long after it as it took.
        #expect(times(.settle, done) == [.seconds(60), .seconds(280), .seconds(500)].dropLast())
    }

    @Test func `rows without pages are tried again a second after others changed, once`() {
        var driver = Driver()
        driver.facts.hasFailedRows = true
        var done = driver.looks(for: .seconds(3))
        #expect(times(.retry, done).isEmpty)
        driver.finds = [.takeIn]
        _ = driver.look()
        driver.finds = []
        done = driver.looks(for: .seconds(5))
        #expect(times(.retry, done) == [.zero])
        driver.finds = [.takeIn]
        done = driver.looks(for: .seconds(3))
        #expect(times(.retry, done).count == 3, "while pages change, once a second")
    }

    @Test func `a retry that made pages allows for another, not before a second`() {
        var driver = Driver()
        driver.facts.hasFailedRows = true
        driver.finds = [.takeIn, .retry]
        _ = driver.look()
        driver.finds = [.retry]
        driver.now += .seconds(1)
        let done = driver.looks(for: .milliseconds(2_500))
        #expect(times(.retry, done) == [.zero, .seconds(1), .seconds(2)])
    }

    @Test func `views without a log are compared every second, more seldom if that is long`() {
        var driver = Driver()
        var done = driver.looks(for: .seconds(3))
        #expect(times(.compare, done).isEmpty)
        driver.facts.hasUnloggedViews = true
        done = driver.looks(for: .seconds(3))
        #expect(times(.compare, done).count == 3)
        driver.took = [.compare: .seconds(2)]
        driver.now += .seconds(1)
        done = driver.looks(for: .seconds(30))
        #expect(times(.compare, done) == [.zero, .seconds(22)])
    }

    @Test func `a comparison that found rows ends the look`() {
        var driver = Driver()
        driver.facts.hasUnloggedViews = true
        driver.facts.deepens = true
        driver.finds = [.compare]
        driver.now += .seconds(90)
        let done = driver.look()
        #expect(done == [.compare])
    }

    @Test func `pages are compressed again once all has been settled for two seconds`() {
        var driver = Driver()
        driver.finds = [.takeIn]
        _ = driver.look()
        driver.finds = []
        let done = driver.looks(for: .seconds(3))
        #expect(times(.deepen, done).isEmpty)
        driver.facts.deepens = true
        driver.finds = [.takeIn]
        _ = driver.look()
        driver.finds = [.deepen]
        let first = times(.deepen, driver.looks(for: .seconds(3))).first
        #expect(first == .seconds(2))
    }

    @Test func `old releases are removed once a minute, not while something is unsettled`() {
        var driver = Driver()
        var done = driver.looks(for: .seconds(121))
        #expect(times(.prune, done) == [.seconds(60), .seconds(120)])
        driver.now += .seconds(60)
        driver.finds = [.takeIn]
        _ = driver.look()
        driver.finds = []
        done = driver.looks(for: .milliseconds(300))
        #expect(times(.prune, done).isEmpty)
        var looked = driver.look()
        #expect(looked == [.settle])
        looked = driver.look()
        #expect(looked == [.prune])
    }

    @Test func `the log is told every hour that somebody reads it`() {
        var driver = Driver()
        driver.now += .seconds(3_599)
        var done = driver.look()
        #expect(!done.contains(.acknowledge))
        driver.now += .seconds(1)
        done = driver.look()
        #expect(done.contains(.acknowledge))
        driver.schedule.noteAcknowledgement(at: driver.now)
        done = driver.look()
        #expect(!done.contains(.acknowledge))
    }

    @Test func `after a lost connection a look begins anew`() {
        var schedule = FollowSchedule(FollowPace(), at: .now)
        let now = ContinuousClock.now
        var actions = [schedule.next(.init(), at: now), schedule.next(.init(), at: now)]
        schedule.noteConnection(at: now)
        actions.append(schedule.next(.init(), at: now))
        #expect(actions == [.lookAtSources, .takeIn, .lookAtSources])
    }
}

@Suite("Schedule of followed fragments") struct FragmentScheduleTests {
    private let start = ContinuousClock.now

    @Test func `all are published first, then those that changed`() {
        var schedule = FragmentSchedule(shortestLifetime: .seconds(600), at: start)
        #expect(schedule.next(hasChanges: false, at: start) == .all)
        schedule.did(.all, at: start)
        #expect(schedule.next(hasChanges: false, at: start) == nil)
        #expect(schedule.next(hasChanges: true, at: start) == .changed)
    }

    @Test(arguments: [(600, 60), (90, 45), (1, 0)])
    func `all are published again before they end`(lifetime: Int, seconds: Int) {
        var schedule = FragmentSchedule(shortestLifetime: .seconds(lifetime), at: start)
        schedule.did(.all, at: start)
        schedule.did(.changed, at: start + .seconds(1))
        let due = start + (lifetime == 1 ? .milliseconds(500) : .seconds(seconds))
        #expect(schedule.next(hasChanges: false, at: due) == .all)
        #expect(schedule.next(hasChanges: false, at: due - .milliseconds(1)) == nil)
    }

    @Test func `a Redis that failed is left alone for a second, and has all of them then`() {
        var schedule = FragmentSchedule(shortestLifetime: .seconds(600), at: start)
        schedule.did(.all, at: start)
        schedule.failed(at: start)
        #expect(schedule.next(hasChanges: true, at: start + .milliseconds(999)) == nil)
        #expect(schedule.next(hasChanges: true, at: start + .seconds(1)) == .all)
    }

    @Test func `a new connection has all of them at once`() {
        var schedule = FragmentSchedule(shortestLifetime: .seconds(600), at: start)
        schedule.did(.all, at: start)
        schedule.noteAll(at: start + .seconds(2))
        #expect(schedule.next(hasChanges: false, at: start + .seconds(2)) == .all)
    }
}
