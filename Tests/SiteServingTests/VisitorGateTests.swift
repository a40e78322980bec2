// The gate before a preview: who is let in, and that nobody learns anything else.

import ReleaseFormat
import Testing

@testable import SiteServing

@Suite("The gate of a preview") struct VisitorGateTests {
    private static let token = "abcdefgh12345678"

    private struct Refused: Error {}

    private func gate() throws -> VisitorGate { try #require(VisitorGate(token: Self.token)) }

    private func head(_ path: String, query: String? = nil, cookie: String? = nil) throws
        -> RequestHead
    {
        var text = "GET \(path)\(query.map { "?\($0)" } ?? "") HTTP/1.1\r\nHost: a.example\r\n"
        if let cookie { text += "Cookie: \(cookie)\r\n" }
        var parser = RequestParser()
        guard case .head(let head, _) = parser.parse(Array((text + "\r\n").utf8).span) else {
            throw Refused()
        }
        return head
    }

    private func answer(_ head: RequestHead) throws -> Answer? {
        try gate().answer(head, AnswerMaker(isHead: false, isHTTP10: false, keepsAlive: true))
    }

    @Test func `the address with the token leads to the page and leaves a cookie`() throws {
        let answer = try #require(
            try answer(
                head("/a b/".replacing(" ", with: "%20"), query: "x=1&token=\(Self.token)&y")))
        #expect(answer.status == 303)
        let fields = String(decoding: answer.own, as: UTF8.self)
        #expect(fields.contains("Location: /a%20b/?x=1&y\r\n"))
        #expect(fields.contains("Set-Cookie: sitegen-preview=\(Self.token); Path=/; HttpOnly"))
        #expect(fields.contains("Cache-Control: no-store"))
    }

    @Test func `the cookie lets in`() throws {
        #expect(try answer(head("/", cookie: "a=b; sitegen-preview=\(Self.token)")) == nil)
    }

    @Test(
        arguments: [
            (nil, nil), ("token=", nil), ("token=abcdefgh12345679", nil),
            ("token=abcdefgh1234567", nil),
            ("token=abcdefgh123456789", nil), ("atoken=abcdefgh12345678", nil),
            (nil, "sitegen-preview=abcdefgh12345679"), (nil, "preview=abcdefgh12345678"),
            (nil, "sitegen-preview="), ("", ""),
        ] as [(String?, String?)])
    func `nobody else is`(query: String?, cookie: String?) throws {
        let answer = try #require(try answer(head("/", query: query, cookie: cookie)))
        #expect(answer.status == 403)
        #expect(String(decoding: answer.own, as: UTF8.self).contains("no-store"))
    }

    @Test func `no cache may keep what is behind the gate`() throws {
        let fixture = try ReleaseFixture()
        let manifest = try ReleaseReader.open(fixture.output).manifest
        for index in 0..<manifest.count {
            let entry = ServedEntry(manifest.entry(at: index), EntryHeaders(isGated: true))
            #expect(entry.isPrivate && entry.dictionary == nil)
            let heads = entry.forms.map(\.answer) + [entry.head(token: "dcb", hasLink: true)]
            for head in heads {
                let lines = String(decoding: head.validators.bytes, as: UTF8.self)
                #expect(lines.contains("Cache-Control: private, no-cache\r\n"), "\(lines)")
                #expect(lines.contains("CDN-Cache-Control: no-store\r\n"))
                #expect(lines.contains("Vary: Accept-Encoding, Cookie\r\n"))
                #expect(!lines.contains("public"))
            }
        }
    }

    @Test(arguments: ["", "short", "abcdefgh1234567", "abcdefgh1234567;", "abcdefgh 12345678"])
    func `a token is long, and has letters that need no quoting`(token: String) {
        #expect(VisitorGate(token: token) == nil)
    }

    @Test func `a token has a limit`() {
        #expect(VisitorGate(token: String(repeating: "a", count: 256)) != nil)
        #expect(VisitorGate(token: String(repeating: "a", count: 257)) == nil)
    }
}
