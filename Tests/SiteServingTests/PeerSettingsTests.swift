// What a peer's settings and many answers can do to the table that HPACK compresses with: little.

import NIOCore
import Testing

@testable import SiteServing

@Suite("Settings of a peer") struct PeerSettingsTests {
    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    private static func frame(_ kind: UInt8, _ flags: UInt8, _ body: [UInt8]) -> [UInt8] {
        [0, UInt8(body.count >> 8), UInt8(body.count & 0xFF), kind, flags, 0, 0, 0, 0] + body
    }

    private static func setting(_ name: UInt8, _ value: UInt32) -> [UInt8] {
        [0, name] + (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }

    /// Frames of a client, and what must be left of them.
    struct Frames: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let sent: [UInt8]
        let read: [UInt8]
    }

    static let frames: [Frames] = [
        Frames(
            testDescription: "the largest table there is",
            sent: frame(4, 0, setting(1, .max)), read: frame(4, 0, setting(1, 4_096))),
        Frames(
            testDescription: "one byte too many, between others",
            sent: frame(4, 0, setting(3, 100) + setting(1, 4_097) + setting(4, 1 << 20)),
            read: frame(4, 0, setting(3, 100) + setting(1, 4_096) + setting(4, 1 << 20))),
        Frames(
            testDescription: "said twice, and again in another frame",
            sent: frame(4, 0, setting(1, 65_536) + setting(1, 1 << 31))
                + frame(4, 0, setting(1, 5_000)),
            read: frame(4, 0, setting(1, 4_096) + setting(1, 4_096))
                + frame(4, 0, setting(1, 4_096))),
        Frames(
            testDescription: "a smaller table stays",
            sent: frame(4, 0, setting(1, 0)) + frame(4, 0, setting(1, 4_096)),
            read: frame(4, 0, setting(1, 0)) + frame(4, 0, setting(1, 4_096))),
        Frames(
            testDescription: "bytes that only look like it",
            sent: frame(4, 1, []) + frame(0, 0, setting(1, .max)) + frame(6, 0, setting(1, .max))
                + frame(4, 0, [1] + setting(1, .max)),
            read: frame(4, 1, []) + frame(0, 0, setting(1, .max)) + frame(6, 0, setting(1, .max))
                + frame(4, 0, [1] + setting(1, .max))),
        Frames(
            testDescription: "behind a frame of another kind",
            sent: frame(0xFA, 0, Array(repeating: 4, count: 300)) + frame(4, 0, setting(1, .max)),
            read: frame(0xFA, 0, Array(repeating: 4, count: 300))
                + frame(4, 0, setting(1, 4_096))),
    ]

    @Test(arguments: frames, [1, 5, 7, 1_000])
    func `a table is never larger than ours, however the bytes come`(frames: Frames, step: Int) {
        var settings = PeerSettings()
        var read: [UInt8] = []
        let sent = Self.preface + frames.sent
        for start in stride(from: 0, to: sent.count, by: step) {
            let bytes = ByteBuffer(bytes: sent[start..<min(start + step, sent.count)])
            read += Array(buffer: settings.limit(.headerTableSize, in: bytes, to: 4_096))
        }
        #expect(read == Self.preface + frames.read)
    }

    @Test(arguments: [
        "etag", "date", "location", "content-length", "link", "last-modified", "age",
        "content-range", "server-timing", "cache-status", "set-cookie", "use-as-dictionary",
        "surrogate-key", "cache-tag", "x-made-up-by-an-author",
    ])
    func `what differs from page to page does not enter the table`(name: String) {
        #expect(!HPACKTable.takes(name, "v"))
    }

    @Test func `what every page says enters it, unless it is long`() {
        for name in ["vary", "content-type", "content-security-policy", "server"] {
            #expect(HPACKTable.takes(name, "v"))
            let long = String(repeating: "v", count: HPACKTable.fieldBytesMax)
            #expect(!HPACKTable.takes(name, long))
        }
    }

    @Test func `a hundred addresses and redirects leave the table as one left it`() async throws {
        let site = try ShortLived { $0.idleTime = .seconds(60) }
        let server = site.server("h2")
        let address = try await server.start()
        // Counts the fields that are added to the table (RFC 7541 section 6.2.1).
        let script = """
            def added(block):
                index, count = 0, 0
                def number(bits):
                    nonlocal index
                    limit = (1 << bits) - 1
                    value, shift = block[index] & limit, 0
                    index += 1
                    if value < limit: return value
                    while True:
                        byte = block[index]
                        index += 1
                        value += (byte & 127) << shift
                        shift += 7
                        if byte < 128: return value
                def pass_text():
                    nonlocal index
                    length = number(7)
                    index += length
                while index < len(block):
                    byte = block[index]
                    if byte & 0x80: number(7); continue
                    if byte >> 5 == 1: number(5); continue
                    name = number(6) if byte & 0x40 else number(4)
                    if byte & 0x40: count += 1
                    if not name: pass_text()
                    pass_text()
                return count
            client = HTTP2(setting(1, 0xffffffff))
            def ask(index):
                for path in ("/assets/site.0123abcd.css", "/none%d" % index, "/look?%d" % index):
                    block, body = client.answer(client.get(path))
                    yield added(block)
            print(sum(ask(0)) > 0, sum(sum(ask(index)) for index in range(1, 100)))
            """
        #expect(try await ClientScript.run(script, address) == "True 0\n")
        await server.shutdown(grace: .seconds(1))
    }
}
