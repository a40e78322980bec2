// Joins the parts that `build --shard` made, on whatever machines, into one release: the very one
// that a build of the whole makes.
//
// Parts hold pages and their assets; what follows from all pages together, such as the site map,
// is made here. Nothing is rendered and no database is needed.

package import ReleaseFormat
package import SiteAuthoring

/// Merges parts of a site.
package struct PartMerging: Sendable {
    private let site: Site
    private let options: BuildOptions
    private let warn: @Sendable (String) -> Void

    /// Prepares a merge; of the options the database does not matter.
    package init(
        _ site: Site, options: BuildOptions, warn: @escaping @Sendable (String) -> Void
    ) {
        self.site = site
        self.options = options
        self.warn = warn
    }

    /// Joins the live releases of these folders and goes live with the whole.
    ///
    /// - Parameter folders: the output folders of the parts, in any order.
    /// - Returns: the release's name and how many entries it has.
    /// - Throws: `.site` when the parts make no whole, a `ReleaseError`; nothing live changes.
    package func merge(
        _ folders: [String]
    ) async throws -> (release: ReleaseID, entries: Int) {
        let origin = options.origin ?? site.origin
        let sources = try BuildSources(options, origin: origin, warn: warn)
        let parts = try folders.map { try StoredManifest.open($0) }
        try check(parts, inputs: sources.inputs)
        let state = try state(of: parts, in: folders)
        let writer = try ReleaseWriter.open(options.output)
        let collected = Collected(from: nil, spoolingIn: writer.spools)
        var assets: Set<String> = []
        for (part, folder) in zip(parts, folders) {
            try adopt(part, of: folder, writer, collected, knowing: &assets)
        }
        let finisher = PageFinisher(
            writer: writer, bundles: sources.bundles,
            environment: BuildEnvironment(sources.publicFiles, origin: origin),
            rules: HeaderRules(site.headers, origin: origin),
            quality: options.quality, previous: nil, warn: warn)
        let recipe = options.quality.recipe
        let inputs = sources.inputs ?? []
        let pages = try collected.finished(
            hasTree: options.hasTree, recipe: recipe, inputs: inputs)
        try await SiteFiles(
            publicFiles: sources.publicFiles, finisher: finisher, origin: origin
        ).settle(pages, into: collected)
        let manifest = try collected.finished(
            hasTree: options.hasTree, recipe: recipe, inputs: inputs)
        let release = try writer.finish(manifest, state: state, keeping: options.keeping)
        return (release.id, release.count)
    }

    /// Takes over every page and asset; of those that several parts have the first.
    private func adopt(
        _ part: StoredManifest, of folder: String, _ writer: ReleaseWriter,
        _ collected: Collected, knowing assets: inout Set<String>
    ) throws {
        let files = try BlobStore.open(folder)
        var cursor = part.outlines()
        while let outline = try cursor.next() {
            let entry = outline.entry
            if !outline.isMadeByRoute, !assets.insert(entry.path).inserted { continue }
            for form in entry.representations { try writer.adopt(form, from: files) }
            try collected.take(
                FinishedBatch(pages: [FinishedPage(entry: entry, isChanged: true)]),
                route: entry.source.route)
        }
    }

    /// Whether the parts are all the parts of one site, made from the same inputs as this program.
    private func check(
        _ parts: [StoredManifest], inputs: [BuildInput]?
    ) throws {
        var numbers: [String] = []
        for part in parts {
            guard let shard = part.inputs.first(where: { $0.name == "shard" })?.value else {
                throw BuildError.site(
                    reason: "Release \(part.id) is no part: it was not built with --shard.",
                    remedy: "Name the folders that `sitegen build --shard K/N` wrote.")
            }
            numbers.append(shard)
            let others = part.inputs.filter { $0.name != "shard" }
            if let (name, was, now) = BuildInputs.difference(from: others, to: inputs ?? []) {
                throw BuildError.site(
                    reason: "Part \(shard) was built with another \(name): "
                        + "\(was ?? "none"), not \(now ?? "none").",
                    remedy: "Build every part and merge with one program and the same options.")
            }
        }
        let count = numbers.first?.split(separator: "/").last.flatMap { Int($0) } ?? 0
        let wanted = count > 0 ? (1...count).map { "\($0)/\(count)" } : []
        guard Set(numbers) == Set(wanted), numbers.count == count else {
            throw BuildError.site(
                reason: "These are parts \(numbers.sorted().joined(separator: ", ")), "
                    + "which do not make a whole.",
                remedy: "Name each of the parts 1/N to N/N once.")
        }
    }

    /// The state of the database that all parts show, or the earliest, with a warning.
    private func state(
        of parts: [StoredManifest], in folders: [String]
    ) throws -> DatabaseState? {
        var states: Set<DatabaseState> = []
        for (part, folder) in zip(parts, folders) {
            if let state = DatabaseState.of(part.id, in: folder) { states.insert(state) }
        }
        if states.count > 1 {
            warn(
                "the parts show different moments of the database; "
                    + "build them with --snapshot to have one")
        }
        return states.min { $0.event < $1.event }
    }
}
