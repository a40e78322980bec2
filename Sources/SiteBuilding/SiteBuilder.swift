// A build, step by step: check the views, read and render every route, add the files that no row
// makes, write the release.
//
// Rows are read in one snapshot (REPEATABLE READ, READ ONLY), a batch at a time. Nothing that is
// live changes before `ReleaseWriter.finish`; an error or a signal before it leaves the site as it
// was.

import ContentEncoding
import FoundationEssentials
import Glibc
import MaterializedViews
import Postgres
import ReleaseFormat
package import SiteAuthoring

/// Builds one site.
package struct SiteBuilder: Sendable {
    private let site: Site
    private let options: BuildOptions
    private let report: @Sendable (BuildEvent) -> Void
    private let origin: Origin

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
    package func build() async throws(BuildError) -> BuildReport {
        do throws(BuildError) {
            return try await build(isReusing: true)
        } catch .release(.blobInvalid) {
            report(.warning("a stored file of the last release is gone; everything is made again"))
            return try await build(isReusing: false)
        }
    }

    /// One attempt; `isReusing` says whether stored files of the live release may be kept.
    private func build(isReusing: Bool) async throws(BuildError) -> BuildReport {
        let start = ContinuousClock.now
        let writer = try releasing { () throws(ReleaseError) in
            try ReleaseWriter.open(options.output)
        }
        let previous = try? ReleaseReader.open(options.output).manifest
        let reusable = previous.flatMap {
            isReusing && $0.recipe == options.quality.recipe ? $0 : nil
        }
        let publicFiles = try PublicFiles(folder: "\(options.root)/public")
        let warn: @Sendable (String) -> Void = { [report] in report(.warning($0)) }
        let finisher = PageFinisher(
            writer: writer,
            bundles: try Bundles(
                stylesFolder: "\(options.root)/site/Styles", origin: origin,
                warn: warn),
            environment: BuildEnvironment(publicFiles, origin: origin),
            quality: options.quality, previous: reusable, warn: warn)

        var collected = Collected()
        let queries = try await renderRoutes(with: finisher, into: &collected)
        try collected.stopOnProblems()
        try await addFiles(publicFiles, with: finisher, to: &collected)
        if Task.isCancelled { throw .interrupted }

        let routes = collected.routes
        let manifest = try collected.finished(
            hasTree: options.hasTree, recipe: options.quality.recipe)
        let id = try releasing { () throws(ReleaseError) in
            try writer.finish(manifest, keeping: options.releasesKept)
        }
        return BuildReport(
            release: "\(id)", isNew: previous?.id != id, routes: routes,
            removed: Self.removedCount(from: previous, to: manifest), queries: queries,
            seconds: (ContinuousClock.now - start) / .seconds(1),
            peakMemoryBytes: Self.peakMemoryBytes())
    }

    /// Renders every route; returns how many statements were sent.
    private func renderRoutes(
        with finisher: PageFinisher, into collected: inout Collected
    ) async throws(BuildError) -> Int {
        var reading = try snapshot(options.databaseURL)
        try check(&reading)
        for route in site.routes {
            report(.route(name: route.name))
            let step = RenderStep(route: route, finisher: finisher, jobs: options.jobs)
            var isListed = false
            if case .page(let listed) = route.output { isListed = listed }
            switch route.source {
            case .single(let page):
                try collected.take(
                    try await step.single(page), route: route.name, isListed: isListed)
            case .rows(let schema, let decode):
                try await step.rows(of: schema, from: &reading, decode: decode) {
                    (batch) throws(BuildError) in
                    try collected.take(batch, route: route.name, isListed: isListed)
                    report(
                        .progress(
                            rendered: collected.pageCount, compressed: collected.changedCount))
                }
            }
        }
        return reading.queries
    }

    /// Compares the compiled rows with the view files, if they are here, and with the database.
    private func check(_ reading: inout RowReading) throws(BuildError) {
        var schemas: [ViewSchema] = []
        for route in site.routes {
            if case .rows(let schema, _) = route.source, !schemas.contains(schema) {
                schemas.append(schema)
            }
        }
        for fragment in site.fragments where !schemas.contains(fragment.schema) {
            schemas.append(fragment.schema)
        }
        let folder = options.databaseFolder
        do {
            // A view that no route reads, such as one that other views are made of, is none of a
            // build's business.
            let definitions =
                FileManager.default.fileExists(atPath: folder)
                ? try ViewDefinition.load(directory: folder).filter { definition in
                    schemas.contains { $0.name == definition.name }
                } : nil
            try reading.check(schemas, against: definitions)
        } catch {
            throw .view(error)
        }
    }

    /// Adds what no row makes: public/, bundles, the site map, robots.txt.
    private func addFiles(
        _ publicFiles: PublicFiles, with finisher: PageFinisher, to collected: inout Collected
    ) async throws(BuildError) {
        var files = FinishedBatch()
        for file in publicFiles.files {
            for (path, policy) in [
                ("/\(file.name)", CachePolicy.revalidate), (file.assetPath, .immutable),
            ] {
                files.pages.append(
                    try finisher.file(
                        file.bytes, at: path, kind: .asset, type: file.type, cachePolicy: policy,
                        from: "public/\(file.name)"))
            }
        }
        for asset in try await finisher.bundles.assets() {
            files.pages.append(
                try finisher.file(
                    asset.bytes, at: asset.path, kind: .asset, type: asset.type,
                    cachePolicy: .immutable, from: "components"))
        }
        try collected.take(files, route: "public", isListed: false)

        let siteMap = SiteMap(origin: origin)
        var maps = FinishedBatch()
        for (path, bytes) in siteMap.files(collected.addresses) {
            maps.pages.append(
                try finisher.file(
                    bytes, at: path, kind: .file, type: .xml, cachePolicy: .revalidate,
                    from: "sitemap"))
        }
        if !publicFiles.files.contains(where: { $0.name == "robots.txt" }) {
            maps.pages.append(
                try finisher.file(
                    siteMap.robots, at: "/robots.txt", kind: .file, type: .text,
                    cachePolicy: .revalidate, from: "sitemap"))
        }
        try collected.take(maps, route: "sitemap", isListed: false)
    }

    private static func removedCount(from previous: Manifest?, to manifest: Manifest) -> Int {
        guard let previous else { return 0 }
        return (0..<previous.count).count {
            manifest.index(ofPath: previous.entry(at: $0).path) == nil
        }
    }

    /// The largest resident size of this process, in bytes (getrusage(2): kilobytes).
    private static func peakMemoryBytes() -> Int {
        var usage = rusage()
        return unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0
            ? usage.ru_maxrss * 1024 : 0
    }
}

/// Runs `work`; an error of a release becomes one of the build.
private func releasing<T>(_ work: () throws(ReleaseError) -> T) throws(BuildError) -> T {
    do { return try work() } catch { throw .release(error) }
}

/// Connects and begins the snapshot.
private func snapshot(_ url: String) throws(BuildError) -> RowReading {
    do { return try RowReading(url: url) } catch { throw .database(error) }
}
