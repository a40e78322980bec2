// What a page that is not rendered must keep, and what a plan must not depend on: a test for each
// bug that the first incremental builds of another generator had in their first month.

import FoundationEssentials
import MaterializedViews
import ReleaseFormat
import SiteAuthoring
import SiteBuilding
import TestSupport
import Testing

@Suite("Skipped pages") struct SkippedPageTests {
    /// A site whose pages share a style sheet that is too long to stand in each of them.
    private func styled() throws -> Library {
        let library = try Library()
        let rules = (0..<3000).map { ".rule-\($0) { margin: \($0)px }" }
        try library.folder.write(rules.joined(separator: "\n"), to: "site/Styles/all.css")
        return library
    }

    @Test func `a skipped page keeps its styles, scripts and files`() async throws {
        let library = try styled()
        try await library.buildChanges()
        let page = try library.text("/books/ulysses/")
        let sheet = try #require(
            try library.paths.first { $0.hasPrefix("/assets/site-") && page.contains($0) })
        try library.sql("UPDATE public.book SET blurb = 'Changed.' WHERE slug = 'emma'")
        try await library.buildChanges()
        #expect(try library.text("/books/ulysses/") == page)
        #expect(try library.text(sheet).contains(".rule-2999"))
        let cover = try #require(try library.paths.first { $0.hasPrefix("/assets/cover-") })
        #expect(try library.text("/books/ulysses/").contains(cover))
        #expect(try library.text(cover).contains("<svg"))
        #expect(try await library.fresh().bytes == library.live.manifest.bytes)
    }

    @Test func `a skipped page keeps its headers`() async throws {
        let library = try Library()
        try await library.buildChanges()
        let before = try library.entry("/books/ulysses/")
        try library.sql("UPDATE public.book SET blurb = 'Changed.' WHERE slug = 'emma'")
        try await library.buildChanges()
        #expect(try library.entry("/books/ulysses/") == before)
    }

    @Test func `an asset that no page needs any more goes`() async throws {
        let library = try styled()
        let site = librarySite(routes: [.pages(BookPage.self)])
        try await library.buildChanges(site)
        #expect(try library.paths.contains { $0.hasPrefix("/assets/site-") })
        try library.sql("DELETE FROM public.book")
        try await library.buildChanges(site)
        #expect(try !library.paths.contains { $0.hasPrefix("/assets/site-") })
        #expect(try await library.fresh(site).bytes == library.live.manifest.bytes)
    }

    @Test func `the inputs do not depend on the order in which work ends`() async throws {
        let library = try styled()
        for number in 0..<40 {
            try library.folder.write("file \(number)", to: "public/\(number).txt")
        }
        var manifests: Set<[UInt8]> = []
        for jobs in [1, 2, 7] {
            let output = "\(library.folder.path)/jobs-\(jobs)"
            try await library.buildChanges(jobs: jobs, output: output)
            manifests.insert(try ReleaseReader.open(output).manifest.bytes)
        }
        #expect(manifests.count == 1)
    }

    @Test func `the inputs hold no time, port or folder of the machine`() async throws {
        let (one, two) = (try Library(), try Library())
        try await one.buildChanges()
        try await two.buildChanges()
        let inputs = try one.live.manifest.inputs
        #expect(try inputs == two.live.manifest.inputs)
        #expect(try one.live.manifest.bytes == two.live.manifest.bytes)
        #expect(!inputs.contains { $0.value.contains(one.folder.path) })
    }

    @Test func `planning asks as many questions for a thousand rows as for two`() async throws {
        let library = try Library()
        try await library.buildChanges()
        let few = try await library.buildChanges()
        try library.sql(
            """
            INSERT INTO public.book SELECT 'book-' || n, 'Book', '', '/', 'cover.svg', \
            '{"name": "N"}' FROM generate_series(1, 1000) n
            """)
        try await library.buildChanges()
        let many = try await library.buildChanges()
        #expect(many.changed == 0)
        #expect(many.queries == few.queries)
    }

    @Test func `pages without a row are skipped, too, and the 404 page stays`() async throws {
        let library = try Library()
        try await library.buildChanges()
        try library.sql("UPDATE public.book SET title = 'Changed' WHERE slug = 'emma'")
        let report = try await library.buildChanges()
        // The book, the shelf, the feed, and the four files that no row makes.
        #expect(report.rendered == 7)
        #expect(try library.live.manifest.notFound != nil)
        #expect(try library.text("/basket/").contains("empty"))
    }

    @Test func `what is unchanged is not written again`() async throws {
        let library = try Library()
        try await library.buildChanges()
        let before = try stored(library)
        try library.sql("UPDATE public.book SET blurb = 'Changed.' WHERE slug = 'emma'")
        try await library.buildChanges()
        let after = try stored(library)
        #expect(before.isSubset(of: after))
        // The page in three codings, and the segment of the manifest that it stands in.
        #expect(after.subtracting(before).count == 4)
    }

    private func stored(_ library: Library) throws -> Set<String> {
        let names = try FileManager.default.subpathsOfDirectory(atPath: library.output)
        return Set(names.filter { $0.hasPrefix("blobs/") && $0.utf8.count > 60 })
    }
}
