// What has no bytes of its own: redirects of each status, and what is gone.

import Testing

@testable import SiteServing

@Suite("Redirects") struct RedirectTests {
    private let fixture: ReleaseFixture

    init() throws { fixture = try ReleaseFixture() }

    private func answer(_ request: String, _ fields: String = "") throws -> TestAnswer {
        var dialogue = try Dialogue(fixture)
        var bytes = converse(&dialogue, "\(request) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n").bytes[
            ...]
        return try #require(TestAnswer(&bytes, isHead: request.hasPrefix("HEAD")))
    }

    @Test func `redirects of the release say where`() throws {
        #expect(try answer("GET /old").status == 308)
        let temporary = try answer("GET /temporary")
        #expect(temporary.status == 307)
        #expect(temporary.fields["location"] == "/look/")
        #expect(try answer("GET /moved").status == 301)
        let found = try answer("GET /found")
        #expect(found.status == 302 && found.fields["location"] == "https://a.example/?b")
    }

    @Test func `what is gone is told so, with the page for unknown paths`() throws {
        let gone = try answer("GET /gone", "Accept-Encoding: br\r\n")
        let missing = try answer("GET /none", "Accept-Encoding: br\r\n")
        #expect(gone.status == 410 && gone.body == missing.body)
        #expect(gone.fields["cache-control"] == "max-age=10" && gone.fields["etag"] == nil)
    }
}
