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
    /// The body, and the head of a whole 200 behind Date while its fragments are as usual; nil if
    /// the page is put together for this answer alone.
    let whole: (head: [UInt8], body: ByteBuffer)?
    /// Whether it was put together for this answer.
    fileprivate(set) var isNew: Bool

    /// The slots whose fragment is too long, if that is news.
    var newOverflows: [(slot: Int, byteCount: Int)] { isNew ? fills.overflows : [] }

    /// Appends the body.
    func write(_ pending: PendingPage, _ splicer: Splicer, to output: inout ResponseOutput) {
        if let whole {
            output.append(body: whole.body)
        } else {
            let stored = pending.body
            splicer.splice(
                pending.form.representation.coding, file: stored.readableBytesUInt8Span,
                fills: fills.prepared, tail: fills.tail
            ) { output.append($0) }
        }
    }
}

/// The pages that one event loop keeps.
final class AssembledPages {
    private struct Key: Hashable {
        let entry: ObjectIdentifier
        let coding: Coding
    }

    private final class Kept {
        /// Held, so that its identity is nobody else's meanwhile.
        let entry: ServedEntry
        let candidates: [ReadyFragment?]
        let page: AssembledPage

        init(_ entry: ServedEntry, _ candidates: [ReadyFragment?], _ page: AssembledPage) {
            self.entry = entry
            self.candidates = candidates
            self.page = page
        }
    }

    private var kept: LRUCache<Key, Kept>

    init(bytesMax: Int) { kept = LRUCache(costMax: bytesMax) }

    /// The bytes that are kept.
    var cost: Int { kept.cost }

    /// The page with these fragments, kept or put together now.
    ///
    /// `candidates` are those of the slots, then those behind the page, whether or not they fit.
    func page(
        _ pending: PendingPage, _ candidates: [ReadyFragment?], _ splicer: Splicer
    ) -> AssembledPage {
        let key = Key(
            entry: ObjectIdentifier(pending.entry), coding: pending.form.representation.coding)
        if let found = kept.value(key), Self.areSame(found.candidates, candidates) {
            return found.page
        }
        let fills = SlotFills(
            candidates, slots: splicer.layout.slots, places: pending.entry.places)
        let tag = pending.form.tagPrefix + [UInt8(ascii: ".")] + fills.tag + [UInt8(ascii: "\"")]
        let stored = pending.body
        let length = splicer.splicedLength(
            key.coding, fileLength: stored.readableBytes, fills: fills.prepared,
            tail: fills.tail)
        guard pending.entry.cookies.isEmpty else {
            return AssembledPage(fills: fills, tag: tag, length: length, whole: nil, isNew: true)
        }
        var body = ByteBufferAllocator().buffer(capacity: length)
        splicer.splice(
            key.coding, file: stored.readableBytesUInt8Span, fills: fills.prepared,
            tail: fills.tail
        ) { unsafe _ = body.writeBytes($0.bytes) }
        let answer = pending.form.answer
        let head =
            answer.fields + answer.validators + (pending.entry.isPrivate ? [] : CacheControl.usual)
            + AnswerHead.end(tag: tag, length: length)
        var page = AssembledPage(
            fills: fills, tag: tag, length: length, whole: (head, body), isNew: false)
        kept.insert(
            Kept(pending.entry, candidates, page), for: key,
            cost: length + head.count + 512 + candidates.count * 64)
        page.isNew = true
        return page
    }

    private static func areSame(_ one: [ReadyFragment?], _ other: [ReadyFragment?]) -> Bool {
        guard one.count == other.count else { return false }
        for index in one.indices where one[index] !== other[index] { return false }
        return true
    }
}
