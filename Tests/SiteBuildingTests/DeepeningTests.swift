// Two speeds: what is published quickly becomes, once deepened, exactly what `best` makes.

import ContentEncoding
import ReleaseFormat
import ReleaseTools
import SiteAuthoring
import SiteBuilding
import TestSupport
import Testing

@Suite("Deepening") struct DeepeningTests {
    private func library() throws -> Library {
        let library = try Library()
        try library.sql(
            """
            UPDATE public.book SET blurb = (SELECT string_agg('word' || n * 7919 % 613, ' ')
            FROM generate_series(1, 900) n)
            """)
        return library
    }

    private func build(_ library: Library, _ quality: BuildQuality) async throws {
        try await library.build(
            SiteBuildingTests.library, library.options(quality: quality, program: "1"))
    }

    private func best(_ library: Library) async throws -> Manifest {
        let output = "\(library.folder.path)/best"
        try await library.build(
            SiteBuildingTests.library,
            library.options(quality: .best, output: output, program: "1"))
        return try ReleaseReader.open(output).manifest
    }

    private func waiting(_ library: Library) throws -> [String] {
        var waiting: [String] = []
        try StoredManifest.open(library.output).forEachOutline { outline in
            if outline.isProvisional {
                waiting.append(String(decoding: outline.path, as: UTF8.self))
            }
        }
        return waiting
    }

    @Test func `a deepened release is the one that best makes`() async throws {
        let library = try library()
        try await build(library, .gradual)
        let quick = try library.entry("/books/emma/")
        #expect(quick.isProvisional)
        let report = try await Deepening(jobs: 3).run(library.output)
        #expect(report.left == 0 && report.deepened > 5 && report.bytesSaved > 0)
        let deep = try library.entry("/books/emma/")
        #expect(deep.digest == quick.digest && !deep.isProvisional)
        let lengths = [deep, quick].map { $0.representation(.brotli)?.length ?? 0 }
        #expect(lengths[0] > 0 && lengths[0] < lengths[1])
        #expect(try await best(library).bytes == library.live.manifest.bytes)
        let again = try await Deepening(jobs: 1).run(library.output)
        #expect(again.deepened == 0 && again.release == report.release)
    }

    @Test func `a change after that is quick again, and only that`() async throws {
        let library = try library()
        try await build(library, .gradual)
        _ = try await Deepening(jobs: 2).run(library.output)
        try library.sql("UPDATE public.book SET blurb = blurb || '!' WHERE slug = 'emma'")
        try await build(library, .gradual)
        #expect(try waiting(library) == ["/books/emma/"])
        _ = try await Deepening(jobs: 2).run(library.output)
        #expect(try await best(library).bytes == library.live.manifest.bytes)
    }

    @Test func `the best quality compresses again what was made quickly`() async throws {
        let library = try library()
        try await build(library, .gradual)
        try await build(library, .best)
        #expect(try waiting(library) == [])
        #expect(try await best(library).bytes == library.live.manifest.bytes)
    }

    @Test func `what is asked for most is first`() async throws {
        let library = try library()
        try await build(library, .gradual)
        let log = """
            127.0.0.1 - - [01/Jan/2026:00:00:00 +0000] "GET /books/ulysses/?a=1 HTTP/1.1" 200 5
            127.0.0.1 - - [01/Jan/2026:00:00:01 +0000] "GET /books/ulysses/ HTTP/1.1" 200 5
            {"time":"2026-01-01T00:00:02Z","method":"GET","path":"/books/ulysses/","status":200}
            {"time":"2026-01-01T00:0
            /basket/
            nonsense
            """
        let counts = RequestCounts(log: Array(log.utf8))
        #expect(counts["/books/ulysses/"] == 3 && counts["/basket/"] == 1)
        let before = try waiting(library).count
        let report = try await Deepening(jobs: 2, order: counts).run(library.output, limit: 2)
        #expect(report.deepened == 2 && report.left == before - 2)
        let left = try waiting(library)
        #expect(!left.contains("/books/ulysses/") && !left.contains("/basket/"))
    }

    @Test func `a page with slots can be laid out again from its stored bytes`() throws {
        let page = Array("<html><p>one</p><b>two </b><i></i></html>".utf8)
        let outline = try SlottedOutline(
            page: page, slots: [SlotRequest(fallback: 6..<16, capacity: 40)])
        let made = try SlottedPage(outline, level: 6, quality: 5)
        let again = try SlottedOutline(stored: made.identity, layout: made.layout)
        #expect(again == outline)
        let damaged = Array(made.identity.dropFirst().dropLast())
        #expect(throws: EncodingError.self) {
            try SlottedOutline(stored: damaged, layout: made.layout)
        }
    }
}
