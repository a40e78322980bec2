// Plans a build by digests: the rows' keys and digests, in the order of their keys, are merged with
// those of the last release, in the same order.
//
// No row is fetched for it, nothing is looked up row by row, and neither side is gathered in
// memory: the last release's rows are sorted, on disk when they are many, and both are streamed.

import MaterializedViews
import ReleaseFormat
import Spooling

/// Merges the two sides of one view.
struct DigestMerging {
    private var plan: ViewPlan
    private var lastRemoved: ArraySlice<UInt8>?

    init(spoolingIn spools: SpoolFolder) { plan = ViewPlan(spoolingIn: spools) }

    /// Takes the next row of the database.
    mutating func take(
        key: [UInt8], digest: RowDigest, against known: inout KnownRows
    ) throws {
        while let row = known.first, row.key.lexicographicallyPrecedes(key) {
            try drop(row, of: &known)
        }
        var was: RowDigest?
        var file: String?
        var paths: [ArraySlice<UInt8>] = []
        while let row = known.first, row.key.elementsEqual(key) {
            if row.digest != digest { was = row.digest }
            file = file ?? row.changedFile
            paths.append(row.path)
            try known.drop()
        }
        if !paths.isEmpty, was == nil, file == nil {
            plan.unchanged += 1
            return
        }
        for path in paths { try plan.replacedPaths.append(Array(path)) }
        var cause = paths.isEmpty ? RowCause.new : .changed(was: was, now: digest)
        if was == nil, let file { cause = .file(file) }
        try plan.rendered.append(String(decoding: key, as: UTF8.self), cause)
    }

    /// The plan, once the database has no more rows.
    consuming func finish(against known: inout KnownRows) throws -> ViewPlan {
        while let row = known.first { try drop(row, of: &known) }
        return plan
    }

    /// A row is gone.
    private mutating func drop(
        _ row: KnownRows.Row, of known: inout KnownRows
    ) throws {
        if lastRemoved.map({ !$0.elementsEqual(row.key) }) ?? true {
            try plan.removed.append(String(decoding: row.key, as: UTF8.self), .removed)
        }
        lastRemoved = row.key
        try plan.replacedPaths.append(Array(row.path))
        try known.drop()
    }
}
