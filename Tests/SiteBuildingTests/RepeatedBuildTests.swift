// A build after a build: the same bytes for the same rows, and only what changed is made again.
//
// A release must not depend on which release was there before it: each is compared with one that
// was made in an empty folder.

import ContentEncoding
import FoundationEssentials
import Hashing
import ReleaseFormat
import SiteAuthoring
import SiteBuilding
import TestSupport
import Testing

/// The titles as a type that is compressed.
private struct Titles: TextFile {
    static func path(_ row: ShelfRow) -> String { "/titles" }
    static func text(_ row: ShelfRow) -> String { row.books.map(\.title).joined(separator: " ") }
}

/// The same as one that is not.
private struct PlainTitles: TextFile {
    static let contentType = "application/octet-stream"
    static func path(_ row: ShelfRow) -> String { Titles.path(row) }
    static func text(_ row: ShelfRow) -> String { Titles.text(row) }
}

@Suite("Repeated builds") struct RepeatedBuildTests {
    @Test func `the same rows give the same release, however many workers there are`() async throws
    {
        let library = try Library()
        try library.sql(
            """
            INSERT INTO public.book SELECT 'book-' || n, 'Book ' || n, repeat('text ', n % 50), \
            '/', 'cover.svg', '{"name": "N"}' FROM generate_series(1, 200) n
            """)
        let first = try await library.build()
        let again = try await library.build()
        #expect(first.isNew && !again.isNew)
        #expect(again.release == first.release)
        #expect(again.changed == 0)
        let elsewhere = try await library.build(
            librarySite(),
            library.options(jobs: 1, output: "\(library.folder.path)/other"))
        #expect(elsewhere.release == first.release)
        let manifest = try ReleaseReader.open("\(library.folder.path)/other").manifest
        #expect(try manifest.bytes == library.live.manifest.bytes)
    }

    @Test func `a changed row changes its page and the pages that list it`() async throws {
        let library = try Library()
        try await library.build()
        let before = try library.live.manifest
        try library.sql("UPDATE public.book SET title = 'Emma Woodhouse' WHERE slug = 'emma'")
        let report = try await library.build()
        let after = try library.live.manifest
        let changed = try library.paths.filter {
            before.entry(atPath: $0)?.digest != after.entry(atPath: $0)?.digest
        }
        #expect(changed == ["/", "/books/emma/", "/feed.atom"])
        #expect(report.isNew && report.changed == 3)
        #expect(report.routes.map(\.changed) == [1, 1, 0, 0, 1, 0, 0])
    }

    @Test func `a build that keeps one release tells what it removed`() async throws {
        let library = try Library()
        var options = library.options(quality: .fast)
        options.releasesKept = 1
        try await library.build(SiteBuildingTests.library, options)
        try library.sql("DELETE FROM public.book WHERE slug = 'emma'")
        // Another recipe: nothing of the release before is held in memory while this one is made.
        options.quality = .best
        let warned = Warned()
        let report = try await SiteBuilder(
            SiteBuildingTests.library, options: options, report: warned.note
        ).build()
        #expect(report.isNew && report.removed == 1)
        #expect(warned.text == "")
        let kept = try FileManager.default.contentsOfDirectory(
            atPath: "\(library.output)/releases")
        #expect(kept.count == 1)
    }

    @Test func `a removed row removes its page`() async throws {
        let library = try Library()
        try await library.build()
        try library.sql("DELETE FROM public.book WHERE slug = 'ulysses'")
        let report = try await library.build()
        #expect(report.removed == 1)
        #expect(try !library.paths.contains("/books/ulysses/"))
    }

    @Test func `another quality compresses everything again`() async throws {
        let library = try Library()
        let long = String((0..<3000).map { "word\($0 * 7919 % 613) " }.joined())
        try library.sql("UPDATE public.book SET blurb = '\(long)' WHERE slug = 'emma'")
        try await library.build()
        let quick = try library.entry("/books/emma/")
        let report = try await library.build(librarySite(), library.options(quality: .best))
        let thorough = try library.entry("/books/emma/")
        #expect(report.isNew)
        #expect(quick.digest == thorough.digest)
        let lengths = [quick, thorough].map { $0.representation(.brotli)?.length ?? 0 }
        #expect(lengths[1] > 0 && lengths[1] < lengths[0])
        let back = try await library.build()
        #expect(try library.entry("/books/emma/").representations == quick.representations)
        #expect(back.isNew)
    }

    @Test func `a file of another type is compressed as if it had always been of that type`()
        async throws
    {
        let library = try Library()
        let books = (0..<50).map {
            "('b\($0)', 'Title \($0)', '', '/', 'cover.svg', '{\"name\":\"\"}')"
        }
        try library.sql("INSERT INTO public.book VALUES \(books.joined(separator: ", "))")
        try await library.build(librarySite(routes: [.files(PlainTitles.self)]))
        #expect(try library.entry("/titles").representations.map(\.coding) == [.identity])
        let site = librarySite(routes: [.files(Titles.self)])
        let changed = try await library.build(site)
        let fresh = try await library.build(
            site, library.options(output: "\(library.folder.path)/fresh"))
        #expect(changed.release == fresh.release)
    }

    @Test func `a stored file that is gone is made again`() async throws {
        let library = try Library()
        let first = try await library.build()
        let form = try #require(try library.entry("/books/emma/").representation(.brotli))
        let blobs = try FileManager.default.subpathsOfDirectory(atPath: library.output)
        let name = try #require(blobs.first { $0.contains(form.blob.hex.dropFirst(2)) })
        try FileManager.default.removeItem(atPath: "\(library.output)/\(name)")
        let warnings = try await library.warnings()
        #expect(warnings.contains("everything is made again"))
        #expect(try library.live.manifest.id.description == first.release)
        #expect(try !library.live.decoded(form).isEmpty)
    }

    @Test func `a tree for other servers holds the same bytes`() async throws {
        let library = try Library()
        try await library.build(librarySite(), library.options(hasTree: true))
        let paths = try FileManager.default.subpathsOfDirectory(
            atPath: "\(library.output)/current/"
        ).filter { $0.hasSuffix("books/emma/index.html") }
        #expect(paths.count == 1)
        let page = FileManager.default.contents(
            atPath: "\(library.output)/current/\(paths.first ?? "")")
        #expect(
            try page.map { String(decoding: $0, as: UTF8.self) } == library.text("/books/emma/"))
    }
}
