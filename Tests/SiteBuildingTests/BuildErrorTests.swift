// What a build says when it cannot go on: where, what, and what to change; the live release stays.
//
// The texts are compared whole: they are what an author has to work with. "secret" stands in the
// rows at fault and must never stand in a message.

import FoundationEssentials
import ReleaseFormat
import SiteAuthoring
import TestSupport
import Testing

@testable import SiteBuilding

/// A second page with the addresses of `BookPage`.
private struct SecondBookPage: Page {
    let row: BookRow
    static func path(_ row: BookRow) -> String { BookPage.path(row) }
    var view: HTML { html { body { row.title } } }
}

/// A slot that is too small for what it shows at first.
private struct TightPage: StaticPage {
    static let path = "/tight/"
    var view: HTML {
        html {
            body {
                Slot(Popular.self, placement: .inline(capacity: 40)) {
                    "This does not fit into forty bytes."
                }
            }
        }
    }
}

private struct ConfusedFeed: XMLFile {
    static let contentType = "text/xml\r\nx-evil: 1"
    let row: ShelfRow
    static func path(_ row: ShelfRow) -> String { "/feed.xml" }
    var view: HTML { element("feed") }
}

private struct BrokenScript: StaticPage {
    static let path = "/broken/"
    static let script: JS? = "let = = 1"
    var view: HTML { html { body { "x" } } }
}

@Suite("Build errors") struct BuildErrorTests {
    /// What one change of the site makes a build say.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var sql = ""
        var file: (path: String, text: String)?
        var lines: [String]

        var testDescription: String { name }
    }

    private static let end = "1 page could not be made; nothing was published."

    static let cases: [Case] = [
        Case(
            name: "a blocked URL",
            sql: "UPDATE public.book SET link = 'javascript:secret' WHERE slug = 'emma'",
            lines: [
                "BookPage, book, row emma: SiteBuildingTests.BookPage: the URL in `a href` has a "
                    + "scheme that is not allowed; use http, https, mailto, tel or none", end,
            ]),
        Case(
            name: "an unknown asset",
            sql: "UPDATE public.book SET cover = 'gone.svg' WHERE slug = 'emma'",
            lines: [
                "BookPage, book, row emma: SiteBuildingTests.BookPage: `asset()` names "
                    + "`gone.svg`, which is no file under public/; add the file or correct the "
                    + "path", end,
            ]),
        Case(
            name: "two rows with one path",
            sql: "UPDATE public.book SET slug = 'emma' WHERE slug = 'ulysses'",
            lines: [
                "BookPage, book, row emma: its path is also that of BookPage, book, row emma.",
                "Change the function that makes one of the paths.", end,
            ]),
        Case(
            name: "a path out of the site",
            sql: "UPDATE public.book SET slug = '../../etc' WHERE slug = 'ulysses'",
            lines: [
                "BookPage, book, row ../../etc: its path cannot be served, because it has a dot "
                    + "segment.", "Change the function that makes the path, or the row.", end,
            ]),
        Case(
            name: "NULL where none is allowed",
            sql: "UPDATE public.book SET blurb = NULL WHERE slug = 'emma'",
            lines: [
                "BookPage, book: book.blurb, row emma, is NULL.",
                "Change site/database/book.sql so that it never is, or add `-- nullable: blurb` "
                    + "and run `sitegen db generate`.", end,
            ]),
        Case(
            name: "JSON of another shape",
            sql: "UPDATE public.book SET author = '{\"nom\": \"secret\"}' WHERE slug = 'emma'",
            lines: [
                "BookPage, book: book.author, row emma, holds JSON that is no Author: it has no "
                    + "key `name`.", "Change site/database/book.sql or the type Author.", end,
            ]),
        Case(
            name: "a missing view",
            sql: "DROP VIEW sitegen.book",
            lines: ["book is not in the database.", "Run `sitegen db apply`, then build again."]),
        Case(
            name: "a stale row type",
            file: ("site/database/book.sql", "-- Other.\n" + (libraryViews["book"] ?? "")),
            lines: [
                "site/database/book.sql has changed since site/Rows.generated.swift was written.",
                "Run `sitegen db generate`, then build again.",
            ]),
        Case(
            name: "a changed column type",
            sql: """
                DROP VIEW sitegen.popular; CREATE VIEW sitegen.popular AS
                SELECT p.genre, length(p.label) AS label FROM public.popular p
                """,
            lines: [
                "popular.label should be text but is integer.",
                "Change site/database/popular.sql and run `sitegen db apply`, or run `sitegen db "
                    + "generate` to take it as it is.",
            ]),
        Case(
            name: "a view that fails while it is read",
            sql: """
                CREATE OR REPLACE VIEW sitegen.book AS SELECT b.slug, b.title,
                (b.title || 'secret')::int::text AS blurb, b.link, b.cover, b.author, b.changed
                FROM public.book b
                """,
            lines: [
                "site/database/book.sql: error: a row makes the statement fail (SQLSTATE 22P02)",
                "Hint: run the statement in psql and change it so that every row can be read.",
            ]),
        Case(
            name: "a style sheet that is too large",
            file: (
                "site/Styles/big.css",
                String(repeating: "/* */\n", count: BuildLimits.styleSheetBytesMax / 6 + 1)
            ),
            lines: [
                "FOLDER/site/Styles/big.css cannot be published: it has more than 1048576 bytes.",
                "Remove or rename the file, make it smaller, or change its permissions.",
            ]),
        Case(
            name: "a file where a page is", file: ("public/404.html", "own"),
            lines: [
                "LostPage, /404.html: its path is also that of public, /404.html.",
                "Rename the file in public/, or change what makes the other.", end,
            ]),
        Case(
            name: "a file that cannot have an address", file: ("public/back\\slash.txt", "x"),
            lines: [
                "public, /back\\slash.txt: its path cannot be served, because it has a control "
                    + "character or a backslash.",
                "Rename the file.", end,
            ]),
    ]

    @Test(arguments: cases)
    func `an error says where and what, then what to change, and the live release stays`(
        _ example: Case
    ) async throws {
        let library = try Library()
        let live = try await library.build().release
        if !example.sql.isEmpty { try library.sql(example.sql) }
        if let file = example.file { try library.folder.write(file.text, to: file.path) }
        let lines = await library.failure().map {
            $0.replacing(library.folder.path, with: "FOLDER")
        }
        #expect(lines == example.lines)
        #expect(!lines.joined().contains("secret"))
        #expect(try library.live.manifest.id.description == live)
    }

    @Test func `all pages with problems are told at once, sorted`() async throws {
        let library = try Library()
        try library.sql("UPDATE public.book SET cover = 'none.svg', link = 'data:x'")
        let lines = await library.failure()
        #expect(
            lines.first?.hasPrefix("BookPage (2 pages, such as book, row emma): SiteBuilding")
                == true)
        #expect(lines.last == "2 pages could not be made; nothing was published.")
        #expect(lines.count == 2)
    }

    @Test func `what rows have in common is told once, with one of them`() async throws {
        let library = try Library()
        try library.sql(
            "UPDATE public.book SET author = '{}'; UPDATE public.book SET link = 'data:x'"
        )
        let lines = await library.failure()
        #expect(
            lines.first?.hasPrefix("BookPage (2 pages, such as book): book.author, row ") == true)
        #expect(lines.count == 3)
    }

    @Test func `a slot that nobody fills is a problem of the page`() async throws {
        let library = try Library()
        let site = librarySite(
            routes: [.pages(ShelfPage.self)], fragments: [.perVisitor(Basket.self)])
        let lines = await library.failure(site)
        #expect(
            lines.prefix(2).joined(separator: "\n")
                == "ShelfPage, shelf, row all: slot `popular` is of a fragment that nobody "
                + "publishes.\nAdd it to `fragments:` of the site, or its name to "
                + "`foreignFragments:` if another program does.")
    }

    @Test func `a build with very many problems gives up`() async throws {
        let library = try Library()
        try library.sql(
            """
            INSERT INTO public.book SELECT n::text, NULL, '', '', '', '{"name": ""}'
            FROM generate_series(1, 5000) n
            """)
        let error = await #expect(throws: BuildError.self) {
            try await library.build(librarySite(routes: [.pages(BookPage.self)]))
        }
        guard case .pages(let problems, let count) = error else {
            Issue.record("another error")
            return
        }
        #expect(problems.count == BuildLimits.problemsMax)
        #expect((BuildLimits.problemsMax..<5000).contains(count))
        #expect(problems.count { !$0.isBadData } == 0)
    }

    @Test func `two routes with one path are both named`() async throws {
        let library = try Library()
        let lines = await library.failure(
            librarySite(routes: [.pages(BookPage.self), .pages(SecondBookPage.self)]))
        #expect(
            lines.first
                == "BookPage, book, row emma: its path is also that of SecondBookPage, "
                + "book, row emma."
        )
    }

    @Test func `a fallback that does not fit its slot is a problem of the page`() async throws {
        let library = try Library()
        let lines = await library.failure(librarySite(routes: [.page(TightPage.self)]))
        #expect(lines.first?.hasPrefix("TightPage, /tight/: ") == true)
        #expect(lines.last == "1 page could not be made; nothing was published.")
    }

    @Test func `a media type that would be a second header is refused`() async throws {
        let library = try Library()
        let lines = await library.failure(librarySite(routes: [.files(ConfusedFeed.self)]))
        #expect(
            lines.first
                == "ConfusedFeed, shelf, row all: text/xml??x-evil: 1 is no media type.")
    }

    @Test func `a script that cannot be parsed names its component`() async throws {
        let library = try Library()
        let lines = await library.failure(librarySite(routes: [.page(BrokenScript.self)]))
        #expect(lines.first == "A style or script cannot be parsed.")
        #expect(lines.joined().contains("BrokenScript"))
    }

    @Test func `a second build at the same time is locked out`() async throws {
        let library = try Library()
        let live = try await library.build().release
        let writer = try ReleaseWriter.open(library.output)
        let error = await #expect(throws: ReleaseError.self) { try await library.build() }
        guard case .locked = error else {
            Issue.record("another error: \(error.map { "\($0)" } ?? "")")
            return
        }
        withExtendedLifetime(writer) {}
        #expect(try library.live.manifest.id.description == live)
    }

    @Test func `an output that is no folder is told with its name`() async throws {
        let library = try Library()
        try library.folder.write("a file", to: "taken")
        let output = "\(library.folder.path)/taken"
        let lines = await library.failure(librarySite(), library.options(output: output))
        #expect(lines.count == 2)
        #expect(lines.first?.contains("taken") == true)
    }

    @Test func `a database that is away is told in two lines, without a password`() async throws {
        let library = try Library()
        var options = library.options()
        options.databaseURL = "postgresql://me:secret@127.0.0.1:1/none"
        let lines = await library.failure(librarySite(), options)
        #expect(lines.first?.hasPrefix("No connection to PostgreSQL:") == true)
        #expect(lines.last == "Check the URL and whether the server runs.")
        #expect(!lines.joined().contains("secret"))
        #expect(throws: ReleaseError.self) { try library.live }
    }

    @Test func `a view file that no route reads is none of a build's business`() async throws {
        let library = try Library()
        try library.folder.write(
            "-- key: slug\nSELECT slug FROM public.book", to: "site/database/base.sql")
        #expect(await library.failure() == [])
    }

    @Test func `a build without the sources needs the database alone`() async throws {
        let library = try Library()
        try FileManager.default.removeItem(atPath: "\(library.folder.path)/site")
        #expect(await library.failure() == [])
    }

    @Test func `a cancelled build publishes nothing`() async throws {
        let library = try Library()
        let builder = SiteBuilder(SiteBuildingTests.library, options: library.options()) { _ in }
        let task = Task { () async -> Bool in
            withUnsafeCurrentTask { $0?.cancel() }
            do {
                _ = try await builder.build()
                return false
            } catch {
                if case BuildError.interrupted = error { return true }
                return false
            }
        }
        #expect(await task.value)
        #expect(throws: ReleaseError.self) { try library.live }
    }
}
