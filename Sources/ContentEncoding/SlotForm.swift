// How a slot is filled up behind its fragment, and what follows from it.
//
// A slot always has the same number of bytes in the decoded page. What the fragment leaves must
// be invisible where the slot stands: a comment between elements, spaces in an attribute or title,
// nothing at all in a nonce.

/// How the rest of a slot is made invisible; the raw values are written into manifests.
package enum SlotForm: UInt8, Sendable, CaseIterable {
    /// Between elements: `<!--`, at least 16 spaces, `-->`.
    ///
    /// In brotli a slot of 64 bytes and more takes compressed fragments, a smaller one only raw.
    case comment = 0
    /// In an attribute or a title: at least two spaces. Always raw; at most 512 bytes.
    case spaces = 1
    /// Where every byte counts, a nonce or a token: the fragment has exactly the capacity.
    case exact = 2

    /// The capacities that a slot of this form may have.
    package var capacities: ClosedRange<Int> {
        switch self {
        case .comment: EncodingLimits.slotOverhead...EncodingLimits.capacityMax
        case .spaces: EncodingLimits.plainPadMin...EncodingLimits.neutralMax
        case .exact: 1...EncodingLimits.neutralMax
        }
    }

    /// The bytes of a slot that its fragment cannot have.
    package var overhead: Int {
        switch self {
        case .comment: EncodingLimits.slotOverhead
        case .spaces: EncodingLimits.plainPadMin
        case .exact: 0
        }
    }

    /// The bytes behind a fragment before its spaces.
    var openCount: Int { self == .comment ? Padding.open.count : 0 }

    /// The capacity of a slot whose author declares none.
    func defaultCapacity(forFallbackOf count: Int) -> Int {
        switch self {
        case .comment: Capacity.default(forFallbackOf: count)
        case .spaces: min(EncodingLimits.neutralMax, max(32, 2 * count))
        case .exact: count
        }
    }

    /// Whether a fragment of `count` bytes fits a slot of this form.
    package func takes(_ count: Int, capacity: Int) -> Bool {
        self == .exact ? count == capacity : count <= capacity - overhead
    }
}
