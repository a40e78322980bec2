// The manifest of a release as builds use it: its segments stay on disk, or in a spool while the
// release is being made, and are read when they are asked for.
//
// In memory are the segments' names, first and last paths, two bytes for each page, and the
// segments that were used last. A server holds all of them: see `Manifest`.

import Groundwork
package import Hashing
import Synchronization

/// All the entries of a release: where their segments are, and what of them is known.
package final class StoredManifest: Sendable {
    /// The bytes of the file, exactly, without the segments it names.
    package let bytes: [UInt8]
    /// The release's name.
    package let id: ReleaseID
    /// Whether the release has a plain tree of files for other servers.
    package let hasTree: Bool
    /// How the stored forms were made, as a number of the builder's.
    ///
    /// Forms of an earlier release may stand for the same bytes only if the recipes are equal.
    package let recipe: UInt8
    /// What every page was made from, besides its row, in the builder's order.
    package let inputs: [BuildInput]
    /// The number of entries.
    package let count: Int

    let segments: [StoredSegment]
    private let held: Mutex<LRUCache<BlobID, ManifestSegment>>

    init(
        _ root: ManifestRoot, bytes: [UInt8], segments: [StoredSegment],
        held: LRUCache<BlobID, ManifestSegment>? = nil
    ) throws(ReleaseError) {
        count = segments.reduce(0) { $0 + $1.reference.count }
        guard count <= ReleaseLimits.entriesMax else {
            throw .limitExceeded(name: "entries", value: count, limit: ReleaseLimits.entriesMax)
        }
        self.bytes = bytes
        self.segments = segments
        id = ReleaseID(manifestDigest: root.digest)
        hasTree = root.hasTree
        recipe = root.recipe
        inputs = root.inputs
        self.held = Mutex(held ?? LRUCache(costMax: ReleaseLimits.segmentsHeld))
    }

    /// Opens a release of an output folder and checks its manifest.
    ///
    /// - Parameters:
    ///   - output: the output folder.
    ///   - id: the release; nil means the current one.
    /// - Returns: the release's manifest, whatever becomes current later.
    /// - Throws: `.releaseMissing`, `.manifestInvalid`, `.blobInvalid`, or `.system`.
    package static func open(
        _ output: String, id: ReleaseID? = nil
    ) throws(ReleaseError) -> StoredManifest {
        try ReleaseReader.opening(output, id) { (id, releases, store) throws(ReleaseError) in
            try StoredManifest(id, from: releases, store)
        }
    }

    /// Opens a release and checks its manifest, but for the segments that are known already.
    ///
    /// With `isHeld` the segments stay in memory, and known ones are those of such a manifest.
    convenience init(
        _ id: ReleaseID, from releases: borrowing Descriptor, _ store: BlobStore,
        knowing known: StoredManifest? = nil, isHeld: Bool = false
    ) throws(ReleaseError) {
        var byDigest: [BlobID: StoredSegment] = [:]
        for segment in known?.segments ?? [] { byDigest[segment.reference.digest] = segment }
        try self.init(bytes: try ManifestRoot.file(of: id, in: releases)) {
            (reference) throws(ReleaseError) in
            if let same = byDigest[reference.digest] { return same }
            let bytes = try store.bytes(
                of: reference.digest, length: reference.length, verified: false)
            return StoredSegment(
                try ManifestSegment(bytes: bytes), at: isHeld ? nil : .stored(store))
        }
        guard self.id == id else {
            throw .manifestInvalid(reason: "it belongs to release \(self.id)")
        }
    }

    /// Reads a manifest file, and checks that the segments are those it names and in order.
    ///
    /// - Throws: `.manifestInvalid` whatever is wrong with the bytes, never traps; what `segment`
    ///   throws.
    convenience init(
        bytes: [UInt8],
        segment: (ManifestRoot.Reference) throws(ReleaseError) -> StoredSegment
    ) throws(ReleaseError) {
        let root = try ManifestRoot(bytes: bytes)
        var segments: [StoredSegment] = []
        segments.reserveCapacity(root.segments.count)
        var order = SegmentOrder()
        for reference in root.segments {
            let segment = try segment(reference)
            try order.follow(segment, as: reference)
            segments.append(segment)
        }
        try self.init(root, bytes: bytes, segments: segments)
    }

    /// The same manifest, once all its segments are in the folder of stored files.
    func moved(to store: BlobStore) throws(ReleaseError) -> StoredManifest {
        try StoredManifest(
            try ManifestRoot(bytes: bytes), bytes: bytes,
            segments: segments.map { $0.moved(to: store) }, held: heldSegments)
    }

    /// The segments that were used last, for a manifest that has most of them, too.
    var heldSegments: LRUCache<BlobID, ManifestSegment> { held.withLock { $0 } }

    /// A segment, read if it is not held.
    func segment(_ number: Int) throws(ReleaseError) -> ManifestSegment {
        let digest = segments[number].reference.digest
        if let known = held.withLock({ $0.value(digest) }) { return known }
        let loaded = try segments[number].load()
        held.withLock { $0.insert(loaded, for: digest, cost: 1) }
        return loaded
    }

    /// The last segment that begins at or before a path; nil when all begin after it.
    func segment(ofPath path: Span<UInt8>) -> Int? {
        var (low, high) = (0, segments.count)
        while low < high {
            let middle = (low + high) / 2
            if Self.precedes(path, segments[middle].firstPath) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low == 0 ? nil : low - 1
    }

    /// Whether `one` comes before `other` in the order of bytes.
    private static func precedes(_ one: Span<UInt8>, _ other: [UInt8]) -> Bool {
        for place in 0..<min(one.count, other.count) where one[place] != other[place] {
            return one[place] < other[place]
        }
        return one.count < other.count
    }

    /// The entry at a decoded path; nil when there is none.
    ///
    /// - Throws: `.blobInvalid` or `.system` when a segment cannot be read.
    package func entry(atPath path: String) throws(ReleaseError) -> Entry? {
        try find(path) { $0.entry(at: $1) }
    }

    /// The digest of the entry at a decoded path; nil when there is none.
    ///
    /// - Throws: as `entry(atPath:)`.
    package func digest(atPath path: String) throws(ReleaseError) -> SHA256Digest? {
        try find(path) { EntryOutline($1, of: $0).digest }
    }

    /// Whether there is an entry at a decoded path.
    ///
    /// - Throws: as `entry(atPath:)`.
    package func hasEntry(atPath path: String) throws(ReleaseError) -> Bool {
        try find(path) { (_, _) in true } ?? false
    }

    private func find<Found>(
        _ path: String, _ body: (ManifestSegment, Int) -> Found
    ) throws(ReleaseError) -> Found? {
        let path = Array(path.utf8)
        guard let number = segment(ofPath: path.span) else { return nil }
        let segment = try segment(number)
        return segment.index(ofPath: path.span).map { body(segment, $0) }
    }

    /// Lends an outline of every entry, in the order of the paths' bytes.
    ///
    /// - Throws: what `body` throws; `.blobInvalid` or `.system` when a segment cannot be read.
    package func forEachOutline(
        _ body: (EntryOutline) throws(ReleaseError) -> Void
    ) throws(ReleaseError) {
        var cursor = outlines()
        while let outline = try cursor.next() { try body(outline) }
    }

    /// Goes through the entries, in the order of the paths' bytes.
    package func outlines() -> OutlineCursor { OutlineCursor(self, except: []) }

    /// Whether entries wait to be compressed again.
    ///
    /// - Throws: `.blobInvalid` or `.system` when a segment cannot be read.
    package func hasProvisional() throws(ReleaseError) -> Bool {
        var cursor = outlines()
        while let outline = try cursor.next() { if outline.isProvisional { return true } }
        return false
    }

    /// A segment for one look: it does not push out those that are held.
    func pass(_ number: Int) throws(ReleaseError) -> ManifestSegment {
        if let known = held.withLock({ $0.value(segments[number].reference.digest) }) {
            return known
        }
        return try segments[number].load()
    }
}
