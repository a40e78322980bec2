// Which texts name the place of a site.
//
// An origin stands in every absolute address and decides which security headers a site gets, so
// anything that is not just a scheme, a host and a port is refused.

@testable import SiteAuthoring
import Testing

@Suite("Origin") struct OriginTests {
    @Test(arguments: [
        ("https://example.com", "https://example.com"),
        ("HTTP://Example.COM", "http://example.com"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://example.com/", "https://example.com"),
    ])
    func `a scheme and a host are an origin`(text: String, origin: String) {
        #expect(Origin(text)?.description == origin)
    }

    @Test(arguments: [
        "", "example.com", "ftp://example.com", "https://", "https:///shop",
        "https://user@example.com", "https://example.com:0", "https://example.com:99999",
        "https://exa mple.com", "https://example.com?x", "https://\"><script>", "https://a:+80",
        "https://a:", "https://a:b",
    ])
    func `anything else is none`(text: String) {
        #expect(Origin(text) == nil)
    }

    @Test(arguments: [
        ("https://a.example/shop", "/shop"), ("HTTPS://A.example/Shop/", "/Shop"),
        ("https://a.example/a/b_c~1.x", "/a/b_c~1.x"), ("https://a.example", ""),
    ])
    func `a site may be in a folder of its host`(text: String, folder: String) throws {
        let origin = try #require(Origin(text))
        #expect(origin.description == "https://a.example")
        #expect(origin.basePath == folder)
        #expect(origin.path("/x/") == "\(folder)/x/")
        #expect(origin.path("x") == "x")
    }

    @Test(arguments: [
        "https://a.example//", "https://a.example/a//b", "https://a.example/../b",
        "https://a.example/a b", "https://a.example/a%20b", "https://a.example/ä",
        "https://a.example/a?b", "https://a.example/a#b", "https://a.example/./",
    ])
    func `a folder has plain names`(text: String) {
        #expect(Origin(text) == nil)
    }

    @Test func `the name of a folder has a limit`() {
        let most = String(repeating: "a", count: Origin.basePathBytesMax - 1)
        #expect(Origin("https://a.example/\(most)") != nil)
        #expect(Origin("https://a.example/\(most)a") == nil)
    }

    @Test func `only https is secure`() {
        #expect(Origin(literal: "https://a.example").isSecure)
        #expect(!Origin(literal: "http://a.example").isSecure)
    }
}
