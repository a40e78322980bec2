// Makes a manifest: of entries that come in any order, or of another manifest and what changed.
//
// The result depends on the entries alone, whichever way they came: texts and header blocks are
// numbered by their sorted bytes, records sorted by path, segments cut where a path's hash says.
// Segments without a change are taken over as they are. Strings are compared by their bytes
// throughout: Swift's own comparison takes some different bytes for equal.

import ContentEncoding
import Hashing

/// Collects entries in any order and makes a manifest of them.
package struct ManifestBuilder: Sendable {
    private let base: Manifest?
    private var added: [Entry] = []
    private var removed: Set<[UInt8]> = []

    /// Starts with no entries.
    package init() { base = nil }

    /// Starts with the entries of another manifest.
    package init(from base: Manifest?) { self.base = base }

    /// Adds an entry; checks of it happen in `finish`, which knows all of them.
    package mutating func add(_ entry: Entry) { added.append(entry) }

    /// Leaves out the entry that the manifest begun with has at a path, if it has one.
    ///
    /// Entries that are added stay, at that path, too.
    package mutating func remove(_ path: String) { removed.insert(Array(path.utf8)) }

    /// Where an entry that was added at a path came from; nil when none was.
    package func source(at path: String) -> EntrySource? {
        added.first { $0.path.utf8.elementsEqual(path.utf8) }?.source
    }

    /// Sorts, checks and encodes the entries.
    ///
    /// The bytes do not depend on the order in which entries were added, nor on whether they came
    /// from another manifest.
    ///
    /// - Parameters:
    ///   - hasTree: whether the release will have a plain tree of files.
    ///   - recipe: how the stored forms were made; see `Manifest.recipe`.
    ///   - inputs: what every page depends on, besides its row.
    /// - Returns: the manifest.
    /// - Throws: `.pathInvalid`, `.duplicatePath` with both sources, `.entryInvalid`,
    ///   `.limitExceeded`.
    package consuming func finish(
        hasTree: Bool = false, recipe: UInt8 = 0, inputs: [BuildInput] = []
    ) throws(ReleaseError) -> Manifest {
        for entry in added { try entry.check() }
        guard inputs.count <= ReleaseLimits.inputsMax else {
            throw .limitExceeded(
                name: "inputs", value: inputs.count, limit: ReleaseLimits.inputsMax)
        }
        var cutting = SegmentCutting()
        for part in parts() {
            switch part {
            case .kept(let segment): try cutting.append(segment)
            case .made(let entries): for entry in entries { try cutting.append(entry) }
            }
        }
        let segments = try cutting.finish()
        let count = segments.reduce(0) { $0 + $1.count }
        guard count <= ReleaseLimits.entriesMax else {
            throw .limitExceeded(name: "entries", value: count, limit: ReleaseLimits.entriesMax)
        }
        let bytes = ManifestRoot.file(
            hasTree: hasTree, recipe: recipe, inputs: inputs, segments: segments)
        return try Manifest(try ManifestRoot(bytes: bytes), bytes: bytes, segments: segments)
    }

    /// A stretch of the result: a segment as it was, or entries in order.
    private enum Part {
        case kept(ManifestSegment)
        case made([Entry])
    }

    /// Everything in the order of its paths.
    private func parts() -> [Part] {
        guard let base, !base.segments.isEmpty else { return [.made(sorted(added))] }
        var changes: [Int: [Entry]] = [:]
        for entry in added {
            changes[base.segment(ofPath: Array(entry.path.utf8).span) ?? 0, default: []]
                .append(entry)
        }
        for path in removed {
            guard let number = base.segment(ofPath: path.span) else { continue }
            changes[number, default: []] += []
        }
        return base.segments.enumerated().map { number, segment in
            guard let more = changes[number] else { return .kept(segment) }
            let kept = (0..<segment.count)
                .filter { removed.isEmpty || !removed.contains(Array(segment.path(at: $0))) }
                .map(segment.entry(at:))
            return .made(sorted(kept + more))
        }
    }

    private func sorted(_ entries: [Entry]) -> [Entry] {
        entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }
}

/// Cuts entries that come in the order of their paths into segments.
private struct SegmentCutting {
    private var segments: [ManifestSegment] = []
    /// Entries of the segment that is being made.
    private var run: [Entry] = []
    /// The page for paths that do not exist, once it was met.
    private var missing: Entry?

    /// Takes a segment that begins where a segment must begin, or is the first of all.
    mutating func append(_ segment: ManifestSegment) throws(ReleaseError) {
        guard PathHash.beginsSegment(segment.path(at: 0)) || (run.isEmpty && segments.isEmpty)
        else {
            for index in 0..<segment.count { try append(segment.entry(at: index)) }
            return
        }
        try close()
        if let index = segment.notFound { try meet(segment.entry(at: index)) }
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
            run = (0..<last.count).map(last.entry(at:))
        }
        if entry.kind == .notFound { try meet(entry) }
        run.append(entry)
    }

    /// The segments of everything that was taken.
    consuming func finish() throws(ReleaseError) -> [ManifestSegment] {
        try close()
        return segments
    }

    private mutating func close() throws(ReleaseError) {
        guard !run.isEmpty else { return }
        segments.append(try ManifestSegment(bytes: ManifestEncoding(run).file()))
        run.removeAll(keepingCapacity: true)
    }
}
