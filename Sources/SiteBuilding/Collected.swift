// What a build has made up to now: entries for the manifest, figures, and problems.
//
// Batches come in any order. What depends on it, such as the order of problems, is sorted before
// it is shown; the manifest sorts its own entries.

import ContentEncoding
import ReleaseFormat
import SiteAuthoring

/// The result of one batch of pages.
struct FinishedBatch: Sendable {
    var pages: [FinishedPage] = []
    var problems: [PageProblem] = []
}

/// Everything a build has made up to now; only the task that runs the build touches it.
struct Collected {
    private var manifest = ManifestBuilder()
    private(set) var addresses: [SiteMapAddress] = []
    private(set) var pageCount = 0
    private(set) var changedCount = 0
    private var reports: [RouteReport] = []
    /// The path of every entry with the place of its route in `reports`.
    private var paths: [(path: String, route: Int)] = []
    private var problems: [PageProblem] = []
    private var problemCount = 0

    /// What each route made, in the order in which routes were first taken.
    var routes: [RouteReport] { reports }

    /// Takes what a route made.
    ///
    /// - Throws: `.pages` when there are too many problems to go on, `.site` over a limit.
    mutating func take(
        _ batch: FinishedBatch, route: String, isListed: Bool
    ) throws(BuildError) {
        let index = reports.firstIndex { $0.name == route } ?? reports.count
        if index == reports.count { reports.append(RouteReport(name: route)) }
        for page in batch.pages {
            manifest.add(page.entry)
            paths.append((page.entry.path, index))
            reports[index].count(page)
            if isListed {
                addresses.append(
                    SiteMapAddress(path: page.entry.path, modified: page.modified))
            }
            pageCount += 1
            if page.isChanged { changedCount += 1 }
        }
        problemCount += batch.problems.count
        problems += batch.problems
        if problems.count >= BuildLimits.problemsMax { try stopOnProblems() }
        guard pageCount <= BuildLimits.pagesMax else {
            throw .site(
                reason: "The site has more than \(BuildLimits.pagesMax) pages.",
                remedy: "Split it into several sites.")
        }
    }

    /// The manifest of everything that was taken.
    ///
    /// - Throws: `.pages` for a path that cannot be served, or that two rows have.
    func finished(hasTree: Bool, recipe: UInt8) throws(BuildError) -> Manifest {
        do throws(ReleaseError) {
            return try manifest.finish(hasTree: hasTree, recipe: recipe)
        } catch {
            throw refusal(error)
        }
    }

    /// What the manifest refused, with the routes at fault.
    private func refusal(_ error: ReleaseError) -> BuildError {
        switch error {
        case .pathInvalid(let path, let reason, let source):
            return problem(
                source, path,
                "its path cannot be served, because \(reason).\n"
                    + "Change the function that makes the path, or the row.")
        case .duplicatePath(let path, let first, let second):
            let makers = routes(making: path)
            let other = PageProblem.printable(Self.place(second, path))
            return problem(
                first, path,
                "its path is also that of \(makers.last ?? ""), \(other).\n"
                    + "Change the function that makes one of the paths.")
        case .entryInvalid(let path, let reason):
            return problem(
                EntrySource(view: "", key: ""), path,
                "it cannot be stored, because \(reason).\nChange the page.")
        default: return .release(error)
        }
    }

    private func problem(_ source: EntrySource, _ path: String, _ reason: String) -> BuildError {
        .pages(
            [
                PageProblem(
                    route: routes(making: path).first ?? source.view,
                    place: Self.place(source, path), reason: reason)
            ], count: 1)
    }

    private static func place(_ source: EntrySource, _ path: String) -> String {
        source.key.isEmpty ? path : "\(source.view), row \(source.key)"
    }

    /// The routes that made a path, in the order in which they did.
    private func routes(making path: String) -> [String] {
        paths.filter { $0.path.utf8.elementsEqual(path.utf8) }.map { reports[$0.route].name }
    }

    /// Stops the build if any page could not be made.
    func stopOnProblems() throws(BuildError) {
        guard problems.isEmpty else {
            throw .pages(
                Array(problems.sorted().prefix(BuildLimits.problemsMax)), count: problemCount)
        }
    }
}

extension RouteReport {
    /// Adds a page's figures.
    fileprivate mutating func count(_ page: FinishedPage) {
        pages += 1
        if page.isChanged { changed += 1 }
        slots += page.entry.slots?.bindings.count ?? 0
        let identity = page.entry.representation(.identity)?.length ?? 0
        bytes.identity += identity
        bytes.gzip += page.entry.representation(.gzip)?.length ?? identity
        bytes.brotli += page.entry.representation(.brotli)?.length ?? identity
    }
}
