// Shows that the scanner tells code from comments and text, and finds functions and declarations.
//
// Each case is a few lines of Swift; the sources of the project are not read here.
import Testing

@Suite("The scanner") struct ScannerTests {
    private func words(_ text: String) -> [String] {
        SourceFile(path: "Sources/Markup/A.swift", text: text).tokens.map(\.text)
    }

    @Test(arguments: [
        "a // {\nb", "a /* { /* } */ { */ b", "a /* {\n */ b", "a `x { y` b",
        #"a "{" b"#, #"a "\"{" b"#, ##"a #"{"\"#  b"##, "a \"\"\"\n  \" { \"\"\n  \"\"\" b",
        "a = /\\{/ ; b", "a = #/ { \" /# ; b",
    ])
    func `a brace in a comment, a text, a name or a pattern is not code`(text: String) {
        let found = words(text)
        #expect(found.first == "a")
        #expect(found.last == "b")
        #expect(!found.contains("{"))
    }

    @Test func `an interpolation is code, at any depth`() {
        #expect(
            words(#"x = "a \(b { "c \(d)" }) e""#).filter { $0.count == 1 && $0 != "\"" } == [
                "x", "=", "(", "b", "{", "(", "d", ")", "}", ")",
            ])
        #expect(words(##"#"a \(b) \#(c)"#"##).contains("c"))
        #expect(!words(##"#"a \(b) \#(c)"#"##).contains("b"))
    }

    @Test(arguments: ["\"", "\"\"\"", "`", "/*", "\"\\(", "#\"", "\"\\", "/", "#", "\"\\(\""])
    func `text that does not compile comes to an end`(text: String) {
        #expect(words("a\n" + text).first == "a")
    }

    @Test func `lines stay where they were`() {
        let file = SourceFile(path: "a.swift", text: "let a = \"\"\"\n  x\n  \"\"\"\nlet b = 1\n")
        #expect(file.lines.count == 4)
        #expect(file.tokens.last { $0.text == "b" }?.line == 4)
        #expect(file.literals.first?.text == "\n  x\n  ")
    }

    @Test func `functions are found with their ends`() {
        let file = SourceFile(
            path: "a.swift",
            text: """
                protocol P { func none() -> Int
                    var also: Int { get }
                }
                struct S: P {
                    var stored = [1].map { $0 }
                    var typed: Int = { 3 }()
                    func one(
                        _ close: () -> Void = { }
                    ) where Int: Equatable {
                        if true { }
                    }
                    init() { self.init(2) }
                    var also: Int {
                        4
                    }
                }
                """)
        #expect(file.functions.map(\.name) == ["also", "one", "init", "also"])
        #expect(file.functions.map(\.lines) == [2...2, 7...11, 12...12, 13...15])
    }

    @Test func `declarations that other modules see are found`() {
        let file = SourceFile(
            path: "a.swift",
            text: """
                public import Markup
                let package = Package(.package(url: ""))
                public extension Int { }
                @safe
                package final class A {
                    public private(set) var b: Int
                    package override func c() {}
                    static public func d(_ x: UnsafeRawPointer) -> Int { 0 }
                }
                """)
        #expect(file.sharedDeclarations.map(\.name) == ["class A", "var b", "func d"])
        #expect(file.sharedDeclarations.map(\.line) == [4, 6, 8])
    }
}
