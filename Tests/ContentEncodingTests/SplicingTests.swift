// Splicing, checked against pages put together by hand and decoded by this module, by zlib in
// Python and by the gzip program.
//
// The random pages print their seed; put it in place of the random one to see a failure again.

import ContentEncoding
import TestSupport
import Testing

@Suite("Splicing") struct SplicingTests {
    enum Fill: String, CaseIterable {
        case fallback, empty, oneByte, full, multibyte, binary

        func bytes(max: Int) -> [UInt8]? {
            switch self {
            case .fallback: nil
            case .empty: []
            case .oneByte: [0x78]
            case .full: (0..<max).map { UInt8(0x41 + $0 % 26) }
            case .multibyte: Array("日本語 עברית 🎉 é".utf8)
            case .binary: (0..<min(256, max)).map { UInt8($0) }
            }
        }
    }

    static let cases = [1, 2, 3, 5].flatMap { slots in
        Fill.allCases.flatMap { fill in (0..<slots).map { (slots, fill, $0) } }
    }

    @Test(arguments: cases)
    func `a filled slot shows its fragment and nothing else changes`(
        slots: Int, fill: Fill, place: Int
    ) throws {
        let (bytes, fallbacks) = page(slots: slots)
        let requests = fallbacks.map { SlotRequest(fallback: $0, capacity: 512) }
        let stored = try SlottedPage(page: bytes, slots: requests)
        var fills = [[UInt8]?](repeating: nil, count: slots)
        fills[place] = fill.bytes(max: 492)
        let prepared = try fills.map { try $0.map { try PreparedFragment($0) } }
        let splicer = Splicer(stored.layout)
        let wanted = expected(bytes, requests, fills)
        #expect(splicer.joined(.identity, stored.identity, prepared) == wanted)
        let file = splicer.joined(.gzip, stored.gzip, prepared)
        #expect(try Gzip.decompress(file, limit: wanted.count) == wanted)
        #expect(
            splicer.splicedLength(.gzip, fileLength: stored.gzip.count, fills: prepared)
                == file.count)
        #expect(
            splicer.splicedLength(.identity, fileLength: stored.identity.count, fills: prepared)
                == wanted.count)
    }

    @Test(arguments: [1, 2, 3, 5])
    func `every slot filled at once decodes in every decoder there is`(slots: Int) throws {
        let (bytes, fallbacks) = page(slots: slots)
        let requests = fallbacks.enumerated().map {
            SlotRequest(fallback: $0.element, capacity: 300 + 777 * $0.offset)
        }
        let stored = try SlottedPage(page: bytes, slots: requests)
        let splicer = Splicer(stored.layout)
        for fill in Fill.allCases {
            let fills = requests.map { fill.bytes(max: $0.capacity - 20) }
            let prepared = try fills.map { try $0.map { try PreparedFragment($0) } }
            let wanted = expected(bytes, requests, fills)
            let file = splicer.joined(.gzip, stored.gzip, prepared)
            #expect(try Gzip.decompress(file, limit: wanted.count) == wanted)
            for (program, arguments) in [
                ("/bin/gzip", ["-dc"]),
                ("/usr/bin/python3", ["-c", Self.pythonGzip]),
                ("/usr/bin/python3", ["-c", Self.pythonZlib]),
            ] {
                let (output, status) = try run(program, arguments, input: file)
                #expect(status == 0, "\(program) \(arguments) \(fill)")
                #expect(output == wanted, "\(program) \(arguments) \(fill)")
            }
            #expect(try run("/bin/gzip", ["-t"], input: file).status == 0)
        }
    }

    static let pythonGzip = """
        import sys, gzip; sys.stdout.buffer.write(gzip.decompress(sys.stdin.buffer.read()))
        """
    static let pythonZlib = """
        import sys, zlib
        stream = zlib.decompressobj(31)
        sys.stdout.buffer.write(stream.decompress(sys.stdin.buffer.read()))
        assert stream.eof and not stream.unused_data
        """

    @Test func `a fragment one byte too long does not fit`() throws {
        let (bytes, fallbacks) = page(slots: 1)
        let requests = [SlotRequest(fallback: fallbacks[0], capacity: 512)]
        let slot = try SlottedPage(page: bytes, slots: requests).layout.slots[0]
        #expect(slot.fragmentBytesMax == 492)
        #expect(try PreparedFragment([UInt8](repeating: 0x41, count: 492)).fits(slot))
        #expect(try !PreparedFragment([UInt8](repeating: 0x41, count: 493)).fits(slot))
    }

    @Test func `nothing but fallbacks gives the stored file`() throws {
        let (bytes, fallbacks) = page(slots: 2)
        let requests = fallbacks.map { SlotRequest(fallback: $0) }
        let stored = try SlottedPage(page: bytes, slots: requests)
        let splicer = Splicer(stored.layout)
        #expect(splicer.joined(.gzip, stored.gzip, [nil, nil]) == stored.gzip)
        #expect(splicer.joined(.brotli, [1, 2, 3], [nil, nil]) == [1, 2, 3])
        #expect(stored.identity == expected(bytes, requests, [nil, nil]))
    }

    @Test func `random pages, slots and fills decode to what they should`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("random gzip pages: seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for round in 0..<2000 {
            var bytes = randomText(upTo: 6000, &random)
            var requests: [SlotRequest] = []
            var fills: [[UInt8]?] = []
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let start = bytes.count
                bytes += randomText(upTo: 400, &random)
                let capacity =
                    Bool.random(using: &random)
                    ? nil : bytes.count - start + Int.random(in: 20...3000, using: &random)
                requests.append(SlotRequest(fallback: start..<bytes.count, capacity: capacity))
                bytes += randomText(upTo: 3000, &random)
                let max = (requests.last?.capacity ?? 20) - 20
                let count = Int.random(in: 0...max, using: &random)
                fills.append(
                    Bool.random(using: &random)
                        ? nil : (0..<count).map { _ in .random(in: 0...255, using: &random) })
            }
            // Brotli is tried in `BrotliSplicingTests`.
            let stored = try SlottedPage(
                page: bytes, slots: requests, level: round % 9 + 1, quality: 5)
            let prepared = try fills.map { try $0.map { try PreparedFragment($0) } }
            let splicer = Splicer(stored.layout)
            let wanted = expected(bytes, requests, fills)
            let identity = splicer.joined(.identity, stored.identity, prepared)
            let gzip = splicer.joined(.gzip, stored.gzip, prepared)
            #expect(identity == wanted, "seed \(seed), round \(round)")
            #expect(
                try Gzip.decompress(gzip, limit: wanted.count) == wanted,
                "seed \(seed), round \(round)")
            #expect(
                splicer.splicedLength(.gzip, fileLength: stored.gzip.count, fills: prepared)
                    == gzip.count, "seed \(seed), round \(round)")
        }
    }

    private func randomText(upTo max: Int, _ random: inout SeededGenerator) -> [UInt8] {
        let words = ["<p>", "</p>", " look", " bag", "\n", "é", "- ", "<!-- x -->", "0", "\t"]
        var text = ""
        let count = Int.random(in: 0...max, using: &random)
        while text.utf8.count < count {
            text += words[Int.random(in: 0..<words.count, using: &random)]
        }
        return Array(text.utf8)
    }
}
