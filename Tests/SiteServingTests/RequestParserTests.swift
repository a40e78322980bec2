// The request parser against valid, hostile and merely odd heads, as bytes.
//
// Every row is a whole request as a client could send it; what two servers could read differently
// must be refused, whole or in pieces.

import Testing

@testable import SiteServing

private func parse(_ text: String) -> ParseResult {
    var parser = RequestParser()
    return parser.parse(Array(text.utf8).span)
}

private func head(_ text: String) -> RequestHead? {
    guard case .head(let head, _) = parse(text) else { return nil }
    return head
}

@Suite("Request parser") struct RequestParserTests {
    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "/"),
        ("HEAD /x HTTP/1.1\r\nhost:a\r\n\r\n", "/x"),
        ("GET /a/b/ HTTP/1.1\r\nHOST: a:8080\r\n\r\n", "/a/b/"),
        ("GET /a?b=/../c HTTP/1.1\r\nHost: a\r\n\r\n", "/a"),
        ("GET /caf%C3%A9 HTTP/1.1\r\nHost: a\r\n\r\n", "/café"),
        ("GET /a%20b HTTP/1.1\r\nHost: a\r\n\r\n", "/a b"),
        ("GET /%2525 HTTP/1.1\r\nHost: a\r\n\r\n", "/%25"),
        ("GET /.well-known/x HTTP/1.1\r\nHost: a\r\n\r\n", "/.well-known/x"),
        ("GET /a..b/...c HTTP/1.1\r\nHost: a\r\n\r\n", "/a..b/...c"),
        ("GET http://a/p HTTP/1.1\r\nHost: a\r\n\r\n", "/p"),
        ("GET HTTP://A HTTP/1.1\r\nHost: a\r\n\r\n", "/"),
        ("GET https://a?q HTTP/1.1\r\nHost: A\r\n\r\n", "/"),
        ("GET / HTTP/1.0\r\n\r\n", "/"),
        ("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "/"),
        ("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "/"),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: \t spaced \t\r\nEmpty:\r\n\r\n", "/"),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: caf\u{E9}\r\n\r\n", "/"),
        ("GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n", "/"),
        ("GET // HTTP/1.1\r\nHost: a\r\n\r\n", "//"),
    ])
    func `a valid head gives its decoded path`(text: String, path: String) {
        #expect(head(text).map { String(decoding: $0.path, as: UTF8.self) } == path)
    }

    @Test(arguments: [
        // line ends
        "GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\n", "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n",
        "GET / HTTP/1.1\rHost: a\r\n\r\n", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", " GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        // request line
        "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / \r\nHost: a\r\n\r\n", "GET /\r\n\r\n",
        "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1x\r\nHost: a\r\n\r\n", "GET / http/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/11\r\nHost: a\r\n\r\n", "G@T / HTTP/1.1\r\nHost: a\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}", "GET x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: a\r\n\r\n", "GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", "GET http:// HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", "GET http://b,c/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://^ HTTP/1.0\r\n\r\n", "GET http://u@a/ HTTP/1.0\r\n\r\n",
        "GET /caf\u{E9} HTTP/1.1\r\nHost: a\r\n\r\n", "GET /#x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /?a#x HTTP/1.1\r\nHost: a\r\n\r\n", "GET /\u{7F} HTTP/1.1\r\nHost: a\r\n\r\n",
        // paths
        "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", "GET /%0d%0a HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /%1F HTTP/1.1\r\nHost: a\r\n\r\n", "GET /%7f HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /%5c HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a\\b HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /% HTTP/1.1\r\nHost: a\r\n\r\n", "GET /%4 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", "GET /%+1 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /%ff HTTP/1.1\r\nHost: a\r\n\r\n", "GET /%c0%af HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /%ed%a0%80 HTTP/1.1\r\nHost: a\r\n\r\n", "GET /. HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /../etc HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a/./b HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /%2e%2e/x HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a/..%2fx HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a/.. HTTP/1.1\r\nHost: a\r\n\r\n",
        // fields
        "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", "GET / HTTP/1.1\r\nHost:\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n\tc\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX y: b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: \u{1}\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX\u{E9}: b\r\n\r\n",
        // bodies
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5 5\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\t\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\tchunked\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999999999999\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
    ])
    func `an ambiguous head is refused`(text: String) {
        #expect(parse(text) == .refused(.malformed))
    }

    @Test func `limits have their own status`() {
        let path = String(repeating: "a", count: 2_048)
        #expect(parse("GET /\(path) HTTP/1.1\r\nHost: a\r\n\r\n") == .refused(.targetTooLong))
        let query = String(repeating: "q", count: 8_300)
        #expect(parse("GET /?\(query) HTTP/1.1\r\nHost: a\r\n\r\n") == .refused(.targetTooLong))
        #expect(parse("GET /?\(query)") == .refused(.targetTooLong), "before its end has come")
        let value = String(repeating: "v", count: 16_400)
        let large = "GET / HTTP/1.1\r\nHost: a\r\nX: \(value)"
        #expect(parse(large) == .refused(.headerTooLarge), "before its end has come")
        #expect(parse(large + "\r\n\r\n") == .refused(.headerTooLarge))
        let hundred = String(repeating: "X: y\r\n", count: 99)
        #expect(head("GET / HTTP/1.1\r\nHost: a\r\n\(hundred)\r\n") != nil)
        #expect(
            parse("GET / HTTP/1.1\r\nHost: a\r\n\(hundred)X: y\r\n\r\n")
                == .refused(.headerTooLarge))
        #expect(parse("GET / HTTP/1.2\r\nHost: a\r\n\r\n") == .refused(.versionUnknown))
        #expect(parse("GET / HTTP/2.0\r\nHost: a\r\n\r\n") == .refused(.versionUnknown))
        #expect(parse("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") == .http2Preface)
    }

    @Test(arguments: [
        ("GET", RequestMethod.get), ("HEAD", .head), ("POST", .post), ("PUT", .notAllowed),
        ("DELETE", .notAllowed), ("PATCH", .notAllowed), ("TRACE", .notAllowed),
        ("OPTIONS", .notAllowed), ("CONNECT", .notAllowed), ("get", .unknown), ("BREW", .unknown),
    ])
    func `methods are told apart by case`(name: String, method: RequestMethod) {
        #expect(head("\(name) / HTTP/1.1\r\nHost: a\r\n\r\n")?.method == method)
    }

    @Test(arguments: [
        ("HTTP/1.1\r\nHost: a", true), ("HTTP/1.1\r\nHost: a\r\nConnection: close", false),
        ("HTTP/1.1\r\nHost: a\r\nConnection: x, CLOSE ,y", false), ("HTTP/1.0", false),
        ("HTTP/1.0\r\nConnection: Keep-Alive", true),
        ("HTTP/1.0\r\nConnection: keep-alive, close", false),
        ("HTTP/1.1\r\nHost: a\r\nContent-Length: 0", true),
        ("HTTP/1.1\r\nHost: a\r\nContent-Length: 1", false),
        ("HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked", false),
    ])
    func `the connection lives on only if both can agree`(rest: String, lives: Bool) {
        #expect(head("GET / \(rest)\r\n\r\n")?.keepsAlive == lives)
    }

    @Test func `a head in pieces is the same head`() {
        let text = "GET /a?b HTTP/1.1\r\nHost: a\r\nCookie: a=1\r\nCookie: b=2\r\n\r\n"
        let bytes = Array((text + "GET /next").utf8)
        var parser = RequestParser()
        for end in 1..<text.utf8.count {
            let result = parser.parse(Array(bytes[..<end]).span)
            #expect(result == .incomplete, "\(end) bytes")
        }
        guard case .head(let head, let count) = parser.parse(bytes.span) else {
            Issue.record("no head")
            return
        }
        #expect(count == text.utf8.count)
        #expect(head.cookieValue("a").map(Array.init) == Array("1".utf8))
        #expect(head.cookieValue("b").map(Array.init) == Array("2".utf8))
        #expect(head.cookieValue("c") == nil)
        #expect(head.query.map(Array.init) == Array("b".utf8))
    }

    @Test func `no prefix or change of a head makes the parser fail`() {
        var random = SystemRandomNumberGenerator()
        let text = "GET /a%20b?c HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br\r\nX: y\r\n\r\n"
        for _ in 0..<20_000 {
            var bytes = Array(text.utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255)
            }
            var parser = RequestParser()
            if case .head(let head, let count) = parser.parse(bytes.span) {
                #expect(count <= bytes.count)
                #expect(!head.path.contains(0) || head.method == .unknown)
            }
        }
    }
}
