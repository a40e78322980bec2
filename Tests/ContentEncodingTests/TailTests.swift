// Fragments behind the page: any length, any number, in every coding, with and without slots.
//
// The expected bytes are joined by hand; gzip and brotli programs check the files.

import Testing

@testable import ContentEncoding

@Suite("Tails") struct TailTests {
    static let texts = [
        "", "x", "<p>日本語 🎉</p>", String(repeating: "<li>Look</li>", count: 20),
        String(repeating: "<li>Look</li>", count: 8000),
        String((0..<90_000).map { Character(UnicodeScalar(UInt8(0x40 + ($0 &* 7919 >> 3) % 60))) }),
    ]

    @Test(arguments: [0, 1, 3], [false, true])
    func `a tail follows the page in every coding`(slots: Int, isCompressed: Bool) throws {
        let (bytes, fallbacks) = page(slots: slots)
        let requests = fallbacks.map { SlotRequest(fallback: $0, capacity: 256) }
        let stored = try SlottedPage(page: bytes, slots: requests, takesTail: true, quality: 5)
        #expect(stored.brotliFault == nil)
        let splicer = Splicer(stored.layout)
        var fills = [[UInt8]?](repeating: nil, count: slots)
        if slots > 1 { fills[1] = Array("<b>2</b>".utf8) }
        let prepared = try BrotliSplicingTests.prepared(fills, isCompressed: isCompressed)
        for chosen in [[], [0], [1], [2, 3], [4, 5, 0, 2]] {
            var wanted = expected(bytes, requests, fills)
            var tail: [TailFragment] = []
            for number in chosen {
                let text = Array(Self.texts[number].utf8)
                let runs =
                    isCompressed ? try TailFragment.compressed(text, for: "h\(number)") : .none
                tail.append(try TailFragment(text, for: "h\(number)", runs: runs))
                wanted += Array("<template for=\"h\(number)\">".utf8) + text
                wanted += Array("</template>".utf8)
            }
            for (coding, file) in [
                (Coding.identity, stored.identity), (.gzip, stored.gzip), (.brotli, stored.brotli),
            ] {
                var spliced: [UInt8] = []
                splicer.splice(coding, file: file.span, fills: prepared, tail: tail) { piece in
                    piece.withUnsafeBufferPointer { spliced.append(contentsOf: $0) }
                }
                let decoded =
                    switch coding {
                    case .identity: spliced
                    case .gzip: try Gzip.decompress(spliced, limit: 1 << 20)
                    case .brotli: try Brotli.decompress(spliced, limit: 1 << 20)
                    }
                #expect(decoded == wanted, "\(coding) \(chosen)")
                #expect(
                    splicer.splicedLength(
                        coding, fileLength: file.count, fills: prepared, tail: tail)
                        == spliced.count)
                if coding == .gzip {
                    #expect(try run("/bin/gzip", ["-t"], input: spliced).status == 0)
                } else if coding == .brotli {
                    #expect(try run("/usr/bin/brotli", ["-t"], input: spliced).status == 0)
                }
            }
        }
    }

    @Test(arguments: ["", "a b", "a\"", "é", "<"])
    func `a name that is not plain is refused`(name: String) {
        #expect(throws: EncodingError.tailNameInvalid) { try TailFragment([], for: name) }
    }

    @Test func `what is too long, or leaves a comment open, is refused`() {
        let limit = EncodingLimits.tailBytesMax
        #expect(throws: EncodingError.self) {
            try TailFragment([UInt8](repeating: 0x41, count: limit), for: "x")
        }
        #expect(throws: EncodingError.unbalancedComment) {
            try TailFragment(Array("<!--".utf8), for: "x")
        }
    }

    @Test func `a page with neither slots nor a tail has no layout`() {
        #expect(throws: EncodingError.layoutInvalid) {
            try SlottedPage(page: [0x41], slots: [])
        }
    }
}
