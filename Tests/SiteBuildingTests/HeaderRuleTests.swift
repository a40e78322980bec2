// Rules about headers: which pages and files they change, what they cannot do, and what a check
// says of them.

import ReleaseFormat
import ReleaseTools
import TestSupport
import Testing

@testable import SiteAuthoring
@testable import SiteBuilding

@Suite("Rules about headers") struct HeaderRuleTests {
    private func site(_ rules: [HeaderRule], origin: Origin? = nil) -> Site {
        let plain = librarySite()
        return Site(
            title: plain.title, origin: origin ?? plain.origin, routes: plain.routes,
            fragments: plain.fragments, headers: rules)
    }

    private func header(_ name: String, _ path: String, of library: Library) throws -> String? {
        try library.entry(path).headers.fields.first { $0.name == name }?.value
    }

    @Test func `a rule opens one thing for the pages it names, and rules add up`() async throws {
        let library = try Library()
        try await library.build(
            site([
                .allow(.images, from: "https://img.example", on: .pages(BookPage.self)),
                .allow(.images, from: "*.cdn.example", on: .paths("/books/emma/")),
                .allow(.frames, from: "https://maps.example:8443", on: .paths("/books/")),
                .allowFraming(by: "https://partner.example", on: .paths("/basket/")),
                .allow(.connections, from: .anyHTTPS, on: .route("ShelfPage")),
            ]))
        func policy(_ path: String) throws -> String {
            try header("content-security-policy", path, of: library) ?? ""
        }
        #expect(
            try policy("/books/emma/").contains(
                "img-src 'self' *.cdn.example data: https://img.example;"))
        #expect(
            try policy("/books/ulysses/").contains("img-src 'self' data: https://img.example;"))
        #expect(try policy("/books/emma/").contains("frame-src https://maps.example:8443"))
        #expect(try policy("/basket/").contains("frame-ancestors https://partner.example"))
        #expect(try policy("/").contains("connect-src 'self' https:;"))
        #expect(try policy("/").contains("img-src 'self' data:;"))
        #expect(try policy("/").contains("frame-ancestors 'none'"))
        #expect(
            try policy("/books/emma/").contains("style-src 'sha256-"), "what a page needs stays")

        let found = await ReleaseChecking(try library.live, budgets: [:], jobs: 2).run()
        #expect(
            found.openings == [
                "img-src https://img.example": 2, "img-src *.cdn.example": 1,
                "frame-src https://maps.example:8443": 2, "connect-src https:": 1,
                "frame-ancestors https://partner.example": 1,
            ])
        #expect(found.counts[.policy] == nil)
    }

    @Test func `a strict site has nothing open`() async throws {
        let library = try Library()
        try await library.build()
        let found = await ReleaseChecking(try library.live, budgets: [:], jobs: 2).run()
        #expect(found.openings == [:])
    }

    @Test func `a header is set for pages, and for both addresses of a public file`() async throws {
        let library = try Library()
        try library.folder.write("font", to: "public/fonts/a.woff2")
        let origin = Origin(literal: "https://library.example/shop")
        try await library.build(
            site(
                [
                    .set("X-Robots-Tag", to: "noindex", on: .paths("/books/")),
                    .set("access-control-allow-origin", to: "*", on: .paths("/fonts/")),
                    .set("referrer-policy", to: "no-referrer"),
                    .set("referrer-policy", to: "same-origin", on: .route("ShelfFeed")),
                ], origin: origin))
        #expect(try header("x-robots-tag", "/shop/books/emma/", of: library) == "noindex")
        #expect(try header("x-robots-tag", "/shop/", of: library) == nil)
        let fonts = try library.paths.filter { $0.contains("/fonts/") }
        #expect(fonts.count == 2)
        for path in fonts {
            #expect(try header("access-control-allow-origin", path, of: library) == "*")
        }
        #expect(try header("referrer-policy", "/shop/feed.atom", of: library) == "same-origin")
        let fields = try library.entry("/shop/").headers.fields
        #expect(fields.filter { $0.name == "referrer-policy" }.map(\.value) == ["no-referrer"])
        #expect(try header("x-content-type-options", "/shop/", of: library) == "nosniff")
    }

    @Test(arguments: [
        ("content-security-policy", "x", "Use .allow"), ("set-cookie", "a=b", "same for everybody"),
        ("content-length", "1", "The server says it"), ("content-type", "a/b", "media type"),
        ("x y", "x", "no name"), ("", "x", "no name"), ("x-a", "", "is none"),
        ("x-a", "a\r\nb: c", "is none"), ("x-a", " a", "is none"), ("x-a", "ä", "is none"),
        ("x-a", String(repeating: "a", count: HeaderRule.valueBytesMax + 1), "is none"),
    ])
    func `a header that would break an answer is refused`(
        name: String, value: String, words: String
    ) {
        #expect(HeaderRule.fault(name: name, value: value)?.contains(words) == true)
    }

    @Test func `the longest value is taken`() {
        let most = String(repeating: "a", count: HeaderRule.valueBytesMax)
        #expect(HeaderRule.fault(name: "x-a", value: most) == nil)
    }

    @Test(arguments: [
        "*", "'unsafe-inline'", "https://a.example/path", "a b", "javascript:", "", "http://",
    ])
    func `a source is a host`(text: String) {
        #expect(PolicySource(text) == nil)
    }
}
