// What a build has made up to now: entries for the manifest, figures, and problems.
//
// Batches come in any order, from any worker. What depends on it, such as the order of problems,
// is sorted before it is shown; the manifest sorts its own entries.

import ContentEncoding
import ReleaseFormat
import SiteAuthoring
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
    private struct State {
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

    /// Begins with the entries of another release, or with none.
    init(from base: Manifest?) {
        state = Mutex(State(manifest: ManifestBuilder(from: base)))
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
    func remove(_ paths: [String]) {
        state.withLock { state in for path in paths { state.manifest.remove(path) } }
    }

    /// Takes what a route made.
    ///
    /// - Throws: `.pages` when there are too many problems to go on, `.site` over a limit.
    func take(_ batch: FinishedBatch, route: String) throws(BuildError) {
        let (isOver, isStopped) = state.withLock { state in
            for page in batch.pages {
                state.manifest.add(page.entry)
                state.pageCount += 1
                if page.isChanged {
                    state.changedCount += 1
                    state.changed[route, default: 0] += 1
                }
            }
            state.problemCount += batch.problems.count
            state.problems += batch.problems
            return (
                state.pageCount > BuildLimits.pagesMax,
                state.problems.count >= BuildLimits.problemsMax
            )
        }
        if isStopped { try stopOnProblems() }
        if isOver {
            throw .site(
                reason: "The site has more than \(BuildLimits.pagesMax) pages.",
                remedy: "Split it into several sites.")
        }
    }

    /// The manifest of everything that was taken, and what this begins with from then on.
    ///
    /// - Throws: `.pages` for a path that cannot be served, or that two rows have.
    func finished(
        hasTree: Bool, recipe: UInt8, inputs: [BuildInput]
    ) throws(BuildError) -> Manifest {
        let builder = state.withLock { $0.manifest }
        do throws(ReleaseError) {
            let manifest = try builder.finish(hasTree: hasTree, recipe: recipe, inputs: inputs)
            state.withLock { $0.manifest = ManifestBuilder(from: manifest) }
            return manifest
        } catch {
            throw Self.refusal(error, of: builder)
        }
    }

    /// Stops the build if any page could not be made.
    func stopOnProblems() throws(BuildError) {
        let (problems, count) = state.withLock { ($0.problems, $0.problemCount) }
        guard problems.isEmpty else {
            throw .pages(
                Array(problems.sorted().prefix(BuildLimits.problemsMax)), count: count)
        }
    }

    /// What the manifest refused, with the routes at fault.
    static func refusal(
        _ error: ReleaseError, of builder: ManifestBuilder
    ) -> BuildError {
        switch error {
        case .pathInvalid(let path, let reason, let source):
            return problem(
                source, path,
                "its path cannot be served, because \(reason).\n"
                    + "Change the function that makes the path, or the row.")
        case .duplicatePath(let path, let first, let second):
            let (one, two) =
                rank(first) <= rank(second) ? (first, second) : (second, first)
            return problem(
                one, path,
                "its path is also that of \(maker(two)), "
                    + "\(PageProblem.printable(place(two, path))).\n"
                    + "Change the function that makes one of the paths.")
        case .entryInvalid(let path, let reason):
            return problem(
                builder.source(at: path)?.withoutRow ?? EntrySource(view: "", key: ""), path,
                "it cannot be stored, because \(reason).\nChange the page.")
        default: return .release(error)
        }
    }

    /// The rows that the manifest refused.
    static func rows(of error: ReleaseError, in builder: ManifestBuilder) -> Set<ViewKey> {
        let sources: [EntrySource?] =
            switch error {
            case .pathInvalid(_, _, let source): [source]
            case .duplicatePath(_, let first, let second): [first, second]
            case .entryInvalid(let path, _): [builder.source(at: path)]
            default: []
            }
        return Set(sources.compactMap { $0.map { ViewKey($0.view, $0.key) } })
    }

    private static func problem(
        _ source: EntrySource, _ path: String, _ reason: String
    ) -> BuildError {
        .pages(
            [PageProblem(route: maker(source), place: place(source, path), reason: reason)],
            count: 1)
    }

    private static func maker(_ source: EntrySource) -> String {
        if !source.route.isEmpty { return source.route }
        return source.view == SiteFiles.siteMapRoute ? source.view : SiteFiles.publicRoute
    }

    /// Pages come before files, each in the order of their names.
    private static func rank(_ source: EntrySource) -> (Int, String, String) {
        (source.route.isEmpty ? 1 : 0, source.route, source.key)
    }

    private static func place(_ source: EntrySource, _ path: String) -> String {
        source.key.isEmpty ? path : "\(source.view), row \(source.key)"
    }
}

extension EntrySource {
    /// The same without its row, for a fault that all rows of the route have.
    fileprivate var withoutRow: EntrySource {
        var source = EntrySource(view: view, key: "")
        source.route = route
        return source
    }
}
