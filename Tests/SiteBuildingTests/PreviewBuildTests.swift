// Builds of previews: rows that are not public, in a folder of their own.

import Hashing
import MaterializedViews
import Postgres
import ReleaseFormat
import SiteAuthoring
import TestSupport
import Testing

@testable import SiteBuilding

private let newsView = """
    -- News.
    -- key: id
    -- publish-at: shown_from
    -- draft: is_draft
    -- nullable: is_draft
    SELECT n.id, n.shown_from, n.is_draft FROM public.news n
    """

private final class NewsRow: SharedRow {
    let id: Int

    static let schema = ViewSchema(
        name: "news", key: ["id"],
        columns: [
            .init("id", "integer"), .init("shown_from", "timestamp with time zone"),
            .init("is_draft", "boolean"),
        ], digest: SHA256Digest(of: Array(newsView.utf8)).hex)

    var rowKey: String { "\(id)" }

    init(from row: borrowing RowReader) throws(RowError) { id = try row.column(0, of: Self.self) }
}

private struct NewsPage: Page {
    let row: NewsRow
    static func path(_ row: NewsRow) -> PagePath { "/\(row.id)/" }
    var view: HTML {
        html(.lang("en")) {
            head { title { "News" } }
            body { p { row.id } }
        }
    }
}

private let site = Site(
    title: "News", origin: Origin(literal: "https://news.example"),
    routes: [.pages(NewsPage.self)])

@Suite("Builds of previews") struct PreviewBuildTests {
    private func news() throws -> Library {
        let library = try Library()
        try library.folder.write(newsView, to: "site/database/news.sql")
        try library.sql(
            """
            CREATE TABLE public.news (id int PRIMARY KEY, shown_from timestamptz NOT NULL,
                is_draft boolean);
            INSERT INTO public.news SELECT g, CASE WHEN g % 3 = 0 THEN timestamptz '2100-01-01'
                ELSE '2020-01-01' END, g % 2 = 0 FROM generate_series(1, 600) g
            """)
        try library.applyViews()
        return library
    }

    private func options(
        _ library: Library, at time: String? = nil, drafts: Bool = true, output: String
    ) throws -> BuildOptions {
        var options = library.options(output: "\(library.folder.path)/\(output)", program: "1")
        options.preview = Preview(
            time: try Preview.time(time, on: Connection(to: library.database)),
            showsDrafts: drafts)
        return options
    }

    private func pages(_ output: String) throws -> [Int] {
        let manifest = try ReleaseReader.open(output).manifest
        return (0..<manifest.count).map { manifest.entry(at: $0) }
            .filter { $0.kind == .page }
            .compactMap { Int($0.path.dropFirst().dropLast()) }.sorted()
    }

    @Test func `workers read the same rows, of the time and with drafts`() async throws {
        let library = try news()
        let drafts = try options(library, output: "drafts")
        try await library.build(site, drafts)
        #expect(try pages(drafts.output) == (1...600).filter { $0 % 3 != 0 })
        let later = try options(library, at: "2100-02-03", drafts: false, output: "later")
        try await library.build(site, later)
        #expect(try pages(later.output) == (1...600).filter { $0 % 2 != 0 })
        try await library.buildChanges(site)
        #expect(try pages(library.output) == (1...600).filter { $0 % 6 == 1 || $0 % 6 == 5 })

        let again = try await library.build(site, drafts)
        #expect(again.changed == 0 && again.rendered < 10, "the rest is taken over")
        try library.sql("UPDATE public.news SET shown_from = '2100-01-01' WHERE id IN (1, 2)")
        try await library.build(site, drafts)
        #expect(try pages(drafts.output).first == 4)
    }

    @Test func `a preview is marked, and no search engine lists it`() async throws {
        let library = try news()
        let drafts = try options(library, output: "drafts")
        try await library.build(site, drafts)
        try await library.buildChanges(site)
        let preview = try ReleaseReader.open(drafts.output).manifest
        #expect(BuildInput.isPreview(preview.inputs))
        #expect(try !BuildInput.isPreview(library.live.manifest.inputs))
        func robots(_ manifest: Manifest) -> [String] {
            (0..<manifest.count).flatMap { manifest.entry(at: $0).headers.fields }
                .filter { $0.name == "x-robots-tag" }.map(\.value)
        }
        #expect(robots(preview).count == preview.count)
        #expect(try robots(library.live.manifest) == [])
    }

    @Test func `a preview and the public site never take each other's place`() async throws {
        let library = try news()
        try await library.buildChanges(site)
        let before = try library.live.manifest.id
        let failure = await library.failure(site, try options(library, output: "dist"))
        #expect(failure.first?.contains("holds the public site") == true, "\(failure)")
        #expect(try library.live.manifest.id == before)
        let drafts = try options(library, output: "drafts")
        try await library.build(site, drafts)
        let publicSite = library.options(output: drafts.output, program: "1")
        let other = await library.failure(site, publicSite)
        #expect(other.first?.contains("holds a preview") == true, "\(other)")
    }
}
