// The view files that changed since views were installed, those being installed among them.
//
// Pages are shown from all of them until `db apply` is done: another edit meanwhile takes none of
// them back. What a renderer finds wrong with one goes once it finds nothing wrong with any.

import SiteWatching

/// Edited views, by the paths of their files from the root.
struct UninstalledViews {
    private var waiting: Set<String> = []
    private var installing: Set<String> = []
    /// What a renderer found wrong with them, as headings.
    private var refusals: [String] = []

    var isEmpty: Bool { waiting.isEmpty && installing.isEmpty }

    /// The names of the views, sorted.
    var names: [String] {
        waiting.union(installing).map { WatchCause(file: $0).viewName }.sorted()
    }

    /// Files changed; during an installation they are for the next one.
    mutating func note(_ paths: [String]) { waiting.formUnion(paths) }

    /// An installation of all of them begins.
    mutating func beginInstalling() { (waiting, installing) = ([], waiting) }

    /// It ended.
    mutating func endInstalling(succeeded: Bool) {
        if !succeeded { waiting.formUnion(installing) }
        installing = []
    }

    /// A renderer found something wrong, or nothing.
    mutating func note(refusals found: [Problem]) { refusals = found.map(\.heading) }

    /// Whether these problems are what a renderer found, and no more.
    func isRefusal(_ problems: [Problem]) -> Bool {
        !problems.isEmpty && problems.map(\.heading) == refusals
    }
}
