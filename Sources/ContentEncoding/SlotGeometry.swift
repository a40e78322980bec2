/// One slot's place in the decoded page: a fragment, then `<!--` and at least 16 spaces; the `-->`
/// follows it.
///
/// In brotli a slot of 64 bytes and more takes compressed fragments, a smaller one only raw.
package struct SlotGeometry: Sendable, Equatable {
    /// The capacities that a slot may have.
    package static let capacities = EncodingLimits.slotOverhead...EncodingLimits.capacityMax

    /// The offset of the slot's first byte in the decoded page.
    package var start: UInt32
    /// The bytes of the slot: the fragment and what fills it up.
    package var capacity: UInt32
    /// What the stored fallback changes in the CRC-32 of the whole blank page.
    package var fallbackCRC: UInt32

    /// Describes one slot; `SlottedLayout` checks that it makes sense.
    package init(start: UInt32, capacity: UInt32, fallbackCRC: UInt32) {
        self.start = start
        self.capacity = capacity
        self.fallbackCRC = fallbackCRC
    }

    /// The longest fragment that fits, in bytes.
    package var fragmentBytesMax: Int { Int(capacity) - EncodingLimits.slotOverhead }
}
