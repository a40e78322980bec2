// Dictionaries of pages: what is offered, who gets a delta, and what it decodes to.
//
// Deltas are decoded by the zstd program, and by brotli with the dictionary put in front as raw
// blocks: a copy's distance is the same number either way.

import Foundation
import Hashing
import ReleaseFormat
import Testing

@testable import ContentEncoding
@testable import SiteServing

@Suite("Available-Dictionary") struct AvailableDictionaryTests {
    private static let text = SHA256Digest(of: [1, 2, 3]).base64
    /// A digest whose spelling for URLs is another one.
    private static let high = SHA256Digest(bytes: [UInt8](repeating: 0xFB, count: 32)[...])

    @Test func `every digest is read back`() throws {
        for seed in UInt8.min...UInt8.max {
            let digest = SHA256Digest(of: [seed])
            let field = Array(":\(digest.base64):".utf8)
            #expect(AvailableDictionary.digest(field[...]) == digest)
            let joined = Array("x".utf8) + field
            #expect(AvailableDictionary.digest(joined[1...]) == digest, "a slice's own indices")
        }
    }

    @Test(arguments: [
        "", ":", "::", ":=:", "\(text)", ":\(text)", "\(text):", ":\(text):;a=1", " :\(text):",
        ":\(text): ", ":\(text):, :\(text):", "\"\(text)\"", ":\(text.dropLast()):",
        ":\(text.dropLast())A:", ":\(text.dropLast(2))B=:", ":\(text.dropLast(2))==:",
        ":=\(text.dropFirst()):", ": \(text.dropFirst()):", ":\(text.dropFirst(4)):",
        ":AAAA\(text):", ":\(high?.base64URL() ?? "")=:", ":\(text.dropFirst())é:",
    ])
    func `another spelling counts as not sent`(field: String) {
        #expect(AvailableDictionary.digest(Array(field.utf8)[...]) == nil)
    }

    @Test func `no field is no dictionary`() { #expect(AvailableDictionary.digest(nil) == nil) }
}

@Suite("Dictionaries") struct DictionaryTests {
    let fixture: ReleaseFixture

    init() throws { fixture = try ReleaseFixture() }

    static let both = "gzip, deflate, br, zstd, dcb, dcz"

    private func fields(_ accept: String, _ dictionary: [UInt8]) -> String {
        "Accept-Encoding: \(accept)\r\n"
            + "Available-Dictionary: :\(SHA256Digest(of: dictionary).base64):\r\n"
    }

    /// Follows the link of a page.
    private func dictionary(
        _ page: TestAnswer, _ fields: String = ""
    ) throws -> (path: String, answer: TestAnswer) {
        let link = try #require(page.fields["link"])
        let path = try #require(link.split(separator: ">").first).dropFirst()
        #expect(link == "<\(path)>; rel=\"compression-dictionary\"")
        return (String(path), try answer(fixture, "GET \(path)", fields))
    }

    private func decode(_ page: TestAnswer, _ dictionary: [UInt8]) throws -> [UInt8] {
        let digest = SHA256Digest(of: dictionary).bytes
        if page.fields["content-encoding"] == "dcb" {
            #expect(Array(page.body.prefix(36)) == [0xFF, 0x44, 0x43, 0x42] + digest)
            var stream: [UInt8] = []
            BrotliBlocks.streamHeader(window: 22).append(to: &stream)
            #expect(Array(page.body[36..<38]) == stream)
            BrotliBlocks.rawHeader(dictionary.count).append(to: &stream)
            let decoded = try Brotli.decompress(
                stream + dictionary + page.body[38...], limit: 1 << 20)
            return Array(decoded.dropFirst(dictionary.count))
        }
        #expect(page.fields["content-encoding"] == "dcz")
        #expect(
            Array(page.body.prefix(40)) == [0x5E, 0x2A, 0x4D, 0x18, 0x20, 0, 0, 0] + digest)
        let file = "\(NSTemporaryDirectory())\(UUID().uuidString)"
        try Data(dictionary).write(to: URL(fileURLWithPath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        return try run("zstd", ["-dc", "--patch-from=\(file)"], input: page.body)
    }

    // MARK: The offer

    @Test func `a page links to its stored file, which is no page`() throws {
        let (path, stored) = ("/look/", fixture.look.identity)
        for accept in ["", "Accept-Encoding: gzip\r\n", "Accept-Encoding: br\r\n"] {
            let page = try answer(fixture, "GET \(path)", accept, fragments: ["f:one": "x"])
            let (address, file) = try dictionary(page, accept)
            let name = SHA256Digest(of: stored).base64URL(prefix: 22)
            #expect(address == "/-/dict/\(name)\(path)")
            #expect(file.fields["content-type"] == "application/octet-stream")
            #expect(file.fields["x-content-type-options"] == "nosniff")
            #expect(file.fields["cache-control"] == "public, max-age=31536000, immutable")
            #expect(file.fields["vary"] == "Accept-Encoding")
            #expect(file.fields["use-as-dictionary"] == "match=\"\(path)\", id=\"\(name)\"")
            #expect(file.fields["link"] == nil)
            #expect(file.fields["content-encoding"] == page.fields["content-encoding"])
            let decoded =
                switch file.fields["content-encoding"] {
                case "gzip": try Gzip.decompress(file.body, limit: 1 << 20)
                case "br": try Brotli.decompress(file.body, limit: 1 << 20)
                default: file.body
                }
            #expect(decoded == stored, "fallbacks and all, whatever the page showed")
            let tag = try #require(file.fields["etag"])
            let same = try answer(
                fixture, "GET \(address)", accept + "If-None-Match: \(tag)\r\n")
            #expect(same.status == 304)
            let head = try answer(fixture, "HEAD \(address)", accept)
            #expect(head.fields == file.fields)
        }
    }

    @Test func `a page that reports violations has other tags, also as a delta`() throws {
        let text = "GET /look/ HTTP/1.1\r\nHost: a\r\n\(fields("dcb", fixture.look.identity))\r\n"
        let tags = try [false, true].map { takesReports in
            var dialogue = try Dialogue(fixture, takesReports: takesReports)
            var bytes = converse(&dialogue, text).bytes[...]
            let page = try #require(TestAnswer(&bytes))
            #expect(page.fields["content-encoding"] == "dcb")
            return try #require(page.fields["etag"])
        }
        #expect(tags[1] == tags[0].replacingOccurrences(of: "-dcb", with: "-dcb+r"))
    }

    @Test func `what is private, no page, or missing offers nothing and gets no delta`() throws {
        for path in ["/bag/", "/none", "/assets/site.0123abcd.css", "/old"] {
            for held in [fixture.bag.identity, Array("<h1>Not here</h1>".utf8)] {
                let page = try answer(fixture, "GET \(path)", fields(Self.both, held))
                #expect(page.fields["link"] == nil)
                #expect(page.fields["content-encoding"].map { $0 == "br" } != false)
                #expect(page.fields["vary"]?.contains("Available-Dictionary") != true)
            }
        }
        let name = SHA256Digest(of: fixture.bag.identity).base64URL(prefix: 22)
        #expect(try answer(fixture, "GET /-/dict/\(name)/bag/").status == 404)
    }

    @Test(arguments: ["", "x", "/", "/none", "/look", "/../"])
    func `an address that is none is 404`(rest: String) throws {
        let name = SHA256Digest(of: fixture.home).base64URL(prefix: 22)
        let other = String(name.reversed())
        #expect(try answer(fixture, "GET /-/dict/\(other)\(rest)").status >= 400)
        if rest != "/" {
            #expect(try answer(fixture, "GET /-/dict/\(name)\(rest)").status >= 400)
        }
    }

    @Test(arguments: [
        ("/a/b", "/a/b"), ("/café/", "/caf%C3%A9/"), ("/a(1)*", #"/a\\(1\\)\\*"#),
        ("/a:b+c", #"/a\\:b\\+c"#), ("/a\"b\\c", "/a%22b%5Cc"), ("/{x}?", "/%7Bx%7D%3F"),
    ])
    func `a path is written as a pattern that matches only itself`(path: String, text: String) {
        let entry = Entry(
            path: path, kind: .page, contentType: "text/html", cachePolicy: .revalidate,
            headers: HeaderBlock([]), representations: [], source: EntrySource(view: "", key: ""))
        #expect(PageDictionary.pattern(entry) == text)
    }

    @Test(
        arguments: [
            ([], true), (["default-src 'none'; connect-src 'self'"], true),
            (["default-src 'none'"], false), (["connect-src https://api.example"], false),
            (["Connect-Src\t'SELF' https://api.example"], true), (["default-src *"], true),
            (["script-src 'none'"], true), (["default-src 'self', connect-src 'none'"], false),
            (["default-src 'self'", "default-src 'none'"], false),
            (["default-src 'self'; connect-src"], false), ([""], true),
        ] as [([String], Bool)])
    func `a page whose policy forbids the fetch offers nothing`(
        policies: [String], isAllowed: Bool
    ) throws {
        let headers = HeaderBlock(
            policies.compactMap { HeaderField(name: "Content-Security-Policy", value: $0) })
        #expect(PageDictionary.isAllowed(by: headers) == isAllowed)
        let manifest = try ReleaseReader.open(fixture.output).manifest
        let look = try #require(manifest.entry(atPath: "/look/"))
        let entry = Entry(
            path: "/", kind: .page, contentType: "text/html", cachePolicy: .revalidate,
            headers: headers, representations: look.representations, slots: look.slots,
            source: EntrySource(view: "", key: ""))
        #expect((PageDictionary(entry, isHTML: true) != nil) == isAllowed)
    }

    // MARK: Deltas

    @Test(
        arguments: ["br, dcb", "br, dcz", both, "dcb"],
        [[nil, nil], ["", ""], ["<i>one</i>", nil], [nil, "ä"]] as [[String?]])
    func `a client with the dictionary gets a delta`(accept: String, fills: [String?]) throws {
        var fragments: [String: String] = [:]
        fragments["f:one"] = fills[0]
        fragments["f:two"] = fills[1]
        let held = fixture.look.identity
        let fields = fields(accept, held)
        let page = try answer(fixture, "GET /look/", fields, fragments: fragments)
        #expect(page.status == 200)
        #expect(try decode(page, held) == fixture.shortPage(fixture.look, fills))
        #expect(page.body.count < 200)
        #expect(page.fields["content-length"] == "\(page.body.count)")
        #expect(page.fields["vary"] == "Accept-Encoding, Available-Dictionary")
        #expect(page.fields["content-type"] == "text/html; charset=utf-8")
        #expect(page.fields["content-security-policy"] == ReleaseFixture.policy)
        #expect(page.fields["cache-control"] == "public, no-cache")
        #expect(page.fields["link"] == nil, "it is held already")
        let head = try answer(fixture, "HEAD /look/", fields, fragments: fragments)
        #expect(head.fields == page.fields)
        let tag = try #require(page.fields["etag"])
        let same = try answer(
            fixture, "GET /look/", fields + "If-None-Match: \(tag)\r\n", fragments: fragments)
        #expect(same.status == 304)
        #expect(same.fields["etag"] == tag)
        #expect(same.fields["vary"] == "Accept-Encoding, Available-Dictionary")
        let changed = try answer(
            fixture, "GET /look/", fields + "If-None-Match: \(tag)\r\n",
            fragments: ["f:one": "other"])
        #expect(changed.status == 200)
    }

    @Test func `a page without slots offers nothing and is answered as it is stored`() throws {
        let page = try answer(fixture, "GET /", fields("br, dcb", fixture.home))
        #expect(page.fields["content-encoding"] != "dcb")
        #expect(page.fields["link"] == nil)
        #expect(page.fields["vary"] == "Accept-Encoding")
    }

    @Test func `who kept the stored form is told so`() throws {
        let stored = try answer(
            fixture, "GET /look/", "Accept-Encoding: br\r\n", fragments: ["f:one": "x"])
        let tag = try #require(stored.fields["etag"])
        let same = try answer(
            fixture, "GET /look/",
            fields(Self.both, fixture.look.identity) + "If-None-Match: \(tag)\r\n",
            fragments: ["f:one": "x"])
        #expect(same.status == 304)
        #expect(same.fields["etag"] == tag)
    }

    @Test(arguments: ["br", "*", "br, dcb;q=0", "br, dcb;q=0.5", "gzip;q=0.5, br;q=0.8, dcz;q=0.7"])
    func `who does not want a delta gets none`(accept: String) throws {
        let page = try answer(fixture, "GET /look/", fields(accept, fixture.look.identity))
        #expect(page.fields["content-encoding"] == "br")
        #expect(page.fields["vary"] == "Accept-Encoding, Available-Dictionary")
        #expect(page.fields["link"] != nil)
    }

    @Test func `another dictionary, or another page's, gets none`() throws {
        for held in [fixture.home, fixture.bag.identity, []] {
            let page = try answer(fixture, "GET /look/", fields(Self.both, held))
            #expect(page.fields["content-encoding"] == "br")
        }
        let twice = fields(Self.both, fixture.look.identity)
        let page = try answer(fixture, "GET /look/", twice + twice)
        #expect(page.fields["content-encoding"] == "br", "two fields are no byte sequence")
    }

    @Test func `tags differ by coding, dictionary and fragments`() throws {
        var tags: [String] = []
        for accept in ["identity", "gzip", "br", "br, dcb", "br, dcz"] {
            for fragments in [[:], ["f:one": "x"], ["f:two": "x"]] {
                let page = try answer(
                    fixture, "GET /look/", fields(accept, fixture.look.identity),
                    fragments: fragments)
                tags.append(try #require(page.fields["etag"]))
            }
        }
        #expect(Set(tags).count == 15)
    }

    // MARK: Earlier releases

    @Test func `an earlier dictionary serves as long as the static text is the same`() throws {
        let newer = try ReleaseFixture(in: fixture, fallback: "<b>later</b>", capacity: 512)
        let held = fixture.look.identity
        let fills = ["<i>1</i>", "2"]
        let fragments = ["f:one": "<i>1</i>", "f:two": "2"]
        for accept in ["br, dcb", "br, dcz"] {
            let page = try answer(
                newer, "GET /look/", fields(accept, held), fragments: fragments)
            #expect(try decode(page, held) == newer.shortPage(newer.look, fills))
            #expect(page.fields["link"]?.contains("/-/dict/") == true, "there is a newer one")
            let now = try answer(
                newer, "GET /look/", fields(accept, newer.look.identity), fragments: fragments)
            #expect(now.fields["etag"] != page.fields["etag"])
        }
        let unfilled = try answer(
            newer, "GET /look/", fields(Self.both, held), fragments: ["f:one": "1"])
        #expect(unfilled.fields["content-encoding"] == "br", "the fallback is another one")
        let long = try answer(
            newer, "GET /look/", fields(Self.both, held),
            fragments: ["f:one": String(repeating: "x", count: 400), "f:two": "2"])
        #expect(long.fields["content-encoding"] == "br", "it does not fit the earlier slot")
        let name = SHA256Digest(of: held).base64URL(prefix: 22)
        #expect(try answer(newer, "GET /-/dict/\(name)/look/").body == held)
    }

    @Test func `another static text ends that, and so does the fourth release`() throws {
        let held = fixture.look.identity
        let fragments = ["f:one": "1", "f:two": "2"]
        func coding(_ release: ReleaseFixture) throws -> String? {
            try answer(release, "GET /look/", fields("br, dcb", held), fragments: fragments)
                .fields["content-encoding"]
        }
        let other = try ReleaseFixture(title: "Other", in: fixture)
        #expect(try coding(other) == "br")
        #expect(try coding(ReleaseFixture(in: fixture, fallback: "2")) == "dcb")
        #expect(try coding(ReleaseFixture(in: fixture, fallback: "3")) == "dcb")
        #expect(try coding(ReleaseFixture(in: fixture, fallback: "4")) == "br")
        #expect(try coding(ReleaseFixture(in: fixture)) == "dcb", "it is the current one again")
    }

    @Test func `manifests beyond their limit are not kept`() throws {
        _ = try ReleaseFixture(in: fixture, fallback: "2")
        let id = try ReleaseReader.currentID(fixture.output)
        var limits = ServingLimits()
        #expect(EarlierReleases.open(fixture.output, before: id, limits: limits).count == 1)
        limits.earlierManifestBytesMax = 10
        #expect(EarlierReleases.open(fixture.output, before: id, limits: limits).isEmpty)
        #expect(EarlierReleases.open("/nowhere", before: id, limits: limits).isEmpty)
    }
}
