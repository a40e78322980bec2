// Laying a page out: what is refused, what the layout says, and what slots cost.
//
// What splicing then makes of the layout is in `SplicingTests`.

import Testing

@testable import ContentEncoding

@Suite("Pages with slots") struct SlottedPageTests {
    @Test(arguments: [
        (0, 256), (1, 256), (118, 256), (128, 256), (129, 512), (236, 512), (256, 512), (257, 768),
        (1000, 2048), (32_768, 65_536),
    ])
    func `the default capacity is twice the fallback in steps of 256`(
        fallback: Int, capacity: Int
    ) {
        #expect(Capacity.default(forFallbackOf: fallback) == capacity)
        #expect(fallback <= capacity - EncodingLimits.slotOverhead)
    }

    @Test func `the header is the deterministic one`() throws {
        let (bytes, fallbacks) = page(slots: 1)
        let stored = try SlottedPage(page: bytes, slots: [SlotRequest(fallback: fallbacks[0])])
        #expect(Array(stored.gzip[..<10]) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 0xFF])
        #expect(stored.layout.gzip[0].lowerBound == 0)
    }

    @Test func `the same page gives the same files`() throws {
        let (bytes, fallbacks) = page(slots: 3)
        let slots = fallbacks.map { SlotRequest(fallback: $0) }
        #expect(
            try SlottedPage(page: bytes, slots: slots) == SlottedPage(page: bytes, slots: slots))
    }

    @Test func `a slot at either end and slots side by side are allowed`() throws {
        let bytes = Array("<p>A</p><p>B</p>".utf8)
        let slots = [SlotRequest(fallback: 0..<8), SlotRequest(fallback: 8..<16)]
        let stored = try SlottedPage(page: bytes, slots: slots)
        let fills = [try PreparedFragment(Array("x".utf8)), try PreparedFragment([])]
        let file = Splicer(stored.layout).joined(.gzip, stored.gzip, fills)
        #expect(
            try Gzip.decompress(file, limit: 1 << 20)
                == expected(bytes, slots, [Array("x".utf8), []]))
    }

    @Test func `three slots cost less than a tenth of the page`() throws {
        let (bytes, fallbacks) = page(slots: 3, lines: 200)
        let slots = fallbacks.map { SlotRequest(fallback: $0, capacity: 512) }
        let stored = try SlottedPage(page: bytes, slots: slots)
        let whole = try Gzip.compress(stored.identity)
        #expect(stored.gzip.count - whole.count < 60 * 3, "\(stored.gzip.count) \(whole.count)")
    }

    static let bytes = Array("<p>0123456789</p><p>0123456789</p>".utf8)

    @Test(arguments: [
        ([SlotRequest(fallback: 0..<99)], EncodingError.slotOutOfPlace(slot: 0)),
        ([SlotRequest(fallback: 8..<9), SlotRequest(fallback: 3..<4)], .slotOutOfPlace(slot: 1)),
        ([SlotRequest(fallback: 0..<9), SlotRequest(fallback: 8..<9)], .slotOutOfPlace(slot: 1)),
        (
            [SlotRequest(fallback: 0..<9, capacity: 28)],
            .fallbackTooLarge(slot: 0, bytes: 9, capacity: 28)
        ),
        (
            [SlotRequest(fallback: 0..<0, capacity: 19)],
            .capacityOutOfRange(slot: 0, capacity: 19)
        ),
        (
            [SlotRequest(fallback: 0..<0, capacity: 65_537)],
            .capacityOutOfRange(slot: 0, capacity: 65_537)
        ),
        ([], .layoutInvalid),
        (
            [SlotRequest](repeating: SlotRequest(fallback: 0..<0), count: 65),
            .tooManySlots(count: 65, limit: 64)
        ),
    ])
    func `slots that cannot be laid out are refused`(slots: [SlotRequest], error: EncodingError) {
        #expect(throws: error) { try SlottedPage(page: Self.bytes, slots: slots) }
    }

    @Test func `the byte that holds a slot's place is refused in a page`() {
        #expect(throws: EncodingError.forbiddenByte(offset: 2)) {
            try SlottedPage(page: [65, 66, 1, 67], slots: [SlotRequest(fallback: 0..<1)])
        }
    }

    @Test func `a fallback that opens a comment is refused`() {
        let bytes = Array("<p><!-- open</p>".utf8)
        #expect(throws: EncodingError.unbalancedComment) {
            try SlottedPage(page: bytes, slots: [SlotRequest(fallback: 0..<bytes.count)])
        }
    }

    @Test func `a slot of the smallest and of the largest capacity works`() throws {
        let slots = [
            SlotRequest(fallback: 0..<0, capacity: 20),
            SlotRequest(fallback: 17..<17, capacity: 65_536),
        ]
        let stored = try SlottedPage(page: Self.bytes, slots: slots)
        let full = [UInt8](repeating: 0x42, count: 65_516)
        let fills = [try PreparedFragment([]), try PreparedFragment(full)]
        let file = Splicer(stored.layout).joined(.gzip, stored.gzip, fills)
        #expect(
            try Gzip.decompress(file, limit: 1 << 20) == expected(Self.bytes, slots, [[], full]))
    }

    @Test func `a layout that contradicts itself is refused`() throws {
        let (bytes, fallbacks) = page(slots: 2)
        let stored = try SlottedPage(
            page: bytes, slots: fallbacks.map { SlotRequest(fallback: $0) })
        let length = stored.gzip.count
        let changes: [(inout SlottedLayout) -> Void] = [
            { $0.length -= 1 }, { $0.slots.removeLast() }, { $0.slots = [] },
            { $0.slots[1].start += 1 }, { $0.slots[0].capacity = .max },
            { $0.slots[0].capacity = 19 }, { $0.identity.removeLast() },
            { $0.identity[1] = 0..<1 }, { $0.gzip.removeLast() }, { $0.gzip[0] = 1..<2 },
            { $0.gzip[2] = 0..<UInt32(length) }, { $0.gzip[1] = 0..<3 },
        ]
        try stored.layout.validate(gzipLength: length)
        for (number, change) in changes.enumerated() {
            var layout = stored.layout
            change(&layout)
            #expect(throws: EncodingError.layoutInvalid, "change \(number)") {
                try layout.validate(gzipLength: length)
            }
        }
        #expect(throws: EncodingError.layoutInvalid) {
            try stored.layout.validate(gzipLength: length + 1)
        }
    }

    @Test(arguments: [false, true])
    func `a file with one wrong bit never passes the check`(takesTail: Bool) throws {
        let (bytes, fallbacks) = page(slots: 2, lines: 4)
        let outline = try SlottedOutline(
            page: bytes, slots: fallbacks.map { SlotRequest(fallback: $0) }, takesTail: takesTail)
        let stored = try SlottedPage(outline, quality: 5)
        for (coding, file) in [(Coding.gzip, stored.gzip), (.brotli, stored.brotli)] {
            try SpliceCheck.check(outline, stored.layout, coding, file)
            // The ten bytes of gzip's header say nothing of the content.
            for place in stride(from: coding == .gzip ? 10 : 0, to: file.count, by: 7) {
                var broken = file
                broken[place] ^= 0x10
                var fault: EncodingError?
                do throws(EncodingError) {
                    try SpliceCheck.check(outline, stored.layout, coding, broken)
                } catch {
                    fault = error
                }
                if fault == nil, coding == .gzip {
                    // Inflate does not look at the bits that fill up a byte.
                    #expect(try Gzip.decompress(broken, limit: 1 << 20) == stored.identity)
                } else {
                    #expect(fault == .spliceMismatch(coding), "\(coding) \(place)")
                }
            }
        }
        var layout = stored.layout
        layout.crcOfBlank ^= 1
        #expect(throws: EncodingError.spliceMismatch(.gzip)) {
            try SpliceCheck.check(outline, layout, .gzip, stored.gzip)
        }
    }
}
