import ContentEncoding
import Fragments
import Glibc
import Hashing

/// What fills the slots of one answer.
struct SlotFills: Sendable {
    /// One for each slot inside the page; nil is the fallback.
    let prepared: [PreparedFragment?]
    /// What follows the page.
    let tail: [TailFragment]
    /// The slots whose fragment is too long, by place, with its length in bytes.
    let overflows: [(slot: Int, byteCount: Int)]
    /// How many slots show a fragment.
    let filledCount: Int
    /// 11 characters over the contents of all slots, in order.
    let tag: [UInt8]

    /// Chooses fragments that fit; the others become fallbacks.
    ///
    /// - Parameters:
    ///   - fragments: those of the slots, then those of the places behind the page; what is missing
    ///     at the end counts as nil.
    ///   - slots: the slots inside the page.
    ///   - places: where what follows the page belongs.
    init(_ fragments: [ReadyFragment?], slots: [SlotGeometry], places: [TailPlace] = []) {
        var prepared: [PreparedFragment?] = []
        var tail: [TailFragment] = []
        var overflows: [(slot: Int, byteCount: Int)] = []
        var versions: [UInt8] = []
        versions.reserveCapacity((slots.count + places.count) * 17)
        for index in 0..<(slots.count + places.count) {
            var fragment = index < fragments.count ? fragments[index] : nil
            if index < slots.count {
                if let ready = fragment, !ready.prepared.fits(slots[index]) {
                    overflows.append((index, ready.prepared.byteCount))
                    fragment = nil
                }
                prepared.append(fragment?.prepared)
            } else if let fragment {
                tail.append(TailFragment(fragment.prepared, to: places[index - slots.count]))
            }
            versions.append(fragment == nil ? 0 : 1)
            versions += fragment?.version ?? []
        }
        self.prepared = prepared
        self.tail = tail
        self.overflows = overflows
        filledCount = prepared.count { $0 != nil } + tail.count
        tag = Array(SHA256Digest(of: versions).base64URL(prefix: 11).utf8)
    }
}
