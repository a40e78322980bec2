// The stored bytes of releases, kept in memory up to a budget and shared by all event loops.
//
// They are kept by digest, so a new release finds what did not change already here. A miss reads
// one file on the event loop that asked: short, and once for each blob that fits the budget.

import NIOCore
import ReleaseFormat
import Synchronization

/// The cache of stored bytes.
final class Blobs: Sendable {
    private let cache: Mutex<LRUCache<BlobID, ByteBuffer>>

    init(bytesMax: Int) { cache = Mutex(LRUCache(costMax: bytesMax)) }

    /// The bytes of one form, from memory or from the release.
    func bytes(
        _ representation: Representation, of release: ReleaseReader
    ) throws(ReleaseError) -> ByteBuffer {
        if let buffer = cache.withLock({ $0.value(representation.blob) }) { return buffer }
        let buffer = ByteBuffer(bytes: try release.blob(representation))
        // 128 bytes for the key, the links and the buffer's own storage.
        cache.withLock {
            $0.insert(buffer, for: representation.blob, cost: buffer.readableBytes + 128)
        }
        return buffer
    }
}

/// A release that is being served.
///
/// An event loop keeps the one it began a request with until that request is answered.
final class ServedRelease: Sendable {
    let reader: ReleaseReader
    let blobs: Blobs
    /// The releases before it, newest first, for their dictionaries.
    let earlier: [ReleaseReader]
    let plans: Mutex<LRUCache<PlanKey, KnownPlan>>
    private let entries: Mutex<LRUCache<Int, ServedEntry>>

    init(
        _ reader: ReleaseReader, blobs: Blobs, limits: ServingLimits,
        earlier: [ReleaseReader] = []
    ) {
        self.earlier = earlier
        plans = Mutex(LRUCache(costMax: limits.dictionaryPlansMax))
        self.reader = reader
        self.blobs = blobs
        // A tag's worth of memory for each of the entries, with their header lines.
        entries = Mutex(LRUCache(costMax: limits.entriesMax * 512))
    }

    var manifest: Manifest { reader.manifest }

    /// The entry at an index, made ready once while it is in use.
    func entry(_ index: Int) -> ServedEntry {
        if let entry = entries.withLock({ $0.value(index) }) { return entry }
        let entry = ServedEntry(manifest.entry(at: index))
        entries.withLock { $0.insert(entry, for: index, cost: entry.cost) }
        return entry
    }
}
