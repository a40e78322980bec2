// Edits of nothing but a component's styles, and edits that only look like them.

import Testing

@testable import SiteWatching

@Suite("The literal of a component's styles")
struct StyleLiteralTests {
    private static let file = #"""
        import SiteAuthoring

        /// A tile { of a "look" }.
        struct LookTile: Component, Sendable {
            /* "styles" */
            static let styles: CSS? = """
                .tile { color: red }
                  .tile a { color: blue }
                """
            let name: String

            var view: HTML { p { "\(name.map { "\($0)" }) }{" } }
        }
        """#

    private static func change(_ old: String, _ new: String) -> StyleLiteral? {
        StyleLiteral.change(from: file, to: file.replacing(old, with: new))
    }

    @Test("Another text in the literal is the sheet of its type, less the indentation")
    func found() {
        #expect(
            Self.change("red", "green")
                == StyleLiteral(
                    type: "LookTile",
                    css: ".tile { color: green }\n  .tile a { color: blue }"))
    }

    @Test("A literal in the block of a property, and one of a type in a type")
    func forms() {
        let old = #"""
            extension Shelf {
                struct Board: Component {
                    static var styles: CSS? {
                        """
                        b { top: 0 }
                        """
                    }
                }
            }
            """#
        #expect(
            StyleLiteral.change(from: old, to: old.replacing("0", with: "1"))
                == StyleLiteral(type: "Shelf.Board", css: "b { top: 1 }"))
    }

    @Test(
        "Anything else that changes is for the compiler",
        arguments: [
            ("let name: String", "let name: Int"), ("LookTile", "Tile"), ("red", "red\\n"),
            ("red", "\\(name)"), ("static let styles", "static let sheet"),
            ("a \"look\"", "a look"),
            ("                .tile {", "    .tile {"), ("red", "red"), ("}{", "}}"),
            ("let name", "let raw = #\"x\"#; let name"), ("= \"\"\"", "= #\"\"\""),
        ])
    func refuses(_ old: String, _ new: String) {
        #expect(Self.change(old, new) == nil)
    }

    @Test("Two literals that change at once are for the compiler")
    func two() {
        let both = Self.file + "\n" + Self.file.replacing("LookTile", with: "Other")
        #expect(StyleLiteral.change(from: both, to: both.replacing("red", with: "green")) == nil)
        let one = StyleLiteral.change(
            from: both,
            to: Self.file + "\n"
                + Self.file.replacing("LookTile", with: "Other").replacing("red", with: "green"))
        #expect(one?.type == "Other")
    }

    @Test("An extension's type is named whole, with the types that it stands in")
    func extended() {
        let old = #"""
            extension Shelf.Board where Row == A.B {
                static let styles: CSS = """
                    b { top: 0 }
                    """
            }
            """#
        let change = StyleLiteral.change(from: old, to: old.replacing("0", with: "1"))
        #expect(change == StyleLiteral(type: "Shelf.Board", css: "b { top: 1 }"))
    }

    @Test("One of several literals of a type is not its sheet")
    func several() {
        let old = #"""
            struct Tile: Component {
                static var styles: CSS? {
                    isWide ? """
                        b { top: 0 }
                        """ : """
                        b { top: 2 }
                        """
                }
            }
            """#
        #expect(StyleLiteral.change(from: old, to: old.replacing("0", with: "1")) == nil)
    }

    @Test("Texts that break off anywhere are read without a fault")
    func truncated() {
        let characters = Array(Self.file)
        for end in characters.indices {
            let text = String(characters[..<end])
            #expect(StyleLiteral.change(from: Self.file, to: text) == nil)
        }
    }

    @Test("Lines that end as on another system are lines")
    func lineEnds() {
        let old = Self.file.replacing("\n", with: "\r\n")
        #expect(
            StyleLiteral.change(from: old, to: old.replacing("red", with: "green"))?.css
                == ".tile { color: green }\n  .tile a { color: blue }")
    }
}
