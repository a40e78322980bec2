// Fragments behind the page: any length, any number, in every coding, with and without slots.
//
// The expected bytes are joined by hand; gzip and brotli programs check the files.

import TestSupport
import Testing

@testable import ContentEncoding

@Suite("Tails") struct TailTests {
    static let texts = [
        "", "x", "<p>日本語 🎉</p>", String(repeating: "<li>Look</li>", count: 20),
        String(repeating: "<li>Look</li>", count: 5000),
        String((0..<65_516).map { Character(UnicodeScalar(UInt8(0x40 + ($0 &* 7919 >> 3) % 60))) }),
    ]

    private func element(_ text: String, at number: Int) -> [UInt8] {
        Array("<template for=\"t\(number)\">\(text)<!----></template>".utf8)
    }

    private func tail(_ chosen: [Int], isCompressed: Bool) throws -> [TailFragment] {
        let texts = chosen.map { Array(Self.texts[$0].utf8) }
        let prepared = try BrotliSplicingTests.prepared(texts, isCompressed: isCompressed)
        return zip(chosen, prepared).compactMap { number, fragment in
            fragment.map { TailFragment($0, to: TailPlace(number)) }
        }
    }

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
            for number in chosen { wanted += element(Self.texts[number], at: number) }
            let tail = try tail(chosen, isCompressed: isCompressed)
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

    @Test(arguments: [0, 1, 3], DeltaCoding.allCases)
    func `a tail follows a delta, too`(slots: Int, coding: DeltaCoding) throws {
        let (bytes, fallbacks) = page(slots: slots)
        let requests = fallbacks.map { SlotRequest(fallback: $0, capacity: 256) }
        let stored = try SlottedPage(page: bytes, slots: requests, takesTail: true, quality: 5)
        let fills = [[UInt8]?](repeating: nil, count: slots)
        for (chosen, isCompressed) in [([], false), ([2, 3], false), ([4, 5, 0, 2], true)] {
            var wanted = expected(bytes, requests, fills)
            for number in chosen { wanted += element(Self.texts[number], at: number) }
            let delta = try DeltaTests.delta(
                stored, coding, [PreparedFragment?](repeating: nil, count: slots),
                tail: tail(chosen, isCompressed: isCompressed))
            #expect(try DeltaTests.decode(delta, coding, stored.identity) == wanted, "\(chosen)")
        }
    }

    @Test func `a place names itself in the page and behind it`() {
        #expect(TailPlace.start(3) == "<?start name=\"t3\">")
        #expect(TailPlace(3).open == Array("<template for=\"t3\">".utf8))
    }

    @Test func `a page with neither slots nor a tail has no layout`() {
        #expect(throws: EncodingError.layoutInvalid) {
            try SlottedPage(page: [0x41], slots: [])
        }
    }
}
