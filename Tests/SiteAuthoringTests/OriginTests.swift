// Which texts name the place of a site.
//
// An origin stands in every absolute address and decides which security headers a site gets, so
// anything that is not just a scheme, a host and a port is refused.

import SiteAuthoring
import Testing

@Suite("Origin") struct OriginTests {
    @Test(arguments: [
        ("https://example.com", "https://example.com"),
        ("HTTP://Example.COM", "http://example.com"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ])
    func `a scheme and a host are an origin`(text: String, origin: String) {
        #expect(Origin(text)?.description == origin)
    }

    @Test(arguments: [
        "", "example.com", "ftp://example.com", "https://", "https://example.com/",
        "https://user@example.com", "https://example.com:0", "https://example.com:99999",
        "https://exa mple.com", "https://example.com?x", "https://\"><script>", "https://a:+80",
        "https://a:", "https://a:b",
    ])
    func `anything else is none`(text: String) {
        #expect(Origin(text) == nil)
    }

    @Test func `only https is secure`() {
        #expect(Origin(literal: "https://a.example").isSecure)
        #expect(!Origin(literal: "http://a.example").isSecure)
    }
}
