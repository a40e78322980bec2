// The component language as authors write it: what stands in a builder block comes out as HTML.
//
// Expected output is written out whole; where a member hides an element, the test is that it
// compiles at all.

import Markup
import Testing

/// The text of a fragment.
func text(_ kind: DocumentKind = .fragment, @HTMLBuilder _ content: () -> HTML) -> String {
    String(decoding: render(kind, content).bytes, as: UTF8.self)
}

private struct Card: Component {
    let title: String
    @HTMLBuilder let content: () -> HTML

    var view: HTML {
        section(.cls("card")) {
            Markup.title { title }
            content()
        }
    }
}

private enum Mood { case glad, sad, none }

@HTMLBuilder private func greeting(_ name: String) -> HTML {
    b { "Hello" }
    " "
    name
}

@Suite("The component language") struct LanguageTests {
    @Test func `a page has a doctype and nested elements`() {
        let page = text(.html) {
            html(.lang("en")) {
                head {
                    meta(.charset("utf-8"))
                    title { "Coats" }
                }
                body { p(.id("x"), .cls("y")) { "Hi" } }
            }
        }
        #expect(
            page == "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<title>Coats</title></head><body><p id=\"x\" class=\"y\">Hi</p></body></html>")
    }

    @Test func `text is escaped and numbers are children`() {
        #expect(
            text {
                p {
                    "a < b && c > \"d\""
                    42
                }
            } == "<p>a &lt; b &amp;&amp; c &gt; \"d\"42</p>")
    }

    @Test func `if, else, for, switch, let and helpers work in a block`() {
        func show(_ mood: Mood, _ name: String?, _ items: [Int]) -> String {
            text {
                let doubled = items.map { $0 * 2 }
                if let name { greeting(name) } else { "nobody" }
                for item in doubled where item > 2 { li { item } }
                if items.isEmpty { hr() }
                switch mood {
                case .glad: i { "glad" }
                case .sad: u { "sad" }
                case .none: ""
                }
            }
        }
        #expect(show(.glad, "Ann", [1, 2, 3]) == "<b>Hello</b> Ann<li>4</li><li>6</li><i>glad</i>")
        #expect(show(.sad, nil, []) == "nobody<hr><u>sad</u>")
        #expect(show(.none, nil, [1]) == "nobody")
    }

    @Test func `a component takes content as a closure and may have a member named title`() {
        #expect(
            text { Card(title: "T & T") { p { "in" } } }
                == "<section class=\"card\"><title>T &amp; T</title><p>in</p></section>")
    }

    @Test func `attributes can depend on a condition`() {
        func show(_ flag: Bool) -> String {
            text {
                input(.type("checkbox"), flag ? .checked : .none, .cls("a", and: "b", when: flag))
            }
        }
        #expect(show(true) == "<input type=\"checkbox\" checked class=\"a b\">")
        #expect(show(false) == "<input type=\"checkbox\" class=\"a\">")
    }
}
