// What a rendering yields besides bytes: slots, styles, insertions, faults, limits.

import Markup
import Testing

private struct Badge: Component {
    static let styles: CSS? = ".badge { color: red }"
    let label: String
    var view: HTML { span(.cls("badge")) { label } }
}

private struct Accordion: Component {
    static let styles: CSS? = ".accordion { margin: 0 }"
    static let script: JS? = "console.log('a')"
    @HTMLBuilder let content: () -> HTML
    var view: HTML { div(.cls("accordion")) { content() } }
}

private struct Endless: Component {
    var view: HTML { Endless() }
}

private struct Bare: Component {
    var view: HTML { p { "bare" } }
}

private final class Assets: RenderEnvironment {
    let origin = "https://example.com"

    func assetPath(_ path: String) -> String? { path == "a.css" ? "/a.123.css" : nil }
}

private let bag = SlotDescriptor(name: "bag", key: "k", placement: .inline(capacity: 64))

private func string(_ document: RenderedDocument) -> String {
    String(decoding: document.bytes, as: UTF8.self)
}

@Suite("Rendered documents") struct DocumentTests {
    @Test func `a slot notes the range of its fallback, also after insertions`() {
        let document = render {
            html {
                head { title { "x" } }
                body {
                    slot(bag) { b { "1" } }
                    p { slot(SlotDescriptor(name: "empty")) {} }
                }
            }
        }
        #expect(document.faults.isEmpty)
        #expect(document.slots.map(\.descriptor.name) == ["bag", "empty"])
        let inserted = document.inserting(
            headEnd: Array("<style>".utf8), bodyEnd: Array("<js>".utf8))
        for made in [document, inserted] {
            let range = made.slots[0].range
            #expect(String(decoding: made.bytes[range], as: UTF8.self) == "<b>1</b>")
            #expect(made.slots[1].range.isEmpty)
        }
        #expect(string(inserted).contains("</title><style></head>"))
        #expect(string(inserted).hasSuffix("</p><js></body></html>"))
        let again = inserted.inserting(headEnd: Array("2".utf8), bodyEnd: Array("3".utf8))
        #expect(string(again).contains("<style>2</head>"))
        #expect(string(again).contains("<js>3</body>"))
    }

    @Test func `without head and body, insertions go behind the doctype and to the end`() {
        let document = render { p { "x" } }.inserting(headEnd: [0x31], bodyEnd: [0x32])
        #expect(string(document) == "<!DOCTYPE html>1<p>x</p>2")
        #expect(document.headEnd == nil)
    }

    @Test func `a slot where it cannot be filled is a fault and keeps its fallback`() {
        func place(_ kind: DocumentKind = .html, @HTMLBuilder _ content: () -> HTML)
            -> RenderedDocument
        {
            render(kind, content)
        }
        let places = [
            place { head { slot(bag) { "f" } } },
            place { pre { code { slot(bag) { "f" } } } },
            place { textarea { slot(bag) { "f" } } },
            place { title { slot(bag) { "f" } } },
            place { select { slot(bag) { "f" } } },
            place { table { slot(bag) { "f" } } },
            place { tbody { slot(bag) { "f" } } },
            place { tr { slot(bag) { "f" } } },
            place { svg { slot(bag) { "f" } } },
            place { element("svg") { slot(bag) { "f" } } },
            place { template { slot(bag) { "f" } } },
            place(.xml) { element("a") { slot(bag) { "f" } } },
        ]
        for document in places {
            #expect(document.slots.isEmpty)
            #expect(string(document).contains("f</"))
            guard case .misplacedSlot(name: "bag", inside: _) = document.faults.first?.reason else {
                Issue.record("no fault: \(string(document))")
                continue
            }
        }
        #expect(render { table { tr { td { slot(bag) { "f" } } } } }.slots.count == 1)
        let nested = render { slot(bag) { slot(bag) { "f" } } }
        #expect(nested.slots.count == 1)
        #expect(nested.faults.count == 1)
    }

    @Test func `components with styles are collected once, sorted by name`() {
        let document = render {
            Accordion { Badge(label: "a") }
            Badge(label: "b")
            Bare()
        }
        #expect(
            document.components.styles.map(\.css) == [
                ".accordion { margin: 0 }", ".badge { color: red }",
            ])
        #expect(
            document.components.styles.map(\.name) == [
                "MarkupTests.Accordion", "MarkupTests.Badge",
            ])
        #expect(document.components.scripts.map(\.js) == ["console.log('a')"])
        #expect(render { Bare() }.components == ComponentSet())
        let other = render {
            Badge(label: "c")
            Accordion {}
        }
        #expect(other.components == document.components)
        let viaSlot = render { slot(bag, uses: [Badge.self]) { "f" } }
        #expect(viaSlot.components == render { Badge(label: "x") }.components)
    }

    @Test func `assets come from the environment, and an unknown one is a fault`() {
        let environment = Assets()
        let document = render(.fragment, in: environment) {
            link(.href(asset("a.css")))
            img(.src(asset("gone.png")))
        }
        #expect(string(document) == "<link href=\"/a.123.css\"><img src=\"gone.png\">")
        #expect(document.faults.map(\.reason) == [.unknownAsset("gone.png")])
        #expect(render { img(.src(asset("x.png"))) }.faults.isEmpty)
    }

    @Test func `a fault names the component and no value`() {
        struct Leaky: Component {
            let url: String
            var view: HTML { a(.href(url)) { "x" } }
        }
        let fault = render { Leaky(url: "javascript:secret") }.faults.first
        #expect(fault?.component?.contains("Leaky") == true)
        #expect(fault?.description.contains("secret") == false)
    }

    @Test func `XML closes empty elements and drops what it forbids`() {
        let document = render(.xml) {
            element("feed", .attr("xmlns", "http://www.w3.org/2005/Atom")) {
                link(.rel("self"), .href("https://example.com/feed"))
                element("title") { "a\u{1}\u{fffe}<b>" }
                element("thr:count")
                input(.checked)
            }
        }
        #expect(
            string(document) == "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
                + "<feed xmlns=\"http://www.w3.org/2005/Atom\">"
                + "<link rel=\"self\" href=\"https://example.com/feed\"/><title>a&lt;b&gt;</title>"
                + "<thr:count/><input checked=\"\"/></feed>")
        #expect(text { element("my-part") } == "<my-part></my-part>")
        #expect(text { element("embed") } == "<embed>")
        #expect(
            text { svg { element("path", .attr("d", "M0 0")) } } == "<svg><path d=\"M0 0\"/></svg>")
    }

    @Test func `limits end in faults`() {
        #expect(render { Endless() }.faults.map(\.reason) == [.nestedTooDeep])
        let long = String(repeating: "<", count: 1 << 20)
        let document = render {
            html {
                head {}
                body { for _ in 0..<12 { p { long } } }
            }
        }
        #expect(document.bytes.isEmpty)
        #expect(document.faults.map(\.reason) == [.documentTooLong])
        #expect(document.headEnd == nil)
        let slots = render { for _ in 0..<(MarkupLimits.slotsMax + 1) { slot(bag) { "f" } } }
        #expect(slots.slots.count == MarkupLimits.slotsMax)
        #expect(slots.faults.map(\.reason) == [.tooManySlots])
        #expect(render { title { b { "x" } } }.faults.map(\.reason) == [.elementInText("<b>")])
    }

    @Test func `a rendering inside another leaves the outer one alone`() {
        let outer = text {
            p {
                "a"
                text { i { "inner" } }
                "b"
            }
        }
        #expect(outer == "<p>a&lt;i&gt;inner&lt;/i&gt;b</p>")
    }

    @Test func `many threads render the same bytes at once`() async {
        func page(_ number: Int) -> RenderedDocument {
            render {
                Accordion {
                    for index in 0..<50 { Badge(label: "\(number) < \(index)") }
                    slot(bag) { Bare() }
                }
            }
        }
        let expected = (0..<8).map { page($0).bytes }
        let equal = await withTaskGroup(of: Bool.self) { group in
            for task in 0..<64 {
                group.addTask {
                    (0..<20).allSatisfy { _ in page(task % 8).bytes == expected[task % 8] }
                }
            }
            return await group.allSatisfy { $0 }
        }
        #expect(equal)
    }
}
