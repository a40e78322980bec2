// Pages with their fragments in place, kept while the fragments stay the same.
//
// Between two changes of a fragment every visitor gets the same bytes, so they are put together
// once: a page with slots then costs what a file costs. What depends on a visitor is never kept.

import ContentEncoding
import Groundwork
import NIOCore
import ReleaseFormat

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

    private var kept: LRUCache<Key, AssembledPage>

    init(bytesMax: Int) { kept = LRUCache(costMax: bytesMax) }

    /// The bytes that are kept.
    var cost: Int { kept.cost }

    /// The page with what came for its slots: as it is kept, or without its bytes.
    func page(_ pending: PendingPage, _ filled: [FilledSlot]) -> AssembledPage {
        if let found = kept.value(Key(pending)), found.shows(filled) { return found }
        return AssembledPage(pending, filled)
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
        let whole = AssembledPage(page, head: head, body: body)
        kept.insert(whole, for: Key(pending), cost: whole.cost)
        return body
    }
}
