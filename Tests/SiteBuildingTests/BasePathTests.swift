// A site in a folder of its host: every address that it writes, and every path that it has, is in
// that folder, and nothing else differs.

import ReleaseFormat
import ReleaseTools
import SiteAuthoring
import TestSupport
import Testing

@testable import SiteBuilding

private struct Places: JSONFile {
    static func path(_ row: BookRow) -> String { "/places/\(row.slug).json" }
    static func json(_ row: BookRow) -> JSONDocument {
        JSONDocument(encoding: [
            absoluteURL(BookPage.path(row)), siteURL(BookPage.path(row)),
            "\(siteURL(asset("cover.svg")))",
        ])
    }
}

private struct Linked: Component {
    static let styles: CSS? = """
        @font-face { font-family: a; src: url(/fonts/a.woff2), url("/fonts/b.woff2") }
        .linked { background: url(//cdn.example/x.png), url(data:image/png;base64,AA==) }
        .linked::before { content: "url(/x)" }
        """

    var view: HTML {
        div(.cls("linked"), .data("index", siteURL("/search.json"))) {
            a(.href("/plain/")) { "own" }
            a(.href("//other.example/")) { "other" }
            a(.href("https://other.example/")) { "other" }
            a(.href("#top")) { "here" }
            img(.srcset("/a.png 1x, /b.png 2x,//c.example/c.png 3x"), .alt(""), .src("/a.png"))
            img(.srcset("https://i.example/w_2,/a.jpg 1x, /c.png,/d.png 2x"), .alt(""))
            a(.href("/x"), .attr("ping", "/one /two //three")) { "x" }
            form(.action("/find")) { p { BookPath.url } }
            element("use", .attr("xlink:href", "/icons.svg#x"))
        }
    }

    private enum BookPath { static let url = PagePath("/books/50 %/").url }
}

private struct LinkedPage: StaticPage {
    static let path: PagePath = "/linked/"

    var view: HTML {
        html(.lang("en")) {
            head { title { "Linked" } }
            body { Linked() }
        }
    }
}

private struct OldBooks: Redirect {
    static func path(_ row: BookRow) -> String { "/old/\(row.slug)" }
    static func destination(_ row: BookRow) -> Destination { .to(BookPage.path(row)) }
}

private let site = librarySite(routes: [
    .pages(BookPage.self), .pages(ShelfPage.self), .notFound(LostPage.self),
    .files(ShelfFeed.self), .files(Places.self), .page(LinkedPage.self),
    .redirects(OldBooks.self),
])

@Suite("A site in a folder of its host") struct BasePathTests {
    private static let origin = Origin(literal: "https://library.example/city/books")
    private static let folder = "/city/books"

    @Test func `each path is in the folder, and is what it is without one`() async throws {
        let library = try Library()
        let plain = try Library()
        try await library.build(site, library.options(origin: Self.origin))
        try await plain.build(site, plain.options())
        func named(_ paths: [String]) -> Set<String> {
            // Styles and scripts have addresses in them, and so another fingerprint.
            Set(paths.filter { !$0.contains("/site-") })
        }
        #expect(try named(library.paths) == named(plain.paths.map { Self.folder + $0 }))
        #expect(
            try library.entry("/city/books/old/emma").kind
                == .redirect(to: "/city/books/books/emma/", status: 308))
        #expect(try library.text("/city/books/robots.txt").contains("example/city/books/sitemap"))
        #expect(
            try library.text("/city/books/sitemap.xml")
                .contains("<loc>https://library.example/city/books/books/emma/</loc>"))
    }

    @Test func `each address that is written is in the folder`() async throws {
        let library = try Library()
        try await library.build(site, library.options(origin: Self.origin))
        let page = try library.text("/city/books/linked/")
        for text in [
            #"data-index="/city/books/search.json""#, #"href="/city/books/plain/""#,
            #"href="//other.example/""#, #"href="https://other.example/""#, ##"href="#top""##,
            #"srcset="/city/books/a.png 1x, /city/books/b.png 2x,//c.example/c.png 3x""#,
            #"srcset="https://i.example/w_2,/a.jpg 1x, /city/books/c.png,/d.png 2x""#,
            #"ping="/city/books/one /city/books/two //three""#,
            #"src="/city/books/a.png""#, #"action="/city/books/find""#,
            "<p>/city/books/books/50%20%25/</p>", #"xlink:href="/city/books/icons.svg#x""#,
            "url(/city/books/fonts/a.woff2)", "url(/city/books/fonts/b.woff2)",
            "url(//cdn.example/x.png)", #""url(/x)""#,
        ] {
            #expect(page.contains(text), "\(text)")
        }
        let book = try library.text("/city/books/books/emma/")
        #expect(book.contains(#"href="https://library.example/city/books/books/emma/""#))
        #expect(book.contains(#"src="/city/books/assets/cover-"#))
        let places = try library.text("/city/books/places/emma.json")
        #expect(
            places.hasPrefix(
                #"["https://library.example/city/books/books/emma/","/city/books/books/emma/","#
                    + #""/city/books/assets/cover-"#))
    }

    @Test func `a check finds what is linked`() async throws {
        let library = try Library()
        try await library.build(site, library.options(origin: Self.origin))
        let found = await ReleaseChecking(try library.live, budgets: [:], jobs: 2).run()
        let missing = found.findings.filter { $0.kind == .link }.map(\.reason)
        #expect(missing.allSatisfy { !$0.contains("/books/emma/") && !$0.contains("cover") })
        #expect(missing.contains { $0.contains("/city/books/plain/") }, "\(found.findings)")
    }

    @Test func `a changed file renders the pages that name it`() async throws {
        let library = try Library()
        var options = library.options(origin: Self.origin, program: "1")
        try await library.build(site, options)
        try library.folder.write(
            "<svg xmlns=\"http://www.w3.org/2000/svg\"> </svg>", to: "public/cover.svg")
        let plan = try SiteBuilder(site, options: options, report: { _ in })
            .plan(temporaryFolder: "/tmp")
        guard case .rows(let views) = plan else {
            Issue.record("everything is rendered")
            return
        }
        let counts = views.mapValues { $0.rendered.count }.filter { $0.value > 0 }
        #expect(counts == ["book": 2])
        let report = try await library.build(site, options)
        #expect(
            try Leftovers.paths(
                in: library.output, live: library.live.manifest,
                Withdrawals.read(library.output)) == [])
        options.origin = Origin(literal: "https://library.example/books")
        let moved = try await library.build(site, options)
        #expect(moved.rendered > report.rendered)
        #expect(try library.paths.allSatisfy { $0.hasPrefix("/books/") })
    }

    @Test func `a page at an address of a file is found before anything is rendered`() async throws
    {
        let library = try Library()
        try library.folder.write("x", to: "public/linked/index.html")
        let failure = await library.failure(site, library.options(origin: Self.origin))
        #expect(failure.joined(separator: " ").contains("/city/books/linked/"))
    }
}
