// The state of a follower between two looks at the database, and one look.
//
// A look is: let the views take in what is queued, read the log behind the last event that the
// release shows, make those rows' pages in one snapshot, publish. The event is noted beside the
// release before the switch and acknowledged after it, so a kill in between repeats work and loses
// none.

import MaterializedViews
import Postgres
import ReleaseFormat
import SiteAuthoring

/// One follower, on one task.
final class Following {
    private let builder: SiteBuilder
    private let writer: ReleaseWriter
    private let redisURL: String?
    private let pace: FollowPace
    private let report: @Sendable (FollowEvent) -> Void
    private let consumer: String

    private var manifest: Manifest
    private var sources: BuildSources
    private var index: PageIndex
    /// The last event whose pages are live.
    private var event: Int64
    private var state: DatabaseState
    /// The rows whose pages could not be made.
    private var failed: Set<ViewKey> = []
    /// The rows whose fragments are not published yet.
    private var unpublished: [String: Set<String>] = [:]
    /// What remains to be done when changes pause.
    private var isUnsettled = false
    private var lastChange = ContinuousClock.now
    private var lastSettled = ContinuousClock.now
    private var settlingTook = Duration.zero
    private var lastCompared = ContinuousClock.now
    private var lastPruned = ContinuousClock.now
    private var unlogged: [ViewSchema] = []
    private var connections: FollowConnections?

    /// The most events that are taken in at once; more follow in the next round.
    private static let eventsMax = 20_000
    /// How many pages are compressed again between two looks.
    private static let deepenedMax = 16

    /// Builds what changed while nobody followed, and goes live with it.
    init(
        _ builder: SiteBuilder, _ writer: ReleaseWriter, redisURL: String?, pace: FollowPace,
        report: @escaping @Sendable (FollowEvent) -> Void
    ) async throws(BuildError) {
        self.builder = builder
        self.writer = writer
        self.redisURL = redisURL
        self.pace = pace
        self.report = report
        consumer = FollowConnections.consumerName(of: builder.options.output)
        try FollowConnections.drain(builder.options.databaseURL)
        let built = try await builder.build(with: writer)
        manifest = built.manifest
        state = built.state
        event = built.state.event
        sources = built.sources
        index = PageIndex(built.manifest)
        if let redisURL {
            _ = try FragmentPublication(builder.site, options: builder.options)
                .publish(to: redisURL)
        }
        report(.published(built.manifest.id, pages: built.manifest.count, rows: 0))
        report(.settled(built.manifest.id, built.state))
    }

    /// Connects anew; after an absence that the log does not cover, all digests are compared.
    func connect() async throws(BuildError) {
        connections = nil
        let opened = try FollowConnections(builder.options.databaseURL)
        let isCovered = try opened.covers(event, consumer)
        unlogged = try opened.unlogged(builder.schemas)
        connections = opened
        if !isCovered { try await compare(builder.schemas) }
        try connections?.acknowledge(consumer, event)
    }

    /// One look; returns whether there was something to do.
    func step() async throws(BuildError) -> Bool {
        try await settleIfOverdue()
        if try await takeIn() {
            lastChange = .now
            return true
        }
        let now = ContinuousClock.now
        if now - lastCompared >= pace.comparing {
            lastCompared = now
            try publishFragments()
            if !unlogged.isEmpty, try await compare(unlogged) {
                lastChange = .now
                return true
            }
        }
        if isUnsettled, now - lastChange >= pace.settling,
            now - lastSettled >= settlingTook * 10
        {
            try await settle()
            return true
        }
        guard !isUnsettled else { return false }
        if now - lastPruned >= pace.pruning { try prune() }
        guard builder.options.quality == .gradual, now - lastChange >= pace.deepening else {
            return false
        }
        return try await deepen()
    }

    // MARK: Changes

    /// Takes in what the queue and the log have; false if there was nothing.
    private func takeIn() async throws(BuildError) -> Bool {
        guard let open = connections else { return false }
        guard try open.hasEvents(after: event) else { return false }
        let (events, snapshot) = try open.begin(after: event, limit: Self.eventsMax)
        guard let last = events.last else { return false }
        var changes: [String: Set<String>] = [:]
        for event in events { changes[event.view, default: []].insert(event.key) }
        for row in failed { changes[row.view, default: []].insert(row.key) }
        let reached = DatabaseState(lsn: snapshot.lsn, event: last.sequence)
        try await publish(changes, reached, &open.reading)
        unpublished.merge(changes) { $0.union($1) }
        try publishFragments()
        try open.acknowledge(consumer, event)
        return true
    }

    /// Publishes the fragments of changed rows; a Redis that is away is tried again later.
    private func publishFragments() throws(BuildError) {
        guard let open = connections, !unpublished.isEmpty else { return }
        do throws(BuildError) {
            try open.publishFragments(unpublished, builder, redisURL)
            unpublished = [:]
        } catch .redis(let error) {
            report(.warning("fragments wait for Redis: \(error)"))
        }
    }

    /// Makes the pages of these rows and publishes them.
    private func publish(
        _ changes: [String: Set<String>], _ reached: DatabaseState, _ reading: inout RowReading
    ) async throws(BuildError) {
        var plans: [String: ViewPlan] = [:]
        for schema in builder.schemas {
            guard let keys = changes[schema.name] else { continue }
            var plan = ViewPlan()
            plan.rendered = keys.sorted().map { ($0, .asked) }
            plans[schema.name] = plan
        }
        let made = MadePages()
        let finisher = builder.finisher(writer, sources, previous: manifest)
        if !plans.isEmpty {
            _ = try await builder.render(.rows(plans), finisher, &reading, into: made.take)
        }
        for (view, plan) in plans {
            for (key, _) in plan.rendered { failed.remove(ViewKey(view, key)) }
        }
        failed.formUnion(made.failed)
        for problem in made.problems { report(.problem(.pages([problem], count: 1))) }
        var builderOfManifest = ManifestBuilder(from: manifest)
        var rows = 0
        var removedPages = 0
        for (view, plan) in plans {
            for key in plan.rendered.map(\.key) where !failed.contains(ViewKey(view, key)) {
                rows += 1
                for path in index[view, key] {
                    builderOfManifest.remove(path)
                    removedPages += 1
                }
            }
        }
        for entry in made.entries { builderOfManifest.add(entry) }
        guard !made.entries.isEmpty || removedPages > 0 else {
            try note(reached)
            return
        }
        let needed = Set(made.entries.flatMap(\.source.assets))
        let lacksAssets = needed.contains { manifest.index(ofPath: $0) == nil }
        var next: Manifest
        do throws(ReleaseError) {
            next = try builder.manifest(builderOfManifest, like: manifest)
        } catch {
            // Two rows with one address: nothing of this round can be shown until one changes.
            report(.problem(Collected.refusal(error, of: builderOfManifest)))
            for (view, plan) in plans {
                for (key, _) in plan.rendered { failed.insert(ViewKey(view, key)) }
            }
            try note(DatabaseState(lsn: reached.lsn, event: reached.event))
            return
        }
        if lacksAssets { next = try await builder.settled(next, sources, finisher) }
        try golive(next, reached)
        for (view, plan) in plans {
            for (key, _) in plan.rendered where !failed.contains(ViewKey(view, key)) {
                index[view, key] = []
            }
        }
        for entry in made.entries { index.add(entry) }
        isUnsettled = true
        report(
            .published(
                next.id, pages: max(made.entries.count, removedPages), rows: rows))
    }

    /// Compares the digests of whole views; false if nothing differs.
    @discardableResult
    private func compare(_ schemas: [ViewSchema]) async throws(BuildError) -> Bool {
        guard let open = connections else { return false }
        let (_, snapshot) = try open.begin(after: event, limit: 0)
        let known = KnownRows(manifest)
        var changes: [String: Set<String>] = [:]
        for schema in schemas {
            let plan = try open.reading.plan(schema, against: known)
            let keys = plan.rendered.map(\.key) + plan.removed
            if !keys.isEmpty { changes[schema.name] = Set(keys) }
        }
        guard !changes.isEmpty else { return false }
        try await publish(
            changes, DatabaseState(lsn: snapshot.lsn, event: event), &open.reading)
        return true
    }

    // MARK: When changes pause

    /// Changes that never pause must not keep the site map old, nor old releases, for ever.
    private func settleIfOverdue() async throws(BuildError) {
        guard isUnsettled,
            ContinuousClock.now - lastSettled >= max(pace.unsettled, settlingTook * 10)
        else { return }
        try await settle()
        if ContinuousClock.now - lastPruned >= pace.pruning { try prune() }
    }

    private func settle() async throws(BuildError) {
        let start = ContinuousClock.now
        let finisher = builder.finisher(writer, sources, previous: manifest)
        let next = try await builder.settled(manifest, sources, finisher)
        try golive(next, state)
        isUnsettled = false
        lastSettled = .now
        settlingTook = lastSettled - start
        report(.settled(next.id, state))
    }

    private func deepen() async throws(BuildError) -> Bool {
        let reader = try releasing { () throws(ReleaseError) in
            try ReleaseReader.open(builder.options.output, manifest: manifest)
        }
        let (next, done) = try await Deepening(jobs: builder.options.jobs).deepened(
            reader, writer, limit: Self.deepenedMax)
        guard done.deepened > 0 else { return false }
        try golive(next, state)
        report(.deepened(done.deepened, left: done.left))
        return true
    }

    private func prune() throws(BuildError) {
        lastPruned = .now
        let options = builder.options
        try releasing { () throws(ReleaseError) in
            try writer.prune(
                keeping: ReleaseKeeping(count: options.releasesKept, seconds: options.secondsKept))
        }
    }

    // MARK: Going live

    /// Switches to a manifest; what it has in common with the live one is not looked at again.
    private func golive(
        _ next: Manifest, _ reached: DatabaseState
    ) throws(BuildError) {
        let current = manifest
        _ = try releasing { () throws(ReleaseError) in
            try writer.finish(next, state: reached, trusting: current, keeping: nil)
        }
        manifest = next
        state = reached
        event = reached.event
    }

    /// The release shows a later state without any difference.
    private func note(_ reached: DatabaseState) throws(BuildError) {
        try golive(manifest, reached)
    }
}
