// Pages that fragments follow: the same bytes in every coding, tags that cover them, deltas, and
// what is told of a fragment that is too long for its slot.

import Foundation
import Hashing
import NIOCore
import Synchronization
import Testing

@testable import ContentEncoding
@testable import SiteServing

@Suite("Answers with a tail") struct TailAnswerTests {
    let fixture: ReleaseFixture

    init() throws { fixture = try ReleaseFixture() }

    private func element(_ number: Int, _ html: String) -> [UInt8] {
        Array("<template for=\"t\(number)\">\(html)<!----></template>".utf8)
    }

    @Test(
        arguments: [
            [nil, nil, nil], ["1", nil, nil], [nil, "<i>late</i>", nil], [nil, nil, ""],
            ["1", "ä", String(repeating: "<li>later</li>", count: 900)],
        ] as [[String?]])
    func `fragments follow the page in every coding`(fills: [String?]) throws {
        var fragments: [String: String] = [:]
        for (name, fill) in zip(["f:one", "f:late", "f:later"], fills) { fragments[name] = fill }
        var expected = fixture.page(fixture.tail, [fills[0]])
        for number in 0..<2 {
            if let fill = fills[number + 1] { expected += element(number, fill) }
        }
        var tags: Set<String> = []
        for accept in ["identity", "gzip", "br"] {
            let page = try answer(
                fixture, "GET /tail/", "Accept-Encoding: \(accept)\r\n", fragments: fragments)
            #expect(page.fields["content-length"] == "\(page.body.count)")
            let decoded =
                switch page.fields["content-encoding"] {
                case "gzip": try Gzip.decompress(page.body, limit: 1 << 20)
                case "br": try Brotli.decompress(page.body, limit: 1 << 20)
                default: page.body
                }
            #expect(decoded == expected, "\(accept)")
            tags.insert(try #require(page.fields["etag"]))
            let head = try answer(
                fixture, "HEAD /tail/", "Accept-Encoding: \(accept)\r\n", fragments: fragments)
            #expect(head.fields == page.fields)
        }
        #expect(tags.count == 3)
    }

    @Test(arguments: ["dcb", "dcz"])
    func `who holds the dictionary gets the tail behind a few copies`(token: String) throws {
        let held = fixture.tail.identity
        let page = try answer(
            fixture, "GET /tail/",
            "Accept-Encoding: br, \(token)\r\n"
                + "Available-Dictionary: :\(SHA256Digest(of: held).base64):\r\n",
            fragments: ["f:one": "<i>1</i>", "f:later": "<b>2</b>"])
        #expect(page.fields["content-encoding"] == token)
        #expect(page.body.count < 200)
        let expected =
            fixture.shortPage(fixture.tail, ["<i>1</i>"]) + element(1, "<b>2</b>")
        if token == "dcz" {
            let file = "\(NSTemporaryDirectory())\(UUID().uuidString)"
            try Data(held).write(to: URL(fileURLWithPath: file))
            defer { try? FileManager.default.removeItem(atPath: file) }
            let decoded = try run("zstd", ["-dc", "--patch-from=\(file)"], input: page.body)
            #expect(decoded == expected)
        } else {
            var stream: [UInt8] = []
            BrotliBlocks.streamHeader(window: 22).append(to: &stream)
            BrotliBlocks.rawHeader(held.count).append(to: &stream)
            let decoded = try Brotli.decompress(
                stream + held + page.body[38...], limit: 1 << 20)
            #expect(Array(decoded.dropFirst(held.count)) == expected)
        }
    }

    @Test func `the tag covers what follows the page`() throws {
        func tag(_ fragments: [String: String]) throws -> String {
            try #require(answer(fixture, "GET /tail/", fragments: fragments).fields["etag"])
        }
        let tags = try [
            [:], ["f:late": "a"], ["f:later": "a"], ["f:late": "b"], ["f:one": "a"], ["f:late": ""],
        ].map(tag)
        #expect(Set(tags).count == tags.count)
        #expect(try tag(["f:late": "a"]) == tags[1])
    }

    @Test func `a fragment that outgrew its slot is told once, with what it needs`() throws {
        let told = Mutex<[String]>([])
        var dialogue = try Dialogue(fixture) { event in
            guard case .fragmentOutgrewSlot(let name, let count, let capacity, let needed) = event
            else { return }
            told.withLock { $0.append("\(name) \(count) \(capacity) \(needed ?? 0)") }
        }
        let request = "GET /look/ HTTP/1.1\r\nHost: a\r\n\r\n"
        for count in [236, 237, 237, 240, 492, 493, 65_516] {
            let fragment = String(repeating: "x", count: count)
            _ = converse(&dialogue, request, fragments: ["f:one": fragment])
        }
        #expect(
            told.withLock { $0 } == [
                "one 237 256 512", "one 493 256 768", "one 65516 256 65536",
            ])
    }
}
