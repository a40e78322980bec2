/// One slot's place in the decoded page.
package struct SlotGeometry: Sendable, Equatable {
    /// The offset of the slot's first byte in the decoded page.
    package var start: UInt32
    /// The bytes of the slot: the fragment and what fills it up.
    package var capacity: UInt32
    /// What the stored fallback changes in the CRC-32 of the whole blank page.
    package var fallbackCRC: UInt32
    /// What stands behind the fragment.
    package var form: SlotForm

    /// Describes one slot; `SlottedLayout` checks that it makes sense.
    package init(start: UInt32, capacity: UInt32, fallbackCRC: UInt32, form: SlotForm = .comment) {
        self.start = start
        self.capacity = capacity
        self.fallbackCRC = fallbackCRC
        self.form = form
    }

    /// The longest fragment that fits, in bytes; of an exact slot the only one.
    package var fragmentBytesMax: Int { Int(capacity) - form.overhead }
}
