// The brotli metablocks written by hand, and fragments compressed for any page: known bytes, and
// what they decode to.
//
// The decoder is libbrotli's; the streams around the blocks are put together here.

import TestSupport
import Testing

@testable import ContentEncoding

@Suite("Brotli blocks") struct BrotliBlockTests {
    private func bytes(_ run: BitRun) -> [UInt8] {
        var bytes: [UInt8] = []
        run.append(to: &bytes)
        return bytes
    }

    /// A whole stream with runs behind a header.
    private func stream(_ runs: [UInt8]...) -> [UInt8] {
        var stream = bytes(BrotliBlocks.streamHeader(window: 22))
        for run in runs { stream += run }
        return stream + [BrotliBlocks.end]
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    @Test(arguments: [
        (16, "7800000002a400c125a4a66000"), (700, "d815000002a400c12ea472a66000"),
        (4000, "f87c000002a400412fa456370503"),
    ])
    func `a pad has the known bytes`(spaces: Int, known: String) {
        #expect(hex(bytes(BrotliBlocks.pad(spaces: spaces))) == known)
    }

    @Test func `a neutral pad has the known bytes`() {
        #expect(hex(bytes(BrotliBlocks.neutralPad(spaces: 100))) == "180300000224700a4918")
    }

    @Test func `every pad makes its spaces, 16 on with copies`() throws {
        for count in Array(1...2500) + [6209, 6210, 22_593, 22_594, 40_000, 65_535, 65_536] {
            let spaces = [UInt8](repeating: 0x20, count: count)
            let neutral = stream(bytes(BrotliBlocks.neutralPad(spaces: count)))
            #expect(try Brotli.decompress(neutral, limit: count) == spaces, "neutral \(count)")
            guard count >= 16 else { continue }
            let pad = stream(bytes(BrotliBlocks.pad(spaces: count)))
            #expect(try Brotli.decompress(pad, limit: count) == spaces, "\(count)")
        }
    }

    @Test(arguments: [1, 2, 65_535, 65_536, 65_537, 1 << 20, 1 << 20 + 1])
    func `raw bytes come back`(count: Int) throws {
        let text = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let header = bytes(BrotliBlocks.rawHeader(count))
        #expect(header.count == BrotliBlocks.rawHeaderCount(count))
        #expect(try Brotli.decompress(stream(header, text), limit: count) == text)
    }

    @Test func `copies of every length reach back`() throws {
        let text = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 11) }
        let raw = bytes(BrotliBlocks.rawHeader(text.count)) + text
        let lengths = Array(2...140) + [197, 198, 325, 326, 2117, 2118, 65_536, 65_537, 150_000]
        for length in lengths {
            let distance = length + 5 * length % 40_000 + 1
            let run = stream(raw, bytes(BrotliBlocks.copy(length: length, distance: distance)))
            let start = text.count - distance
            #expect(
                try Brotli.decompress(run, limit: 400_000) == text + text[start..<start + length],
                "\(length) from \(distance)")
        }
        for distance in Array(1...70) + [4095, 4096, 65_533, 131_072, 199_999] {
            let run = stream(raw, bytes(BrotliBlocks.copy(length: 2, distance: distance)))
            let start = text.count - distance
            let end = text[start...].prefix(2) + (distance == 1 ? [text[start]] : [])
            #expect(try Brotli.decompress(run, limit: 400_000) == text + end, "\(distance)")
        }
    }

    @Test func `a placeholder has no byte of its page and no pair twice if neutral`() throws {
        let page = Array(sentences(3).utf8) + [1, 2, 3]
        let placeholder = try Placeholder(page: page)
        for capacity in [1, 20, 63] {
            let bytes = placeholder.neutral(capacity: capacity, seed: 7)
            #expect(bytes.count == capacity)
            #expect(Set(bytes).isDisjoint(with: page))
            let pairs = zip(bytes, bytes.dropFirst()).map { Int($0) << 8 | Int($1) }
            #expect(Set(pairs).count == pairs.count)
        }
        let bytes = placeholder.canonical(capacity: 64, seed: 7)
        #expect(bytes.count == 64)
        #expect(Set(bytes.dropLast(2)).isDisjoint(with: page))
        #expect(bytes != placeholder.canonical(capacity: 64, seed: 8))
    }

    @Test func `a page with every control byte has no placeholder`() {
        #expect(throws: EncodingError.tooFewFreeBytes(count: 0, needed: 32)) {
            _ = try Placeholder(page: (0...255).map { UInt8($0) })
        }
    }
}

@Suite("Fragment runs") struct FragmentRunTests {
    static let texts = [
        String(repeating: "<li><a href=\"/looks/1/\">Look</a></li>", count: 8),
        "<p>Trending now: the time of year again, with information about everything</p>",
        String(repeating: "日本語 עברית 🎉 é ", count: 20),
    ]

    @Test(arguments: texts, [0, 1, 333, 70_000])
    func `a run decodes to the same bytes wherever it stands`(html: String, position: Int) throws {
        let bytes = Array(html.utf8)
        let run = try #require(try FragmentRuns(compressing: bytes).brotli)
        let raw = min(position, 40_000)
        var stream: [UInt8] = []
        BrotliBlocks.streamHeader(window: 16).append(to: &stream)
        for count in [raw, position - raw] where count > 0 {
            BrotliBlocks.rawHeader(count).append(to: &stream)
            stream += [UInt8](repeating: 0x2E, count: count)
        }
        stream += run + [BrotliBlocks.end]
        let wanted = [UInt8](repeating: 0x2E, count: position) + bytes + Array("<!--".utf8)
        #expect(try Brotli.decompress(stream, limit: wanted.count) == wanted)
        #expect(run.count < bytes.count)
    }

    @Test func `random texts have runs that decode, or none`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        let words = ["<p>", "the ", "time", "\u{1}", "\u{3}\u{4}", "é", "information", " of the "]
        for round in 0..<1500 {
            var text = ""
            for _ in 0..<Int.random(in: 0...200, using: &random) {
                text += words[Int.random(in: 0..<words.count, using: &random)]
            }
            let bytes = Array(text.utf8)
            let runs = try FragmentRuns(compressing: bytes)
            #expect(throws: Never.self, "seed \(seed), round \(round)") {
                try runs.check(decodeTo: bytes + Array("<!--".utf8))
            }
            if let run = runs.brotli { #expect(run.count < bytes.count + 7) }
        }
    }

    @Test func `a run of other bytes is refused`() throws {
        let bytes = Array(Self.texts[0].utf8)
        let runs = try FragmentRuns(compressing: bytes)
        let other = try FragmentRuns(compressing: bytes.reversed())
        #expect(try PreparedFragment(bytes, runs: runs) == PreparedFragment(compressing: bytes))
        #expect(throws: EncodingError.runMismatch(.gzip)) {
            try PreparedFragment(
                bytes, runs: FragmentRuns(deflate: other.deflate, brotli: runs.brotli))
        }
        #expect(throws: EncodingError.runMismatch(.brotli)) {
            try PreparedFragment(
                bytes, runs: FragmentRuns(deflate: runs.deflate, brotli: other.brotli))
        }
    }

    @Test func `a run that uses the dictionary is refused`() throws {
        let bytes = Array("<p>information about the international government</p>".utf8)
        var stream = try BrotliStream(quality: 5, window: 16, offset: 1 << 10)
        var run: [UInt8] = []
        try stream.write((bytes + Array("<!--".utf8))[...], to: &run)
        #expect(throws: EncodingError.runMismatch(.brotli)) {
            try PreparedFragment(bytes, runs: FragmentRuns(deflate: nil, brotli: run))
        }
    }
}
