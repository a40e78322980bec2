// Carries out what `WatchSchedule` says: looks at files, runs the compiler and the commands of the
// site's program, starts renderers, and tells the tabs.
//
// Each step runs in a task of its own and ends with a fact. What a step finds wrong are the
// problems of that step, until it succeeds.

import Groundwork
import SiteWatching
import SitegenCommands

/// Runs one watch.
actor WatchRunner {
    private var site: SiteProcess
    private let compiler: SiteCompiler
    private let proof: ObjectProof
    let watched: WatchedSite
    let lines: WatchLines
    private let events: FileEvents
    private var files: FileWatcher
    private var schedule = WatchSchedule([.compile, .prepareDatabase, .startRenderer])
    private let facts: AsyncStream<WatchFact?>
    private let tell: AsyncStream<WatchFact?>.Continuation
    private var steps: [WatchStep: Task<Void, Never>] = [:]
    private var timer: Task<Void, Never>?
    private var renderers: [Task<Void, Never>] = []
    /// The next renderer, which waits for the site's next library.
    private var spare: SpareRenderer?
    /// The files of Swift that changed since they were compiled, by their paths from the root.
    private var uncompiled: Set<String> = []
    /// The files of public/ that changed since a renderer read them, by their paths from the root.
    private var unread: Set<String> = []
    var uninstalled = UninstalledViews()
    private var texts: SourceTexts
    private var causes = WatchCauses()
    private var told = ToldTabs()
    /// What the way to the tabs took since then, in parts.
    private var stages: [WatchStage] = []
    private var hasShown = false
    private var onReady: (@Sendable () -> Void)?
    /// Whether the renderer has not been asked to read files again since it was started; what
    /// changed while it was may have been told to the one before.
    private var isNewRenderer = true
    /// Whether the program was compiled since a renderer was started.
    private var isNewProgram = false
    private let start = ContinuousClock.now

    /// How long after it failed a step is tried again that somebody else kept from being done.
    private static let retrying = Duration.seconds(1)
    /// The most facts that wait; they come one for a change or a step.
    private static let factsMax = 1_024

    init(
        _ site: SiteProcess, _ compiler: SiteCompiler, _ watched: WatchedSite,
        _ lines: WatchLines, _ events: FileEvents
    ) {
        (self.site, self.compiler, self.watched, self.lines) = (site, compiler, watched, lines)
        self.events = events
        files = FileWatcher(root: site.folders.root)
        texts = SourceTexts(files.sources, root: watched.root)
        (facts, tell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.factsMax))
        proof = ObjectProof(compiler) { [tell] sources in
            lines.problems(sources.map { ObjectProof.problem(of: $0) })
            tell.yield(.wantsProgram)
        }
    }

    /// Takes a fact from wherever it is noticed.
    nonisolated func note(_ fact: WatchFact) { tell.yield(fact) }

    /// Watches until the task is cancelled.
    ///
    /// - Parameter onReady: is called once, when the first page can be had.
    func run(onReady: @escaping @Sendable () -> Void) async {
        self.onReady = onReady
        let alive = Task { [watched] in
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(15))
                await watched.keepAlive()
            }
        }
        defer { alive.cancel() }
        carryOut()
        for await fact in facts {
            if let fact { schedule.note(fact, at: .now) }
            carryOut()
            // Nobody waits for a renderer that only a change can bring.
            await watched.setStarting(schedule.isBusy)
        }
        timer?.cancel()
        await proof.stop()
        for step in steps.values { step.cancel() }
        for step in steps.values { await step.value }
        await watched.replaceRenderer(nil)?.end()
        await spare?.end()
        for renderer in renderers { await renderer.value }
    }

    /// Does what is to be done until there is nothing but to wait.
    private func carryOut() {
        while true {
            switch schedule.next(at: .now) {
            case .look: look()
            case .cancel(let step): steps[step]?.cancel()
            case .run(let step):
                steps[step] = Task {
                    let succeeded = await perform(step)
                    tell.yield(.ended(step, succeeded: succeeded))
                }
            case .wait(let moment):
                timer?.cancel()
                guard let moment else { return }
                timer = Task { [tell] in
                    try? await Task.sleep(until: moment)
                    if !Task.isCancelled { tell.yield(nil) }
                }
                return
            }
        }
    }

    private func look() {
        let (signs, start) = (events.take(), ContinuousClock.now)
        let kinds = files.changes(signs)
        if signs.isEverything { events.noteLook(.now - start) }
        if !kinds.isEmpty {
            let paths = files.changedPaths
            uncompiled.formUnion(paths.filter { FileWatcher.kind(of: $0) == .swift })
            unread.formUnion(paths.filter { FileWatcher.kind(of: $0) == .publicFile })
            // A component's styles are shown before they are compiled.
            let styles = paths.compactMap { path in texts.change(of: path).map { (path, $0) } }
            if styles.count < paths.count {
                for path in paths where FileWatcher.kind(of: path) != nil {
                    causes.note(WatchCause(file: path))
                }
            }
            if !styles.isEmpty { Task { await show(styles) } }
            let views = paths.filter { FileWatcher.kind(of: $0) == .view }
            if !views.isEmpty {
                uninstalled.note(views)
                Task { await showEditedViews(views) }
            }
            // A change of Swift counts once it is compiled.
            if !kinds.isDisjoint(with: [.style, .publicFile]) {
                Task { await watched.forgiveDeadly() }
            }
        }
        schedule.note(.looked(kinds), at: .now)
    }

    // MARK: Steps

    private func perform(_ step: WatchStep) async -> Bool {
        do {
            switch step {
            case .applyViews: try await applyViews(site)
            case .generateRows: guard try await generateRows(site) else { return false }
            case .compile: return await compile()
            case .prepareDatabase:
                try await site.run(["db", "seed", "--optional"])
                if TrafficWork.isRead(by: site.folders) {
                    try await TrafficWork.install(at: site.databaseURL)
                }
                try await site.runTool(["db", "apply"])
            case .refreshViews: try await site.runTool(["db", "refresh"])
            case .startRenderer: return await startRenderer()
            case .reloadFiles: return await reloadFiles()
            case .renderPages: await renderPages()
            }
            await settle([], of: step)
            return true
        } catch {
            if Task.isCancelled || schedule.isOutdated(step) { return false }
            let failure = CommandFailure(error)
            await settle([Diagnostics.problem(of: failure.message, root: watched.root)], of: step)
            // A database comes back, and whoever holds a lock goes, without a word.
            if [.unavailable, .locked].contains(failure.status) {
                Task { [tell] in
                    try? await Task.sleep(for: Self.retrying)
                    tell.yield(.mayAgain(step))
                }
            }
            return false
        }
    }

    func isUndecided(_ step: WatchStep) -> Bool { schedule.isUndecided(step) }

    func isDone(_ step: WatchStep) -> Bool { schedule.isDone(step) }

    /// Notes how a step ended.
    func settle(_ problems: [Problem], of step: WatchStep) async {
        let before = await watched.problems.problems(of: .step(step))
        guard await watched.set(problems, of: .step(step)) else { return }
        guard !problems.isEmpty else {
            if await watched.problems.all.isEmpty { lines.solved() }
            return
        }
        let placed = await watched.placed(problems)
        // A command may have more to say of what the renderer has found before.
        if placed.map(\.heading) != before.map(\.heading) { lines.problems(placed) }
        // What is shown with a warning is shown, and told with its own line.
        guard problems.contains(where: { $0.severity == .error }) else { return }
        causes.forget()
        stages = []
    }

    private func compile() async -> Bool {
        await proof.stop()
        causes.compile()
        await watched.setBusy("compiling \(causes.nameInWork)")
        let changed = uncompiled
        // What changes meanwhile is for the next time.
        uncompiled = []
        var isCompiled = false
        defer { if !isCompiled { uncompiled.formUnion(changed) } }
        let result: SiteCompiler.Result
        do {
            result = try await compiler.compile(changed)
        } catch {
            await watched.setBusy(nil)
            if !Task.isCancelled {
                await settle([Problem(CommandFailure(error).message)], of: .compile)
            }
            return false
        }
        await watched.setBusy(nil)
        guard !Task.isCancelled else { return false }
        stages = result.stages
        await settle(result.problems, of: .compile)
        guard result.isSuccess else { return false }
        isCompiled = true
        site.executable = await compiler.executable
        isNewProgram = true
        await proof.noteCompiled()
        return true
    }

    private func reloadFiles() async -> Bool {
        let (changed, isNew) = (unread, isNewRenderer)
        // What changes meanwhile is for the next time, and so is a renderer that comes meanwhile.
        (unread, isNewRenderer) = ([], false)
        var isRead = false
        defer {
            if !isRead {
                unread.formUnion(changed)
                isNewRenderer = isNewRenderer || isNew
            }
        }
        let hasFiles = isNew || !changed.isEmpty
        let reply = await watched.renderer?.ask { .reload(number: $0, hasFiles: hasFiles) }
        switch reply?.answer {
        case .files(_, let folder):
            isRead = true
            told.add(await watched.show(files: changed, in: folder))
            told.add(await watched.renewStyles())
            await settle([], of: .reloadFiles)
            return true
        case .problem(_, let problem):
            let found = Diagnostics.problem(of: problem.reason, root: watched.root)
            await settle([found], of: .reloadFiles)
            return false
        default: return false
        }
    }

    private func renderPages() async {
        let (batch, pagesStart) = (causes.take(), ContinuousClock.now)
        // The parts of what is compiled are told with it.
        let parts = batch.causes.contains(where: \.isCompiled) ? stages : []
        if !parts.isEmpty { stages = [] }
        // A view's new columns are in the database before they are in the program.
        told.add(
            await watched.renderOpenPages(
                why: batch.causes.words, tellsProblems: !schedule.makesRenderer))
        if hasShown { told.add(await watched.renewStyles()) }
        if hasShown, let start = batch.began {
            sayShown(
                batch.causes, told, since: start, parts + [WatchStage("pages", since: pagesStart)])
        }
        hasShown = true
        told = ToldTabs()
    }

    /// Prints what is wrong now.
    func tellProblems() async {
        let found = await watched.problems.all
        found.isEmpty ? lines.other("nothing is wrong") : lines.problems(found)
    }

    // MARK: Renderers

    /// Starts a renderer and has it take the place of the one that there is.
    private func startRenderer() async -> Bool {
        let (wasSpare, loadStart) = (spare != nil, ContinuousClock.now)
        let (renderer, running) = await newRenderer()
        for await news in renderer.news {
            switch news {
            case .ready:
                await settle([], of: .startRenderer)
                await watched.set([], of: .database)
                if isNewProgram { await watched.forgiveDeadly() }
                (isNewProgram, isNewRenderer) = (false, true)
                await watched.replaceRenderer(renderer)?.end()
                follow(renderer, running)
                prepareSpare()
                // The one before may have gone without an answer.
                if !uninstalled.isEmpty { Task { await showEditedViews() } }
                if !hasShown { lines.ready(since: start) }
                stages =
                    stages.filter { $0.name != "load" } + [WatchStage("load", since: loadStart)]
                causes.load()
                onReady?()
                onReady = nil
                return true
            case .refused(let reason):
                await settle(
                    [Diagnostics.problem(of: reason, root: watched.root)], of: .startRenderer)
            case .database(let reason): await noteDatabase(reason)
            case .rows, .viewsOutdated, .addresses, .traps: break
            }
        }
        // A step that is cancelled hears no more of the process, which would wait for its input.
        await renderer.end()
        let end = await running.value
        let isExplained = await watched.problems.has(.step(.startRenderer))
        // One that waited may have been ended by somebody before it was needed.
        if wasSpare, !isExplained, !Task.isCancelled { return await startRenderer() }
        if !isExplained, !Task.isCancelled {
            await settle([RendererCrash.problem(end, root: watched.root)], of: .startRenderer)
        }
        return false
    }

    /// A renderer of the program as it is now: the one that waits, or else another.
    private func newRenderer() async -> (RendererProcess, Task<RendererProcess.End, Never>) {
        let executable = site.executable
        let waiting = spare
        spare = nil
        if let waiting, waiting.program == executable.path, await waiting.isWaiting {
            await waiting.renderer.load(executable)
            return (waiting.renderer, waiting.running)
        }
        if let waiting { renderers.append(Task { await waiting.end() }) }
        let other = SpareRenderer(executable.path, of: site) { [lines] in lines.printed($0) }
        await other.renderer.load(executable)
        return (other.renderer, other.running)
    }

    /// Has a process of the same program wait for the next library.
    private func prepareSpare() {
        guard spare == nil, case .loading(let program, _) = site.executable else { return }
        spare = SpareRenderer(program, of: site) { [lines] in lines.printed($0) }
    }

    private func noteDatabase(_ reason: String?) async {
        if reason != nil { tell.yield(.rendererWaits) }
        let found = reason.map { Diagnostics.problem(of: $0, root: "") }
        guard await watched.set(found.map { [$0] } ?? [], of: .database) else { return }
        if let found { lines.problems([found]) }
        // What changed while the database was away was told to nobody.
        if found == nil { tell.yield(.rows) }
    }

    /// Hears of a renderer until it ends.
    private func follow(_ renderer: RendererProcess, _ running: Task<RendererProcess.End, Never>) {
        let task = Task {
            var hasTrapped = false
            for await news in renderer.news {
                guard await watched.renderer === renderer else { continue }
                switch news {
                case .rows(let views):
                    let named = views.filter { !$0.isEmpty }
                    if !named.isEmpty {
                        for view in named { causes.note(WatchCause(rowsOf: view)) }
                        await watched.forgiveDeadly()
                    }
                    tell.yield(.rows)
                case .viewsOutdated: tell.yield(.viewsOutdated)
                case .database(let reason): await noteDatabase(reason)
                case .traps(let end):
                    hasTrapped = true
                    await lose(end)
                    endSoon(renderer)
                case .ready, .refused, .addresses: break
                }
            }
            let end = await running.value
            if hasTrapped { return await tellTrace(end) }
            guard await watched.renderer === renderer else { return }
            await lose(end)
            if !end.isWished { await tellTrace(end) }
        }
        renderers.append(task)
    }

    /// Ends `run`.
    nonisolated func stop() { tell.finish() }
}
