// The outline of a page with slots from its stored bytes: what compressing it again needs, without
// rendering it again.
//
// The padding behind a fallback is known to the byte, so the page as rendered comes out; the new
// outline must then have the very bytes that were stored.

extension SlottedOutline {
    /// Takes a stored page apart and lays it out again.
    ///
    /// - Parameters:
    ///   - identity: the decoded page, fallbacks and padding in place.
    ///   - layout: where its slots are.
    /// - Throws: `.layoutInvalid` when the two do not belong together; as laying out a page does.
    package init(stored identity: [UInt8], layout: SlottedLayout) throws(EncodingError) {
        var page: [UInt8] = []
        var requests: [SlotRequest] = []
        var place = 0
        for slot in layout.slots {
            let (start, end) = (Int(slot.start), Int(slot.start) + Int(slot.capacity))
            guard start >= place, end <= identity.count else { throw .layoutInvalid }
            page += identity[place..<start]
            let fallback = try Self.fallback(identity[start..<end])
            let first = page.count
            page += fallback
            requests.append(
                SlotRequest(
                    fallback: first..<page.count, capacity: Int(slot.capacity)))
            place = end
            guard identity[place...].starts(with: Padding.close) else { throw .layoutInvalid }
            place += Padding.close.count
        }
        page += identity[place...]
        try self.init(page: page, slots: requests, takesTail: layout.takesTail)
        guard self.identity == identity else { throw .layoutInvalid }
    }

    /// The slot's bytes without what fills them up.
    private static func fallback(
        _ bytes: ArraySlice<UInt8>
    ) throws(EncodingError) -> ArraySlice<UInt8> {
        var end = bytes.endIndex
        while end > bytes.startIndex, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
        let filled = bytes[..<end]
        guard filled.suffix(Padding.open.count).elementsEqual(Padding.open) else {
            throw .layoutInvalid
        }
        return filled.dropLast(Padding.open.count)
    }
}
