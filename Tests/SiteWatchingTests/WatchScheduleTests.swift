// What a watch does next, told by a clock that the tests move.

import Testing

@testable import SiteWatching

/// A schedule with a clock, and what it asked for.
private struct Bench {
    var schedule: WatchSchedule
    var now = ContinuousClock.now

    init(_ steps: Set<WatchStep> = []) { schedule = WatchSchedule(steps) }

    mutating func note(_ fact: WatchFact) { schedule.note(fact, at: now) }

    /// Everything until it is to wait.
    mutating func actions() -> [WatchAction] {
        var found: [WatchAction] = []
        while true {
            let action = schedule.next(at: now)
            if case .wait = action { return found }
            found.append(action)
        }
    }

    /// Does all steps, each with success, and gives their order.
    mutating func runAll() -> [WatchStep] {
        var order: [WatchStep] = []
        while true {
            let found = actions()
            if found.isEmpty { return order }
            for case .run(let step) in found {
                order.append(step)
                note(.ended(step, succeeded: true))
            }
        }
    }

    /// A change of files, from the first sign to the end of the look.
    mutating func change(_ kinds: Set<WatchedKind>) {
        note(.touched)
        now += WatchSchedule.gatheringMax
        #expect(actions().contains(.look))
        note(.looked(kinds))
    }
}

@Suite("Watch schedule") struct WatchScheduleTests {
    private func started() -> Bench {
        var bench = Bench([.compile, .prepareDatabase, .startRenderer])
        let order = bench.runAll()
        #expect(order.filter { $0 != .refreshViews } == Self.beginning)
        return bench
    }

    private static let beginning: [WatchStep] = [
        .compile, .prepareDatabase, .startRenderer, .renderPages,
    ]

    @Test func `a first page does not wait until rows are up to date`() {
        var bench = Bench([.compile, .prepareDatabase, .startRenderer])
        for step in [WatchStep.compile, .prepareDatabase] {
            #expect(bench.actions() == [.run(step)])
            bench.note(.ended(step, succeeded: true))
        }
        #expect(bench.actions() == [.run(.refreshViews), .run(.startRenderer)])
        bench.note(.ended(.startRenderer, succeeded: true))
        #expect(bench.runAll() == [.renderPages])
        bench.note(.ended(.refreshViews, succeeded: true))
        #expect(bench.runAll() == [.renderPages])
    }

    @Test func `a renderer that is gone is started again while the compiler fails`() {
        var bench = started()
        bench.change([.swift])
        #expect(bench.actions() == [.run(.compile)])
        bench.note(.rendererEnded)
        #expect(bench.actions().isEmpty)
        bench.note(.ended(.compile, succeeded: false))
        #expect(bench.actions() == [.run(.startRenderer)])
        bench.note(.ended(.startRenderer, succeeded: true))
        #expect(bench.runAll() == [.renderPages])
        // The repair has a renderer of its own.
        bench.change([.swift])
        #expect(bench.runAll() == [.compile, .startRenderer, .renderPages])
    }

    @Test func `what a step will say is undecided from the change to its end`() {
        var bench = started()
        #expect(!bench.schedule.isUndecided(.applyViews))
        bench.change([.view])
        #expect(bench.schedule.isUndecided(.applyViews))
        #expect(bench.actions() == [.run(.applyViews), .run(.generateRows)])
        #expect(bench.schedule.isUndecided(.applyViews))
        #expect(!bench.schedule.isOutdated(.applyViews))
        bench.change([.view])
        #expect(bench.schedule.isOutdated(.applyViews), "its file was saved again")
        bench.note(.ended(.applyViews, succeeded: false))
        #expect(bench.actions() == [.run(.applyViews)])
        bench.note(.ended(.applyViews, succeeded: false))
        #expect(!bench.schedule.isUndecided(.applyViews))
        #expect(!bench.schedule.isDone(.applyViews))
        bench.change([.view])
        #expect(bench.schedule.isUndecided(.applyViews))
    }

    @Test func `a program that is not what its sources say is made again`() {
        var bench = started()
        bench.note(.wantsProgram)
        #expect(bench.runAll() == [.compile, .startRenderer, .renderPages])
    }

    @Test func `views whose sources are others are installed again`() {
        var bench = started()
        bench.note(.viewsOutdated)
        #expect(bench.runAll() == [.applyViews, .renderPages])
    }

    @Test func `a step that may succeed again is done, and those behind it`() {
        var bench = started()
        bench.change([.view])
        #expect(bench.actions() == [.run(.applyViews), .run(.generateRows)])
        bench.note(.ended(.applyViews, succeeded: false))
        bench.note(.ended(.generateRows, succeeded: false))
        #expect(bench.actions().isEmpty)
        bench.note(.mayAgain(.compile))
        #expect(bench.actions().isEmpty)
        bench.note(.mayAgain(.applyViews))
        #expect(bench.actions() == [.run(.applyViews)])
        bench.note(.ended(.applyViews, succeeded: true))
        #expect(bench.schedule.isDone(.applyViews))
        // Row types that the files did not give are of what is installed.
        #expect(
            bench.runAll() == [
                .renderPages, .generateRows, .compile, .startRenderer, .renderPages,
            ])
    }

    @Test func `row types are tried again once views are installed, whichever ends first`() {
        var bench = started()
        bench.change([.view])
        #expect(bench.actions() == [.run(.applyViews), .run(.generateRows)])
        bench.note(.ended(.applyViews, succeeded: true))
        #expect(bench.actions() == [.run(.renderPages)])
        bench.note(.ended(.generateRows, succeeded: false))
        #expect(bench.actions() == [.run(.generateRows)])
        // What fails now is wrong with what is installed.
        bench.note(.ended(.generateRows, succeeded: false))
        #expect(bench.actions().isEmpty)
    }

    @Test func `a program is made while views are installed, however long that takes`() {
        var bench = started()
        bench.change([.view])
        #expect(bench.actions() == [.run(.applyViews), .run(.generateRows)])
        let steps: [WatchStep] = [.generateRows, .compile, .startRenderer, .renderPages]
        for (step, next) in zip(steps, steps.dropFirst()) {
            bench.note(.ended(step, succeeded: true))
            #expect(bench.actions() == [.run(next)])
        }
        #expect(!bench.schedule.isDone(.applyViews))
        // Another edit waits for its own installation, and for no other.
        bench.note(.ended(.renderPages, succeeded: true))
        bench.change([.view])
        #expect(bench.actions() == [.run(.generateRows)])
        bench.note(.ended(.applyViews, succeeded: true))
        #expect(bench.actions() == [.run(.applyViews), .run(.renderPages)])
    }

    @Test(arguments: [
        (WatchedKind.swift, [WatchStep.compile, .startRenderer, .renderPages]),
        (.style, [.reloadFiles, .renderPages]), (.publicFile, [.reloadFiles, .renderPages]),
    ])
    func `a change is done step by step`(kind: WatchedKind, steps: [WatchStep]) {
        var bench = started()
        bench.change([kind])
        #expect(bench.runAll() == steps)
        #expect(!bench.schedule.isBusy)
    }

    @Test func `a changed view is shown before the compiler has run`() {
        var bench = started()
        bench.change([.view])
        #expect(bench.schedule.makesRenderer)
        let order = bench.runAll()
        #expect(!bench.schedule.makesRenderer)
        #expect(
            order.filter { $0 != .renderPages } == [
                .applyViews, .generateRows, .compile, .startRenderer,
            ])
        let shown = order.firstIndex(of: .renderPages) ?? order.count
        #expect(shown < order.firstIndex(of: .startRenderer) ?? 0)
        #expect(order.last == .renderPages)
    }

    @Test func `a look that finds nothing starts nothing`() {
        var bench = started()
        bench.change([])
        #expect(bench.actions().isEmpty)
    }

    @Test func `signs of changes are gathered, but not for ever`() {
        var bench = started()
        bench.note(.touched)
        #expect(bench.schedule.next(at: bench.now) == .wait(until: bench.now + .milliseconds(3)))
        let first = bench.now
        for _ in 0..<30 {
            bench.now += .milliseconds(5)
            bench.note(.touched)
            if bench.actions() == [.look] { break }
        }
        #expect(bench.now == first + WatchSchedule.gatheringMax)
        // A sign that comes during the look is looked at after it.
        bench.note(.touched)
        bench.now += .seconds(1)
        #expect(bench.schedule.next(at: bench.now) == .wait(until: nil))
        bench.note(.looked([]))
        #expect(bench.actions() == [.look])
    }

    @Test func `rows are shown while the compiler runs`() {
        var bench = started()
        bench.change([.swift])
        #expect(bench.actions() == [.run(.compile)])
        bench.note(.rows)
        #expect(bench.actions() == [.run(.renderPages)])
        bench.note(.rows)
        #expect(bench.actions() == [])
        bench.note(.ended(.renderPages, succeeded: true))
        #expect(bench.actions() == [.run(.renderPages)])
    }

    @Test func `a newer source ends the compiler once and runs it again`() {
        var bench = started()
        bench.change([.swift])
        #expect(bench.actions() == [.run(.compile)])
        bench.change([.swift])
        #expect(bench.actions() == [.cancel(.compile)])
        #expect(bench.actions() == [])
        bench.note(.ended(.compile, succeeded: false))
        #expect(bench.actions() == [.run(.compile)])
        bench.note(.ended(.compile, succeeded: true))
        #expect(bench.actions() == [.run(.startRenderer)])
    }

    @Test(arguments: [
        (WatchStep.compile, WatchedKind.swift), (.applyViews, .view), (.generateRows, .view),
        (.startRenderer, .swift), (.reloadFiles, .style),
    ])
    func `a step that failed waits for what it reads`(step: WatchStep, kind: WatchedKind) {
        for other in WatchedKind.allCases {
            var bench = started()
            bench.change([kind])
            // Up to the step, which fails.
            loop: while true {
                for action in bench.actions() {
                    guard case .run(let found) = action else { continue }
                    bench.note(.ended(found, succeeded: found != step))
                    if found == step { break loop }
                }
            }
            _ = bench.runAll()
            bench.note(.rows)
            #expect(bench.runAll() == [.renderPages], "rows are no reason")
            bench.change([other])
            let isTried = bench.runAll().contains(step)
            let reads: Set<WatchedKind> =
                switch step {
                case .compile: [.swift, .view]
                case .startRenderer: Set(WatchedKind.allCases)
                // Behind a new renderer, too, which has read the files.
                case .reloadFiles: Set(WatchedKind.allCases)
                default: [.view]
                }
            #expect(isTried == reads.contains(other), "\(step) after \(other)")
        }
    }

    @Test func `a renderer that waits for a server keeps no newer source from the compiler`() {
        var bench = started()
        bench.change([.swift])
        #expect(bench.actions() == [.run(.compile)])
        bench.note(.ended(.compile, succeeded: true))
        #expect(bench.actions() == [.run(.startRenderer)])
        // One that will be ready soon is not ended.
        bench.change([.swift])
        #expect(bench.actions() == [])
        bench.note(.rendererWaits)
        #expect(bench.actions() == [.cancel(.startRenderer)])
        bench.note(.ended(.startRenderer, succeeded: false))
        #expect(bench.actions() == [.run(.compile)])
        // What was said of the one before is no longer so.
        bench.note(.ended(.compile, succeeded: true))
        #expect(bench.actions() == [.run(.startRenderer)])
        bench.change([.swift])
        #expect(bench.actions() == [])
    }

    @Test(arguments: [WatchedKind.style, .publicFile])
    func `files that change while a renderer starts are read by it`(kind: WatchedKind) {
        var bench = started()
        bench.change([.swift])
        #expect(bench.actions() == [.run(.compile)])
        bench.note(.ended(.compile, succeeded: true))
        #expect(bench.actions() == [.run(.startRenderer)])
        bench.change([kind])
        #expect(bench.runAll() == [.reloadFiles, .renderPages], "of the renderer that there is")
        bench.note(.ended(.startRenderer, succeeded: true))
        #expect(bench.runAll() == [.reloadFiles, .renderPages])
        // A reading that the end of the one before has cut is no problem that stays.
        bench.change([.swift, kind])
        #expect(bench.actions() == [.run(.reloadFiles), .run(.compile)])
        bench.note(.ended(.compile, succeeded: true))
        #expect(bench.actions() == [.run(.startRenderer)])
        bench.note(.ended(.startRenderer, succeeded: true))
        bench.note(.ended(.reloadFiles, succeeded: false))
        #expect(bench.runAll() == [.reloadFiles, .renderPages])
    }

    @Test func `what stands behind a failed step waits, and nothing else does`() {
        var bench = started()
        bench.change([.swift, .style])
        #expect(bench.actions() == [.run(.reloadFiles), .run(.compile)])
        bench.note(.ended(.compile, succeeded: false))
        #expect(!bench.schedule.makesRenderer, "nothing better will be shown soon")
        bench.note(.ended(.reloadFiles, succeeded: true))
        #expect(bench.runAll() == [.renderPages])
    }

    @Test func `a renderer that ends is started again, but not for ever`() {
        var bench = started()
        for _ in 0..<WatchSchedule.crashesMax {
            bench.note(.rendererEnded)
            #expect(bench.runAll() == [.startRenderer, .renderPages])
        }
        bench.note(.rendererEnded)
        #expect(bench.runAll() == [])
        bench.note(.wantsRenderer)
        #expect(bench.runAll() == [.startRenderer, .renderPages], "an author's wish is a reason")
        for _ in 0...WatchSchedule.crashesMax {
            bench.note(.rendererEnded)
            _ = bench.runAll()
        }
        bench.change([.style])
        #expect(bench.runAll().first == .startRenderer, "a change is a reason to try again")
    }

    @Test func `nothing is shown before there is a renderer`() {
        var bench = Bench([.compile, .prepareDatabase, .startRenderer])
        #expect(bench.actions() == [.run(.compile)])
        bench.note(.ended(.compile, succeeded: false))
        bench.change([.style])
        #expect(bench.actions() == [])
        bench.change([.swift])
        let order = bench.runAll().filter { $0 != .refreshViews }
        #expect(order.prefix(3) == [.compile, .prepareDatabase, .startRenderer])
    }
}
