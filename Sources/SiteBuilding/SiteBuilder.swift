// A build, step by step: check the views, plan, read and render, add the files that no row makes,
// write the release.
//
// Rows are read in one snapshot (REPEATABLE READ, READ ONLY), a batch at a time. Nothing that is
// live changes before `ReleaseWriter.finish`; an error or a signal before it leaves the site as it
// was.

import ContentEncoding
import FoundationEssentials
import MaterializedViews
import Postgres
import ReleaseFormat
package import SiteAuthoring
import Spooling

/// Builds one site.
package struct SiteBuilder: Sendable {
    let site: Site
    let options: BuildOptions
    let origin: Origin
    private let report: @Sendable (BuildEvent) -> Void

    /// Prepares a build; `report` is called from any thread.
    package init(
        _ site: Site, options: BuildOptions, report: @escaping @Sendable (BuildEvent) -> Void
    ) {
        self.site = site
        self.options = options
        self.report = report
        origin = options.origin ?? site.origin
    }

    /// Builds the site and goes live with it.
    ///
    /// - Returns: what was done.
    /// - Throws: nothing live has changed then.
    package func build() async throws -> BuildReport {
        do {
            return try await build(isReusing: true)
        } catch ReleaseError.blobInvalid {
            report(.warning("a stored file of the last release is gone; everything is made again"))
            return try await build(isReusing: false)
        }
    }

    /// What `build` would do, without doing it.
    ///
    /// - Parameter temporaryFolder: where a long plan is put aside.
    /// - Returns: the plan.
    /// - Throws: as `build`, as far as it reads.
    package func plan(temporaryFolder: String) throws -> BuildPlan {
        let sources = try BuildSources(options, origin: origin, warn: warn)
        let inputs = sources.inputs
        var reading = try snapshot()
        try check(&reading)
        let spools = SpoolFolder(path: temporaryFolder)
        let live = try? StoredManifest.open(options.output)
        try checkFiles(sources.publicFiles, against: live, &reading)
        do {
            return try plan(from: live, inputs: inputs, sources.publicFiles, &reading, spools)
        } catch ReleaseError.blobInvalid {
            // A build may have pruned the release that was read; then there is a newer one.
            return try plan(
                from: try? StoredManifest.open(options.output), inputs: inputs,
                sources.publicFiles, &reading, spools)
        }
    }

    private var warn: @Sendable (String) -> Void {
        { [report] in report(.warning($0)) }
    }

    /// One attempt; `isReusing` says whether stored files of the live release may be kept.
    private func build(isReusing: Bool) async throws -> BuildReport {
        let start = ContinuousClock.now
        let writer = try ReleaseWriter.open(options.output)
        return try await build(with: writer, isReusing: isReusing, start).report
    }

    /// Builds with the lock of a writer that stays; see `SiteFollower`.
    func build(
        with writer: ReleaseWriter, isReusing: Bool = true,
        _ start: ContinuousClock.Instant = .now
    ) async throws -> FinishedBuild {
        try takeInWhatWaits()
        let live = try? StoredManifest.open(options.output)
        try checkKind(of: live)
        let previous = isReusing ? live : nil
        let sources = try BuildSources(options, origin: origin, warn: warn)
        var reading = try snapshot()
        let state = try reading.state()
        try check(&reading)
        let plan = try plan(
            from: previous, inputs: sources.inputs, sources.publicFiles, &reading, writer.spools)
        report(.plan(plan))
        let (made, collected, queries) = try await make(
            plan, from: previous, sources, writer, &reading)
        if options.isVerified { try await verify(made, writer, &reading) }
        if Task.isCancelled { throw BuildError.interrupted }
        // Before the switch, and before what is compared may be pruned.
        let routes = try routes(of: made, collected.changedByRoute)
        let removed = try Self.removedCount(from: live, to: made)
        let manifest = try writer.finish(made, state: state, keeping: nil)
        // What could not be removed is no reason to say that the release is not live.
        do throws(ReleaseError) {
            try writer.prune(keeping: options.keeping)
        } catch {
            warn("\(ReleaseError.notPruned(made.id, reason: "\(error)"))")
        }
        let report = BuildReport(
            release: "\(manifest.id)", isNew: live?.id != manifest.id,
            routes: routes, removed: removed, queries: queries,
            seconds: (ContinuousClock.now - start) / .seconds(1),
            peakMemoryBytes: PeakMemory.bytes(), rendered: collected.counts.rendered,
            components: collected.components, lsn: state.lsn)
        return FinishedBuild(report: report, manifest: manifest, state: state, sources: sources)
    }

    /// The live release and the state that it shows, if a build would use the inputs that it has.
    func live() throws -> (StoredManifest, DatabaseState, BuildSources)? {
        guard let manifest = try? StoredManifest.open(options.output),
            let state = DatabaseState.of(manifest.id, in: options.output)
        else { return nil }
        let sources = try BuildSources(options, origin: origin, warn: warn)
        guard let inputs = sources.inputs,
            BuildInputs.difference(from: manifest.inputs, to: inputs) == nil
        else { return nil }
        return (manifest, state, sources)
    }

    /// Renders what the plan says and makes a manifest of it; nothing is switched.
    private func make(
        _ plan: BuildPlan, from previous: StoredManifest?, _ sources: BuildSources,
        _ writer: ReleaseWriter, _ reading: inout RowReading
    ) async throws -> (StoredManifest, Collected, queries: Int) {
        let finisher = finisher(writer, sources, previous: previous)
        let collected = Collected(
            from: plan.renderedCount == nil ? nil : previous, spoolingIn: writer.spools)
        if case .rows(let views) = plan {
            for view in views.values { try collected.remove(view.replacedPaths) }
        }
        let queries = try await render(plan, finisher, &reading, into: collected)
        collected.note(finisher.costs.all)
        return (try await finish(collected, sources, finisher), collected, queries)
    }

    /// Makes and stores pages, reusing the files of a release of the same recipe.
    func finisher(
        _ writer: ReleaseWriter, _ sources: BuildSources, previous: StoredManifest?
    ) -> PageFinisher {
        PageFinisher(
            writer: writer, bundles: sources.bundles,
            environment: BuildEnvironment(
                sources.publicFiles, origin: origin, isMeasuring: options.isMeasured),
            rules: HeaderRules(site.headers + previewHeaders, origin: origin),
            quality: options.quality,
            previous: previous.flatMap { $0.recipe == options.quality.recipe ? $0 : nil },
            fragments: site.foreignFragments.union(site.fragments.map(\.name)),
            siteName: options.schema.site, warn: warn)
    }

    /// Renders every page once more, in the same snapshot, and compares.
    private func verify(
        _ manifest: StoredManifest, _ writer: ReleaseWriter, _ reading: inout RowReading
    ) async throws {
        let sources = try BuildSources(options, origin: origin, warn: { _ in })
        let (again, _, _) = try await make(
            .everything(.asked), from: manifest, sources, writer, &reading)
        guard again.bytes != manifest.bytes else { return }
        let changes = try ReleaseDiff.changes(from: manifest, to: again)
        let problems = try changes.prefix(BuildLimits.problemsMax).map { change in
            let entry =
                try again.entry(atPath: change.path) ?? manifest.entry(atPath: change.path)
            return PageProblem(
                route: entry?.source.route ?? "", place: change.path,
                reason: "rendered again, it came out otherwise.\nRemove what it reads "
                    + "besides its row: a clock, a random number, a file.")
        }
        throw BuildError.pages(problems, count: changes.count)
    }

    /// Compares what the last release was made from with what is there now.
    private func plan(
        from previous: StoredManifest?, inputs: [BuildInput]?, _ publicFiles: PublicFiles,
        _ reading: inout RowReading, _ spools: SpoolFolder
    ) throws -> BuildPlan {
        guard let previous else { return .everything(.new) }
        if options.rendersAll || options.shard != nil { return .everything(.asked) }
        guard let inputs else {
            return .everything(.input(name: "program", was: nil, now: nil))
        }
        if let (name, was, now) = BuildInputs.differenceForAll(
            from: previous.inputs, to: inputs)
        {
            return .everything(.input(name: name, was: was, now: now))
        }
        let mayBeProvisional = options.quality == .best
        if mayBeProvisional, try previous.hasProvisional() {
            return .everything(.input(name: "quality", was: "gradual", now: "best"))
        }
        let changed = try ChangedFiles(from: previous, inputs: inputs, to: publicFiles)
        return .rows(try plans(of: schemas, against: previous, changed: changed, &reading, spools))
    }

    /// Compares the digests of these views' rows with those of a release.
    func plans(
        of schemas: [ViewSchema], against previous: StoredManifest,
        changed: ChangedFiles = .none, _ reading: inout RowReading, _ spools: SpoolFolder
    ) throws -> [String: ViewPlan] {
        var known = try KnownRows(
            of: Set(schemas.map(\.name)), in: previous, changed: changed,
            spoolingIn: spools)
        var plans: [String: ViewPlan] = [:]
        let sorted = schemas.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for schema in sorted {
            plans[schema.name] = try reading.plan(
                schema, against: &known, spoolingIn: spools)
        }
        return plans
    }

    /// Renders what the plan says; returns how many statements were sent in all.
    private func render(
        _ plan: BuildPlan, _ finisher: PageFinisher, _ reading: inout RowReading,
        into collected: Collected
    ) async throws -> Int {
        let report = report
        let others = try await render(plan, finisher, &reading) {
            (batch, route) throws in
            try collected.take(batch, route: route.name)
            let counts = collected.counts
            report(.progress(rendered: counts.rendered, compressed: counts.changed))
        }
        try collected.stopOnProblems()
        return reading.queries + others
    }

    /// Renders what the plan says into `take`; returns how many statements other connections sent.
    func render(
        _ plan: BuildPlan, _ finisher: PageFinisher, _ reading: inout RowReading,
        into take: @escaping @Sendable (FinishedBatch, Route) throws -> Void
    ) async throws -> Int {
        try await PageRendering(
            routes: site.routes, finisher: finisher, plan: plan, options: options, take: take
        ).run(&reading)
    }

    /// The release with the files that follow from its pages.
    func settled(
        _ manifest: StoredManifest, _ sources: BuildSources, _ finisher: PageFinisher
    ) async throws -> StoredManifest {
        let collected = Collected(from: manifest, spoolingIn: finisher.writer.spools)
        try await SiteFiles(
            publicFiles: sources.publicFiles, finisher: finisher, origin: origin
        ).settle(manifest, into: collected)
        return try collected.finished(
            hasTree: manifest.hasTree, recipe: manifest.recipe, inputs: manifest.inputs)
    }

    /// A manifest that says of itself what another says.
    func manifest(
        _ changed: consuming ManifestBuilder, like base: StoredManifest
    ) throws -> StoredManifest {
        try changed.finish(hasTree: base.hasTree, recipe: base.recipe, inputs: base.inputs)
    }

    /// The schemas of all views that pages are made from, each once.
    var schemas: [ViewSchema] {
        var schemas: [ViewSchema] = []
        for route in site.routes {
            if case .rows(let schema, _) = route.source, !schemas.contains(schema) {
                schemas.append(schema)
            }
        }
        return schemas
    }

    /// Adds the files that belong to the pages, and makes the manifest.
    private func finish(
        _ collected: Collected, _ sources: BuildSources, _ finisher: PageFinisher
    ) async throws -> StoredManifest {
        var inputs = sources.inputs ?? []
        if let shard = options.shard {
            inputs.append(BuildInput("shard", "\(shard.number + 1)/\(shard.count)"))
        }
        // Inputs are not known where the program is not; what is not public is marked all the same.
        if options.preview != nil, !BuildInput.isPreview(inputs) { inputs.append(.preview) }
        let recipe = options.quality.recipe
        let pages = try collected.finished(
            hasTree: options.hasTree, recipe: recipe, inputs: inputs)
        let files = SiteFiles(
            publicFiles: sources.publicFiles, finisher: finisher, origin: origin)
        if options.shard == nil {
            try await files.settle(pages, into: collected)
        } else {
            try await files.settleAssets(pages, into: collected)
        }
        return try collected.finished(hasTree: options.hasTree, recipe: recipe, inputs: inputs)
    }

    /// What each route has in a release, in the site's order.
    private func routes(
        of manifest: StoredManifest, _ changed: [String: Int]
    ) throws -> [RouteReport] {
        var reports: [String: RouteReport] = [:]
        try manifest.forEachOutline { outline in
            let name = SiteFiles.route(of: outline)
            reports[name, default: RouteReport(name: name)].count(outline)
        }
        for (name, count) in changed { reports[name]?.changed = count }
        let names = site.routes.map(\.name) + [SiteFiles.publicRoute, SiteFiles.siteMapRoute]
        return names.compactMap { reports.removeValue(forKey: $0) }
    }

    /// Compares the compiled rows with the view files, if they are here, and with the database.
    private func check(_ reading: inout RowReading) throws {
        var schemas = schemas
        for fragment in site.fragments where !schemas.contains(fragment.schema) {
            schemas.append(fragment.schema)
        }
        let folder = options.databaseFolder
        // A view that no route reads, such as one that other views are made of, is none of a
        // build's business.
        let definitions =
            FileManager.default.fileExists(atPath: folder)
            ? try ViewDefinition.load(directory: folder, in: options.schema).filter { definition in
                schemas.contains { $0.name == definition.name }
            } : nil
        try reading.check(schemas, against: definitions)
        if let definitions { try ViewCheck.verify(definitions, at: options.database) }
    }

    /// Brings the views up to date with the changes that wait, so that what is built is what the
    /// tables say.
    private func takeInWhatWaits() throws {
        guard options.snapshot == nil, options.preview == nil else { return }
        do {
            try FollowConnections.drain(options.database)
        } catch ViewError.notInstalled {
            // What is missing is told by name later, if it is missing.
        } catch ViewError.permission {
            throw BuildError.site(
                reason: "Changes of rows wait, and this database user may not take them in.",
                remedy: "Run `sitegen db refresh` as the user who ran `sitegen db apply`.")
        }
    }

    /// Connects and begins the snapshot, or joins the one of the options.
    func snapshot() throws -> RowReading {
        let preview = try options.preview.map { preview in
            PreviewReading(
                preview: preview,
                definitions: try ViewDefinition.load(
                    directory: options.databaseFolder, in: options.schema))
        }
        return try RowReading(
            options.database, joining: options.snapshot, preview: preview)
    }

    /// How many of the last release's paths are gone.
    private static func removedCount(
        from previous: StoredManifest?, to manifest: StoredManifest
    ) throws -> Int {
        guard let previous, previous.id != manifest.id else { return 0 }
        return try ReleaseDiff.removedCount(from: previous, to: manifest)
    }
}

/// A build that is live.
struct FinishedBuild {
    let report: BuildReport
    let manifest: StoredManifest
    let state: DatabaseState
    let sources: BuildSources
}

extension RouteReport {
    /// Adds a page's figures.
    fileprivate mutating func count(_ page: EntryOutline) {
        pages += 1
        slots += page.slotCount
        let lengths = Dictionary(
            uniqueKeysWithValues: page.representations.map { ($0.coding, $0.length) })
        let identity = lengths[.identity] ?? 0
        bytes.identity += identity
        bytes.gzip += lengths[.gzip] ?? identity
        bytes.brotli += lengths[.brotli] ?? identity
    }
}
