// Builds that render only what changed: the plan is exact, and what comes of it is what building
// everything in an empty folder gives, byte for byte.

import FoundationEssentials
import MaterializedViews
import ReleaseFormat
import SiteAuthoring
import SiteBuilding
import TestSupport
import Testing

@Suite("Planned builds") struct PlannedBuildTests {
    private func causes(_ library: Library, _ program: String? = "1") throws -> [String] {
        let builder = SiteBuilder(
            SiteBuildingTests.library, options: library.options(program: program),
            report: { _ in })
        switch try builder.plan(temporaryFolder: "/tmp") {
        case .everything(let cause): return ["everything: \(cause)"]
        case .rows(let views):
            var lines: [String] = []
            for (name, view) in views.sorted(by: { $0.key < $1.key }) {
                for (sign, list) in [("", view.rendered), ("-", view.removed)] {
                    lines += try list.rows(0..<list.count).map { "\(sign)\(name) \($0.key)" }
                }
            }
            return lines
        }
    }

    @Test func `a build of unchanged rows renders nothing`() async throws {
        let library = try Library()
        let first = try await library.buildChanges()
        #expect(try causes(library) == [])
        let again = try await library.buildChanges()
        #expect(again.release == first.release && !again.isNew)
        #expect(again.changed == 0)
        // What no row makes is read again: two names of a file, site map and robots.txt.
        #expect(again.rendered == 4)
        #expect(again.routes == first.routes.map { $0.with(changed: 0) })
    }

    @Test func `a changed row is rendered, with the rows of the lists it stands in`() async throws {
        let library = try Library()
        try await library.buildChanges()
        try library.sql("UPDATE public.book SET blurb = 'Changed.' WHERE slug = 'emma'")
        #expect(try causes(library) == ["book emma"])
        let report = try await library.buildChanges()
        #expect(report.changed == 1)
        try library.sql("UPDATE public.book SET title = 'Changed' WHERE slug = 'emma'")
        #expect(try causes(library) == ["book emma", "shelf all"])
        try await library.buildChanges()
        #expect(try await library.fresh().bytes == library.live.manifest.bytes)
    }

    @Test func `a new row, a row that is gone and a row with another key are found`() async throws {
        let library = try Library()
        try await library.buildChanges()
        try library.sql(
            """
            INSERT INTO public.book VALUES ('ada', 'Ada', '', '/', 'cover.svg', '{"name": "N"}');
            UPDATE public.book SET slug = 'emma-2' WHERE slug = 'emma';
            DELETE FROM public.book WHERE slug = 'ulysses';
            """)
        #expect(
            try causes(library) == [
                "book ada", "book emma-2", "-book emma", "-book ulysses", "shelf all",
            ])
        let report = try await library.buildChanges()
        #expect(report.removed == 2)
        #expect(try library.paths.filter { $0.hasPrefix("/books/") }.count == 2)
        #expect(try await library.fresh().bytes == library.live.manifest.bytes)
    }

    @Test func `two rows that swap their addresses are no conflict`() async throws {
        let library = try Library()
        try await library.buildChanges()
        try library.sql(
            """
            UPDATE public.book SET slug = CASE slug WHEN 'emma' THEN 'ulysses' ELSE 'emma' END
            """)
        try await library.buildChanges()
        #expect(try library.text("/books/emma/").contains("Ulysses"))
        #expect(try await library.fresh().bytes == library.live.manifest.bytes)
    }

    @Test(arguments: ["program", "style", "origin", "setting"])
    func `another input renders everything and says which`(input: String) async throws {
        let library = try Library()
        try await library.buildChanges()
        var options = library.options(program: "1")
        switch input {
        case "program": options.program = "2"
        case "setting": options.settings = [("PRICES", "true")]
        case "style": try library.folder.write("b { color: red }", to: "site/Styles/a.css")
        default: options.origin = Origin(literal: "https://other.example")
        }
        let plan = try SiteBuilder(
            SiteBuildingTests.library, options: options, report: { _ in }
        ).plan(temporaryFolder: "/tmp")
        guard case .everything(.input(let name, _, _)) = plan else {
            Issue.record("\(plan)")
            return
        }
        #expect(name.contains(input == "style" ? "Styles" : input))
        let report = try await library.build(SiteBuildingTests.library, options)
        #expect(report.rendered > 8)
        if input == "program" { #expect(report.changed == 0) }
    }

    @Test func `a changed file renders the pages that name it, and says which file`() async throws {
        let library = try Library()
        let other = "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"0\"/>"
        try library.folder.write(other, to: "public/other.svg")
        try library.sql("UPDATE public.book SET cover = 'other.svg' WHERE slug = 'ulysses'")
        try await library.buildChanges()
        func builder() -> SiteBuilder {
            SiteBuilder(
                SiteBuildingTests.library, options: library.options(program: "1"),
                report: { _ in })
        }
        for id in 1...2 {
            try library.folder.write(
                other.replacing("id=\"0\"", with: "id=\"\(id)\""), to: "public/other.svg")
            guard case .rows(let views) = try builder().plan(temporaryFolder: "/tmp") else {
                Issue.record("everything is rendered")
                return
            }
            let rows = try views.mapValues { try $0.rendered.rows(0..<$0.rendered.count) }
            #expect(rows.values.map(\.count).reduce(0, +) == 1)
            #expect(rows["book"]?.map(\.key) == ["ulysses"])
            #expect(rows["book"]?.first?.cause == .file(name: "public/other.svg"))
            let causes = try ["/books/ulysses/", "/books/emma/"].map {
                try builder().provenance(of: $0)?.cause
            }
            #expect(causes == [.file(name: "public/other.svg"), .unchanged])
            try await library.buildChanges()
            #expect(try await library.fresh().bytes == library.live.manifest.bytes)
        }
    }

    @Test func `a file that no page names renders none`() async throws {
        let library = try Library()
        try await library.buildChanges()
        for text in ["x", "y"] {
            try library.folder.write(text, to: "public/x.txt")
            let plan = try SiteBuilder(
                SiteBuildingTests.library, options: library.options(program: "1"),
                report: { _ in }
            ).plan(temporaryFolder: "/tmp")
            #expect(plan.renderedCount == 0)
            try await library.buildChanges()
            #expect(try library.live.manifest.entry(atPath: "/x.txt") != nil)
            #expect(try await library.fresh().bytes == library.live.manifest.bytes)
        }
        try FileManager.default.removeItem(atPath: "\(library.folder.path)/public/x.txt")
        try await library.buildChanges()
        #expect(try await library.fresh().bytes == library.live.manifest.bytes)
    }

    @Test func `a file that is gone fails the pages that name it, and nothing live changes`()
        async throws
    {
        let library = try Library()
        try await library.buildChanges()
        let before = try library.live.manifest.id
        try FileManager.default.removeItem(atPath: "\(library.folder.path)/public/cover.svg")
        await #expect(throws: BuildError.self) { try await library.buildChanges() }
        #expect(try library.live.manifest.id == before)
    }

    @Test func `why names the first thing that differs`() async throws {
        let library = try Library()
        try await library.buildChanges()
        func cause(_ path: String, _ program: String = "1") throws -> PageCause? {
            try SiteBuilder(
                SiteBuildingTests.library, options: library.options(program: program),
                report: { _ in }
            ).provenance(of: path)?.cause
        }
        #expect(try cause("/books/emma/") == .unchanged)
        #expect(try cause("/books/none/") == nil)
        try library.sql("UPDATE public.book SET blurb = 'Changed.' WHERE slug = 'emma'")
        guard case .row(let was, let now) = try cause("/books/emma/") else {
            Issue.record("the row changed")
            return
        }
        #expect(was != nil && now != nil && was != now)
        #expect(try cause("/books/ulysses/") == .unchanged)
        #expect(try cause("/basket/") == .unchanged)
        #expect(
            try cause("/books/ulysses/", "2")
                == .input(name: "program", was: "1", now: "2"))
        try library.sql("DELETE FROM public.book WHERE slug = 'emma'")
        #expect(try cause("/books/emma/") == .removed)
    }

    @Test func `a new row with the address of a page that stays is refused, with both rows`()
        async throws
    {
        let library = try Library()
        let site = librarySite(routes: [.pages(SamePathPage.self)])
        try await library.buildChanges(site)
        try library.sql(
            """
            INSERT INTO public.book VALUES
                ('twin', 'Emma', '', '/', 'cover.svg', '{"name": "N"}')
            """)
        let lines = await library.failure(site, library.options(program: "1"))
        #expect(lines.first?.contains("book, row emma") == true)
        #expect(lines.first?.contains("book, row twin") == true)
        #expect(try library.paths.count { $0.hasPrefix("/by-title/") } == 2)
    }

    @Test func `random changes leave what building everything leaves`() async throws {
        let library = try Library()
        try library.folder.write("<svg/>", to: "public/other.svg")
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        try await library.buildChanges()
        for round in 0..<12 {
            for _ in 0..<Int.random(in: 0..<12, using: &random) {
                try library.sql(Self.change(&random))
            }
            if Bool.random(using: &random) {
                let file = ["cover.svg", "other.svg", "\(round).txt"].randomElement(using: &random)
                try library.folder.write("<!-- \(round) -->", to: "public/\(file ?? "")")
            }
            let program = round % 5 == 4 ? "2" : "1"
            try await library.buildChanges(program: program, jobs: 1 + round % 3)
            let fresh = try await library.fresh(program: program)
            #expect(try fresh.bytes == library.live.manifest.bytes, "seed \(seed)")
        }
    }

    private static func change(_ random: inout SeededGenerator) -> String {
        let slug = "book-\(Int.random(in: 0..<40, using: &random))"
        switch Int.random(in: 0..<6, using: &random) {
        case 5: return "UPDATE public.book SET cover = 'other.svg' WHERE slug = '\(slug)'"
        case 0: return "DELETE FROM public.book WHERE slug = '\(slug)'"
        case 1:
            return """
                UPDATE public.book SET blurb = blurb || '.', changed = now() WHERE slug = '\(slug)'
                """
        case 2: return "UPDATE public.book SET title = title || 'x' WHERE slug = '\(slug)'"
        default:
            return """
                INSERT INTO public.book SELECT '\(slug)', 'T', repeat('text ', 30), '/',
                    'cover.svg', '{"name": "N"}'
                WHERE NOT EXISTS (SELECT FROM public.book b WHERE b.slug = '\(slug)')
                """
        }
    }
}

/// A page whose address is not the key.
private struct SamePathPage: Page {
    let row: BookRow
    static func path(_ row: BookRow) -> String { "/by-title/\(row.title)/" }
    var view: HTML { html { body { p { row.title } } } }
}

extension RouteReport {
    /// The same with another number of changed pages.
    fileprivate func with(changed: Int) -> RouteReport {
        var report = self
        report.changed = changed
        return report
    }
}
