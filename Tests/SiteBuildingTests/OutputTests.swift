// What rows become besides pages: files of each kind, redirects, several things at once, and what
// is refused of them.

import FoundationEssentials
import ReleaseFormat
import ReleaseTools
import SiteAuthoring
import TestSupport
import Testing

@testable import SiteBuilding

private struct Titles: TextFile {
    static let contentType = "text/csv; charset=utf-8"
    static func path(_ row: ShelfRow) -> String { "/titles.csv" }
    static func text(_ row: ShelfRow) -> String {
        row.books.map { "\($0.slug),\"\($0.title)\"\r\n" }.joined()
    }
}

private struct Index: JSONFile {
    struct Book: Encodable {
        let title: String
        let slug: String
    }
    static func path(_ row: ShelfRow) -> PagePath { "/index.json" }
    static func json(_ row: ShelfRow) -> JSONDocument {
        JSONDocument(encoding: row.books.map { Book(title: $0.title, slug: $0.slug) })
    }
}

private struct Blurb: DataFile {
    static func path(_ row: BookRow) -> String { "/blurbs/\(row.slug).bin" }
    static func contentType(_ row: BookRow) -> String { "application/octet-stream" }
    static func bytes(_ row: BookRow) -> [UInt8] { [0, 255] + row.blurb.utf8 }
}

private struct OldBook: Redirect {
    static func path(_ row: BookRow) -> String { "/book.php/\(row.title)" }
    static func destination(_ row: BookRow) -> Destination {
        row.slug == "ulysses" ? .gone : .to(BookPage.path(row), .movedPermanently)
    }
}

/// A page, a file and two redirects for each book.
private let everything = Route.outputs("Everything", of: BookRow.self) { row in
    [
        .page(at: "/all/\(row.slug)/", isListed: false, BookPage(row: row)),
        .text(at: "/all/\(row.slug).txt", row.title),
        .redirect(from: "/a/\(row.slug)", .to("/all/\(row.slug)/")),
        .redirect(from: "/b/\(row.slug)", .to(PageURL(encoded: "https://b.example/?a=b"), .found)),
    ]
}

/// One output of one book.
private func emma(_ output: @escaping @Sendable (BookRow) -> [Output]) -> Site {
    librarySite(
        routes: [
            .outputs("Emma", of: BookRow.self) { row in row.slug == "emma" ? output(row) : [] }
        ])
}

@Suite("What a row becomes") struct OutputTests {
    @Test func `files are what their authors say, each with its media type`() async throws {
        let library = try Library()
        let site = librarySite(
            routes: [
                .files(Titles.self), .files(Index.self), .files(Blurb.self),
                .redirects(OldBook.self),
            ])
        try await library.build(site)
        #expect(try library.text("/titles.csv") == "emma,\"Emma\"\r\nulysses,\"Ulysses\"\r\n")
        #expect(try library.entry("/titles.csv").contentType == "text/csv; charset=utf-8")
        #expect(
            try library.text("/index.json")
                == #"[{"slug":"emma","title":"Emma"},{"slug":"ulysses","title":"Ulysses"}]"#)
        let index = try library.entry("/index.json")
        #expect(index.contentType == "application/json" && index.kind == .file)
        let blurb = try library.entry("/blurbs/emma.bin")
        #expect(try library.live.decoded(blurb.representations[0]).prefix(3) == [0, 255, 65])
        #expect(blurb.representations.count == 1, "bytes of no known type are not compressed")
        #expect(
            try library.entry("/book.php/Emma").kind == .redirect(to: "/books/emma/", status: 301))
        #expect(try library.entry("/book.php/Ulysses").kind == .gone)
    }

    @Test func `a row that changes or goes takes all that it became with it`() async throws {
        let library = try Library()
        let site = librarySite(routes: [everything])
        try await library.buildChanges(site)
        let paths = ["/a/emma", "/all/emma.txt", "/all/emma/", "/b/emma"]
        #expect(try library.paths.filter { $0.contains("emma") } == paths)
        #expect(try !library.text("/sitemap.xml").contains("emma"))

        try library.sql("UPDATE public.book SET title = 'Emma II' WHERE slug = 'emma'")
        let report = try await library.buildChanges(site)
        #expect(report.routes.first { $0.name == "Everything" }?.changed == 2, "page and text")
        #expect(try library.text("/all/emma.txt") == "Emma II")
        #expect(try await library.fresh(site).bytes == library.live.manifest.bytes)

        try library.sql("UPDATE public.book SET slug = 'emma-2' WHERE slug = 'emma'")
        try await library.buildChanges(site)
        #expect(
            try library.paths.filter { $0.contains("emma") }
                == ["/a/emma-2", "/all/emma-2.txt", "/all/emma-2/", "/b/emma-2"])
        try library.sql("DELETE FROM public.book WHERE slug = 'emma-2'")
        try await library.buildChanges(site)
        #expect(try library.paths.filter { $0.contains("emma") } == [])
        #expect(try await library.fresh(site).bytes == library.live.manifest.bytes)
    }

    /// An output, and what a build says of it behind the row.
    struct Refused: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var says: String
        var output: @Sendable (BookRow) -> Output
    }

    static let refused: [Refused] = [
        Refused(testDescription: "JSON as XML", says: "application/json is no XML") {
            .xml(at: "/x", mediaType: "application/json", BookPage(row: $0))
        },
        Refused(testDescription: "XML as JSON", says: "application/xml is no JSON") { _ in
            .json(at: "/x", mediaType: "application/xml", JSONDocument("{}"))
        },
        Refused(testDescription: "a page as text", says: "text/HTML; charset=utf-8 is that of web")
        { _ in .text(at: "/x", mediaType: "text/HTML; charset=utf-8", "<script>") },
        Refused(testDescription: "XHTML as bytes", says: "is that of web pages") { _ in
            .bytes(at: "/x", mediaType: "application/xhtml+xml", [60])
        },
        Refused(testDescription: "no media type", says: "nonsense is no media type") { _ in
            .text(at: "/x", mediaType: "nonsense", "")
        },
        Refused(testDescription: "no parameter", says: "is no media type") { _ in
            .text(at: "/x", mediaType: "text/plain; charset", "")
        },
        Refused(
            testDescription: "no JSON",
            says: "it is not JSON: line 1, byte 6: no value begins like this"
        ) { _ in .json(at: "/x", JSONDocument("{\"a\":secret}")) },
        Refused(testDescription: "no number", says: "JSON has no such value, at a") { _ in
            .json(at: "/x", JSONDocument(encoding: ["a": Double.nan]))
        },
        Refused(testDescription: "another host", says: "it leads to //evil.example, which is") {
            _ in .redirect(from: "/x", .to("//evil.example"))
        },
        Refused(testDescription: "a script", says: "it leads to javascript:secret") { _ in
            .redirect(from: "/x", .to(PageURL(encoded: "javascript:secret")))
        },
        Refused(testDescription: "a line break", says: "which is neither an address") { _ in
            .redirect(from: "/x", .to(PageURL(encoded: "/a\r\nX: secret")))
        },
        Refused(testDescription: "a backslash", says: "which is neither an address") { _ in
            .redirect(from: "/x", .to(PageURL(encoded: "/\\evil.example")))
        },
        Refused(testDescription: "itself", says: "it leads to itself") { _ in
            .redirect(from: "/ü/", .to("/ü/"))
        },
        Refused(testDescription: "too large", says: "its file has 67108865 bytes") { _ in
            .bytes(
                at: "/x", mediaType: "image/png",
                [UInt8](repeating: 0, count: BuildLimits.fileBytesMax + 1))
        },
    ]

    @Test(arguments: refused)
    func `what does not fit stops the build by name`(_ refused: Refused) async throws {
        let library = try Library()
        let lines = await library.failure(emma { [refused.output($0)] })
        #expect(lines.first?.hasPrefix("Emma, book, row emma: ") == true, "\(lines)")
        #expect(lines.first?.contains(refused.says) == true, "\(lines)")
        #expect(lines.count == 3, "what to change, and the count: \(lines)")
    }

    @Test func `check follows redirects and reads what says that it is JSON or XML`() async throws {
        let library = try Library()
        try await library.build(
            emma { _ in
                [
                    .text(at: "/a.json", mediaType: "application/json", "[1,]"),
                    .text(at: "/a.xml", mediaType: "application/atom+xml", "<a>"),
                    .text(at: "/b.json", mediaType: "application/ld+json", "[1]"),
                    .xml(at: "/b.svg", mediaType: "image/svg+xml", Card {}),
                    .redirect(from: "/there", .to("/b.json")),
                    .redirect(from: "/twice", .to("/there")),
                    .redirect(from: "/nowhere", .to("/none/")),
                    .redirect(from: "/one", .to("/two")), .redirect(from: "/two", .to("/one")),
                    .redirect(from: "/away", .to(PageURL(encoded: "https://other.example/"))),
                    .redirect(from: "/over", .gone),
                ]
            })
        let report = await ReleaseChecking(try library.live, jobs: 2).run()
        #expect(
            report.findings.map { "\($0.path): \($0.reason)" } == [
                "/a.json: it is not JSON: line 1, byte 4: no value begins like this",
                "/a.xml: it is not XML: line 1, byte 4: no element found",
                "/nowhere: it leads to /none/, which is not in the release",
                "/one: it leads in a circle, by /one", "/two: it leads in a circle, by /two",
            ])
    }

    @Test func `a row may become so many things and no more`() async throws {
        let library = try Library()
        func site(_ count: Int) -> Site {
            emma { _ in (0..<count).map { .text(at: "/t/\($0)", "t") } }
        }
        let most = BuildLimits.outputsPerRowMax
        #expect(await library.failure(site(most)) == [])
        let lines = await library.failure(site(most + 1))
        #expect(lines.first?.contains("a row may become \(most)") == true, "\(lines)")
    }

    @Test func `a row of which one output fails has none of the others`() async throws {
        let library = try Library()
        let site = emma { row in
            [
                .text(at: "/good", row.title),
                .json(at: "/bad", JSONDocument(row.title == "Emma" ? "1" : "x")),
            ]
        }
        try await library.buildChanges(site)
        try library.sql("UPDATE public.book SET title = 'Other' WHERE slug = 'emma'")
        await #expect(throws: (any Error).self) { try await library.buildChanges(site) }
        #expect(try library.text("/good") == "Emma")
    }
}
