// Pages with their fragments in place, kept while the fragments stay the same.
//
// Between two changes of a fragment every visitor gets the same bytes, so they are put together
// once: a page with slots then costs what a file costs. What depends on a visitor is never kept.

import ContentEncoding
import NIOCore
import ReleaseFormat

/// One page with what its slots show.
struct AssembledPage {
    let fills: SlotFills
    /// The entity tag with its quotes.
    let tag: [UInt8]
    /// The exact length of the body.
    let length: Int
    /// The body, and the head of a whole 200 while its fragments are as usual; nil if nobody asked
    /// for the bytes yet, or they are put together for each answer.
    fileprivate(set) var whole: (head: FieldLines, body: SharedBytes)?
    /// What was given for the slots, whether or not it fits.
    fileprivate let candidates: [ReadyFragment?]

    /// The slots whose fragment is too long, if that is news.
    var newOverflows: [(slot: Int, byteCount: Int)] { whole == nil ? fills.overflows : [] }
}

/// The pages that one event loop keeps.
final class AssembledPages {
    private struct Key: Hashable {
        let entry: ObjectIdentifier
        let coding: Coding

        init(_ pending: PendingPage) {
            entry = ObjectIdentifier(pending.entry)
            coding = pending.form.representation.coding
        }
    }

    private final class Kept {
        /// Held, so that its identity is nobody else's meanwhile.
        let entry: ServedEntry
        let page: AssembledPage

        init(_ entry: ServedEntry, _ page: AssembledPage) {
            self.entry = entry
            self.page = page
        }
    }

    private var kept: LRUCache<Key, Kept>

    init(bytesMax: Int) { kept = LRUCache(costMax: bytesMax) }

    /// The bytes that are kept.
    var cost: Int { kept.cost }

    /// The page with these fragments: as it is kept, or without its bytes.
    ///
    /// `candidates` are those of the slots, then those behind the page, whether or not they fit.
    func page(
        _ pending: PendingPage, _ candidates: [ReadyFragment?], _ splicer: Splicer
    ) -> AssembledPage {
        let key = Key(pending)
        if let found = kept.value(key), Self.areSame(found.page.candidates, candidates) {
            return found.page
        }
        let fills = SlotFills(
            candidates, slots: splicer.layout.slots, places: pending.entry.places)
        return AssembledPage(
            fills: fills,
            tag: pending.form.tagPrefix + [UInt8(ascii: ".")] + fills.tag + [UInt8(ascii: "\"")],
            length: splicer.splicedLength(
                key.coding, fileLength: pending.form.representation.length,
                fills: fills.prepared, tail: fills.tail),
            whole: nil, candidates: candidates)
    }

    /// Puts a page together and keeps it.
    func keep(
        _ page: AssembledPage, _ pending: PendingPage, _ spliced: SplicedBody
    ) -> SharedBytes {
        var buffer = ByteBufferAllocator().buffer(capacity: page.length)
        spliced.write { unsafe _ = buffer.writeBytes($0.bytes) }
        let body = SharedBytes(buffer)
        let head = pending.form.answer.whole(
            tag: page.tag, length: page.length,
            varying: pending.entry.isPrivate ? [] : CacheControl.usual)
        var whole = page
        whole.whole = (head, body)
        kept.insert(
            Kept(pending.entry, whole), for: Key(pending),
            cost: page.length + head.cost + 512 + page.candidates.count * 64)
        return body
    }

    private static func areSame(_ one: [ReadyFragment?], _ other: [ReadyFragment?]) -> Bool {
        guard one.count == other.count else { return false }
        for index in one.indices where one[index] !== other[index] { return false }
        return true
    }
}
