// Which pages a row has: from a view and a key to paths, for a follower.
//
// A full build needs none of it: its plan merges sorted streams. The paths are in a sorted table,
// on disk when they are many; what changed since stands beside it until that is too much.

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

    /// What rows are sorted by: first by view, then by key.
    static func bytes(_ view: String, _ key: some Collection<UInt8>) -> [UInt8] {
        Array(view.utf8) + [0] + key
    }

    /// The bytes of this row.
    var bytes: [UInt8] { Self.bytes(view, key.utf8) }
}

/// The paths that each row made.
struct PageIndex: Sendable {
    /// How many rows may stand beside the table.
    private static let changedMax = 4096

    private var table: RecordTable
    private var changed: [[UInt8]: [String]] = [:]

    /// Reads a manifest.
    init(
        _ manifest: StoredManifest, spoolingIn spools: SpoolFolder
    ) throws(ReleaseError) {
        var sorter = RecordSorter(in: spools)
        try manifest.forEachOutline { (outline) throws(ReleaseError) in
            guard outline.row != nil else { return }
            try sorter.add(
                key: ViewKey.bytes(outline.view, outline.key), value: Array(outline.path))
        }
        table = try RecordTable(try sorter.sorted(), spoolingIn: spools)
    }

    /// The paths of a row; none if it has no pages.
    func paths(of row: ViewKey) throws(ReleaseError) -> [String] {
        let bytes = row.bytes
        if let paths = changed[bytes] { return paths }
        return try table.values(of: bytes).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Notes what these rows have made now: the entries, or nothing.
    mutating func set(
        _ entries: [Entry], of rows: Set<ViewKey>, spoolingIn spools: SpoolFolder
    ) throws(ReleaseError) {
        for row in rows { changed[row.bytes] = [] }
        for entry in entries where entry.source.row != nil {
            changed[ViewKey.bytes(entry.source.view, entry.source.key.utf8), default: []]
                .append(entry.path)
        }
        if changed.count > Self.changedMax { try merge(spools) }
    }

    private mutating func merge(_ spools: SpoolFolder) throws(ReleaseError) {
        var sorter = RecordSorter(in: spools)
        let changed = changed
        try table.forEach { (record) throws(ReleaseError) in
            if changed[record.key] == nil { try sorter.add(key: record.key, value: record.value) }
        }
        for (key, paths) in changed {
            for path in paths { try sorter.add(key: key, value: Array(path.utf8)) }
        }
        table = try RecordTable(try sorter.sorted(), spoolingIn: spools)
        self.changed = [:]
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
