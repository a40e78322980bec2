// Whole files in gzip and brotli: round trips, the system's decoders, and broken input.
//
// Broken files must be refused by name; none may trap or give other bytes.

import ContentEncoding
import TestSupport
import Testing

@Suite("Whole files") struct CodecTests {
    static let inputs: [[UInt8]] = [
        [], [0], Array("a".utf8), Array(sentences(1).utf8), Array(sentences(2000).utf8),
        (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) },
        [UInt8](repeating: 0x20, count: 300_000),
    ]

    @Test(arguments: inputs)
    func `gzip files come back, here and elsewhere`(bytes: [UInt8]) throws {
        for level in [1, 6, 9] {
            let file = try Gzip.compress(bytes, level: level)
            #expect(Array(file[..<10]) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 0xFF])
            #expect(try Gzip.decompress(file, limit: bytes.count) == bytes)
            #expect(try run("/bin/gzip", ["-dc"], input: file).output == bytes)
        }
    }

    @Test(arguments: inputs)
    func `brotli files come back, here and elsewhere`(bytes: [UInt8]) throws {
        for (quality, window) in [(1, nil), (5, 18), (9, 10), (11, nil)]
        where bytes.count < 200_000
            || quality < 11
        {
            let file = try Brotli.compress(bytes, quality: quality, window: window)
            #expect(try Brotli.decompress(file, limit: bytes.count) == bytes)
            #expect(try run("/usr/bin/brotli", ["-dc"], input: file).output == bytes)
        }
    }

    @Test func `the same bytes give the same file`() throws {
        let bytes = Array(sentences(300).utf8)
        #expect(try Gzip.compress(bytes) == Gzip.compress(bytes))
        #expect(try Brotli.compress(bytes) == Brotli.compress(bytes))
    }

    @Test func `more output than the limit is refused`() throws {
        let bytes = [UInt8](repeating: 0x41, count: 1_000_000)
        let gzip = try Gzip.compress(bytes)
        let brotli = try Brotli.compress(bytes, quality: 5)
        #expect(throws: EncodingError.outputTooLarge(limit: 999_999)) {
            try Gzip.decompress(gzip, limit: 999_999)
        }
        #expect(throws: EncodingError.outputTooLarge(limit: 999_999)) {
            try Brotli.decompress(brotli, limit: 999_999)
        }
        #expect(throws: EncodingError.outputTooLarge(limit: 0)) {
            try Gzip.decompress(gzip, limit: 0)
        }
    }

    @Test func `a file cut anywhere is truncated`() throws {
        let bytes = Array(sentences(5).utf8)
        let gzip = try Gzip.compress(bytes)
        for count in 0..<gzip.count {
            #expect(throws: EncodingError.truncated(.gzip), "\(count)") {
                try Gzip.decompress(Array(gzip[..<count]), limit: 1 << 20)
            }
        }
        let brotli = try Brotli.compress(bytes)
        for count in 0..<brotli.count {
            #expect(throws: EncodingError.truncated(.brotli), "\(count)") {
                try Brotli.decompress(Array(brotli[..<count]), limit: 1 << 20)
            }
        }
    }

    @Test func `bytes behind the end are refused, a second member too`() throws {
        let gzip = try Gzip.compress([1, 2, 3])
        #expect(throws: EncodingError.trailingBytes(.gzip, count: 1)) {
            try Gzip.decompress(gzip + [0], limit: 99)
        }
        #expect(throws: EncodingError.trailingBytes(.gzip, count: gzip.count)) {
            try Gzip.decompress(gzip + gzip, limit: 99)
        }
        let brotli = try Brotli.compress([1, 2, 3])
        #expect(throws: EncodingError.trailingBytes(.brotli, count: 2)) {
            try Brotli.decompress(brotli + [0, 0], limit: 99)
        }
    }

    @Test func `a changed byte never gives other bytes than the ones compressed`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        let bytes = Array(sentences(20).utf8)
        let gzip = try Gzip.compress(bytes)
        for _ in 0..<5000 {
            var file = gzip
            let place = Int.random(in: 0..<file.count, using: &random)
            file[place] ^= UInt8.random(in: 1...255, using: &random)
            // Flags of the header may change without harm; the content may not.
            if let decoded = try? Gzip.decompress(file, limit: 1 << 20) {
                #expect(decoded == bytes, "seed \(seed), byte \(place)")
            }
        }
    }

    @Test func `noise never traps a decoder`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        let brotli = try Brotli.compress(Array(sentences(20).utf8), quality: 9)
        for round in 0..<5000 {
            var file = brotli
            for _ in 0...(round % 8) {
                file[Int.random(in: 0..<file.count, using: &random)] = .random(
                    in: 0...255, using: &random)
            }
            _ = try? Brotli.decompress(file, limit: 1 << 20)
            let noise = (0..<(round % 300)).map { _ in UInt8.random(in: 0...255, using: &random) }
            _ = try? Brotli.decompress(noise, limit: 1 << 20)
            #expect(throws: EncodingError.self, "seed \(seed), round \(round)") {
                try Gzip.decompress(
                    [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 0xFF] + noise, limit: 1 << 20)
            }
        }
    }

    @Test(arguments: [0, 10, -1])
    func `a deflate level outside 1 to 9 is refused`(level: Int) {
        #expect(throws: EncodingError.parameterOutOfRange(name: "deflate level", value: level)) {
            try Gzip.compress([], level: level)
        }
    }

    @Test func `brotli parameters outside their ranges are refused`() {
        #expect(throws: EncodingError.parameterOutOfRange(name: "brotli quality", value: 12)) {
            try Brotli.compress([], quality: 12)
        }
        #expect(throws: EncodingError.parameterOutOfRange(name: "brotli window", value: 9)) {
            try Brotli.compress([], window: 9)
        }
    }
}
