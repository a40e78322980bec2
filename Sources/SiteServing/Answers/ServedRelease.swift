// One release as it is served: its manifest, its entries made ready, and what was told of it.
//
// Nothing here waits: stored bytes are at hand, or an answer says which it needs.

import ContentEncoding
import Groundwork
import NIOCore
import ReleaseFormat
import Synchronization

/// A release that is being served.
///
/// An event loop keeps the one it began a request with until that request is answered.
final class ServedRelease: Sendable {
    let reader: ReleaseReader
    /// Its own, since a copy of another's costs a reference for each part.
    let manifest: Manifest
    let blobs: Blobs
    /// The releases before it, newest first, for their dictionaries and for the files that pages
    /// shown before the switch still ask for.
    let earlier: [ReleaseReader]
    /// What was taken down: these releases may still name it.
    let withdrawals: Withdrawals
    let plans: Mutex<LRUCache<PlanKey, KnownPlan>>
    /// The fragments of which was told that they are too long, with the capacity they need.
    private let overflows: Mutex<LRUCache<OverflowKey, Bool>>
    /// The stored files of which was told that they cannot be used.
    private let unreadable: Mutex<LRUCache<String, Bool>>
    private let headers: EntryHeaders
    private let entries: Mutex<LRUCache<Int, ServedEntry>>

    init(
        _ reader: ReleaseReader, blobs: Blobs, limits: ServingLimits,
        earlier: [ReleaseReader] = [], headers: EntryHeaders = EntryHeaders(),
        withdrawals: Withdrawals = Withdrawals()
    ) {
        self.headers = headers
        self.earlier = earlier
        self.withdrawals = withdrawals
        plans = Mutex(LRUCache(costMax: limits.dictionaryPlansMax))
        overflows = Mutex(LRUCache(costMax: limits.toldMax))
        unreadable = Mutex(LRUCache(costMax: limits.toldMax))
        self.reader = reader
        manifest = reader.manifest
        self.blobs = blobs
        entries = Mutex(LRUCache(costMax: limits.entryMemoryMax))
    }

    /// The route of a decoded path; what was taken down is not there.
    func route(_ path: [UInt8]) -> PathMatch {
        let route = manifest.route(path)
        guard !withdrawals.isEmpty, case .entry(let index) = route,
            withdrawals.holds(manifest.entry(at: index))
        else { return route }
        return .missing(page: manifest.notFound)
    }

    /// The bytes that entries made ready take.
    var entryBytes: Int { entries.withLock { $0.cost } }

    /// The bytes of a piece, kept or just read.
    func bytes(_ piece: StoredPiece, _ hand: AtHand) throws(Unready) -> SharedBytes {
        let key = piece.key
        if let kept = blobs.kept(key) { return kept }
        guard let read = hand[key] else { throw .missing([piece]) }
        return try Self.bytes(read)
    }

    private static func bytes(_ read: ReadPiece) throws(Unready) -> SharedBytes {
        switch read.bytes {
        case .success(let bytes): return bytes
        case .failure(let error): throw .unreadable(error)
        }
    }

    /// All of a stored file as a body.
    func whole(_ representation: Representation, _ hand: AtHand) throws(Unready) -> AnswerBody {
        if representation.length <= Blobs.pieceBytes,
            let kept = blobs.kept(PieceKey(whole: representation))
        {
            return .shared(kept)
        }
        let file = StoredFile(representation, of: reader)
        return try body(file, [.stored(0..<file.length)], hand)
    }

    /// Some parts of a stored file as a body.
    ///
    /// A long file is sent piece by piece. It is open and its first bytes are here before the head
    /// is written, so that a file that cannot be read is an error and not a broken answer.
    func body(
        _ file: StoredFile, _ parts: [FileBody.Part], _ hand: AtHand
    ) throws(Unready) -> AnswerBody {
        guard file.length > 0 else { return .none }
        guard file.length <= Blobs.pieceBytes else {
            for case .stored(let range) in parts {
                let piece = blobs.piece(of: file, at: range.lowerBound, before: range.upperBound)
                let bytes: SharedBytes
                if let read = hand[piece.key] {
                    bytes = try Self.bytes(read)
                    file.share(read.piece.file)
                } else if blobs.holds(file), let kept = blobs.kept(piece.key) {
                    bytes = kept
                } else {
                    throw .missing([piece])
                }
                return .file(FileBody(file: file, parts: parts, first: (piece.range, bytes)))
            }
            return .none
        }
        let bytes = try bytes(file.whole, hand)
        if parts == [.stored(0..<file.length)] { return .shared(bytes) }
        var body = ByteBuffer()
        for part in parts {
            switch part {
            case .text(let text): body.writeBytes(text)
            case .stored(let range): body.writeImmutableBuffer(bytes.buffer.part(range))
            }
        }
        return .bytes(body)
    }

    /// Tells of a stored file that cannot be used, once for each and what is wrong with it.
    func tellUnreadable(_ error: ReleaseError, to onEvent: (ServerEvent) -> Void) {
        let text = "\(error)"
        let isNew = unreadable.withLock { known in
            if known.value(text) != nil { return false }
            known.insert(true, for: text, cost: 1)
            return true
        }
        if isNew { onEvent(.storedBytesUnreadable(error)) }
    }

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
            if entry.cachePolicy == .immutable, entry.slots == nil, !withdrawals.holds(entry) {
                return (entry, reader)
            }
        }
        return nil
    }

    /// An entry of this or an earlier release, made ready.
    func ready(_ entry: Entry) -> ServedEntry { ServedEntry(entry, headers) }

    /// The entry at an index, made ready once while it is in use.
    func entry(_ index: Int) -> ServedEntry {
        if let entry = entries.withLock({ $0.value(index) }) { return entry }
        let entry = ServedEntry(manifest.entry(at: index), headers, number: index)
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
