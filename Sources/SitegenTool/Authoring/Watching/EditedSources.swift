// What is shown of an edit before anything is made of it: the styles of a component, and the rows
// of a view.
//
// Each is said in a line of its own, like all that tabs were told of.

import SiteWatching

extension WatchRunner {
    /// Shows the styles of components that are yet to be compiled.
    func show(_ styles: [(path: String, style: StyleLiteral)]) async {
        let start = ContinuousClock.now
        for (path, style) in styles {
            let told = await watched.show(style)
            if !told.tabs.isEmpty { sayShown([WatchCause(styleIn: path)], told, since: start, []) }
        }
    }

    /// Shows open pages from edited views, which takes no longer than their own rows.
    func show(views paths: [String]) async {
        let start = ContinuousClock.now
        let causes = paths.map { WatchCause(file: $0) }
        let (isShown, problem) = await watched.show(views: causes.map(\.viewName))
        // The step that follows has the last word.
        if let problem, isUndecided(.applyViews) { await settle([problem], of: .applyViews) }
        guard isShown else { return }
        let told = await watched.renderOpenPages(why: causes.words, tellsProblems: false)
        if !told.tabs.isEmpty { sayShown(causes, told, since: start, []) }
    }

    /// Installs the views; pages are made from their own rows again then.
    func applyViews(_ site: SiteProcess) async throws {
        let changed = uninstalled
        // What changes meanwhile is for the next time.
        uninstalled = []
        do {
            try await site.runTool(["db", "apply"])
        } catch {
            uninstalled.formUnion(changed)
            throw error
        }
        _ = await watched.show(views: [])
    }

    /// Prints what was shown, once tabs have painted it.
    func sayShown(
        _ causes: [WatchCause], _ told: ToldTabs, since start: ContinuousClock.Instant,
        _ stages: [WatchStage]
    ) {
        let end = ContinuousClock.now
        Task { [watched, lines] in
            let painted = await watched.painting(of: told.words, since: start)
            let paint = painted.map { [WatchStage("paint", max(.zero, $0 - end))] } ?? []
            lines.shown(
                causes, time: (painted ?? end) - start, tabs: told.tabs.count, stages + paint)
        }
    }
}
