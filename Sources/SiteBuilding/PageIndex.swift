// Which pages a row has: from a view and a key to paths, for a follower.
//
// A full build needs none of it: its plan merges sorted streams. Memory grows by the length of the
// key and the path for each page, and some words.

import ReleaseFormat
import SiteAuthoring
import Synchronization

/// A row of a view.
struct ViewKey: Hashable, Sendable {
    let view: String
    let key: String

    init(_ view: String, _ key: String) {
        self.view = view
        self.key = key
    }
}

/// The paths that each row made.
struct PageIndex: Sendable {
    private var paths: [String: [String: [String]]] = [:]

    /// Reads a manifest.
    init(_ manifest: StoredManifest) throws(ReleaseError) {
        try manifest.forEachOutline { outline in
            guard outline.row != nil else { return }
            paths[outline.view, default: [:]][
                String(decoding: outline.key, as: UTF8.self), default: []
            ].append(String(decoding: outline.path, as: UTF8.self))
        }
    }

    /// The paths of a row; none if it has no pages.
    subscript(view: String, key: String) -> [String] {
        get { paths[view]?[key] ?? [] }
        set { paths[view, default: [:]][key] = newValue.isEmpty ? nil : newValue }
    }

    /// Adds the path of an entry that was made from a row.
    mutating func add(_ entry: Entry) {
        guard entry.source.row != nil else { return }
        paths[entry.source.view, default: [:]][entry.source.key, default: []].append(entry.path)
    }
}

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
