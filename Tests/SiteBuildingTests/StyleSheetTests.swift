// The style sheets of a site and of its components: where they stand, and what stops a build.

import FoundationEssentials
import Glibc
import ReleaseFormat
import SiteAuthoring
import SiteBuilding
import TestSupport
import Testing

private struct BrokenStyle: StaticPage {
    static let path = "/broken/"
    static let styles: CSS? = ".broken { color: red"
    var view: HTML { html { body { "x" } } }
}

@Suite("Style sheets") struct StyleSheetTests {
    @Test func `sheets of the site stand in every page, by name, before the components'`()
        async throws
    {
        let library = try Library()
        try library.folder.write("b { margin: 0 }", to: "site/Styles/b.css")
        try library.folder.write("a { margin: 0 }", to: "site/Styles/a.css")
        try library.folder.write("no", to: "site/Styles/.hidden.css")
        try library.folder.write("no", to: "site/Styles/notes.txt")
        try await library.build()
        #expect(try library.text("/404.html").contains("<style>a{margin:0}b{margin:0}</style>"))
        #expect(
            try library.text("/books/emma/").contains(
                "<style>a{margin:0}b{margin:0}.card{color:red}</style>"))
        #expect(try !library.text("/feed.atom").contains("margin"))
    }

    @Test func `styles over the inline limit become one file that the policy allows`() async throws
    {
        let library = try Library()
        let rules = (0..<3000).map { ".rule-\($0) { margin: \($0)px }\n" }.joined()
        try library.folder.write(rules, to: "site/Styles/base.css")
        try await library.build()
        let text = try library.text("/404.html")
        #expect(!text.contains("<style>"))
        let path = try #require(
            text.split(separator: "<link rel=\"stylesheet\" href=\"").last?.split(separator: "\"")
                .first)
        #expect(path.hasPrefix("/assets/site-") && path.hasSuffix(".css"))
        #expect(try library.text(String(path)).hasPrefix(".rule-0{margin:0}"))
        #expect(try library.entry(String(path)).cachePolicy == .immutable)
        let fields = try library.entry("/404.html").headers.fields
        let policy = try #require(fields.first { $0.name == "content-security-policy" }?.value)
        #expect(policy.contains("style-src 'self';"))
        #expect(
            try library.paths.filter { $0.hasPrefix("/assets/site-") }.count == 3,
            "one for each set of components: none, a card, a badge")
    }

    @Test func `a sheet with a fault stops every build, once, with its file and line`()
        async throws
    {
        let library = try Library()
        let live = try await library.build().release
        try library.folder.write("a { b: c }\n.x { color: red", to: "site/Styles/unclosed.css")
        for _ in 1...2 {
            let lines = await library.failure()
            #expect(lines.count { $0.contains("site/Styles/unclosed.css:2:15") } == 1)
            #expect(lines.first == "A style or script cannot be parsed.")
            #expect(try library.live.manifest.id.description == live)
        }
    }

    @Test func `a sheet with a misspelt property is built, and told of once`() async throws {
        let library = try Library()
        try library.folder.write(".x { colr: red }", to: "site/Styles/typo.css")
        let warnings = try await library.warnings()
        #expect(warnings.split(separator: "[unsupported-css-property]").count == 2)
        #expect(warnings.contains("site/Styles/typo.css:1:5"))
    }

    @Test func `an import counts in the first sheet alone, and is refused in others`() async throws
    {
        let library = try Library()
        try library.folder.write("x { y: z }", to: "public/more.css")
        try library.folder.write("@import '/more.css';\na { b: c }", to: "site/Styles/a.css")
        #expect(await library.failure() == [])
        #expect(try library.text("/404.html").contains("<style>@import\"/more.css\";a{b:c}"))
        try library.folder.write("\n@import '/more.css';", to: "site/Styles/b.css")
        #expect(
            await library.failure().first
                == "site/Styles/b.css:2: the style sheet imports another, but stands behind "
                + "others, where browsers ignore that.")
        try FileManager.default.removeItem(atPath: "\(library.folder.path)/site/Styles/b.css")
        try library.folder.write("@layer q;\n@import '/more.css';", to: "site/Styles/a.css")
        #expect(await library.failure().first?.hasPrefix("site/Styles/a.css:2: esbuild") == true)
    }

    @Test func `a sheet that is no text is refused`() async throws {
        let library = try Library()
        try library.folder.write("x", to: "site/Styles/x.css/file")
        let lines = await library.failure()
        #expect(
            lines.count == 2
                && lines[0].hasSuffix("site/Styles/x.css cannot be published: it is a folder."))
    }

    @Test func `a component's broken style stops the build by the component's name`() async throws {
        let library = try Library()
        let site = librarySite(routes: [.page(BrokenStyle.self)])
        #expect(await library.failure(site).contains { $0.contains("BrokenStyle.css:1:20") })
    }

    @Test func `a sheet that is a pipe is refused and holds nothing up`() async throws {
        let library = try Library()
        try library.folder.write("a { b: c }", to: "site/Styles/a.css")
        #expect(mkfifo("\(library.folder.path)/site/Styles/p.css", 0o644) == 0)
        #expect(
            await library.failure().first?.hasSuffix(
                "p.css cannot be published: it is a named pipe.") == true)
    }
}
