// Requests as bytes and their answers as bytes, without a socket.

import AccessRecords
import ContentEncoding
import Fragments
import NIOCore
import Testing

@testable import SiteServing

/// Sends bytes, fills the slots with `fragments`, and collects what comes out.
func converse(
    _ dialogue: inout Dialogue, _ text: String, fragments: [String: String] = [:],
    isDraining: Bool = false
) -> (bytes: [UInt8], isClosed: Bool) {
    var output = ResponseOutput(copiedBodyBytesMax: 64)
    let common = FieldLines(Array("Server: sitegen\r\nDate: today\r\n".utf8))
    dialogue.connection.receive(ByteBuffer(string: text))
    var bytes: [UInt8] = []
    var next: ConnectionStep?
    while true {
        let step =
            next.take()
            ?? dialogue.connection.step(
                dialogue.release, isDraining: isDraining, common: common, into: &output)
        if let written = output.take() { bytes += Array(buffer: written) }
        switch step {
        case .read: return (bytes, false)
        case .close: return (bytes, true)
        case .flush: continue
        case .body(let body): bytes += dialogue.all(of: body)
        case .pieces(let pieces):
            next = dialogue.connection.resume(
                dialogue.read(pieces), common: common, into: &output)
        case .fragments(let keys):
            let filled = keys.map { key in
                guard let key else { return FilledSlot.anonymous }
                let html = fragments[String(decoding: key.bytes, as: UTF8.self)]
                let ready = html.flatMap { ReadyFragment(Array($0.utf8)) }
                return FilledSlot(ready: ready, outcome: ready == nil ? .absent : .hit)
            }
            next = dialogue.connection.resume(filled, common: common, into: &output)
        }
    }
}

func answer(
    _ fixture: ReleaseFixture, _ request: String, _ fields: String = "",
    fragments: [String: String] = [:], host: String = "a", hosts: ServedHosts = .any
) throws -> TestAnswer {
    var dialogue = try Dialogue(fixture, hosts: hosts)
    let text = "\(request) HTTP/1.1\r\nHost: \(host)\r\n\(fields)\r\n"
    var bytes = converse(&dialogue, text, fragments: fragments).bytes[...]
    let answer = try #require(TestAnswer(&bytes, isHead: request.hasPrefix("HEAD")))
    #expect(bytes.isEmpty)
    return answer
}

@Suite("Answers") struct AnswerTests {
    let fixture: ReleaseFixture

    init() throws { fixture = try ReleaseFixture() }

    @Test func `a page has every header it must have`() throws {
        let page = try answer(fixture, "GET /")
        #expect(page.status == 200)
        #expect(page.body == fixture.home)
        #expect(page.fields["content-length"] == "\(fixture.home.count)")
        #expect(page.fields["content-type"] == "text/html; charset=utf-8")
        #expect(page.fields["content-encoding"] == nil)
        #expect(page.fields["vary"] == "Accept-Encoding")
        #expect(page.fields["cache-control"] == "public, no-cache")
        #expect(page.fields["accept-ranges"] == "bytes")
        #expect(page.fields["server"] == "sitegen")
        #expect(page.fields["date"] == "today")
        #expect(page.fields["content-security-policy"] == ReleaseFixture.policy)
        #expect(page.fields["connection"] == nil)
        let tag = try #require(page.fields["etag"])
        #expect(tag.hasPrefix("\"") && tag.hasSuffix("-identity\"") && tag.utf8.count == 33)
    }

    @Test(arguments: [("gzip", Coding.gzip), ("br", .brotli), ("br;q=0.1, gzip", .gzip)])
    func `a coding has its own tag and decodes to the page`(accept: String, coding: Coding) throws {
        let page = try answer(fixture, "GET /", "Accept-Encoding: \(accept)\r\n")
        #expect(page.fields["content-encoding"] == coding.token)
        #expect(page.fields["etag"]?.hasSuffix("-\(coding.token)\"") == true)
        let decoded =
            coding == .gzip
            ? try Gzip.decompress(page.body, limit: 1 << 20)
            : try Brotli.decompress(page.body, limit: 1 << 20)
        #expect(decoded == fixture.home)
    }

    @Test(arguments: [
        "/", "/look/", "/bag/", "/assets/site.0123abcd.css", "/none", "/old", "/look",
    ])
    func `HEAD has the headers of GET and no body`(path: String) throws {
        for accept in ["", "Accept-Encoding: gzip\r\n"] {
            let fragments = ["f:one": "<i>1</i>"]
            let get = try answer(fixture, "GET \(path)", accept, fragments: fragments)
            let head = try answer(fixture, "HEAD \(path)", accept, fragments: fragments)
            #expect(head.fields == get.fields)
            #expect(head.status == get.status)
            #expect(head.body.isEmpty)
            #expect(get.fields["content-length"] == "\(get.body.count)")
        }
    }

    @Test(arguments: [
        ("/look", "/look/"), ("/look/index.html", "/look/"), ("/index.html", "/"),
        ("/plain/", "/plain"), ("/look?a=b&c", "/look/?a=b&c"), ("/caf%C3%A9", "/caf%C3%A9/"),
        ("/plain/index.html", "/plain"),
    ])
    func `another spelling leads to the one address`(path: String, location: String) throws {
        let moved = try answer(fixture, "GET \(path)")
        #expect(moved.status == 308)
        #expect(moved.fields["location"] == location)
        #expect(moved.fields["content-length"] == "0")
    }

    @Test func `an unknown path is the release's page for that, in the client's coding`() throws {
        for path in ["/none", "/404.html", "/look/x", "//look/", "/assets/", "/LOOK/"] {
            let page = try answer(fixture, "GET \(path)", "Accept-Encoding: br\r\n")
            #expect(page.status == 404, "\(path)")
            #expect(page.fields["cache-control"] == "max-age=10")
            #expect(page.fields["content-encoding"] == "br")
            #expect(page.fields["etag"] == nil)
        }
        let page = try answer(fixture, "GET /none", "If-None-Match: *\r\n")
        #expect(page.status == 404)
    }

    @Test(arguments: [
        ("POST /", 405), ("OPTIONS *", 405), ("CONNECT a:1", 405), ("BREW /", 501),
        ("GET /%00", 400), ("GET x", 400),
    ])
    func `other methods and broken targets have their status`(request: String, status: Int) throws {
        let error = try answer(fixture, request)
        #expect(error.status == status)
        #expect(error.fields["allow"] == (status == 405 ? "GET, HEAD" : nil))
        #expect(error.fields["cache-control"] == "no-store")
    }

    @Test func `files of the last releases are served on, and pages are not`() throws {
        let first = try ReleaseFixture()
        let path = ReleaseFixture.style
        let before = try answer(first, "GET \(path)")
        for number in 1...3 {
            let next = try ReleaseFixture(in: first, style: "/assets/site.\(number).css")
            #expect(try answer(next, "GET \(path)") == before)
            #expect(try answer(next, "GET /assets/site.\(number + 1).css").status == 404)
        }
        let fourth = try ReleaseFixture(title: "Other", in: first, style: "/assets/site.4.css")
        #expect(try answer(fourth, "GET \(path)").status == 404)
        #expect(try answer(fourth, "GET /assets/site.3.css").status == 200)
        #expect(try answer(fourth, "GET /").body == fourth.home)
    }

    @Test func `nothing acceptable is 406, and an asset is immutable`() throws {
        let none = try answer(fixture, "GET /", "Accept-Encoding: identity;q=0\r\n")
        #expect(none.status == 406)
        #expect(none.fields["vary"] == "Accept-Encoding")
        let style = try answer(
            fixture, "GET /assets/site.0123abcd.css", "Accept-Encoding: br, gzip\r\n")
        #expect(style.fields["cache-control"] == "public, max-age=31536000, immutable")
        #expect(style.fields["content-encoding"] == nil)
    }

    @Test func `a name that is not served is misdirected`() throws {
        #expect(try answer(fixture, "GET /", hosts: .only(["b"])).status == 421)
        #expect(try answer(fixture, "GET /", hosts: .only(["a"])).status == 200)
    }

    @Test func `304 repeats the validators only, 412 fails`() throws {
        let page = try answer(fixture, "GET /")
        let tag = try #require(page.fields["etag"])
        let same = try answer(fixture, "GET /", "If-None-Match: \"x\", W/\(tag)\r\n")
        #expect(same.status == 304)
        #expect(
            Set(same.fields.keys) == [
                "date", "server", "etag", "vary", "cache-control", "cdn-cache-control",
                "surrogate-key", "cache-tag",
            ])
        #expect(same.fields["etag"] == tag)
        let other = try answer(
            fixture, "GET /", "If-None-Match: \(tag)\r\nAccept-Encoding: gzip\r\n")
        #expect(other.status == 200, "another coding is another tag")
        #expect(try answer(fixture, "GET /", "If-Match: \"x\"\r\n").status == 412)
        #expect(try answer(fixture, "GET /", "If-Match: \(tag)\r\n").status == 200)
    }

    // MARK: Slots

    @Test(
        arguments: [
            [nil, nil], ["", ""], ["<i>one</i>", nil], [nil, "ä"],
            [String(repeating: "x", count: 236), "y"],
        ] as [[String?]])
    func `slots are filled alike in every coding`(fills: [String?]) throws {
        var fragments: [String: String] = [:]
        fragments["f:one"] = fills[0]
        fragments["f:two"] = fills[1]
        let expected = fixture.page(fixture.look, fills)
        let identity = try answer(fixture, "GET /look/", fragments: fragments)
        #expect(identity.body == expected)
        let gzip = try answer(
            fixture, "GET /look/", "Accept-Encoding: gzip\r\n", fragments: fragments)
        #expect(gzip.fields["content-encoding"] == "gzip")
        #expect(try Gzip.decompress(gzip.body, limit: 1 << 20) == expected)
        let brotli = try answer(
            fixture, "GET /look/", "Accept-Encoding: gzip;q=0.5, br\r\n", fragments: fragments)
        #expect(brotli.fields["content-encoding"] == "br")
        #expect(try Brotli.decompress(brotli.body, limit: 1 << 20) == expected)
    }

    @Test(arguments: [
        String(repeating: "x", count: 237), "<script>", "<!-- open", "a\0b",
        String(repeating: "x", count: 70_000),
    ])
    func `a fragment that does not fit or could leave its slot is a fallback`(html: String) throws {
        let page = try answer(fixture, "GET /look/", fragments: ["f:one": html])
        #expect(page.body == fixture.page(fixture.look, [nil, nil]))
    }

    @Test func `the tag covers what the slots show`() throws {
        func tag(_ fragments: [String: String]) throws -> String {
            try #require(answer(fixture, "GET /look/", fragments: fragments).fields["etag"])
        }
        let tags = try [
            [:], ["f:one": "a"], ["f:two": "a"], ["f:one": "a", "f:two": "a"],
            ["f:one": "b"], ["f:one": ""],
        ].map(tag)
        #expect(Set(tags).count == tags.count)
        #expect(try tag(["f:one": "a"]) == tags[1])
        let same = try answer(
            fixture, "GET /look/", "If-None-Match: \(tags[1])\r\n", fragments: ["f:one": "a"])
        #expect(same.status == 304)
        let changed = try answer(
            fixture, "GET /look/", "If-None-Match: \(tags[1])\r\n", fragments: ["f:one": "b"])
        #expect(changed.status == 200)
    }

    @Test func `a page with a fragment that ends is kept by nobody after that end`() {
        func lines(_ filled: FilledSlot...) -> String? {
            CacheControl.lines(showing: filled, wall: 1_000).map {
                String(decoding: $0, as: UTF8.self)
            }
        }
        let lasting = FilledSlot(ready: nil, outcome: .hit)
        #expect(lines(lasting, lasting) == nil)
        #expect(
            lines(lasting, FilledSlot(ready: nil, outcome: .hit, expiry: 4_999))
                == "CDN-Cache-Control: max-age=3, stale-if-error=0\r\n"
                + "Cache-Status: sitegen; hit\r\n")
        #expect(
            lines(FilledSlot(ready: nil, outcome: .hit, expiry: 90_000))
                == "CDN-Cache-Control: max-age=10, stale-if-error=79\r\n"
                + "Cache-Status: sitegen; hit\r\n")
        #expect(
            lines(FilledSlot(ready: nil, outcome: .stale))
                == "CDN-Cache-Control: max-age=10, stale-if-error=86400\r\n"
                + "Cache-Status: sitegen; hit; detail=swr\r\n")
    }

    @Test func `a visitor's slot makes the page private and takes the cookie's value`() throws {
        let fragments = ["f:bag:3:abc": "<i>2</i>", "f:bag": "shared", "f:bag:0:": "empty"]
        let mine = try answer(
            fixture, "GET /bag/", "Cookie: x=y; sid=abc\r\n", fragments: fragments)
        #expect(mine.body == fixture.page(fixture.bag, ["<i>2</i>"]))
        for cookie in ["", "Cookie: sid=\r\n", "Cookie: sid=a b\r\n", "Cookie: xsid=abc\r\n"] {
            let anonymous = try answer(fixture, "GET /bag/", cookie, fragments: fragments)
            #expect(anonymous.body == fixture.page(fixture.bag, [nil]))
            #expect(anonymous.fields["cache-control"] == "private, no-cache")
            #expect(anonymous.fields["cdn-cache-control"] == "no-store")
            #expect(anonymous.fields["vary"] == "Accept-Encoding, Cookie")
        }
    }

    // MARK: Connections

    @Test func `pipelined requests are answered in order`() throws {
        var dialogue = try Dialogue(fixture)
        let one = "GET /look/ HTTP/1.1\r\nHost: a\r\n\r\nGET /none HTTP/1.1\r\nHost: a\r\n\r\n"
        let result = converse(
            &dialogue, one + "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET / HTTP",
            fragments: ["f:two": "x"])
        var bytes = result.bytes[...]
        #expect(TestAnswer(&bytes)?.body == fixture.page(fixture.look, [nil, "x"]))
        #expect(TestAnswer(&bytes)?.status == 404)
        let last = TestAnswer(&bytes, isHead: true)
        #expect(last?.fields["connection"] == "close")
        #expect(bytes.isEmpty)
        #expect(result.isClosed)
        #expect(try dialogue.logged().map { $0["status"] as? Int } == [200, 404, 200])
    }

    @Test func `bytes that were answered are not kept while a part of a request waits`() throws {
        var dialogue = try Dialogue(fixture)
        _ = converse(&dialogue, "HEAD / HTTP/1.1\r\nHo")
        for _ in 0..<1_000 {
            _ = converse(&dialogue, "st: a\r\n\r\nHEAD / HTTP/1.1\r\nHo")
        }
        #expect(dialogue.connection.input.writerIndex < 100)
    }

    @Test func `what was no request took no time`() throws {
        var dialogue = try Dialogue(fixture)
        _ = converse(&dialogue, "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /\r\n\r\n")
        let lines = try dialogue.logged()
        #expect(lines.map { $0["status"] as? Int } == [200, 400])
        #expect(lines.map { ($0["microseconds"] as? Int ?? 0) > 0 } == [true, false])
    }

    @Test func `many pipelined requests take several writes`() throws {
        var dialogue = try Dialogue(fixture)
        let text = String(repeating: "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", count: 100)
        var bytes = converse(&dialogue, text).bytes[...]
        for _ in 0..<100 { #expect(TestAnswer(&bytes, isHead: true)?.status == 200) }
        #expect(bytes.isEmpty)
    }

    @Test(arguments: [
        ("GET / HTTP/1.0\r\n\r\n", true, "close"),
        ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", false, "keep-alive"),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", true, "close"),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", true, "close"),
        ("GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", true, "close"),
        ("POST / HTTP/1.1\r\nHost: a\r\n\r\n", false, nil),
    ])
    func `the connection ends when it must`(text: String, closes: Bool, field: String?) throws {
        var dialogue = try Dialogue(fixture)
        let result = converse(&dialogue, text)
        var bytes = result.bytes[...]
        #expect(TestAnswer(&bytes)?.fields["connection"] == field)
        #expect(bytes.isEmpty, "one answer")
        #expect(result.isClosed == closes)
    }

    @Test func `HTTP2 is closed silently, a full or draining connection after its answer`() throws {
        var dialogue = try Dialogue(fixture)
        let silent = converse(&dialogue, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        #expect(silent.bytes.isEmpty && silent.isClosed)
        var limits = ServingLimits()
        limits.requestsPerConnectionMax = 1
        var full = try Dialogue(fixture, limits: limits)
        #expect(converse(&full, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").isClosed)
        var draining = try Dialogue(fixture)
        #expect(
            converse(&draining, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", isDraining: true).isClosed)
    }
}
