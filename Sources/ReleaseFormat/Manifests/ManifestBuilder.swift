// Makes a manifest: of entries that come in any order, or of another manifest and what changed.
//
// The result depends on the entries alone, whichever way they came: texts and header blocks are
// numbered by their sorted bytes, records sorted by path, segments cut where a path's hash says.
// Segments without a change are taken over as they are. Strings are compared by their bytes
// throughout: Swift's own comparison takes some different bytes for equal.

import ContentEncoding
import Hashing
package import Spooling

/// Collects entries in any order and makes a manifest of them.
package struct ManifestBuilder: ~Copyable, Sendable {
    private let base: StoredManifest?
    private let folder: SpoolFolder
    private var changes: EntryChanges

    /// Starts with the entries of another manifest, or with none.
    ///
    /// - Parameters:
    ///   - base: the other manifest.
    ///   - folder: where entries are put aside that are too many for memory.
    package init(from base: StoredManifest? = nil, spoolingIn folder: SpoolFolder) {
        self.base = base
        self.folder = folder
        changes = EntryChanges(in: folder)
    }

    /// Adds an entry.
    ///
    /// - Throws: `.pathInvalid` or `.entryInvalid`, and the entry is not added; `.system`.
    package mutating func add(_ entry: Entry) throws(ReleaseError) {
        try entry.check()
        try changes.add(entry)
    }

    /// Leaves out the entry that the manifest begun with has at a path, if it has one.
    ///
    /// Entries that are added stay, at that path, too.
    ///
    /// - Throws: `.system`.
    package mutating func remove(_ path: String) throws(ReleaseError) {
        try changes.remove(path)
    }

    /// Sorts and encodes the entries.
    ///
    /// The bytes do not depend on the order in which entries were added, nor on whether they came
    /// from another manifest.
    ///
    /// - Parameters:
    ///   - hasTree: whether the release will have a plain tree of files.
    ///   - recipe: how the stored forms were made; see `StoredManifest.recipe`.
    ///   - inputs: what every page depends on, besides its row.
    /// - Returns: the manifest; its new segments are stored by `ReleaseWriter.finish`.
    /// - Throws: `.duplicatePath` or `.sameAddress` with both sources, `.limitExceeded`, `.system`.
    package consuming func finish(
        hasTree: Bool = false, recipe: UInt8 = 0, inputs: [BuildInput] = []
    ) throws(ReleaseError) -> StoredManifest {
        guard inputs.count <= ReleaseLimits.inputsMax else {
            throw .limitExceeded(
                name: "inputs", value: inputs.count, limit: ReleaseLimits.inputsMax)
        }
        let base = base
        var cutting = SegmentCutting(Spool(in: folder))
        var changes = try changes.sorted()
        if let base {
            for (number, segment) in base.segments.enumerated() {
                let end = base.segments.dropFirst(number + 1).first?.firstPath
                if let path = changes.path, end.map(path.lexicographicallyPrecedes) ?? true {
                    let loaded = try segment.load(verified: true)
                    try Self.merge(loaded, &changes, before: end, into: &cutting)
                } else {
                    try cutting.append(segment)
                }
            }
        }
        while changes.path != nil {
            if let entry = try changes.next() { try cutting.append(entry) }
        }
        let segments = try cutting.finish()
        let bytes = ManifestRoot.file(
            hasTree: hasTree, recipe: recipe, inputs: inputs, segments: segments.map(\.reference))
        let manifest = try StoredManifest(
            try ManifestRoot(bytes: bytes), bytes: bytes, segments: segments,
            held: base?.heldSegments)
        try manifest.checkAddresses(since: base)
        return manifest
    }

    /// Takes the entries of a segment with what changed in it, up to the path of the next one.
    private static func merge(
        _ segment: ManifestSegment, _ changes: inout EntryChanges.Sorted, before end: [UInt8]?,
        into cutting: inout SegmentCutting
    ) throws(ReleaseError) {
        for index in 0..<segment.count {
            let own = segment.path(at: index)
            while let path = changes.path, path.lexicographicallyPrecedes(own) {
                if let entry = try changes.next() { try cutting.append(entry) }
            }
            var added: [Entry] = []
            var isRemoved = false
            while let path = changes.path, path.elementsEqual(own) {
                if let entry = try changes.next() { added.append(entry) } else { isRemoved = true }
            }
            if !isRemoved { try cutting.append(segment.entry(at: index)) }
            for entry in added { try cutting.append(entry) }
        }
        while let path = changes.path, end.map(path.lexicographicallyPrecedes) ?? true {
            if let entry = try changes.next() { try cutting.append(entry) }
        }
    }
}

/// Cuts entries that come in the order of their paths into segments.
private struct SegmentCutting {
    private let spool: Spool
    private var segments: [StoredSegment] = []
    /// Entries of the segment that is being made.
    private var run: [Entry] = []
    /// The page for paths that do not exist, once it was met.
    private var missing: Entry?

    init(_ spool: Spool) { self.spool = spool }

    /// Takes a segment that begins where a segment must begin, or is the first of all.
    mutating func append(_ segment: StoredSegment) throws(ReleaseError) {
        guard PathHash.beginsSegment(segment.firstPath[...]) || (run.isEmpty && segments.isEmpty)
        else {
            let loaded = try segment.load(verified: true)
            for index in 0..<loaded.count { try append(loaded.entry(at: index)) }
            return
        }
        try close()
        if let index = segment.notFound { try meet(try segment.load().entry(at: index)) }
        segments.append(segment)
    }

    /// Notes the page for paths that do not exist; there is one at most.
    private mutating func meet(_ entry: Entry) throws(ReleaseError) {
        if let missing, !missing.path.utf8.elementsEqual(entry.path.utf8) {
            throw .duplicatePath(path: entry.path, first: missing.source, second: entry.source)
        }
        missing = entry
    }

    /// Takes an entry.
    mutating func append(_ entry: Entry) throws(ReleaseError) {
        if let before = run.last, before.path.utf8.elementsEqual(entry.path.utf8) {
            throw .duplicatePath(path: entry.path, first: before.source, second: entry.source)
        }
        if PathHash.beginsSegment(Array(entry.path.utf8)[...]) {
            try close()
        } else if run.isEmpty, let last = segments.popLast() {
            // The path that began a segment of its own is gone: this belongs to the one before.
            let loaded = try last.load(verified: true)
            run = (0..<loaded.count).map(loaded.entry(at:))
        }
        if entry.kind == .notFound { try meet(entry) }
        run.append(entry)
    }

    /// The segments of everything that was taken.
    consuming func finish() throws(ReleaseError) -> [StoredSegment] {
        try close()
        return segments
    }

    private mutating func close() throws(ReleaseError) {
        guard let first = run.first, let last = run.last else { return }
        let bytes = try ManifestEncoding(run).file()
        let place = try ReleaseError.spooling { () throws(SpoolError) in try spool.append(bytes) }
        segments.append(
            StoredSegment(
                ManifestRoot.Reference(
                    count: run.count, length: bytes.count, digest: BlobID(of: bytes)),
                firstPath: Array(first.path.utf8), lastPath: Array(last.path.utf8),
                notFound: run.firstIndex { $0.kind == .notFound },
                at: .spooled(spool, place)))
        run.removeAll(keepingCapacity: true)
    }
}
