// Which pages a row has: from a view and a key to paths, for a follower.
//
// A full build needs none of it: its plan merges sorted streams. The paths are in a sorted table,
// on disk when they are many; what changed since stands beside it until that is too much.

import ReleaseFormat
import SiteAuthoring
import Spooling
import Synchronization

extension Set<ViewKey> {
    /// The keys of one view, in the order of their bytes.
    func keys(of view: String) -> [String] {
        filter { $0.view == view }.map(\.key).sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
    }
}

/// The paths that each row made.
struct PageIndex: Sendable {
    private let changedMax: Int
    private var table: RecordTable
    private var changed: [[UInt8]: [String]] = [:]

    /// Reads a manifest.
    ///
    /// - Parameters:
    ///   - manifest: what the rows have made.
    ///   - spools: where the table is, once it is large.
    ///   - changedMax: how many rows may stand beside the table.
    /// - Throws: a `SpoolError`, `.blobInvalid` when a segment is gone.
    init(
        _ manifest: StoredManifest, spoolingIn spools: SpoolFolder, changedMax: Int = 4096
    ) throws {
        self.changedMax = changedMax
        var sorter = RecordSorter(in: spools)
        var outlines = manifest.outlines()
        while let outline = try outlines.next() {
            guard outline.row != nil else { continue }
            try sorter.add(
                key: ViewKey.bytes(outline.view, outline.key), value: Array(outline.path))
        }
        table = RecordTable(spoolingIn: spools)
        var records = try sorter.sorted()
        while let record = try records.next() {
            try table.append(key: record.key, value: record.value)
        }
        try table.seal()
    }

    /// The paths of a row; none if it has no pages.
    func paths(of row: ViewKey) throws -> [String] {
        let bytes = row.bytes
        if let paths = changed[bytes] { return paths }
        return try table.values(of: bytes).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Notes what these rows have made now: the entries, or nothing.
    mutating func set(
        _ entries: [Entry], of rows: Set<ViewKey>, spoolingIn spools: SpoolFolder
    ) throws {
        for row in rows { changed[row.bytes] = [] }
        for entry in entries where entry.source.row != nil {
            changed[ViewKey.bytes(entry.source.view, entry.source.key.utf8), default: []]
                .append(entry.path)
        }
        if changed.count > changedMax { try merge(spools) }
    }

    /// Makes a table of the one before and what changed.
    private mutating func merge(_ spools: SpoolFolder) throws {
        var merged = RecordTable(spoolingIn: spools)
        let changed = changed
        var keys = changed.keys.sorted { $0.lexicographicallyPrecedes($1) }[...]
        func add(_ key: [UInt8], to merged: inout RecordTable) throws(SpoolError) {
            for path in changed[key] ?? [] { try merged.append(key: key, value: Array(path.utf8)) }
        }
        try table.forEach { (record) throws(SpoolError) in
            while let key = keys.first, !record.key.lexicographicallyPrecedes(key) {
                try add(key, to: &merged)
                keys.removeFirst()
            }
            if changed[record.key] == nil {
                try merged.append(key: record.key, value: record.value)
            }
        }
        for key in keys { try add(key, to: &merged) }
        try merged.seal()
        table = merged
        self.changed = [:]
    }
}
