import ReleaseFormat
import SiteAuthoring
import Synchronization

/// The pages of one round, and what could not be made.
final class MadePages: Sendable {
    private struct State {
        var entries: [Entry] = []
        var problems: [PageProblem] = []
        var failed: Set<ViewKey> = []
    }

    private let state = Mutex(State())

    var entries: [Entry] { state.withLock { $0.entries } }
    var problems: [PageProblem] { state.withLock { $0.problems } }
    var failed: Set<ViewKey> { state.withLock { $0.failed } }

    /// Takes a batch; a problem of a page keeps the page that is live.
    func take(_ batch: FinishedBatch, _ route: Route) {
        state.withLock { state in
            state.entries += batch.pages.map(\.entry)
            state.problems += batch.problems
            for key in batch.failedKeys { state.failed.insert(ViewKey(route.viewName, key)) }
        }
    }
}
