// Rows whose slugs hold what means something in a URL, and two spellings of one address: every
// place where a page's address stands names the page that is there, or the build refuses.

import FoundationEssentials
import ReleaseFormat
import ReleaseTools
import SiteAuthoring
import SiteBuilding
import TestSupport
import Testing

/// A page that names its own address and its neighbour's, as authors write it.
private struct LinkedPage: Page {
    let row: BookRow
    static func path(_ row: BookRow) -> PagePath { "/books/\(row.slug)/" }

    var view: HTML {
        html {
            head {
                title { row.title }
                link(.rel("canonical"), .href(absoluteURL(Self.path(row))))
                meta(.property("og:url"), .content(absoluteURL(Self.path(row))))
            }
            body { a(.href(Self.path(row))) { "itself" } }
        }
    }
}

/// The same with addresses put together as text.
private struct CarelessPage: Page {
    let row: BookRow
    static func path(_ row: BookRow) -> String { "/books/\(row.slug)/" }
    var view: HTML {
        html {
            head { title { row.title } }
            body { a(.href("/books/\(row.slug)/")) { "itself" } }
        }
    }
}

private struct BarePage: StaticPage {
    static let path = "/bare"
    var view: HTML { html { head { title { "bare" } } } }
}

private struct SlashedPage: StaticPage {
    static let path = "/bare/"
    var view: HTML { html { head { title { "slashed" } } } }
}

@Suite("Addresses") struct AddressTests {
    static let slugs: [(slug: String, url: String)] = [
        ("a?b", "a%3Fb"), ("a#b", "a%23b"), ("a%2Fb", "a%252Fb"), ("ü x", "%C3%BC%20x"),
        ("50%", "50%25"), ("a/b", "a/b"), ("cafe\u{301}", "caf%C3%A9"), ("a\"<b>", "a%22%3Cb%3E"),
        ("%41", "%2541"), ("a&amp;b", "a&amp;b"),
    ]

    @Test(arguments: slugs)
    func `every address of a page is the one in the site map, and leads to it`(
        slug: String, url: String
    ) async throws {
        let library = try Library()
        let quoted = slug.replacing("'", with: "''")
        try library.sql("UPDATE public.book SET slug = '\(quoted)' WHERE slug = 'emma'")
        try await library.build(librarySite(routes: [.pages(LinkedPage.self)], fragments: []))
        let whole = "https://library.example/books/\(url)/"
        let escaped = whole.replacing("&", with: "&amp;")
        #expect(try library.text("/sitemap.xml").contains("<loc>\(escaped)</loc>"))
        let page = try library.text(PagePath("/books/\(slug)/").text)
        #expect(page.contains("<link rel=\"canonical\" href=\"\(escaped)\">"))
        #expect(page.contains("content=\"\(escaped)\""))
        #expect(page.contains("<a href=\"\(escaped.dropFirst("https://library.example".count))\">"))
        let report = await ReleaseChecking(try library.live, jobs: 1).run()
        #expect(report.errors == 0, "\(report.findings)")
    }

    @Test(arguments: [
        ("ü", true), ("a b", true), ("a\"b", true), ("50%", true), ("a?b", false),
        ("a#b", false), ("a%41", false),
    ])
    func `a link that is not encoded is found`(slug: String, isAddress: Bool) async throws {
        let library = try Library()
        try library.sql("UPDATE public.book SET slug = '\(slug)' WHERE slug = 'emma'")
        try await library.build(librarySite(routes: [.pages(CarelessPage.self)], fragments: []))
        let report = await ReleaseChecking(try library.live, jobs: 1).run()
        let kinds = Set(report.findings.filter(\.kind.isError).map(\.kind))
        // One that browsers read as another address is a broken link.
        #expect(kinds == (isAddress ? [.address] : [.link]))
    }

    @Test(arguments: [
        ("caf\u{E9}", "cafe\u{301}"), ("\u{C5}", "\u{212B}"), ("\u{AC00}", "\u{1100}\u{1161}"),
    ])
    func `rows that spell one address in two ways of Unicode are refused`(
        one: String, other: String
    ) async throws {
        let library = try Library()
        try library.sql("UPDATE public.book SET slug = '\(one)' WHERE slug = 'emma'")
        try library.sql("UPDATE public.book SET slug = '\(other)' WHERE slug = 'ulysses'")
        let lines = await library.failure(
            librarySite(routes: [.pages(LinkedPage.self)], fragments: []))
        #expect(lines.first?.contains("its path is also that of LinkedPage") == true)
    }

    @Test(arguments: ["a//b", "./a", "a/../b", "/a", "a/"])
    func `a row whose path has empty or dotted parts is refused`(slug: String) async throws {
        let library = try Library()
        try library.sql("UPDATE public.book SET slug = '\(slug)' WHERE slug = 'emma'")
        let lines = await library.failure(
            librarySite(routes: [.pages(LinkedPage.self)], fragments: []))
        #expect(lines.first?.contains("its path cannot be served") == true)
    }

    @Test func `a page with and one without a slash are one address`() async throws {
        let library = try Library()
        let lines = await library.failure(
            librarySite(routes: [.page(BarePage.self), .page(SlashedPage.self)], fragments: []))
        #expect(lines.first?.contains("in another spelling") == true)
    }

    /// Files that have a page's address, in one spelling or another.
    static let taken = [
        "books/emma/index.html", "books/emma", "index.html", "basket/index.html", "basket",
    ]

    @Test(arguments: taken)
    func `a file with a page's address stops the first build and every later one`(
        name: String
    ) async throws {
        let library = try Library()
        try library.folder.write("mine", to: "public/\(name)")
        for _ in 1...2 {
            let lines = await library.failure()
            #expect(lines.first?.contains("its path is also that of public, ") == true)
            #expect(lines.dropFirst().first?.hasPrefix("Rename the file in public/") == true)
        }
        try FileManager.default.removeItem(atPath: "\(library.folder.path)/public/\(name)")
        let live = try await library.buildChanges().release
        try library.folder.write("mine", to: "public/\(name)")
        let options = library.options(program: "1")
        #expect(await library.failure(SiteBuildingTests.library, options).count == 3)
        #expect(throws: BuildError.self) {
            try SiteBuilder(SiteBuildingTests.library, options: options, report: { _ in })
                .plan(temporaryFolder: library.folder.path)
        }
        #expect(try library.live.manifest.id.description == live)
    }

    @Test func `a row that takes the address of a file is refused, and one that left it is not`()
        async throws
    {
        let library = try Library()
        try library.folder.write("mine", to: "public/books/persuasion/index.html")
        try await library.buildChanges()
        #expect(try library.text("/books/persuasion/") == "mine")
        try library.sql("UPDATE public.book SET slug = 'persuasion' WHERE slug = 'emma'")
        let options = library.options(program: "1")
        #expect(
            await library.failure(SiteBuildingTests.library, options).first?.contains(
                "its path is also that of public") == true)
        try library.sql("UPDATE public.book SET slug = 'emma' WHERE slug = 'persuasion'")
        #expect(await library.failure(SiteBuildingTests.library, options) == [])
    }

    @Test func `a file that is not encoded and two of one address are told for public, too`()
        async throws
    {
        let library = try Library()
        try library.folder.write("hi", to: "public/admin/index.html")
        try library.folder.write("hi", to: "public/a ü?.txt")
        try await library.build()
        #expect(try library.text("/admin/") == "hi")
        #expect(try library.entry("/a ü?.txt").contentType.hasPrefix("text/plain"))
        #expect(try !library.paths.contains("/admin/index.html"))
        try library.folder.write("x", to: "public/bare.html")
        let lines = await library.failure(
            librarySite(routes: [.page(BarePage.self)], fragments: []))
        #expect(lines.first?.contains("public, /bare.html, in another spelling") == true)
    }
}

@Suite("Addresses in style sheets") struct StyleAddressTests {
    static let broken = [
        "a { background: url(gone.png) }", "a { background: url('gone.png') }",
        "@import \"gone.png\";", "@import url(gone.png) screen;",
        "a { background: image-set(\"gone.png\" 1x, \"here.png\" 2x) }",
        "a { background: -webkit-image-set(url(gone.png) 1x) }",
        "@font-face { font-family: x; src: url(here.png), src(\"gone.png\") }",
        "a { background: u\\72l(gone.png) }", "a { background: url(\\67 one.png) }",
        "/* url(no.png) */ a { b: '\\'; url(no.png)'; c: url(gone.png?x#y) }",
        "a { --x: url(  \"gone.png\"  ) }", "a { mask: url(/sub/../css/gone.png) }",
        "a { background: URL(gone.png) }",
    ]

    @Test(arguments: broken)
    func `a file that a style sheet names and that is not there is found`(text: String) async throws
    {
        let library = try Library()
        try library.folder.write(text, to: "public/css/a.css")
        try library.folder.write("x", to: "public/css/here.png")
        let options = library.options()
        try await library.build(librarySite(routes: [], fragments: []), options)
        let report = await ReleaseChecking(try library.live, jobs: 1).run()
        let found = report.findings.filter { $0.kind == .link && $0.path == "/css/a.css" }
        #expect(found.map(\.reason) == ["/css/gone.png is not in the release"])
    }

    static let sound = [
        "a { background: url(here.png) }", "a { background: url(data:image/png;base64,AA==) }",
        "a { background: url(#gradient) }", "a { b: url(https://other.example/gone.png) }",
        "@namespace url(http://www.w3.org/1999/xhtml); a { b: c }", "a { b: url() }",
        "a { b: url(//other.example/x.png) }", "a { content: 'gone.png' }",
        "a { background: image-set(url(here.png) type('image/png')) }",
        "@import \"here.png\" supports(src('x'));", "a { b: url(unclosed", "a { b: 'unclosed",
        "a { b: url(here.png?v=1#x) }", "/* url(gone.png)", "a { b: \\",
    ]

    @Test(arguments: sound)
    func `what is there, elsewhere or no address is not found`(text: String) async throws {
        let library = try Library()
        try library.folder.write(text, to: "public/css/a.css")
        try library.folder.write("x", to: "public/css/here.png")
        try library.folder.write("x", to: "public/css/x")
        try library.folder.write("x", to: "public/css/unclosed")
        try await library.build(librarySite(routes: [], fragments: []))
        let report = await ReleaseChecking(try library.live, jobs: 1).run()
        #expect(report.findings.filter { $0.path == "/css/a.css" } == [])
    }

    @Test func `styles of a page and of an asset are read from their own addresses`() async throws {
        let library = try Library()
        let rule = "p { background: url(gone.png) } q { b: url('/cover.svg') }"
        try library.folder.write(rule, to: "site/Styles/a.css")
        try await library.build()
        var report = await ReleaseChecking(try library.live, jobs: 1).run()
        #expect(
            report.findings.contains {
                $0.path == "/basket/" && $0.reason == "/basket/gone.png is not in the release"
            })
        let long = (0..<3000).map { ".r\($0) { top: \($0)px }\n" }.joined()
        try library.folder.write(rule + long, to: "site/Styles/a.css")
        try await library.build()
        report = await ReleaseChecking(try library.live, jobs: 1).run()
        #expect(
            report.findings.contains {
                $0.path.hasPrefix("/assets/site-")
                    && $0.reason == "/assets/gone.png is not in the release"
            })
        #expect(!report.findings.contains { $0.reason.hasPrefix("/basket/gone.png") })
    }

    @Test func `an address in a style sheet that is not encoded is found`() async throws {
        let library = try Library()
        try library.folder.write("x", to: "public/ü x.png")
        try library.folder.write("a { b: url('ü x.png') }", to: "public/a.css")
        try await library.build(librarySite(routes: [], fragments: []))
        let report = await ReleaseChecking(try library.live, jobs: 1).run()
        #expect(report.findings.filter { $0.path == "/a.css" }.map(\.kind) == [.address])
    }
}
