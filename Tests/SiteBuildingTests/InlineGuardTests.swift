// Scripts and styles whose text would end their element early, or keep it from ending: the page
// that is stored is read again as a browser does.

import ReleaseFormat
import ReleaseTools
import SiteAuthoring
import SiteBuilding
import TestSupport
import Testing

private struct EscapedComment: StaticPage {
    static let path = "/marks/"
    static let script: JS? = #"const t = "<\!--<\script>"; document.title = t"#
    var view: HTML { marked() }
}

private struct HexComment: StaticPage {
    static let path = "/marks/"
    static let script: JS? = #"document.title = "\x3c!--" + "\u003cscript>""#
    var view: HTML { marked() }
}

private struct PatternComment: StaticPage {
    static let path = "/marks/"
    static let script: JS? = #"document.title = /<\!--<\SCRIPT>/.source"#
    var view: HTML { marked() }
}

private struct JoinedEnd: StaticPage {
    static let path = "/marks/"
    static let script: JS? = #"document.title = "</scr" + "ipt>" + `</scri${"pt"}>`"#
    var view: HTML { marked() }
}

private struct LegalComment: StaticPage {
    static let path = "/marks/"
    static let script: JS? = "/*! <!-- by me <script> */ document.title = 'x'"
    var view: HTML { marked() }
}

private struct EndedStyle: StaticPage {
    static let path = "/marks/"
    static let styles: CSS? = #"a { --x: \3c/style>; b: "\3c/style><b>" }"#
    var view: HTML { marked() }
}

@HTMLBuilder private func marked() -> HTML {
    html {
        head { title { "x" } }
        body { p(.id("last")) { "behind" } }
    }
}

@Suite("Marks in scripts and styles") struct InlineGuardTests {
    static let routes: [Route] = [
        .page(EscapedComment.self), .page(HexComment.self), .page(PatternComment.self),
        .page(JoinedEnd.self), .page(LegalComment.self), .page(EndedStyle.self),
    ]

    @Test(arguments: routes.indices)
    func `no text of a script or style moves the end of its element`(index: Int) async throws {
        let library = try Library()
        try await library.build(librarySite(routes: [Self.routes[index]], fragments: []))
        let text = try library.text("/marks/")
        for (name, marks) in [
            ("script", ["</script", "<script", "<!--"]), ("style", ["</style"]),
        ] {
            for part in text.split(separator: "<\(name)>").dropFirst() {
                let content = part.prefix { _ in true }.lowercased()
                let inside = content.components(before: "</\(name)>")
                for mark in marks { #expect(!inside.contains(mark), "\(text)") }
            }
        }
        // Whatever stands in a file of its own is there, and the policy allows it.
        let report = await ReleaseChecking(try library.live, jobs: 1).run()
        #expect(report.findings.filter { $0.kind == .policy || $0.kind == .link } == [])
        #expect(text.contains("<p id=\"last\">behind</p>"))
    }

    @Test func `a script with such a mark is a file, another stands in the page`() async throws {
        let library = try Library()
        try await library.build(
            librarySite(routes: [.page(EscapedComment.self)], fragments: []))
        #expect(try library.text("/marks/").contains("<script src=\"/assets/site-"))
        let path = try #require(try library.paths.first { $0.hasPrefix("/assets/site-") })
        #expect(try library.text(path).contains("<!--<script>"))
        try await library.build(librarySite(routes: [.page(JoinedEnd.self)], fragments: []))
        #expect(try library.text("/marks/").contains("<script>(()=>"))
    }
}

extension String {
    /// What stands before the first `mark`; all of it when there is none.
    fileprivate func components(before mark: String) -> String {
        firstRange(of: mark).map { String(self[..<$0.lowerBound]) } ?? self
    }
}
