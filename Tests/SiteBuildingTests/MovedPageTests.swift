// Pages of a view with `moved:`: earlier addresses lead to them, in a whole build and in one of
// what has changed.

import Hashing
import MaterializedViews
import ReleaseFormat
import SiteAuthoring
import TestSupport
import Testing

@testable import SiteBuilding

private let songView = """
    -- A song.
    -- key: id
    -- moved: slug
    SELECT s.id, s.slug, s.genre FROM public.song s
    """

private final class SongRow: SharedRow {
    let id: Int
    let slug: String
    let genre: String

    static let schema = ViewSchema(
        name: "song", key: ["id"],
        columns: [.init("id", "integer"), .init("slug", "text"), .init("genre", "text")],
        moved: "slug", digest: SHA256Digest(of: Array(songView.utf8)).hex)

    var rowKey: String { "\(id)" }

    init(from row: borrowing RowReader) throws(RowError) {
        id = try row.column(0, of: Self.self)
        slug = try row.column(1, of: Self.self)
        genre = try row.column(2, of: Self.self)
    }
}

private struct SongPage: Page {
    let row: SongRow
    static func path(_ row: SongRow) -> PagePath { "/\(row.genre)/\(row.slug)/" }
    var view: HTML {
        html(.lang("en")) {
            head { title { row.slug } }
            body { p { row.genre } }
        }
    }
}

private let site = Site(
    title: "Songs", origin: Origin(literal: "https://songs.example/music"),
    routes: [.pages(SongPage.self)])

@Suite("Pages that move") struct MovedPageTests {
    private func songs() throws -> Library {
        let library = try Library()
        try library.folder.write(songView, to: "site/database/song.sql")
        try library.sql(
            """
            CREATE TABLE public.song (id int PRIMARY KEY, slug text, genre text);
            INSERT INTO public.song VALUES (1, 'one', 'pop'), (2, 'two', 'rock')
            """)
        try library.applyViews()
        return library
    }

    private func redirects(of library: Library) throws -> [String] {
        let manifest = try library.live.manifest
        return (0..<manifest.count).compactMap { index in
            let entry = manifest.entry(at: index)
            guard case .redirect(let target, let status) = entry.kind else { return nil }
            return "\(entry.path) \(status) \(target)"
        }
    }

    @Test func `earlier addresses lead to the page as it is now`() async throws {
        let library = try songs()
        try await library.buildChanges(site)
        #expect(try redirects(of: library) == [])
        for (slug, genre) in [("eins", "pop"), ("uno", "pop"), ("uno", "folk & more")] {
            try library.sql(
                "UPDATE public.song SET slug = '\(slug)', genre = '\(genre)' WHERE id = 1")
            try await library.buildChanges(site)
            #expect(try await library.fresh(site).bytes == library.live.manifest.bytes)
        }
        // What the genre was is not kept: it is no text of `moved:`.
        #expect(
            try redirects(of: library) == [
                "/music/folk & more/eins/ 308 /music/folk%20&%20more/uno/",
                "/music/folk & more/one/ 308 /music/folk%20&%20more/uno/",
            ])
    }

    @Test func `an address that another row takes is its page`() async throws {
        let library = try songs()
        try library.sql("UPDATE public.song SET slug = 'eins' WHERE id = 1")
        try await library.buildChanges(site)
        try library.sql("UPDATE public.song SET slug = 'one', genre = 'pop' WHERE id = 2")
        try await library.buildChanges(site)
        #expect(try library.entry("/music/pop/one/").kind == .page)
        #expect(try redirects(of: library) == ["/music/pop/two/ 308 /music/pop/one/"])
        #expect(try await library.fresh(site).bytes == library.live.manifest.bytes)
        try library.sql("DELETE FROM sitegen.moved")
        try await library.buildChanges(site)
        #expect(try redirects(of: library) == [])
    }
}
