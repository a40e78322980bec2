// Mistakes that the compiler takes: styles and scripts that are Strings.

import TestSupport
import Testing

@testable import SitegenCommands

@Suite("Scan of a site's sources") struct SourceScanTests {
    @Test(arguments: [
        "    static let styles = \"\"\"", "static let script = \"x\"", "static var styles = \"a\"",
        "    public static let styles = #\"\"\"", "\tstatic  let  script  =  \"\"\"",
    ])
    func `styles and scripts without their type are told with the line`(line: String) {
        let found = SourceScan.problems(in: "struct A {\n\(line)\n}", of: "site/A.swift")
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("site/A.swift:2: error: `s") == true)
    }

    @Test(arguments: [
        "static let styles: CSS? = \"\"\"", "static let styles = CSS(\"x\")", "let styles = \"x\"",
        "static let stylesheet = \"x\"", "// static let styles = \"x\"",
        "static let script: JS? = \"\"",
        "static let styles = other",
    ])
    func `what is right stays unsaid`(line: String) {
        #expect(SourceScan.problems(in: line, of: "a.swift") == [])
    }

    @Test func `what the site does not name is told with the line and the place`() {
        let found = UnusedTypes.problems(in: [
            (
                "site/Pages/A.swift",
                """
                import SiteAuthoring
                // A.self is the page of a row.
                struct A: Page { let row: ARow }
                struct B: StaticPage {}
                final class C: Base, XMLFile {
                private struct Hot: Sendable, SharedFragment {
                struct Part: Component { let page: Page }
                """
            ), ("site/Site.swift", "routes: [.page(B.self)] // , .files(C.self)"),
        ])
        #expect(
            found == [
                "site/Pages/A.swift:3: error: `A`, a Page, is named nowhere in the site; add "
                    + "`.pages(A.self)` to its `routes:`, or remove it",
                "site/Pages/A.swift:5: error: `C`, a XMLFile, is named nowhere in the site; add "
                    + "`.files(C.self)` to its `routes:`, or remove it",
                "site/Pages/A.swift:6: error: `Hot`, a SharedFragment, is named nowhere in the "
                    + "site; add `.shared(Hot.self)` to its `fragments:`, or remove it",
            ])
    }

    @Test func `both folders of a site are looked through`() throws {
        let folder = try TemporaryFolder()
        try folder.write("static let styles = \"x\"", to: "site/Pages/A.swift")
        try folder.write("static let script = \"x\"", to: "components/B.swift")
        try folder.write("static let styles = \"x\"", to: "public/C.swift")
        let found = SourceScan.problems(in: folder.path).map { $0.prefix { $0 != ":" } }
        #expect(found == ["site/Pages/A.swift", "components/B.swift"])
    }
}
