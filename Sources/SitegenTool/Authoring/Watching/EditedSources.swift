// What is shown of an edit before anything is made of it: the styles of a component, and the rows
// of a view.
//
// Each is said in a line of its own, like all that tabs were told of.

import SiteWatching
import SitegenCommands

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
    ///
    /// - Parameter paths: the files that changed just now, for the line that says so.
    func showEditedViews(_ paths: [String] = []) async {
        let start = ContinuousClock.now
        let causes = paths.map { WatchCause(file: $0) }
        let (isShown, problem) = await watched.show(views: uninstalled.names)
        let known = await watched.problems.problems(of: .step(.applyViews))
        // The step that follows has the last word.
        if let problem, isUndecided(.applyViews) {
            uninstalled.note(refusals: await watched.placed([problem]))
            await settle([problem], of: .applyViews)
        } else if isShown, uninstalled.isRefusal(known) {
            await settle([], of: .applyViews)
        }
        guard isShown else { return }
        let told = await watched.renderOpenPages(why: causes.words, tellsProblems: false)
        if !told.tabs.isEmpty { sayShown(causes, told, since: start, []) }
    }

    /// Installs the views; pages are made from their own rows again then.
    func applyViews(_ site: SiteProcess) async throws {
        uninstalled.beginInstalling()
        do {
            try await site.runTool(["db", "apply"])
        } catch {
            uninstalled.endInstalling(succeeded: false)
            throw error
        }
        uninstalled.endInstalling(succeeded: true)
        // What changed meanwhile is still to be installed.
        _ = await watched.show(views: uninstalled.names)
    }

    /// Writes the row types of the views as their files are: as the renderer says, while `db apply`
    /// installs them, or else by the command, once it has.
    ///
    /// - Returns: false if that is still to be waited for.
    func generateRows(_ site: SiteProcess) async throws -> Bool {
        if let source = await watched.rowTypes(editing: uninstalled.names) {
            _ = try DatabaseWork.write(rowTypes: source, site.folders)
            return true
        }
        guard isDone(.applyViews) else { return false }
        try await site.runTool(["db", "generate"])
        return true
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
