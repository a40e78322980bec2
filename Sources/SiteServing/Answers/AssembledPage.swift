import ContentEncoding
import NIOCore
import ReleaseFormat

/// One page with what its slots show; a class, so that to find it costs one reference.
final class AssembledPage: Sendable {
    let fills: SlotFills
    /// The entity tag with its quotes.
    let tag: [UInt8]
    /// The exact length of the body.
    let length: Int
    /// The body, and the head of a whole 200 while its fragments are as usual; nil if nobody asked
    /// for the bytes yet, or they are put together for each answer.
    let whole: (head: FieldLines, body: SharedBytes)?
    /// Held, so that its identity is nobody else's meanwhile.
    private let entry: ServedEntry
    /// What was given for the slots, whether or not it fits.
    private let candidates: [ReadyFragment?]

    /// The page that waited, with what came for its slots.
    init(_ pending: PendingPage, _ filled: [FilledSlot]) {
        let splicer = pending.slots.splicer
        entry = pending.entry
        candidates = filled.map(\.ready)
        let form = pending.form
        fills = SlotFills(candidates, slots: splicer.layout.slots, places: pending.slots.places)
        tag = form.tagPrefix + [UInt8(ascii: ".")] + fills.tag + [UInt8(ascii: "\"")]
        length = splicer.splicedLength(
            form.representation.coding, fileLength: form.representation.length,
            fills: fills.prepared, tail: fills.tail)
        whole = nil
    }

    /// The same with its bytes.
    init(_ page: AssembledPage, head: FieldLines, body: SharedBytes) {
        (entry, candidates) = (page.entry, page.candidates)
        (fills, tag, length) = (page.fills, page.tag, page.length)
        whole = (head, body)
    }

    /// The slots whose fragment is too long, if that is news.
    var newOverflows: [(slot: Int, byteCount: Int)] { whole == nil ? fills.overflows : [] }

    /// Whether it shows what came for its slots.
    func shows(_ filled: [FilledSlot]) -> Bool {
        guard candidates.count == filled.count else { return false }
        for index in filled.indices where candidates[index] !== filled[index].ready {
            return false
        }
        return true
    }

    /// What it costs in memory, with its bytes.
    var cost: Int { length + (whole?.head.cost ?? 0) + 512 + candidates.count * 64 }
}
