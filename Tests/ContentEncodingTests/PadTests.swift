// Pads, fragments and comments: the small parts that splicing is made of.
//
// Known bytes are the format's own; the rest is decoded with zlib.

import TestSupport
import Testing

@testable import ContentEncoding

@Suite("Pads and fragments") struct PadTests {
    private func bytes(_ pad: DeflatePad) -> [UInt8] {
        DeflatePad.prefix[..<pad.prefixCount] + (0..<pad.tailCount).map { pad.tail[$0] }
    }

    @Test func `the pad of 16 spaces has the known bytes`() {
        #expect(
            bytes(DeflatePad(spaces: 16)) == [0x52, 0x40, 0x03, 0, 0, 0, 0, 0xFF, 0xFF])
    }

    @Test(arguments: [(700, 13), (4000, 34)])
    func `longer pads have the known lengths`(spaces: Int, length: Int) {
        #expect(DeflatePad(spaces: spaces).byteCount == length)
    }

    @Test func `every pad makes its spaces and nothing else`() throws {
        for count in Array(1...2100) + [4000, 32_768, 65_516, 65_532, 65_535, 65_536] {
            let spaces = [UInt8](repeating: 0x20, count: count)
            var file = Gzip.header + bytes(DeflatePad(spaces: count)) + [3, 0]
            Gzip.appendTrailer(crc: Checksum.crc32(spaces.span), length: count, to: &file)
            #expect(try Gzip.decompress(file, limit: count) == spaces, "\(count)")
        }
    }

    @Test func `a fragment is its bytes with the opening of a comment`() throws {
        let fragment = try PreparedFragment(Array("<b>2</b>".utf8))
        #expect(fragment.byteCount == 8)
        #expect(fragment.bytes == Array("<b>2</b><!--".utf8))
        #expect(fragment.runs == .none)
    }

    @Test func `a stored block says its length twice`() {
        var header: [UInt8] = []
        StoredBlock.header(12).append(to: &header)
        #expect(header == [0, 12, 0, 243, 255])
    }

    @Test func `the longest fragment is one block`() throws {
        let limit = EncodingLimits.capacityMax - EncodingLimits.slotOverhead
        let bytes = [UInt8](repeating: 0x41, count: limit)
        #expect(try PreparedFragment(bytes).byteCount == limit)
        #expect(throws: EncodingError.fragmentTooLarge(bytes: limit + 1, limit: limit)) {
            try PreparedFragment(bytes + [0x41])
        }
    }

    @Test(arguments: [
        ("", true), ("text", true), ("<!-- a -->", true), ("<!-->", true), ("<!--->", true),
        ("<!-- a --!>", true), ("<!----!>", true), ("<!-- a --> b <!-- c -->", true),
        ("-->", true), ("a --> b", true), ("<!- a", true), ("<! a", true), ("<!", true),
        ("<!-- <!-- -->", true), ("<", true), ("<!-", true),
        ("<!--", false), ("<!-- a", false), ("<!-- a --", false), ("<!-- a -->b<!--", false),
        ("<!--!>", false), ("<!---!>", false), ("<!-- a - ->", false), ("<!---", false),
        ("<!-- a --!", false), ("<<!--", false),
    ])
    func `a fragment may not leave a comment open`(html: String, isFit: Bool) {
        let error: EncodingError? = isFit ? nil : .unbalancedComment
        var thrown: EncodingError?
        do throws(EncodingError) { _ = try PreparedFragment(Array(html.utf8)) } catch {
            thrown = error
        }
        #expect(thrown == error)
    }

    @Test func `an operator moves a checksum as zeros would`() {
        var random = SeededGenerator(seed: 7)
        for count in [0, 1, 255, 256, 257, 4096, 65_535] {
            let crc = UInt32.random(in: 0...UInt32.max, using: &random)
            #expect(
                Checksum.moved(crc, over: count)
                    == Checksum.moved(crc, by: Checksum.shift(over: count)))
        }
    }

    @Test(arguments: [
        (Coding.identity, "identity", ""), (.gzip, "gzip", ".gz"), (.brotli, "br", ".br"),
    ])
    func `a coding has its token and suffix`(coding: Coding, token: String, suffix: String) {
        #expect(coding.token == token)
        #expect(coding.fileSuffix == suffix)
    }

    @Test(arguments: [
        EncodingError.truncated(.gzip), .corrupt(.brotli), .unbalancedComment, .layoutInvalid,
        .slotOutOfPlace(slot: 1), .fallbackTooLarge(slot: 0, bytes: 9, capacity: 20),
        .inputTooLarge(bytes: 2, limit: 1), .spliceMismatch(.gzip), .forbiddenByte(offset: 3),
        .capacityOutOfRange(slot: 0, capacity: 1), .tooManySlots(count: 65, limit: 64),
        .fragmentTooLarge(bytes: 2, limit: 1), .outputTooLarge(limit: 1),
        .trailingBytes(.gzip, count: 1), .libraryFailed(coding: .gzip, code: -4),
        .parameterOutOfRange(name: "level", value: 0), .tooFewFreeBytes(count: 3, needed: 32),
        .runMismatch(.gzip),
    ])
    func `an error says what happened, then what to do`(error: EncodingError) {
        #expect(error.description.split(separator: "\n").count == 2)
    }
}
