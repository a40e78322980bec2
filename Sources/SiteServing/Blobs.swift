// The stored bytes of releases, kept in memory up to a budget and shared by all event loops.
//
// They are kept by digest, so a new release finds what did not change already here. A miss reads
// one file on the event loop that asked: short, and once for each blob that fits the budget.

import ContentEncoding
import NIOCore
import ReleaseFormat
import Synchronization

/// The cache of stored bytes.
final class Blobs: Sendable {
    private let cache: Mutex<LRUCache<BlobID, ByteBuffer>>

    /// The bytes that are kept.
    var cost: Int { cache.withLock { $0.cost } }

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
    /// The releases before it, newest first, for their dictionaries and for the files that pages
    /// shown before the switch still ask for.
    let earlier: [ReleaseReader]
    let plans: Mutex<LRUCache<PlanKey, KnownPlan>>
    /// The fragments of which was told that they are too long, with the capacity they need.
    private let overflows: Mutex<LRUCache<OverflowKey, Bool>>
    private let isReporting: Bool
    private let entries: Mutex<LRUCache<Int, ServedEntry>>

    init(
        _ reader: ReleaseReader, blobs: Blobs, limits: ServingLimits,
        earlier: [ReleaseReader] = [], isReporting: Bool = false
    ) {
        self.isReporting = isReporting
        self.earlier = earlier
        plans = Mutex(LRUCache(costMax: limits.dictionaryPlansMax))
        overflows = Mutex(LRUCache(costMax: limits.overflowsMax))
        self.reader = reader
        self.blobs = blobs
        // A tag's worth of memory for each of the entries, with their header lines.
        entries = Mutex(LRUCache(costMax: limits.entriesMax * 512))
    }

    var manifest: Manifest { reader.manifest }

    /// Tells of a fragment that outgrew its slot: once for each name and capacity that it needs.
    func tellOverflow(
        of name: String, _ byteCount: Int, _ slot: SlotGeometry,
        to onEvent: (ServerEvent) -> Void
    ) {
        let needed = Capacity.needed(forFragmentOf: byteCount)
        let key = OverflowKey(name: name, capacity: slot.capacity, needed: needed)
        let isNew = overflows.withLock { known in
            if known.value(key) != nil { return false }
            known.insert(true, for: key, cost: 1)
            return true
        }
        if isNew {
            onEvent(
                .fragmentOutgrewSlot(
                    name: name, byteCount: byteCount, capacity: Int(slot.capacity),
                    needed: needed))
        }
    }

    /// The newest file of an earlier release whose path names its bytes, as those of styles and
    /// scripts do.
    func earlierAsset(atPath path: [UInt8]) -> (entry: Entry, reader: ReleaseReader)? {
        for reader in earlier {
            guard let index = reader.manifest.index(ofPath: path.span) else { continue }
            let entry = reader.manifest.entry(at: index)
            if entry.cachePolicy == .immutable, entry.slots == nil { return (entry, reader) }
        }
        return nil
    }

    /// The entry at an index, made ready once while it is in use.
    func entry(_ index: Int) -> ServedEntry {
        if let entry = entries.withLock({ $0.value(index) }) { return entry }
        let entry = ServedEntry(manifest.entry(at: index), isReporting: isReporting)
        entries.withLock { $0.insert(entry, for: index, cost: entry.cost) }
        return entry
    }
}

/// What is told once.
private struct OverflowKey: Hashable, Sendable {
    let name: String
    let capacity: UInt32
    let needed: Int?
}
