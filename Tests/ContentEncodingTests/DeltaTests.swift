// Deltas against the page as dictionary, decoded by the zstd program, and by brotli with the
// dictionary put in front: a copy's distance is the same number whether what it reaches stands
// before the stream or at its start.

import Foundation
import TestSupport
import Testing

@testable import ContentEncoding

@Suite("Deltas") struct DeltaTests {
    /// What a delta must decode to: pads of filled slots are left out.
    private func wanted(
        _ page: [UInt8], _ slots: [SlotRequest], _ fills: [[UInt8]?]
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        var position = 0
        for (slot, fill) in zip(slots, fills) {
            bytes += page[position..<slot.fallback.lowerBound]
            let text = (fill ?? Array(page[slot.fallback])) + Array("<!--".utf8)
            let pad = fill == nil ? slot.capacity - text.count : 0
            bytes += text + [UInt8](repeating: 0x20, count: pad)
            bytes += Array("-->".utf8)
            position = slot.fallback.upperBound
        }
        return bytes + page[position...]
    }

    static func delta(
        _ stored: SlottedPage, _ coding: DeltaCoding, _ fills: [PreparedFragment?],
        tail: [TailFragment] = []
    ) throws -> [UInt8] {
        let digest = (0..<32).map { UInt8($0) }
        let splicer = try #require(DeltaSplicer(stored.layout, dictionaryDigest: digest))
        var bytes: [UInt8] = []
        splicer.splice(
            coding, dictionary: stored.identity.span, fills: fills, tail: tail
        ) { piece in
            piece.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        }
        #expect(
            splicer.splicedLength(
                coding, dictionary: stored.identity.span, fills: fills, tail: tail)
                == bytes.count)
        let magic: [UInt8] =
            coding == .brotli
            ? [0xFF, 0x44, 0x43, 0x42] : [0x5E, 0x2A, 0x4D, 0x18, 0x20, 0, 0, 0]
        #expect(Array(bytes.prefix(magic.count + 32)) == magic + digest)
        return bytes
    }

    static func decode(
        _ delta: [UInt8], _ coding: DeltaCoding, _ dictionary: [UInt8]
    ) throws -> [UInt8] {
        coding == .brotli
            ? try decodeBrotli(delta, dictionary) : try decodeZstandard(delta, dictionary)
    }

    /// Decodes dcb with the dictionary as raw blocks at the start of the stream.
    private static func decodeBrotli(_ delta: [UInt8], _ dictionary: [UInt8]) throws -> [UInt8] {
        var stream: [UInt8] = []
        BrotliBlocks.streamHeader(window: 22).append(to: &stream)
        #expect(Array(delta[36..<38]) == stream)
        BrotliBlocks.rawHeader(dictionary.count).append(to: &stream)
        stream += dictionary + delta[38...]
        let decoded = try Brotli.decompress(stream, limit: 1 << 24)
        #expect(decoded.starts(with: dictionary))
        return Array(decoded[dictionary.count...])
    }

    private static func decodeZstandard(_ delta: [UInt8], _ dictionary: [UInt8]) throws -> [UInt8] {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(
            UUID().uuidString)
        try Data(dictionary).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let (output, status) = try run(
            "/usr/bin/zstd", ["-dc", "--patch-from=\(file.path)"], input: delta)
        #expect(status == 0)
        return output
    }

    @Test(arguments: [1, 2, 3, 5], BrotliSplicingTests.fills.dropLast().map(\.0))
    func `a delta decodes to the page with its fragments`(slots: Int, name: String) throws {
        let fill = try #require(BrotliSplicingTests.fills.first { $0.0 == name }).1
        let (bytes, fallbacks) = page(slots: slots)
        let requests = fallbacks.map { SlotRequest(fallback: $0, capacity: 512) }
        let stored = try SlottedPage(page: bytes, slots: requests, quality: 5)
        var fills = requests.map { _ in fill(492) }
        for isFirstOnly in [false, true] {
            if isFirstOnly { fills.replaceSubrange(1..., with: fills.dropFirst().map { _ in nil }) }
            for isCompressed in [false, true] {
                let prepared = try BrotliSplicingTests.prepared(fills, isCompressed: isCompressed)
                let wanted = wanted(bytes, requests, fills)
                for coding in DeltaCoding.allCases {
                    let delta = try Self.delta(stored, coding, prepared)
                    #expect(try Self.decode(delta, coding, stored.identity) == wanted)
                }
            }
        }
    }

    @Test func `short texts between slots decode`() throws {
        let html = Array("<i>a</i><b>b</b>x\(sentences(20))<p>c</p>12".utf8)
        let end = html.count - 2
        let requests = [
            SlotRequest(fallback: 0..<8), SlotRequest(fallback: 8..<16),
            SlotRequest(fallback: 16..<17, capacity: 24),
            SlotRequest(fallback: end - 5..<end - 4, capacity: 40),
            SlotRequest(fallback: end..<end + 2, capacity: 22),
        ]
        let stored = try SlottedPage(page: html, slots: requests, quality: 5)
        let fills: [[UInt8]?] = [[], nil, [0x79], Array("more".utf8), [0x38, 0x39]]
        let prepared = try BrotliSplicingTests.prepared(fills, isCompressed: true)
        let wanted = wanted(html, requests, fills)
        for coding in DeltaCoding.allCases {
            let delta = try Self.delta(stored, coding, prepared)
            #expect(try Self.decode(delta, coding, stored.identity) == wanted)
        }
    }

    @Test(arguments: [10, 2000, 8000])
    func `pages of any length are copied`(lines: Int) throws {
        let (bytes, fallbacks) = page(slots: 2, lines: lines)
        let requests = fallbacks.map { SlotRequest(fallback: $0) }
        let stored = try SlottedPage(page: bytes, slots: requests, level: 1, quality: 5)
        guard stored.identity.count <= EncodingLimits.deltaMax / 2 else {
            #expect(
                DeltaSplicer(
                    stored.layout, dictionaryDigest: [UInt8](repeating: 0, count: 32)) == nil)
            return
        }
        let fills: [[UInt8]?] = [Array("one".utf8), Array("two".utf8)]
        let prepared = try BrotliSplicingTests.prepared(fills, isCompressed: false)
        let wanted = wanted(bytes, requests, fills)
        for coding in DeltaCoding.allCases {
            let delta = try Self.delta(stored, coding, prepared)
            #expect(try Self.decode(delta, coding, stored.identity) == wanted)
            #expect(coding == .zstandard || delta.count < 140)
        }
    }
}
