// A check finds each kind of fault that a release can have, and nothing in one that has none.

import ContentEncoding
import ContentSecurity
import FoundationEssentials
import Hashing
import ReleaseFormat
import ReleaseTools
import SiteAuthoring
import SiteBuilding
import TestSupport
import Testing

@Suite("Checking a release") struct ReleaseCheckingTests {
    /// A page of a hand-made release.
    private struct HandMade {
        let path: String
        let body: String
        var title = ""
        var policy: String?
        var isListed = false
    }

    private static let plain = Policy.strict(isHTTPS: true).text

    /// Goes live with pages and checks them.
    private func check(
        _ pages: [HandMade], budgets: [String: PageBudget] = [:],
        damage: (String) throws -> Void = { _ in }
    ) async throws -> [ReleaseFinding] {
        try await report(pages, budgets: budgets, damage: damage).findings
    }

    private func report(
        _ pages: [HandMade], budgets: [String: PageBudget] = [:],
        damage: (String) throws -> Void = { _ in }
    ) async throws -> CheckReport {
        let folder = try TemporaryFolder()
        let writer = try ReleaseWriter.open("\(folder.path)/dist")
        var builder = ManifestBuilder(spoolingIn: writer.spools)
        for page in pages {
            let title = page.title.isEmpty ? page.path : page.title
            let bytes = Array("<!DOCTYPE html><title>\(title)</title>\(page.body)".utf8)
            var source = EntrySource(view: "v", key: "")
            source.route = "HandMade"
            source.isListed = page.isListed
            let headers = [HeaderField(name: Policy.headerName, value: page.policy ?? Self.plain)]
            let forms = try [
                (Coding.identity, bytes), (.gzip, Gzip.compress(bytes)),
                (.brotli, Brotli.compress(bytes, quality: 5)),
            ].map { coding, bytes in
                Representation(coding: coding, blob: try writer.store(bytes), length: bytes.count)
            }
            try builder.add(
                Entry(
                    path: page.path, kind: .page, contentType: "text/html; charset=utf-8",
                    cachePolicy: .revalidate, headers: HeaderBlock(headers.compactMap(\.self)),
                    representations: forms, source: source))
        }
        let inputs = [BuildInput("origin", "https://site.example")]
        try writer.finish(builder.finish(inputs: inputs))
        try damage("\(folder.path)/dist")
        let reader = try ReleaseReader.open("\(folder.path)/dist")
        return await ReleaseChecking(reader, budgets: budgets, jobs: 2).run()
    }

    @Test func `of one kind so many findings are shown, and all are counted`() async throws {
        let count = CheckReport.findingsMax + 5
        let report = try await report(
            (0..<count).map { HandMade(path: "/\($0)/", body: "", isListed: true) })
        #expect(report.findings.filter { $0.kind == .orphan }.count == CheckReport.findingsMax)
        #expect(report.counts[.orphan] == count)
    }

    @Test func `a release without faults has no findings`() async throws {
        let style = "b{color:red}"
        var policy = Policy.strict(isHTTPS: true)
        policy.allow(inline: SHA256Digest(of: Array(style.utf8)), in: .style)
        let findings = try await check([
            HandMade(
                path: "/",
                body: """
                    <style>\(style)</style><a href="a/?q=1#here">a</a><!-- <a href="/no"> -->
                    <a href="https://elsewhere.example/x">x</a><a href="mailto:a@b.c">m</a>
                    <a href="https://site.example/a/">a</a><a href="#top">t</a>
                    """, policy: policy.text),
            HandMade(
                path: "/a/", body: "<p id=here><img src=data:x alt=''><a href='../'>up</a>",
                isListed: true),
        ])
        #expect(findings == [])
    }

    @Test func `each fault is found where it is`() async throws {
        let findings = try await check([
            HandMade(path: "/", body: "<a href='/gone/'>x</a><img src='/a/'>"),
            HandMade(path: "/a/", body: "<a href='/b/#nowhere'>x</a><a href='#here'>y</a>"),
            HandMade(
                path: "/b/", body: "<script>alert(1)</script><link rel=canonical href='/a/'>",
                title: "Same"),
            HandMade(path: "/c/", body: "<p onclick='x()'><link rel=canonical href='/a/'>"),
            HandMade(
                path: "/d/", body: "", title: "Same",
                policy: Self.plain.replacing(
                    "style-src 'none'", with: "style-src 'sha256-AAAA='"), isListed: true),
        ])
        let found = findings.map { "\($0.kind.rawValue) \($0.path)" }
        #expect(
            found == [
                "link /", "anchor /a/", "anchor /a/", "policy /b/", "canonical /c/", "policy /c/",
                "policy /d/", "alt /", "orphan /d/", "title /d/",
            ])
        #expect(findings.first?.reason == "/gone/ is not in the release")
    }

    @Test func `a path with a question mark is reached by its encoded address`() async throws {
        let findings = try await check([
            HandMade(path: "/", body: "<a href='/b%3Fc/'>x</a>"),
            HandMade(path: "/a/", body: "<a href='/b?c/'>x</a>"),
            HandMade(path: "/b?c/", body: "x", isListed: true),
        ])
        #expect(
            findings.map(\.reason) == [
                "/b is not in the release; a `?` in a path is `%3F`, as a PagePath has it"
            ])
    }

    @Test(arguments: [
        ("<p>a<p>b</p></p>", "p"), ("<p>a<div>b</div></p>", "div"),
        ("<p><b><ul><li>c</ul></b></p>", "ul"), ("<td><p><h1>x</h1></p></td>", "h1"),
        ("<p>a<p>b</p>", nil), ("<p>a<p>b", nil), ("<p>a</p><div><p>b</p></div>", nil),
        ("<p><button><div>x</div></button></p>", nil), ("<p>a<div>b</div>", nil),
        ("<table><tr><td><p>a<td><p>b</p></table><p>c</p>", nil),
    ])
    func `a block in a paragraph with an end tag is found`(
        body: String, name: String?
    ) async throws {
        let findings = try await check([HandMade(path: "/", body: body)])
        #expect(
            findings.map(\.reason)
                == (name.map { ["a `\($0)` stands in a `p`, which ends in front of it"] } ?? []))
    }

    @Test(arguments: ["cut", "other", "gone"])
    func `a stored file that is damaged is found, whatever the damage`(damage: String) async throws
    {
        let findings = try await check([HandMade(path: "/", body: "text")]) { output in
            let names = try FileManager.default.subpathsOfDirectory(atPath: "\(output)/blobs")
                .filter { $0.utf8.count > 60 }
            for name in names {
                let file = "\(output)/blobs/\(name)"
                let bytes = FileManager.default.contents(atPath: file) ?? Data()
                // The segment of the manifest is not a file of the page.
                guard !bytes.starts(with: "SITEGENS".utf8) else { continue }
                switch damage {
                case "cut": try bytes.dropLast().write(to: URL(filePath: file))
                case "other":
                    try Data(bytes.map { $0 ^ 1 }).write(to: URL(filePath: file))
                default: try FileManager.default.removeItem(atPath: file)
                }
            }
        }
        #expect(findings.map(\.kind) == [.encoding, .encoding, .encoding])
    }

    @Test func `a page over its budget is found`() async throws {
        let budget = PageBudget(htmlBytesMax: 4000, brotliBytesMax: 400)
        let library = try Library()
        let site = librarySite(routes: [.pages(BookPage.self)])
        try library.sql(
            """
            UPDATE public.book SET blurb = (SELECT string_agg(md5(n::text), ' ')
            FROM generate_series(1, 200) n) WHERE slug = 'emma'
            """)
        try await library.build(site)
        let report = await ReleaseChecking(
            try library.live, budgets: ["\(BookPage.self)": budget], jobs: 2
        ).run()
        let over = report.findings.filter { $0.kind == .budget }
        #expect(over.map(\.path) == ["/books/emma/", "/books/emma/"])
        #expect(report.counts[.budget] == 2 && report.errors >= 2)
    }

    @Test func `a whole site that was built has nothing but the links it really lacks`()
        async throws
    {
        let library = try Library()
        try await library.build()
        let report = await ReleaseChecking(try library.live, jobs: 3).run()
        #expect(
            report.findings.filter { $0.kind.isError }.map(\.reason) == [
                "/authors/ is not in the release"
            ])
        let paths = try library.paths
        #expect(report.files > 20 && report.entries == paths.count)
    }
}
