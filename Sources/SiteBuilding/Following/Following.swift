// The state of a follower between two looks at the database, and one look.
//
// A look is: let the views take in what is queued, read the log behind the last event that the
// release shows, make those rows' pages in one snapshot, publish. The event is noted beside the
// release before the switch and acknowledged after it, so a kill in between repeats work and loses
// none.

import MaterializedViews
import Postgres
import ReleaseFormat
import ReleaseTools
import SiteAuthoring

/// One follower, on one task.
final class Following {
    private let builder: SiteBuilder
    private let writer: ReleaseWriter
    private let report: @Sendable (FollowEvent) -> Void
    private let consumer: String

    private var manifest: StoredManifest
    private var sources: BuildSources
    private var index: PageIndex
    /// The last event whose pages are live.
    private var event: Int64
    private var state: DatabaseState
    /// The rows whose pages could not be made.
    private var failed: Set<ViewKey> = []
    private var fragments: FollowedFragments?
    private var deepening = FollowedDeepening()
    private var schedule: FollowSchedule
    private var unlogged: [ViewSchema] = []
    private var connections: FollowConnections?

    /// The most events that are taken in at once; more follow in the next round.
    private static let eventsMax = 20_000

    /// Builds what changed while nobody followed, and goes live with it.
    ///
    /// A page that cannot be made stops a build of other inputs than the live release has, such as
    /// another program; otherwise the release is followed on from, as if it had changed just now.
    init(
        _ builder: SiteBuilder, _ writer: ReleaseWriter, redisURL: String?, pace: FollowPace,
        report: @escaping @Sendable (FollowEvent) -> Void
    ) async throws {
        self.builder = builder
        self.writer = writer
        fragments = FollowedFragments(builder.site, redisURL: redisURL)
        self.report = report
        consumer = FollowConnections.consumerName(of: builder.options.output)
        let begun: (manifest: StoredManifest, state: DatabaseState, sources: BuildSources)
        // Whatever had not settled when the last follower ended.
        var isUnsettled = false
        do {
            let built = try await builder.build(with: writer)
            begun = (built.manifest, built.state, built.sources)
        } catch {
            guard case BuildError.pages = error, let live = try builder.live() else { throw error }
            report(.problem(error))
            begun = live
            isUnsettled = true
        }
        schedule = FollowSchedule(pace, isUnsettled: isUnsettled, at: .now)
        (manifest, state, sources) = begun
        event = begun.state.event
        index = try PageIndex(begun.manifest, spoolingIn: writer.spools)
        report(.published(begun.manifest.id, pages: begun.manifest.count, rows: 0))
        if !isUnsettled { report(.settled(begun.manifest.id, begun.state)) }
    }

    /// Connects anew and compares all digests: the server may be another one, or have lost what was
    /// committed last.
    func connect() async throws {
        connections = nil
        let opened = try FollowConnections(builder.options.database)
        // Before the comparison: what is committed behind its snapshot must be in the log.
        try opened.register(consumer)
        unlogged = try opened.unlogged(builder.schemas)
        connections = opened
        schedule.noteConnection(at: .now)
        try await compare(builder.schemas, isWhole: true)
        try acknowledge()
        fragments?.noteAll()
        publishFragments()
    }

    /// One look; returns whether there was something to do.
    func step() async throws -> Bool {
        while true {
            let start = ContinuousClock.now
            let facts = FollowSchedule.Facts(
                hasFailedRows: !failed.isEmpty, hasUnloggedViews: !unlogged.isEmpty,
                deepens: builder.options.quality == .gradual)
            let action = schedule.next(facts, at: start)
            if action == .rest { return false }
            let found = try await perform(action)
            if schedule.did(action, found: found, from: start, to: .now) { return true }
        }
    }

    /// Does what is due; false if it looked for something and there was nothing.
    private func perform(_ action: FollowSchedule.Action) async throws -> Bool {
        switch action {
        case .settle: try await settle()
        case .prune: prune()
        case .retry: try await retry()
        case .lookAtSources: try connections?.look(report)
        case .takeIn: return try await takeIn()
        case .publishFragments: publishFragments()
        case .acknowledge: try acknowledge()
        case .compare: return try await compare(unlogged, isWhole: false)
        case .deepen: return try await deepen()
        case .rest: break
        }
        return true
    }

    /// The views whose rows may be wrong, as of the last look at what they are made from.
    var outdated: [ViewDisagreement] { connections?.sources.outdated ?? [] }

    // MARK: Changes

    /// Takes in what the queue and the log have; false if there was nothing.
    private func takeIn() async throws -> Bool {
        guard let open = connections else { return false }
        guard try open.hasEvents(after: event) else { return false }
        let snapshot = try open.begin()
        let events = try open.reading.events(after: event, limit: Self.eventsMax)
        guard let last = events.last else {
            try open.end()
            return false
        }
        let changes = Set(events.map { ViewKey($0.view, $0.key) })
        try await publish(
            changes, DatabaseState(lsn: snapshot.lsn, event: last.sequence), &open.reading)
        fragments?.note(changes, builder.site)
        publishFragments()
        try open.end()
        try acknowledge()
        return true
    }

    /// Tries the rows without pages again, together: what was in their way may be gone.
    private func retry() async throws {
        guard let open = connections else { return }
        let snapshot = try open.begin()
        try await publish(
            failed, DatabaseState(lsn: snapshot.lsn, event: event), &open.reading,
            retried: failed)
        try open.end()
    }

    private func acknowledge() throws {
        schedule.noteAcknowledgement(at: .now)
        try connections?.acknowledge(consumer, event)
    }

    /// Publishes fragments that are due; what goes wrong with them stops no page.
    private func publishFragments() {
        guard let open = connections else { return }
        let publication = FragmentPublication(
            builder.site, options: builder.options, publicFiles: sources.publicFiles)
        guard let problem = fragments?.publish(publication, from: open) else { return }
        report(.problem(problem))
    }

    /// Makes the pages of these rows and publishes them; a row without a page keeps its last one.
    ///
    /// - Parameters:
    ///   - changes: the rows.
    ///   - reached: the state that the release shows then.
    ///   - reading: a snapshot of that state.
    ///   - retried: rows that have not changed since they were told of.
    /// - Returns: whether pages were replaced or removed.
    /// - Throws: what stops the round; the release is as it was.
    @discardableResult
    private func publish(
        _ changes: Set<ViewKey>, _ reached: DatabaseState, _ reading: inout RowReading,
        retried: Set<ViewKey> = []
    ) async throws -> Bool {
        var plans: [String: ViewPlan] = [:]
        var rows: Set<ViewKey> = []
        for schema in builder.schemas {
            let keys = changes.keys(of: schema.name)
            guard !keys.isEmpty else { continue }
            var plan = ViewPlan(spoolingIn: writer.spools)
            for key in keys { try plan.rendered.append(key, .asked) }
            plans[schema.name] = plan
            rows.formUnion(keys.map { ViewKey(schema.name, $0) })
        }
        let made = MadePages()
        let finisher = builder.finisher(writer, sources, previous: manifest)
        if !plans.isEmpty {
            _ = try await builder.render(.rows(plans), finisher, &reading, into: made.take)
        }
        if !made.failed.isSubset(of: retried) {
            for problem in made.problems { report(.problem(BuildError.pages([problem], count: 1))) }
        }
        var round = FollowedRound(rows: rows, made: made)
        let refusals = try round.refuseConflicts(with: manifest)
        if !round.refused.isSubset(of: retried.union(made.failed)) {
            for refusal in refusals.prefix(BuildLimits.problemsMax) {
                report(.problem(refusal))
            }
        }
        var next = try assembled(&round, retried: retried)
        failed.subtract(rows)
        failed.formUnion(round.refused)
        guard !round.entries.isEmpty || round.removedCount > 0 else {
            try note(reached)
            return false
        }
        if try !hasAll(Set(round.entries.flatMap(\.source.assets))) {
            next = try await builder.settled(next, sources, finisher)
        }
        try golive(next, reached)
        try index.set(round.entries, of: round.shown, spoolingIn: writer.spools)
        schedule.noteChange(at: .now)
        report(
            .published(
                next.id, pages: max(round.entries.count, round.removedCount),
                rows: round.shown.count))
        return true
    }

    /// The manifest after a round; rows that it cannot have, such as a second one at an address,
    /// are refused, and what they showed before stays.
    private func assembled(
        _ round: inout FollowedRound, retried: Set<ViewKey>
    ) throws -> StoredManifest {
        while true {
            do {
                var changed = ManifestBuilder(from: manifest, spoolingIn: writer.spools)
                round.removedCount = 0
                for row in round.shown {
                    for path in try index.paths(of: row) {
                        try changed.remove(path)
                        round.removedCount += 1
                    }
                }
                for entry in round.entries { try changed.add(entry) }
                return try builder.manifest(changed, like: manifest)
            } catch let error as ReleaseError {
                let problem = Collected.refusal(error)
                switch error {
                case .duplicatePath, .sameAddress, .limitExceeded:
                    guard round.refuse(Collected.rows(of: error)) else { throw problem }
                default: throw problem
                }
                if !round.refused.isSubset(of: retried) { report(.problem(problem)) }
            }
        }
    }

    /// Whether the release has all of these paths.
    private func hasAll(_ paths: Set<String>) throws -> Bool {
        for path in paths {
            let isThere = try manifest.hasEntry(atPath: path)
            if !isThere { return false }
        }
        return true
    }

    /// Compares the digests of these views; false if nothing went live.
    ///
    /// If they are all views, the release then shows the state of the snapshot.
    @discardableResult
    private func compare(_ schemas: [ViewSchema], isWhole: Bool) async throws -> Bool {
        guard let open = connections else { return false }
        let snapshot = try open.begin()
        let plans = try builder.plans(
            of: schemas, against: manifest, &open.reading, writer.spools)
        // However many rows differ, so many at a time; until all are live, the release shows no
        // later event than before.
        let unfinished = DatabaseState(lsn: snapshot.lsn, event: event)
        let retried = isWhole ? [] : failed
        var isPublished = false
        var changes: Set<ViewKey> = []
        func publishChanges() async throws {
            guard !changes.isEmpty else { return }
            if try await publish(changes, unfinished, &open.reading, retried: retried) {
                isPublished = true
            }
            fragments?.note(changes, builder.site)
            changes = []
        }
        for (view, plan) in plans {
            try await plan.forEachKey(atOnce: 1_024) { (keys) throws in
                for key in keys { changes.insert(ViewKey(view, key)) }
                if changes.count >= Self.eventsMax { try await publishChanges() }
            }
        }
        try await publishChanges()
        if isWhole { try note(DatabaseState(lsn: snapshot.lsn, event: snapshot.event)) }
        try open.end()
        return isPublished
    }

    // MARK: When changes pause

    private func settle() async throws {
        let finisher = builder.finisher(writer, sources, previous: manifest)
        let next = try await builder.settled(manifest, sources, finisher)
        try golive(next, state)
        report(.settled(next.id, state))
    }

    private func deepen() async throws -> Bool {
        let jobs = builder.options.jobs
        guard let (next, done) = try await deepening.step(manifest, writer, jobs: jobs) else {
            return false
        }
        try golive(next, state, isDeepened: true)
        report(.deepened(done.deepened, left: done.left))
        return true
    }

    private func prune() {
        do throws(ReleaseError) {
            try writer.prune(keeping: builder.options.keeping)
        } catch {
            report(.warning("\(ReleaseError.notPruned(manifest.id, reason: "\(error)"))"))
        }
    }

    // MARK: Going live

    /// Switches to a manifest; what it has in common with the live one is not looked at again.
    private func golive(
        _ next: StoredManifest, _ reached: DatabaseState, isDeepened: Bool = false
    ) throws {
        let current = manifest
        if next.id != current.id, !isDeepened { deepening.note() }
        manifest = try writer.finish(next, state: reached, trusting: current, keeping: nil)
        state = reached
        event = reached.event
    }

    /// The release shows a later state without any difference.
    private func note(_ reached: DatabaseState) throws {
        try golive(manifest, reached)
    }
}
