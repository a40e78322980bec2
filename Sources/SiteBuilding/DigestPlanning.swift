// Plans a build by digests: the rows' keys and digests, in the order of their keys, are merged with
// those of the last release, in the same order.
//
// No row is fetched for it and nothing is looked up row by row. The last release's side is places
// in its manifest's bytes, not copies; the database's side is never gathered.

import MaterializedViews
import Postgres
import ReleaseFormat

/// The rows that a release was made from, by view.
struct KnownRows: Sendable {
    /// One row of the release, and the path of a page that was made from it.
    struct Row: Sendable {
        let key: ArraySlice<UInt8>
        let digest: RowDigest?
        let path: ArraySlice<UInt8>
    }

    private var rows: [String: [Row]] = [:]

    /// Finds the rows of a manifest: one for each page, in the order of their keys.
    init(_ manifest: Manifest) {
        manifest.forEachOutline { outline in
            guard outline.row != nil else { return }
            rows[outline.view, default: []].append(
                Row(key: outline.key, digest: outline.row, path: outline.path))
        }
        for view in rows.keys {
            rows[view]?.sort { $0.key.lexicographicallyPrecedes($1.key) }
        }
    }

    /// The rows of a view, in the order of their keys.
    func rows(of view: String) -> [Row] { rows[view] ?? [] }

    /// The views that have rows.
    var views: [String] { rows.keys.sorted() }
}

/// Merges the two sides of one view.
struct DigestMerging {
    private let known: [KnownRows.Row]
    private var place = 0
    private(set) var plan = ViewPlan()

    init(_ known: [KnownRows.Row]) { self.known = known }

    /// Takes the next row of the database.
    mutating func take(key: [UInt8], digest: RowDigest) {
        while place < known.count, known[place].key.lexicographicallyPrecedes(key) { drop() }
        var was: RowDigest?
        var isKnown = false
        let first = place
        while place < known.count, known[place].key.elementsEqual(key) {
            isKnown = true
            if known[place].digest != digest { was = known[place].digest }
            place += 1
        }
        if isKnown, was == nil {
            plan.unchanged += 1
            return
        }
        for row in known[first..<place] { replace(row) }
        plan.rendered.append(
            (
                String(decoding: key, as: UTF8.self),
                isKnown ? .row(was: was, now: digest) : .new
            ))
    }

    /// The plan, once the database has no more rows.
    consuming func finish() -> ViewPlan {
        while place < known.count { drop() }
        return plan
    }

    /// The row at `place` is gone.
    private mutating func drop() {
        let key = String(decoding: known[place].key, as: UTF8.self)
        if plan.removed.last != key { plan.removed.append(key) }
        replace(known[place])
        place += 1
    }

    private mutating func replace(_ row: KnownRows.Row) {
        plan.replacedPaths.append(String(decoding: row.path, as: UTF8.self))
    }
}
