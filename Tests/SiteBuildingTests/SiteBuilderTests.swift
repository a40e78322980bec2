// Whole builds of a small site: what is stored, and what is told about it.
//
// Everything is read back from the release, as a server would; nothing looks into the builder.

import ContentEncoding
import Hashing
import ReleaseFormat
import SiteAuthoring
import SiteBuilding
import TestSupport
import Testing

@Suite("Site builder") struct SiteBuilderTests {
    @Test func `every route becomes entries, with site map, robots and public files`() async throws
    {
        let library = try Library()
        let report = try await library.build()
        let cover = try #require(try library.paths.first { $0.hasPrefix("/assets/cover-") })
        #expect(
            try library.paths == [
                "/", "/404.html", cover, "/basket/", "/books/emma/", "/books/ulysses/",
                "/cover.svg", "/feed.atom", "/robots.txt", "/sitemap.xml",
            ])
        #expect(report.isNew)
        #expect(report.pages == 10 && report.changed == 10 && report.removed == 0)
        #expect(
            report.routes.map(\.name) == [
                "BookPage", "ShelfPage", "BasketPage", "LostPage", "ShelfFeed", "public", "sitemap",
            ])
        #expect(report.routes.map(\.pages) == [2, 1, 1, 1, 1, 2, 2])
        #expect(report.routes.map(\.slots) == [0, 1, 1, 0, 0, 0, 0])
        #expect(report.routes[0].bytes.gzip < report.routes[0].bytes.identity)
        #expect(report.queries > 5 && report.peakMemoryBytes > 1 << 20)
        #expect(try library.entry("/404.html").kind == .notFound)
        #expect(try library.entry("/feed.atom").contentType == ShelfFeed.contentType)
        #expect(try library.entry(cover).cachePolicy == .immutable)
        #expect(try library.entry("/cover.svg").cachePolicy == .revalidate)
        let source = try library.entry("/books/emma/").source
        #expect(source.view == "book" && source.key == "emma" && source.route == "BookPage")
    }

    @Test(arguments: BuildQuality.allCases)
    func `every coded form decodes to the identity bytes`(quality: BuildQuality) async throws {
        let library = try Library()
        try await library.build(librarySite(), library.options(quality: quality))
        let reader = try library.live
        #expect(reader.manifest.recipe == quality.recipe)
        for index in 0..<reader.manifest.count {
            let entry = reader.manifest.entry(at: index)
            let identity = try reader.decoded(try #require(entry.representation(.identity)))
            for form in entry.representations {
                #expect(try reader.decoded(form) == identity, "\(entry.path) \(form.coding)")
            }
            if entry.kind == .page { #expect(entry.representations.count == 3) }
        }
    }

    @Test func `the policy names the digest of exactly the inline style and script`() async throws {
        let library = try Library()
        try await library.build()
        let text = try library.text("/books/emma/")
        let style = try #require(inner(text, "<style>", "</style></head>"))
        let script = try #require(inner(text, "<script>", "</script></body>"))
        #expect(style == ".card{color:red}")
        #expect(script.contains(".dataset.ready="))
        let headers = try library.entry("/books/emma/").headers.fields
        let policy = try #require(headers.first { $0.name == "content-security-policy" }?.value)
        for (directive, content) in [("style-src", style), ("script-src", script)] {
            let digest = SHA256Digest(of: Array(content.utf8)).base64
            #expect(policy.contains("\(directive) 'sha256-\(digest)'"))
        }
        #expect(policy.contains("default-src 'none'"))
        #expect(headers.contains { $0.name == "strict-transport-security" })
        #expect(headers.contains { $0.name == "x-content-type-options" && $0.value == "nosniff" })
    }

    @Test func `a page without components allows neither style nor script`() async throws {
        let library = try Library()
        try await library.build()
        let fields = try library.entry("/404.html").headers.fields
        let policy = try #require(fields.first { $0.name == "content-security-policy" }?.value)
        #expect(policy.contains("style-src 'none'") && policy.contains("script-src 'none'"))
        #expect(try !library.text("/404.html").contains("<style>"))
    }

    @Test func `a site that is not on https gets no header that asks for it`() async throws {
        let library = try Library()
        let origin = Origin(literal: "http://127.0.0.1:4000")
        try await library.build(librarySite(), library.options(origin: origin))
        let fields = try library.entry("/books/emma/").headers.fields
        #expect(!fields.contains { $0.name == "strict-transport-security" })
        #expect(!fields.contains { $0.value.contains("upgrade-insecure-requests") })
        #expect(try library.text("/books/emma/").contains("http://127.0.0.1:4000/books/emma/"))
        #expect(try library.text("/sitemap.xml").contains("<loc>http://127.0.0.1:4000/</loc>"))
    }

    @Test func `assets and absolute addresses come from the build's environment`() async throws {
        let library = try Library()
        try await library.build()
        let cover = try #require(try library.paths.first { $0.hasPrefix("/assets/cover-") })
        let text = try library.text("/books/emma/")
        #expect(text.contains("src=\"\(cover)\""))
        #expect(text.contains("href=\"https://library.example/books/emma/\""))
        #expect(try library.text(cover) == library.text("/cover.svg"))
    }

    @Test func `the site map holds the listed pages, robots names it`() async throws {
        let library = try Library()
        try await library.build()
        let map = try library.text("/sitemap.xml")
        let addresses = map.split(separator: "<loc>").dropFirst().map {
            String($0.prefix { $0 != "<" })
        }
        #expect(
            addresses
                == ["/", "/books/emma/", "/books/ulysses/"].map {
                    "https://library.example" + $0
                })
        #expect(map.contains("<lastmod>2024-05-06T07:08:09Z</lastmod>"))
        #expect(map.split(separator: "<lastmod>").count == 2)
        #expect(try library.text("/robots.txt").contains("https://library.example/sitemap.xml"))
    }

    @Test func `a robots.txt of the site's own takes the place of the made one`() async throws {
        let library = try Library()
        try library.folder.write("User-agent: *\nDisallow: /\n", to: "public/robots.txt")
        try await library.build()
        #expect(try library.text("/robots.txt") == "User-agent: *\nDisallow: /\n")
    }

    @Test func `slots are bound to their fragments; a private one makes the page private`()
        async throws
    {
        let library = try Library()
        try await library.build()
        let shelf = try library.entry("/")
        #expect(
            shelf.slots?.bindings == [SlotBinding(name: "popular", key: "new", scope: .shared)])
        #expect(shelf.slots?.layout.slots.first?.capacity == 512)
        #expect(shelf.cachePolicy == .revalidate)
        #expect(try library.text("/").contains("<p>Nothing yet.</p>"))
        #expect(
            try library.text("/").contains(".badge{font-weight:700}"),
            "the page carries the styles of what may fill its slot")
        let basket = try library.entry("/basket/")
        #expect(basket.cachePolicy == .private)
        #expect(basket.slots?.bindings.map(\.scope) == [.perVisitor(cookie: "basket")])
    }

    @Test func `an empty site is a release`() async throws {
        let library = try Library()
        try await library.build(librarySite(routes: [], fragments: []))
        #expect(try library.paths.last == "/sitemap.xml")
    }

    @Test func `a view without rows makes no page`() async throws {
        let library = try Library()
        try library.sql("DELETE FROM public.book")
        let report = try await library.build()
        #expect(report.routes.first { $0.name == "BookPage" } == nil)
        #expect(try library.text("/").contains("<ul></ul>"))
    }

    /// What stands between two texts, if both are there.
    private func inner(_ text: String, _ start: String, _ end: String) -> String? {
        guard let from = text.firstRange(of: start)?.upperBound,
            let to = text[from...].firstRange(of: end)?.lowerBound
        else { return nil }
        return String(text[from..<to])
    }
}
