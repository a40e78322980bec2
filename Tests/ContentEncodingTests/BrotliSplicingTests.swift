// Splicing brotli pages, and slots of every form: against pages put together by hand, decoded by
// this module, by the brotli program, by Node and, where it has the library, by Python.
//
// The random pages print their seed; put it in place of the random one to see a failure again.

import TestSupport
import Testing

@testable import ContentEncoding

@Suite("Splicing brotli") struct BrotliSplicingTests {
    /// Each but the last fits a slot that takes `max` bytes.
    static let fills: [(String, @Sendable (Int) -> [UInt8]?)] = [
        ("fallback", { _ in nil }), ("empty", { _ in [] }), ("one byte", { _ in [0x78] }),
        ("full", { max in (0..<max).map { UInt8(0x41 + $0 % 26) } }),
        ("multibyte", { _ in Array("日本語 עברית 🎉 é".utf8) }),
        ("binary", { max in (0..<min(256, max)).map { UInt8($0) } }),
        ("one byte too long", { max in [UInt8](repeating: 0x41, count: max + 1) }),
    ]

    static func prepared(
        _ fills: [[UInt8]?], isCompressed: Bool
    ) throws -> [PreparedFragment?] {
        try fills.map {
            guard let bytes = $0 else { return nil }
            return isCompressed
                ? try PreparedFragment(compressing: bytes) : try PreparedFragment(bytes)
        }
    }

    static func check(
        _ stored: SlottedPage, _ page: [UInt8], _ requests: [SlotRequest], _ fills: [[UInt8]?],
        tail: [[UInt8]] = [], _ note: @autoclosure () -> String
    ) throws {
        let splicer = Splicer(stored.layout)
        // What does not fit is a fallback, as the server makes it one.
        let fills = zip(fills, stored.layout.slots).map { fill, slot in
            fill.flatMap { $0.count <= slot.fragmentBytesMax ? $0 : nil }
        }
        var wanted = expected(page, requests, fills)
        for (number, text) in tail.enumerated() {
            wanted += Array("<template for=\"t\(number)\">".utf8) + text
            wanted += Array("<!----></template>".utf8)
        }
        for isCompressed in [false, true] {
            let prepared = try prepared(fills, isCompressed: isCompressed)
            for (fill, slot) in zip(prepared, stored.layout.slots) {
                #expect(fill?.fits(slot) != false)
            }
            let tail = try Self.prepared(tail, isCompressed: isCompressed).enumerated().compactMap {
                number, fragment in fragment.map { TailFragment($0, to: TailPlace(number)) }
            }
            for (coding, file) in [
                (Coding.identity, stored.identity), (.gzip, stored.gzip), (.brotli, stored.brotli),
            ] {
                let spliced = splicer.joined(coding, file, prepared, tail: tail)
                let decoded =
                    switch coding {
                    case .identity: spliced
                    case .gzip: try Gzip.decompress(spliced, limit: wanted.count)
                    case .brotli: try Brotli.decompress(spliced, limit: wanted.count)
                    }
                #expect(decoded == wanted, "\(coding) \(isCompressed) \(note())")
                #expect(
                    splicer.splicedLength(
                        coding, fileLength: file.count, fills: prepared, tail: tail)
                        == spliced.count, "\(coding) \(isCompressed) \(note())")
            }
        }
    }

    @Test(arguments: [1, 2, 3, 5], [5, 9, 11])
    func `each slot shows its fragment, and nothing else changes`(
        slots: Int, quality: Int
    ) throws {
        let (bytes, fallbacks) = page(slots: slots)
        let requests = fallbacks.map { SlotRequest(fallback: $0, capacity: 512) }
        let stored = try SlottedPage(page: bytes, slots: requests, quality: quality)
        try #require(stored.layout.brotli != nil, "\(String(describing: stored.brotliFault))")
        #expect(try Brotli.decompress(stored.brotli, limit: 1 << 20) == stored.identity)
        for (name, fill) in Self.fills {
            for place in 0..<slots {
                var fills = [[UInt8]?](repeating: nil, count: slots)
                fills[place] = fill(492)
                try Self.check(stored, bytes, requests, fills, "\(name) at \(place)")
            }
            try Self.check(
                stored, bytes, requests, [[UInt8]?](repeating: fill(492), count: slots), name)
        }
    }

    @Test(arguments: [5, 11])
    func `slots of every form stand side by side`(quality: Int) throws {
        let text = sentences(30)
        let html = Array(
            ("<title>Bag (0)</title>" + text + "<i>a</i><i>b</i>" + text + "  <b>s</b>"
                + text + "<i>tiny</i>").utf8)
        func find(_ needle: String) throws -> Range<Int> {
            let bytes = Array(needle.utf8)
            let place = try #require(
                (0..<html.count - bytes.count + 1).first {
                    Array(html[$0..<$0 + bytes.count]) == bytes
                })
            return place..<place + bytes.count
        }
        let requests = [
            SlotRequest(fallback: try find("Bag (0)"), capacity: 63),
            SlotRequest(fallback: try find("<i>a</i>"), capacity: 28),
            SlotRequest(fallback: try find("<i>b</i>"), capacity: 30),
            SlotRequest(fallback: try find("<b>s</b>"), capacity: 64),
            SlotRequest(fallback: try find("<i>tiny</i>"), capacity: 40),
        ]
        let stored = try SlottedPage(page: html, slots: requests, quality: quality)
        try #require(stored.layout.brotli != nil, "\(String(describing: stored.brotliFault))")
        for isFull in [false, true] {
            let fills = stored.layout.slots.map { slot -> [UInt8]? in
                [UInt8](repeating: 0x7A, count: isFull ? slot.fragmentBytesMax : 0)
            }
            try Self.check(stored, html, requests, fills, "full \(isFull)")
            for place in fills.indices {
                var single = [[UInt8]?](repeating: nil, count: fills.count)
                single[place] = fills[place]
                try Self.check(stored, html, requests, single, "full \(isFull) at \(place)")
            }
        }
        let full = [UInt8](repeating: 0x41, count: stored.layout.slots[2].fragmentBytesMax)
        #expect(try PreparedFragment(full).fits(stored.layout.slots[2]))
        #expect(try !PreparedFragment(full + [0x41]).fits(stored.layout.slots[2]))
    }

    @Test(arguments: [1, 2, 3, 5])
    func `every decoder there is reads a spliced page`(slots: Int) throws {
        let (bytes, fallbacks) = page(slots: slots)
        let requests = fallbacks.enumerated().map {
            SlotRequest(fallback: $0.element, capacity: 64 + 777 * $0.offset)
        }
        let stored = try SlottedPage(page: bytes, slots: requests)
        let splicer = Splicer(stored.layout)
        for (name, fill) in Self.fills.dropLast() {
            let fills = requests.map { request in
                fill(request.capacity - 20).map { Array($0.prefix(request.capacity - 20)) }
            }
            let wanted = expected(bytes, requests, fills)
            let file = splicer.joined(
                .brotli, stored.brotli, try Self.prepared(fills, isCompressed: true))
            #expect(try run("/usr/bin/brotli", ["-dc"], input: file).output == wanted, "\(name)")
            #expect(try run("/usr/bin/brotli", ["-t"], input: file).status == 0, "\(name)")
            let node = try run("/usr/bin/env", ["node", "-e", Self.node], input: file)
            #expect(node.output == wanted, "\(name)")
            let python = try run("/usr/bin/env", ["python3", "-c", Self.python], input: file)
            #expect(python.status == 3 || python.output == wanted, "\(name)")
        }
    }

    static let node = """
        process.stdout.write(require('zlib').brotliDecompressSync(require('fs').readFileSync(0)))
        """
    /// Status 3 says that Python has no brotli here.
    static let python = """
        import sys
        try: import brotli
        except ImportError: sys.exit(3)
        sys.stdout.buffer.write(brotli.decompress(sys.stdin.buffer.read()))
        """

    @Test(arguments: [5, 11])
    func `slots that look alike do not become copies of each other`(quality: Int) throws {
        let (bytes, fallbacks) = page(slots: 2, lines: 3)
        for capacity in [64, 65, 66, 72, 80, 128, 1024, 20_000] {
            let requests = fallbacks.map { SlotRequest(fallback: $0, capacity: capacity) }
            let stored = try SlottedPage(page: bytes, slots: requests, quality: quality)
            #expect(stored.brotliFault == nil, "\(capacity)")
            try Self.check(
                stored, bytes, requests, [Array("one".utf8), Array("two".utf8)], "\(capacity)")
        }
    }

    @Test(arguments: [64, 65, 70, 100], [5, 11])
    func `spaces before a slot are not taken for its end`(capacity: Int, quality: Int) throws {
        let text = Array((sentences(9) + "    ").utf8)
        let page = text + text
        let requests = [
            SlotRequest(fallback: text.count..<text.count, capacity: capacity),
            SlotRequest(fallback: page.count..<page.count, capacity: capacity),
        ]
        let stored = try SlottedPage(page: page, slots: requests, quality: quality)
        #expect(stored.brotliFault == nil)
        try Self.check(stored, page, requests, [[0x41], []], "\(capacity)")
    }

    @Test func `a small slot right before another one finds placeholders that do not meet`() throws
    {
        // Of a page like this one, two of three attempts failed at quality 11.
        var random = SeededGenerator(seed: 9)
        for round in 0..<40 {
            let head = Self.text(upTo: 1500, &random)
            let first = Array("<!-- x -->   of the  of the ".utf8)
            let second = Array("information of the \">0</p>  0 look in".utf8)
            let bytes = head + first + second + Self.text(upTo: 900, &random)
            let (middle, end) = (head.count + first.count, head.count + first.count + second.count)
            let requests = [
                SlotRequest(fallback: head.count..<middle, capacity: first.count + 20),
                SlotRequest(fallback: middle..<end, capacity: 63),
            ]
            let stored = try SlottedPage(page: bytes, slots: requests, quality: 11)
            #expect(stored.brotliFault == nil, "round \(round)")
            try Self.check(stored, bytes, requests, [first, second], "round \(round)")
        }
    }

    @Test func `a page that brotli cannot mark keeps a plain file`() throws {
        let page = (0...255).map { UInt8($0) }.filter { $0 != 1 }
        let stored = try SlottedPage(page: page, slots: [SlotRequest(fallback: 0..<0)])
        #expect(stored.layout.brotli == nil)
        #expect(stored.brotliFault == .tooFewFreeBytes(count: 1, needed: 32))
        #expect(try Brotli.decompress(stored.brotli, limit: 1 << 20) == stored.identity)
    }

    @Test func `a quality below 5 gives a plain file`() throws {
        let (bytes, fallbacks) = page(slots: 1)
        let stored = try SlottedPage(
            page: bytes, slots: [SlotRequest(fallback: fallbacks[0])], quality: 4)
        #expect(stored.layout.brotli == nil)
        #expect(stored.brotliFault == .parameterOutOfRange(name: "brotli quality", value: 4))
        #expect(try Brotli.decompress(stored.brotli, limit: 1 << 20) == stored.identity)
    }

    @Test func `random pages and fills decode to what they should`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("random brotli pages: seed \(seed)")
        var random = SeededGenerator(seed: seed)
        var spliced = 0
        for round in 0..<1200 {
            var bytes = Self.text(upTo: 1500, &random)
            var requests: [SlotRequest] = []
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                // Every third is of less than 64 bytes.
                let isSmall = Int.random(in: 0...2, using: &random) == 0
                let start = bytes.count
                bytes += Self.text(upTo: isSmall ? 30 : 400, &random)
                let extra = Int.random(in: 20...(round % 50 == 0 ? 20_000 : 300), using: &random)
                let count = bytes.count - start
                let capacity =
                    isSmall ? Int.random(in: count + 20...63, using: &random) : count + extra
                requests.append(SlotRequest(fallback: start..<bytes.count, capacity: capacity))
                if Bool.random(using: &random) { bytes += Self.text(upTo: 900, &random) }
            }
            let stored = try SlottedPage(
                page: bytes, slots: requests, takesTail: round % 3 == 0, level: round % 9 + 1,
                quality: round % 8 == 0 ? 11 : 5 + round % 5)
            #expect(stored.brotliFault == nil, "seed \(seed), round \(round)")
            guard stored.layout.brotli != nil else { continue }
            spliced += 1
            let fills = stored.layout.slots.map { slot -> [UInt8]? in
                if Bool.random(using: &random) { return nil }
                let max = slot.fragmentBytesMax
                let count = Int.random(in: 0...max, using: &random)
                return round % 2 == 0
                    ? (0..<count).map { _ in UInt8.random(in: 0x40...0x7A, using: &random) }
                    : [UInt8](repeating: 0x61, count: count)
            }
            let tail = (0..<(round % 3 == 0 ? Int.random(in: 0...3, using: &random) : 0)).map { _ in
                Self.text(upTo: 900, &random)
            }
            try Self.check(
                stored, bytes, requests, fills, tail: tail, "seed \(seed), round \(round)")
        }
        #expect(spliced == 1200, "seed \(seed)")
    }

    static func text(upTo max: Int, _ random: inout SeededGenerator) -> [UInt8] {
        let words = [
            "<p>", "</p>", " look", " bag", "\n", "é", "  ", "<!-- x -->", "0", "\t", " of the ",
            "<div class=\"", "\">", "information", "日本",
        ]
        var text = ""
        let count = Int.random(in: 0...max, using: &random)
        while text.utf8.count < count {
            text += words[Int.random(in: 0..<words.count, using: &random)]
        }
        return Array(text.utf8)
    }
}
