// Requests and what their answers must say: the same texts for the state machine and for sockets.

import Testing

@testable import SiteServing

/// One connection's requests and the answers that must come, in order.
struct Exchange: Sendable, CustomTestStringConvertible {
    struct Expected: Sendable {
        var status: Int
        /// Fields and their values; `nil` must not be there.
        var fields: [String: String?] = [:]
        /// The exact body, if it matters.
        var body: String?
        var isHead = false
    }

    let name: String
    /// The bytes of all requests.
    let text: String
    let answers: [Expected]
    /// Whether the server closes behind the last answer.
    var closes = false
    /// Whether it is one well-formed request that any version of HTTP can carry.
    var isPlain = true

    var testDescription: String { name }

    /// One GET with more header lines.
    static func get(
        _ name: String, _ path: String, _ fields: String, _ status: Int,
        _ expected: [String: String?] = [:], body: String? = nil
    ) -> Exchange {
        Exchange(
            name: name, text: "GET \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n",
            answers: [Expected(status: status, fields: expected, body: body)])
    }

    /// Bytes that are refused: one answer, then the end.
    static func refused(_ name: String, _ text: String, _ status: Int) -> Exchange {
        Exchange(
            name: name, text: text,
            answers: [Expected(status: status, fields: ["connection": "close"])], closes: true,
            isPlain: false)
    }
}

/// The style sheet of `ReleaseFixture`: 21 bytes.
private let style = "/assets/site.0123abcd.css"
private let request = "GET / HTTP/1.1\r\nHost: a\r\n"
private let next = "GET /none HTTP/1.1\r\nHost: a\r\n\r\n"

extension Exchange {
    /// Everything the server must do alike with and without a socket, for `ReleaseFixture`.
    static let all =
        ranges + conditions + negotiated + targets + methods + refusals + connections

    private static let ranges: [Exchange] = [
        .get("a whole file", style, "", 200, ["accept-ranges": "bytes", "content-length": "21"]),
        .get(
            "the first bytes", style, "Range: bytes=0-3\r\n", 206,
            [
                "content-range": "bytes 0-3/21", "content-length": "4",
                "content-type": "text/css",
                "cache-control": "public, max-age=31536000, immutable",
            ], body: "body"),
        .get("to the end", style, "Range: bytes=14-\r\n", 206, body: "black }"),
        .get("a suffix", style, "Range: bytes=-7\r\n", 206, body: "black }"),
        .get(
            "a suffix beyond the beginning", style, "Range: bytes=-99\r\n", 206,
            ["content-range": "bytes 0-20/21"]),
        .get(
            "an end beyond the end", style, "Range: bytes=14-99\r\n", 206,
            ["content-range": "bytes 14-20/21"], body: "black }"),
        .get("case does not matter", style, "RANGE: BYTES=0-0\r\n", 206, body: "b"),
        .get(
            "beyond the end", style, "Range: bytes=21-\r\n", 416,
            ["content-range": "bytes */21", "cache-control": "no-store"]),
        .get("an empty suffix", style, "Range: bytes=-0\r\n", 416),
        .get(
            "pieces that exist", style, "Range: bytes=0-1,99-\r\n", 206,
            ["content-range": "bytes 0-1/21"], body: "bo"),
        .get("eight pieces", style, "Range: bytes=\(pieces(8))\r\n", 206, ["content-range": nil]),
        .get("nine pieces", style, "Range: bytes=\(pieces(9))\r\n", 200),
        .get("pieces that overlap", style, "Range: bytes=0-5,5-9\r\n", 200),
        .get("pieces that go back", style, "Range: bytes=5-9,0-1\r\n", 200),
        .get("reversed", style, "Range: bytes=3-1\r\n", 200),
        .get("another unit", style, "Range: lines=0-1\r\n", 200),
        .get("no number", style, "Range: bytes=a-b\r\n", 200),
        .get("only a dash", style, "Range: bytes=-\r\n", 200),
        .get("too large a number", style, "Range: bytes=0-9999999999999999999\r\n", 200),
        .get("two fields", style, "Range: bytes=0-1\r\nRange: bytes=3-4\r\n", 200),
        .get("another tag", style, "Range: bytes=0-1\r\nIf-Range: \"x\"\r\n", 200),
        .get(
            "a date proves nothing", style,
            "Range: bytes=0-1\r\nIf-Range: Sun, 06 Nov 1994 08:49:37 GMT\r\n", 200),
        .get("If-Range alone", style, "If-Range: \"x\"\r\n", 200),
        .get("a range of a page with slots", "/look/", "Range: bytes=0-1\r\n", 200),
        .get("a range of a missing page", "/none", "Range: bytes=0-1\r\n", 404),
        .get("a precondition comes first", style, "If-Match: \"x\"\r\nRange: bytes=0-1\r\n", 412),
        .get(
            "304 comes first", style, "If-None-Match: *\r\nRange: bytes=0-1\r\n", 304,
            ["content-range": nil, "content-length": nil]),
        Exchange(
            name: "HEAD knows no ranges",
            text: "HEAD \(style) HTTP/1.1\r\nHost: a\r\nRange: bytes=0-1\r\n\r\n",
            answers: [.init(status: 200, fields: ["content-length": "21"], isHead: true)]),
    ]

    private static func pieces(_ count: Int) -> String {
        (0..<count).map { "\(2 * $0)-\(2 * $0)" }.joined(separator: ", ")
    }

    private static let conditions: [Exchange] = [
        .get("any tag matches", "/", "If-None-Match: *\r\n", 304),
        .get("a list without the tag", "/", "If-None-Match: \"a,b\", W/\"c\"\r\n", 200),
        .get("a broken list", "/", "If-None-Match: a, *\r\n", 200),
        .get("If-Match fails", "/", "If-Match: \"a\", \"b\"\r\n", 412),
        .get("If-Match of a weak tag fails", "/", "If-Match: W/\"a\"\r\n", 412),
        .get("any tag will do", "/", "If-Match: *\r\n", 200),
        .get(
            "If-Match is asked before If-None-Match", "/",
            "If-Match: \"a\"\r\nIf-None-Match: *\r\n", 412),
        .get(
            "there are no dates, so conditions on them do not count", "/",
            "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT\r\n"
                + "If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT\r\n", 200,
            ["last-modified": nil]),
        .get("conditions of a missing page do not count", "/none", "If-None-Match: *\r\n", 404),
        .get("conditions of a redirect do not count", "/old", "If-Match: \"a\"\r\n", 308),
        .get("conditions of what is gone do not count", "/gone", "If-None-Match: *\r\n", 410),
        .get("a page with slots has a tag, too", "/look/", "If-None-Match: *\r\n", 304),
    ]

    private static let negotiated: [Exchange] = [
        .get("brotli", "/", "Accept-Encoding: gzip, br\r\n", 200, ["content-encoding": "br"]),
        .get(
            "the greater weight", "/", "Accept-Encoding: br;q=0.5, x-gzip\r\n", 200,
            ["content-encoding": "gzip"]),
        .get("no field", "/", "", 200, ["content-encoding": nil, "vary": "Accept-Encoding"]),
        .get("an empty field", "/", "Accept-Encoding:\r\n", 200, ["content-encoding": nil]),
        .get(
            "nothing is acceptable", "/", "Accept-Encoding: *;q=0\r\n", 406,
            ["vary": "Accept-Encoding", "cache-control": "no-store"]),
        .get("nothing is acceptable of nothing", "/none", "Accept-Encoding: *;q=0\r\n", 404),
        .get("nor without a name", "/none", "Accept-Encoding: identity;q=0\r\n", 404),
    ]

    /// A request for a target with a Host.
    private static func target(_ target: String, host: String, _ status: Int) -> Exchange {
        let text = "GET \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n"
        return status == 400
            ? .refused("\(target) for \(host)", text, 400)
            : Exchange(
                name: "\(target) for \(host)", text: text, answers: [.init(status: status)],
                isPlain: false)
    }

    private static let targets: [Exchange] = [
        // RFC 9112 section 3.2.2: what the target says counts, and Host is ignored.
        .target("http://y/none", host: "x", 404), .target("http://a:81/", host: "a", 200),
        .target("HTTPS://[::1]:8/", host: "a", 200), .target("http://y", host: "x", 200),
        .target("http://y/", host: "x y", 400), .target("http://u@y/", host: "x", 400),
        .target("http:///", host: "x", 400), .target("http://y:a/", host: "x", 400),
        // RFC 3986 section 3.2.2: what a name may hold.
        .target("/", host: "x!$&'()*+;=y", 200), .target("/", host: "x%41y", 200),
        .target("/", host: "a_b~c.d-e", 200), .target("/", host: "[2001:db8::1]:443", 200),
        .target("/", host: "a:", 200), .target("/", host: "x,y", 400),
        .target("/", host: "x%4", 400), .target("/", host: "x%zz", 400),
        .target("/", host: "[::1", 400), .target("/", host: "x:y", 400),
        .target("/", host: "a:1:2", 400), .target("/", host: "[]", 400),
        .target("/", host: "[::1]x", 400), .target("/", host: ":80", 400),
        .target("/", host: "x/y", 400), .target("/", host: "x\"y", 400),
    ]

    private static let methods: [Exchange] =
        ["POST", "PUT", "DELETE", "PATCH", "TRACE"].map {
            Exchange(
                name: $0, text: "\($0) / HTTP/1.1\r\nHost: a\r\n\r\n",
                answers: [.init(status: 405, fields: ["allow": "GET, HEAD"])])
        } + [
            Exchange(
                name: "an unknown method", text: "BREW / HTTP/1.1\r\nHost: a\r\n\r\n",
                answers: [.init(status: 501)]),
            .get("100-continue without a body", "/none", "Expect: 100-Continue\r\n", 404),
        ]

    private static let refusals: [Exchange] = [
        .refused("another expectation", request + "Expect: x\r\n\r\n" + next, 417),
        .refused("a bare LF", "GET / HTTP/1.1\nHost: a\n\n" + next, 400),
        .refused("no Host", "GET / HTTP/1.1\r\n\r\n" + next, 400),
        .refused("two Hosts", request + "Host: b\r\n\r\n" + next, 400),
        .refused("a folded line", request + "X: a\r\n b\r\n\r\n" + next, 400),
        .refused("white space before a colon", request + "X : a\r\n\r\n" + next, 400),
        .refused("a NUL", request + "X: \0\r\n\r\n" + next, 400),
        .refused(
            "two lengths", request + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n" + next, 400),
        .refused(
            "a length and chunks",
            request + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n" + next, 400),
        .refused("a length with a sign", request + "Content-Length: +1\r\n\r\n" + next, 400),
        .refused(
            "chunks in HTTP/1.0",
            "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + next, 400),
        .refused("another transfer coding", request + "Transfer-Encoding: x\r\n\r\n" + next, 400),
        .refused("a dot segment", "GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n" + next, 400),
        .refused("an encoded NUL", "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n" + next, 400),
        .refused("another version", "GET / HTTP/1.2\r\nHost: a\r\n\r\n" + next, 505),
        .refused(
            "a long path", "GET /\(String(repeating: "a", count: 2_048)) HTTP/1.1\r\n\r\n", 414),
        .refused("a long line", "GET /?" + String(repeating: "a", count: 8_200), 414),
        .refused("long fields", request + "X: " + String(repeating: "a", count: 16_400), 431),
        .refused("many fields", request + String(repeating: "X: y\r\n", count: 101) + "\r\n", 431),
        .refused("a body on a GET", request + "Content-Length: 99\r\n\r\n" + next, 200),
        .refused(
            "a body on a POST",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 405),
        .refused(
            "a body that waits for a word",
            "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n", 405),
        .refused(
            "a coded body",
            request + "Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\n" + next, 415),
    ]

    private static let connections: [Exchange] = [
        Exchange(
            name: "pipelined requests are answered in order",
            text: "GET \(style) HTTP/1.1\r\nHost: a\r\n\r\n" + next
                + "HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET /look HTTP/1.1\r\nHost: a\r\n\r\n",
            answers: [
                .init(status: 200, fields: ["content-type": "text/css"]), .init(status: 404),
                .init(status: 200, isHead: true),
                .init(status: 308, fields: ["location": "/look/"]),
            ], isPlain: false),
        Exchange(
            name: "nothing behind `close` is answered",
            text: request + "Connection: close\r\n\r\n" + next,
            answers: [.init(status: 200, fields: ["connection": "close"])], closes: true,
            isPlain: false),
        Exchange(
            name: "nothing behind a refusal is answered",
            text: next + "GET /\r\n\r\n" + next,
            answers: [.init(status: 404), .init(status: 400, fields: ["connection": "close"])],
            closes: true, isPlain: false),
        Exchange(
            name: "HTTP/1.0 closes", text: "GET / HTTP/1.0\r\n\r\n",
            answers: [.init(status: 200, fields: ["connection": "close"])], closes: true,
            isPlain: false),
        Exchange(
            name: "HTTP/1.0 may stay", text: "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            answers: [.init(status: 200, fields: ["connection": "keep-alive"])], isPlain: false),
    ]
}
