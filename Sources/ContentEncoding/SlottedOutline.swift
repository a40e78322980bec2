// A page with slots before any compression: its decoded bytes and where everything is.
//
// Making it costs microseconds where compressing costs milliseconds, so that a build can tell from
// it whether the files it has are still right.

/// The decoded bytes of a page with slots, and its layout without files.
package struct SlottedOutline: Sendable, Equatable {
    /// The decoded page with fallbacks, filled up.
    package let identity: [UInt8]
    /// The CRC-32 of the page with nothing but spaces in every slot.
    package let crcOfBlank: UInt32
    /// The slots in page order.
    package let slots: [SlotGeometry]
    /// What lies between them, one more than slots.
    let statics: [Range<UInt32>]
    /// Whether fragments may follow the page.
    package let takesTail: Bool
    /// The CRC-32 of `identity`.
    let crc: UInt32
    /// The fallbacks, as many as slots.
    let fallbacks: [[UInt8]]

    /// The length of the decoded page.
    package var length: UInt32 { UInt32(identity.count) }

    /// Lays a page out.
    ///
    /// - Parameters:
    ///   - page: the rendered bytes, fallbacks in place.
    ///   - slots: in page order, not overlapping; at least one, unless the page takes a tail.
    ///   - takesTail: whether fragments may follow the page.
    /// - Throws: the cases of `EncodingError` that name a slot, `.forbiddenByte`,
    ///   `.unbalancedComment`, `.inputTooLarge` or `.layoutInvalid`.
    package init(
        page: [UInt8], slots: [SlotRequest], takesTail: Bool = false
    ) throws(EncodingError) {
        guard !slots.isEmpty || takesTail else { throw .layoutInvalid }
        try Self.check(page: page, slots: slots)
        var identity: [UInt8] = []
        var statics: [Range<UInt32>] = []
        var start = 0
        var staticStart = 0
        for slot in slots {
            identity.append(contentsOf: page[start..<slot.fallback.lowerBound])
            statics.append(UInt32(staticStart)..<UInt32(identity.count))
            let end = identity.count + slot.capacity
            identity.append(contentsOf: page[slot.fallback])
            identity.append(contentsOf: Padding.open)
            identity.append(contentsOf: Padding.spaces[..<(end - identity.count)])
            staticStart = identity.count
            identity.append(contentsOf: Padding.close)
            start = slot.fallback.upperBound
        }
        identity.append(contentsOf: page[start...])
        statics.append(UInt32(staticStart)..<UInt32(identity.count))
        guard identity.count <= EncodingLimits.inputMax else {
            throw .inputTooLarge(bytes: identity.count, limit: EncodingLimits.inputMax)
        }
        let geometry = try Self.geometry(of: page, slots, statics, length: identity.count)
        crc = Checksum.crc32(identity.span)
        crcOfBlank = geometry.reduce(crc) { $0 ^ $1.fallbackCRC }
        fallbacks = slots.map { Array(page[$0.fallback]) }
        self.identity = identity
        self.slots = geometry
        self.statics = statics
        self.takesTail = takesTail
    }

    private static func check(page: [UInt8], slots: [SlotRequest]) throws(EncodingError) {
        guard page.count <= EncodingLimits.inputMax else {
            throw .inputTooLarge(bytes: page.count, limit: EncodingLimits.inputMax)
        }
        guard slots.count <= EncodingLimits.slotsMax else {
            throw .tooManySlots(count: slots.count, limit: EncodingLimits.slotsMax)
        }
        if let offset = page.firstIndex(of: GzipSlots.placeholder) {
            throw .forbiddenByte(offset: offset)
        }
        var position = 0
        for (index, slot) in slots.enumerated() {
            guard slot.fallback.lowerBound >= position, slot.fallback.upperBound <= page.count
            else { throw .slotOutOfPlace(slot: index) }
            position = slot.fallback.upperBound
            guard SlotGeometry.capacities.contains(slot.capacity) else {
                throw .capacityOutOfRange(slot: index, capacity: slot.capacity)
            }
            let count = slot.fallback.count
            guard count <= slot.capacity - EncodingLimits.slotOverhead else {
                throw .fallbackTooLarge(slot: index, bytes: count, capacity: slot.capacity)
            }
        }
    }

    private static func geometry(
        of page: [UInt8], _ slots: [SlotRequest], _ statics: [Range<UInt32>], length: Int
    ) throws(EncodingError) -> [SlotGeometry] {
        var geometry: [SlotGeometry] = []
        for (slot, run) in zip(slots, statics) {
            let start = Int(run.upperBound)
            let fallback = try PreparedFragment(Array(page[slot.fallback]))
            let pad = slot.capacity - slot.fallback.count - Padding.open.count
            let behindPad = Checksum.moved(fallback.crcDelta, over: pad)
            let toEnd = Checksum.shift(over: length - start - slot.capacity)
            geometry.append(
                SlotGeometry(
                    start: run.upperBound, capacity: UInt32(slot.capacity),
                    fallbackCRC: Checksum.moved(behindPad, by: toEnd)))
        }
        return geometry
    }
}
