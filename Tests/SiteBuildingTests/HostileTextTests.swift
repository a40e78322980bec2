// Texts that try to become markup, in every column that a page shows.
//
// What is counted is the tags of the page: a text that stays text adds none, whatever it holds.

import Postgres
import ReleaseFormat
import SiteAuthoring
import SiteBuilding
import Testing

@Suite("Hostile texts") struct HostileTextTests {
    static let texts = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='x",
        "</title></head><body onload=x>", "<!-- open", "]]><evil/>", "&lt;b&gt; &amp; &#60;",
        "\u{202E}gnirts \u{5E9}\u{5DC}\u{5D5}\u{5DD}", "👩‍👩‍👧‍👦 é e\u{301}", "</style><style>*{}",
        "a\u{1}b\u{8}c\u{7F}", "tab\tand\r\nline", "${7*7} {{7*7}} <%= 7 %>",
    ]

    /// The text as HTML or XML may hold it as content.
    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;")
    }

    private func store(_ text: String, in columns: [String], of library: Library) throws {
        let connection = try Connection(to: library.database)
        for column in columns {
            _ = try connection.rows(
                "UPDATE public.book SET \(column) = $1 WHERE slug = 'emma'", [Parameter(text)]
            ) { (_) throws(PostgresError) in () }
        }
        _ = try connection.rows(
            "UPDATE public.book SET author = jsonb_build_object('name', $1::text) "
                + "WHERE slug = 'emma'",
            [Parameter(text)]
        ) { (_) throws(PostgresError) in () }
    }

    @Test(arguments: texts)
    func `a hostile text stays text in every column`(text: String) async throws {
        let library = try Library()
        try await library.build()
        let plain = try library.text("/books/emma/")
        // jsonb has no U+0000, and every other text has to pass.
        try store(text, in: ["title", "blurb"], of: library)
        try await library.build()
        let page = try library.text("/books/emma/")
        for tag in ["<", ">", "<script", "<img", "<style", "</title", "<!--", "onerror=alert(1)>"] {
            #expect(count(of: tag, in: page) <= count(of: tag, in: plain), "\(tag)")
        }
        #expect(count(of: "<", in: page) == count(of: "<", in: plain))
        let feed = try library.text("/feed.atom")
        #expect(count(of: "<", in: feed) == 7 && !feed.contains("]]>"))
    }

    @Test func `a text of a megabyte comes out whole`() async throws {
        let library = try Library()
        let text = String(repeating: "<b>&\"long' ", count: 95_000)
        try store(text, in: ["title", "blurb"], of: library)
        try await library.build()
        let page = try library.text("/books/emma/")
        #expect(page.contains("<p>\(escaped(text))</p>"))
        #expect(count(of: "<b>", in: page) == 0)
    }

    @Test(arguments: [
        "javascript:alert(1)", "JaVaScRiPt:x", "\u{1}javascript:x", "data:text/html,x",
    ])
    func `an address that runs code stops the build`(link: String) async throws {
        let library = try Library()
        let connection = try Connection(to: library.database)
        _ = try connection.rows("UPDATE public.book SET link = $1", [Parameter(link)]) {
            (_) throws(PostgresError) in ()
        }
        #expect(await library.failure().first?.contains("the URL in `a href`") == true)
    }

    @Test(arguments: [
        ("with space", "/books/with%20space/"), ("zoë", "/books/zo%C3%AB/"),
        ("50%", "/books/50%25/"),
        ("a&b", "/books/a&amp;b/"), ("a\"b", "/books/a%22b/"), ("a?b#c", "/books/a%3Fb%23c/"),
    ])
    func `any slug that can be a path is one, percent-encoded in the site map`(
        slug: String, address: String
    ) async throws {
        let library = try Library()
        let connection = try Connection(to: library.database)
        _ = try connection.rows(
            "UPDATE public.book SET slug = $1 WHERE slug = 'emma'", [Parameter(slug)]
        ) { (_) throws(PostgresError) in () }
        try await library.build()
        #expect(try library.entry("/books/\(slug)/").source.key == slug)
        #expect(
            try library.text("/sitemap.xml").contains(
                "<loc>https://library.example\(address)</loc>"))
    }

    @Test(arguments: ["a//b", "..", ".", "a\\b", "a\nb", "", String(repeating: "x", count: 241)])
    func `a slug that can be no path stops the build`(slug: String) async throws {
        let library = try Library()
        let connection = try Connection(to: library.database)
        _ = try connection.rows(
            "UPDATE public.book SET slug = $1 WHERE slug = 'emma'", [Parameter(slug)]
        ) { (_) throws(PostgresError) in () }
        let lines = await library.failure(librarySite(routes: [.pages(BookPage.self)]))
        #expect(lines.first?.contains("its path cannot be served") == true, "\(lines)")
    }

    @Test(arguments: ["blurb = NULL", "cover = 'none.svg'"])
    func `a key of any text is one printable line of a message`(change: String) async throws {
        let library = try Library()
        let connection = try Connection(to: library.database)
        for key in ["a\u{1B}[31m\nb\u{202E}c", String(repeating: "k", count: 220)] {
            _ = try connection.rows(
                "UPDATE public.book SET slug = $1, \(change) WHERE slug <> 'ulysses'",
                [Parameter(key)]
            ) { (_) throws(PostgresError) in () }
            let lines = await library.failure(librarySite(routes: [.pages(BookPage.self)]))
            let first = lines.first ?? ""
            if key.hasPrefix("a") { #expect(first.contains("row a?[31m?b?c"), "\(lines)") }
            #expect(first.count < 400)
            #expect(lines.last == "1 page could not be made; nothing was published.")
        }
    }

    private func count(of part: String, in text: String) -> Int {
        text.split(separator: part, omittingEmptySubsequences: false).count - 1
    }
}
