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

    @Test func `lines are counted whatever ends them`() {
        let source = "struct A {\r\n    static let styles = \"x\"\r\n}\r\n"
        let found = SourceScan.problems(in: source, of: "site/A.swift")
        #expect(found.first?.hasPrefix("site/A.swift:2: error: ") == true)
        let types = UnusedTypes.problems(in: [
            ("site/B.swift", "// B\r\nstruct B: Page {}\r\n")
        ])
        #expect(types.first?.hasPrefix("site/B.swift:2: error: ") == true)
    }

    @Test(
        arguments: [
            ("Site.Card", "components/Card.swift:2"), ("Site.Shelf.Board", "site/Shelf.swift:3"),
            ("Library.Part", "Sources/Library/Part.swift:1"), ("Site.Car", nil), ("", nil),
        ] as [(String, String?)])
    func `a type is found where it is declared`(type: String, place: String?) throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "// struct Card, struct Car\nstruct Card {}\n", to: "components/Card.swift")
        try folder.write("enum Shelf {\n\n    struct Board {}\n}\n", to: "site/Shelf.swift")
        try folder.write("public final class Part {}", to: "Sources/Library/Part.swift")
        let found = SourceScan.place(of: type, in: folder.path)
        #expect(found.map { "\($0.file):\($0.line)" } == place)
    }
}
