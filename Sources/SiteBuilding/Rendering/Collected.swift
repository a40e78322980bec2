// What a build has made up to now: entries for the manifest, figures, and problems.
//
// Batches come in any order, from any worker. What depends on it, such as the order of problems,
// is sorted before it is shown; the manifest sorts its own entries.

import ContentEncoding
import Groundwork
import ReleaseFormat
import SiteAuthoring
import Spooling
import Synchronization

/// The result of one batch of pages.
struct FinishedBatch: Sendable {
    var pages: [FinishedPage] = []
    var problems: [PageProblem] = []
    /// The keys of the rows with problems.
    var failedKeys: [String] = []
}

/// Everything a build has made up to now; workers share it.
final class Collected: Sendable {
    private struct State: ~Copyable {
        var manifest: ManifestBuilder
        var pageCount = 0
        var changedCount = 0
        /// How many pages of each route changed.
        var changed: [String: Int] = [:]
        var problems: [PageProblem] = []
        var problemCount = 0
        var components: [ComponentReport] = []
    }

    private let state: Mutex<State>
    private let spools: SpoolFolder
    private let pagesMax: Int

    /// Begins with the entries of another release, or with none; takes so many pages.
    init(
        from base: StoredManifest?, spoolingIn spools: SpoolFolder,
        pagesMax: Int = BuildLimits.pagesMax
    ) {
        self.spools = spools
        self.pagesMax = pagesMax
        state = Mutex(State(manifest: ManifestBuilder(from: base, spoolingIn: spools)))
    }

    /// How many pages were made, and how many of them changed.
    var counts: (rendered: Int, changed: Int) {
        state.withLock { ($0.pageCount, $0.changedCount) }
    }

    /// How many pages of each route changed, by the route's name.
    var changedByRoute: [String: Int] { state.withLock { $0.changed } }

    /// What each component cost.
    var components: [ComponentReport] { state.withLock { $0.components } }

    /// Notes what components cost.
    func note(_ components: [ComponentReport]) { state.withLock { $0.components = components } }

    /// Leaves out entries of the release that was begun with.
    ///
    /// - Throws: a `ReleaseError` when the disk is full.
    func remove(_ paths: some Sequence<String>) throws {
        try state.withLock { state in
            for path in paths {
                try state.manifest.remove(path)
            }
        }
    }

    /// Leaves out what a plan replaces.
    ///
    /// - Throws: as `remove`.
    func remove(_ paths: SpooledList) throws {
        let size = 1024
        for start in stride(from: 0, to: paths.count, by: size) {
            let some = try paths.elements(start..<min(start + size, paths.count))
            try remove(some.lazy.map { String(decoding: $0, as: UTF8.self) })
        }
    }

    /// Takes what a route made.
    ///
    /// - Throws: `.pages` when there are too many problems to go on, `.site` over a limit,
    ///   a `ReleaseError` when the disk is full.
    func take(_ batch: FinishedBatch, route: String) throws {
        let (isOver, isStopped) = try state.withLock { state in
            for page in batch.pages {
                do throws(ReleaseError) {
                    try state.manifest.add(page.entry)
                } catch {
                    guard let problem = Self.problem(of: page.entry, error) else { throw error }
                    state.problemCount += 1
                    state.problems.append(problem)
                    continue
                }
                state.pageCount += 1
                if page.isChanged {
                    state.changedCount += 1
                    state.changed[route, default: 0] += 1
                }
            }
            state.problemCount += batch.problems.count
            state.problems += batch.problems
            return (
                state.pageCount > pagesMax,
                state.problems.count >= BuildLimits.problemsMax
            )
        }
        if isStopped { try stopOnProblems() }
        if isOver {
            throw BuildError.site(
                reason: "The site has more than \(pagesMax) pages.",
                remedy: "Split it into several sites.")
        }
    }

    /// The manifest of everything that was taken, and what this begins with from then on.
    ///
    /// - Throws: `.pages` for a path that cannot be served, or that two rows have.
    func finished(
        hasTree: Bool, recipe: UInt8, inputs: [BuildInput]
    ) throws -> StoredManifest {
        try stopOnProblems()
        let builder = state.withLock { state in
            var builder = ManifestBuilder(spoolingIn: spools)
            swap(&builder, &state.manifest)
            return builder
        }
        do throws(ReleaseError) {
            let manifest = try builder.finish(hasTree: hasTree, recipe: recipe, inputs: inputs)
            state.withLock { $0.manifest = ManifestBuilder(from: manifest, spoolingIn: spools) }
            return manifest
        } catch {
            throw Self.refusal(error)
        }
    }

    /// Stops the build if any page could not be made.
    func stopOnProblems() throws {
        let (problems, count) = state.withLock { ($0.problems, $0.problemCount) }
        guard problems.isEmpty else {
            throw BuildError.pages(
                Array(problems.sorted().prefix(BuildLimits.problemsMax)), count: count)
        }
    }

    /// What a manifest refused, with the routes at fault.
    static func refusal(_ error: ReleaseError) -> any Error {
        let (one, two): ((path: String, source: EntrySource), (path: String, source: EntrySource))
        switch error {
        case .duplicatePath(let path, let first, let second):
            (one, two) = ((path, first), (path, second))
        case .sameAddress(let path, let other, let first, let second):
            (one, two) = ((path, first), (other, second))
        default: return error
        }
        let isInOrder = rank(one.source) <= rank(two.source)
        let (first, second) = isInOrder ? (one, two) : (two, one)
        let maker = maker(second.source)
        let spelling = first.path == second.path ? "" : ", in another spelling"
        let problem = PageProblem(
            route: Self.maker(first.source), place: place(first.source, first.path),
            reason: "its path is also that of \(maker), "
                + "\(PrintableText.of(place(second.source, second.path)))\(spelling).\n"
                + remedy(Self.maker(first.source), maker))
        return BuildError.pages([problem], count: 1)
    }

    /// Checks an entry by itself.
    ///
    /// - Throws: `.pages` when no release can have it.
    static func check(_ entry: Entry) throws {
        do throws(ReleaseError) {
            try entry.check()
        } catch {
            throw problem(of: entry, error).map { BuildError.pages([$0], count: 1) } ?? error
        }
    }

    /// Why no release can have an entry; nil for what is not the entry's fault.
    static func problem(of entry: Entry, _ error: ReleaseError) -> PageProblem? {
        switch error {
        case .pathInvalid(let path, let reason, let source):
            PageProblem(
                route: maker(source), place: place(source, path),
                reason: "its path cannot be served, because \(reason).\n"
                    + (maker(source) == SiteFiles.publicRoute
                        ? "Rename the file."
                        : "Change the function that makes the path, or the row."))
        case .entryInvalid(let path, let reason):
            // A fault that all rows of the route have: the path tells more than the key.
            PageProblem(
                route: maker(entry.source), place: path,
                reason: "it cannot be stored, because \(reason).\nChange the page.")
        default: nil
        }
    }

    /// The rows that a manifest refused.
    static func rows(of error: ReleaseError) -> Set<ViewKey> {
        switch error {
        case .duplicatePath(_, let first, let second), .sameAddress(_, _, let first, let second):
            [ViewKey(first.view, first.key), ViewKey(second.view, second.key)]
        default: []
        }
    }

    private static func maker(_ source: EntrySource) -> String {
        if !source.route.isEmpty { return source.route }
        return source.view == SiteFiles.siteMapRoute ? source.view : SiteFiles.publicRoute
    }

    /// What to change where two makers make one path.
    private static func remedy(_ one: String, _ two: String) -> String {
        let files = [one, two].count { $0 == SiteFiles.publicRoute }
        return switch files {
        case 0: "Change the function that makes one of the paths."
        case 1: "Rename the file in public/, or change what makes the other."
        default: "Rename one of the files in public/."
        }
    }

    /// Pages come before files, each in the order of their names.
    private static func rank(_ source: EntrySource) -> (Int, String, String) {
        (source.route.isEmpty ? 1 : 0, source.route, source.key)
    }

    private static func place(_ source: EntrySource, _ path: String) -> String {
        source.key.isEmpty ? path : "\(source.view), row \(source.key)"
    }
}
