// What `sitegen watch` does next: facts and instants in, one action out. No file, no process, no
// clock.
//
// Three steps may run at once, one that makes a new renderer (row types, compiler, start), one that
// shows (files, open pages) and one that installs views: a style is not to wait for the compiler,
// nor the compiler for rows. A step that failed stays to be done, and is tried again once what it
// reads has changed; steps behind it wait. Only a renderer that is gone is started again in any
// case, of the last program that could be made.

/// What to do.
package enum WatchAction: Sendable, Equatable {
    /// Look which files have changed, and say so.
    case look
    /// Begin a step, and say how it ends.
    case run(WatchStep)
    /// End a step that runs, since what it reads has changed; its end is a fact like any.
    case cancel(WatchStep)
    /// Nothing until this moment, or until the next fact if there is none.
    case wait(until: ContinuousClock.Instant?)
}

/// The schedule of one watch.
package struct WatchSchedule: Sendable {
    private var pending: Set<WatchStep>
    private var failed: Set<WatchStep> = []
    private var running: Set<WatchStep> = []
    private var cancelled: Set<WatchStep> = []
    private var firstTouch: ContinuousClock.Instant?
    private var lastTouch: ContinuousClock.Instant?
    private var isLooking = false
    private var hasRenderer = false
    /// Whether a renderer is to be started whatever keeps a newer program from being made.
    private var owesRenderer = false
    /// How often the renderer ended by itself since the last change.
    private var crashes = 0
    /// Whether the renderer that is being started waits.
    private var rendererWaits = false
    /// Whether files changed that the renderer that is being started may have read before.
    private var filesChanged = false
    /// Whether views were installed since row types began to be written.
    private var hasInstalled = false

    /// How long after one sign of a change to look.
    static let quiet = Duration.milliseconds(3)
    /// How long after the last of several.
    static let quietOfSeveral = Duration.milliseconds(10)
    /// How long to wait at most while signs keep coming.
    static let gatheringMax = Duration.milliseconds(100)
    /// How often a renderer that ends by itself is started again while nothing changes.
    static let crashesMax = 5

    /// Begins with steps to do.
    package init(_ steps: Set<WatchStep>) { pending = steps }

    /// Takes a fact.
    package mutating func note(_ fact: WatchFact, at now: ContinuousClock.Instant) {
        switch fact {
        case .touched:
            firstTouch = firstTouch ?? now
            lastTouch = now
        case .looked(let kinds):
            isLooking = false
            if !kinds.isEmpty { take(kinds) }
        case .rows:
            crashes = 0
            add(.renderPages)
        case .viewsOutdated: add(.applyViews)
        case .ended(let step, let succeeded): end(step, succeeded)
        case .rendererEnded:
            guard hasRenderer else { return }
            hasRenderer = false
            crashes += 1
            if crashes <= Self.crashesMax { owe() }
        case .rendererWaits: rendererWaits = running.contains(.startRenderer)
        case .wantsRenderer:
            crashes = 0
            owe()
        case .wantsProgram: [.compile, .startRenderer].forEach { add($0) }
        case .mayAgain(let step): failed.remove(step)
        }
    }

    private mutating func add(_ step: WatchStep) {
        pending.insert(step)
        failed.remove(step)
    }

    private mutating func owe() {
        owesRenderer = true
        add(.startRenderer)
    }

    private mutating func take(_ kinds: Set<WatchedKind>) {
        crashes = 0
        for step in failed where !step.kinds.isDisjoint(with: kinds) { failed.remove(step) }
        if kinds.contains(.view) { [.applyViews, .generateRows].forEach { add($0) } }
        if kinds.contains(.view) || kinds.contains(.swift) {
            [.compile, .startRenderer].forEach { add($0) }
        }
        if kinds.contains(.style) || kinds.contains(.publicFile) {
            [.reloadFiles, .renderPages].forEach { add($0) }
            filesChanged = running.contains(.startRenderer)
        }
        if !hasRenderer { add(.startRenderer) }
    }

    private mutating func end(_ step: WatchStep, _ succeeded: Bool) {
        running.remove(step)
        if step == .startRenderer { rendererWaits = false }
        if cancelled.remove(step) != nil { return }
        guard succeeded else {
            // What changed meanwhile is a reason to try at once.
            let isOutdated = pending.contains(step) || step == .generateRows && hasInstalled
            if !isOutdated { failed.insert(step) }
            pending.insert(step)
            return
        }
        switch step {
        case .startRenderer:
            hasRenderer = true
            add(.renderPages)
            // The one before may have been asked, and have gone without an answer.
            let asked = running.union(failed)
            if filesChanged || asked.contains(.reloadFiles) { add(.reloadFiles) }
        case .applyViews:
            add(.renderPages)
            // Row types that could not be had of the files may be of what is installed.
            failed.remove(.generateRows)
            hasInstalled = running.contains(.generateRows)
        // It may have been started meanwhile, of the program before.
        case .compile: add(.startRenderer)
        // Pages are shown meanwhile, from the rows that are there.
        case .prepareDatabase: add(.refreshViews)
        case .refreshViews: add(.renderPages)
        case .generateRows, .reloadFiles, .renderPages: break
        }
    }

    /// Whether anything is being done or will be without a further change.
    package var isBusy: Bool {
        !running.isEmpty || isLooking || firstTouch != nil
            || WatchStep.Lane.allCases.contains { nextStep(in: $0) != nil }
    }

    /// Whether a step has nothing to do.
    package func isDone(_ step: WatchStep) -> Bool {
        !running.contains(step) && !pending.contains(step)
    }

    /// Whether a step runs whose sources have changed since it began: what it says is old.
    package func isOutdated(_ step: WatchStep) -> Bool {
        running.contains(step) && pending.contains(step)
    }

    /// Whether a step is being done, or will be: how it ends is yet to be seen.
    package func isUndecided(_ step: WatchStep) -> Bool {
        running.contains(step) || pending.contains(step) && !failed.contains(step)
    }

    /// Whether another renderer is being made, so that what this one cannot show may be shown soon.
    package var makesRenderer: Bool {
        let steps: Set<WatchStep> = [.generateRows, .compile, .startRenderer]
        return failed.isDisjoint(with: steps)
            && !pending.union(running).isDisjoint(with: steps)
    }

    /// What to do now; ask again until it is to wait.
    package mutating func next(at now: ContinuousClock.Instant) -> WatchAction {
        if let step = outdated, cancelled.insert(step).inserted { return .cancel(step) }
        for lane in WatchStep.Lane.allCases {
            if let step = nextStep(in: lane) {
                pending.remove(step)
                if step == .startRenderer { (owesRenderer, filesChanged) = (false, false) }
                if step == .generateRows { hasInstalled = false }
                running.insert(step)
                return .run(step)
            }
        }
        guard !isLooking, let first = firstTouch, let last = lastTouch else {
            return .wait(until: nil)
        }
        let quiet = first == last ? Self.quiet : Self.quietOfSeveral
        let due = min(last + quiet, first + Self.gatheringMax)
        guard now >= due else { return .wait(until: due) }
        (firstTouch, lastTouch, isLooking) = (nil, nil, true)
        return .look
    }

    /// A step that runs and would only keep others from being done.
    private var outdated: WatchStep? {
        if running.contains(.compile), pending.contains(.compile) { return .compile }
        let isAwaited = rendererWaits && running.contains(.startRenderer)
        return isAwaited && !pending.isDisjoint(with: [.generateRows, .compile])
            ? .startRenderer : nil
    }

    /// The next step of a lane that nothing keeps from being done.
    private func nextStep(in lane: WatchStep.Lane) -> WatchStep? {
        guard !running.contains(where: { $0.lane == lane }), lane != .shows || hasRenderer else {
            return nil
        }
        if lane == .makes, owesRenderer, !failed.contains(.startRenderer) { return .startRenderer }
        for step in WatchStep.allCases where step.lane == lane {
            // A failed step keeps those behind it from being done, but files do not keep pages.
            if failed.contains(step) {
                guard lane == .shows else { return nil }
                continue
            }
            if pending.contains(step) { return step }
        }
        return nil
    }
}
