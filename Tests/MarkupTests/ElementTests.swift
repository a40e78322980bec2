// Every element by its own function: the tags it writes, in HTML and in XML, full and empty.
//
// The tables name each element once; a function that wrote another's tag, or an end tag that does
// not fit, would fail its row. Names are long and short ones, since they are copied in one piece.

import Markup
import Testing

/// An element's name, and the element with an attribute and content.
typealias Sample = (name: String, element: @Sendable () -> HTML)

private let sections: [Sample] = [
    ("html", { html(.id("i")) { "t" } }),
    ("title", { title(.id("i")) { "t" } }),
    ("header", { header(.id("i")) { "t" } }),
    ("footer", { footer(.id("i")) { "t" } }),
    ("nav", { nav(.id("i")) { "t" } }),
    ("main", { main(.id("i")) { "t" } }),
    ("section", { section(.id("i")) { "t" } }),
    ("article", { article(.id("i")) { "t" } }),
    ("aside", { aside(.id("i")) { "t" } }),
    ("hgroup", { hgroup(.id("i")) { "t" } }),
    ("h1", { h1(.id("i")) { "t" } }),
    ("h2", { h2(.id("i")) { "t" } }),
    ("h3", { h3(.id("i")) { "t" } }),
    ("h4", { h4(.id("i")) { "t" } }),
    ("h5", { h5(.id("i")) { "t" } }),
    ("h6", { h6(.id("i")) { "t" } }),
    ("p", { p(.id("i")) { "t" } }),
    ("div", { div(.id("i")) { "t" } }),
    ("address", { address(.id("i")) { "t" } }),
    ("blockquote", { blockquote(.id("i")) { "t" } }),
    ("pre", { pre(.id("i")) { "t" } }),
    ("ul", { ul(.id("i")) { "t" } }),
    ("ol", { ol(.id("i")) { "t" } }),
    ("li", { li(.id("i")) { "t" } }),
    ("dl", { dl(.id("i")) { "t" } }),
    ("dt", { dt(.id("i")) { "t" } }),
    ("dd", { dd(.id("i")) { "t" } }),
    ("menu", { menu(.id("i")) { "t" } }),
    ("figure", { figure(.id("i")) { "t" } }),
    ("figcaption", { figcaption(.id("i")) { "t" } }),
    ("search", { search(.id("i")) { "t" } }),
    ("template", { template(.id("i")) { "t" } }),
    ("noscript", { noscript(.id("i")) { "t" } }),
    ("dialog", { dialog(.id("i")) { "t" } }),
    ("details", { details(.id("i")) { "t" } }),
    ("summary", { summary(.id("i")) { "t" } }),
]

private let texts: [Sample] = [
    ("a", { a(.id("i")) { "t" } }),
    ("span", { span(.id("i")) { "t" } }),
    ("em", { em(.id("i")) { "t" } }),
    ("strong", { strong(.id("i")) { "t" } }),
    ("small", { small(.id("i")) { "t" } }),
    ("mark", { mark(.id("i")) { "t" } }),
    ("b", { b(.id("i")) { "t" } }),
    ("i", { i(.id("i")) { "t" } }),
    ("u", { u(.id("i")) { "t" } }),
    ("s", { s(.id("i")) { "t" } }),
    ("q", { q(.id("i")) { "t" } }),
    ("cite", { cite(.id("i")) { "t" } }),
    ("code", { code(.id("i")) { "t" } }),
    ("kbd", { kbd(.id("i")) { "t" } }),
    ("samp", { samp(.id("i")) { "t" } }),
    ("dfn", { dfn(.id("i")) { "t" } }),
    ("abbr", { abbr(.id("i")) { "t" } }),
    ("sub", { sub(.id("i")) { "t" } }),
    ("sup", { sup(.id("i")) { "t" } }),
    ("del", { del(.id("i")) { "t" } }),
    ("ins", { ins(.id("i")) { "t" } }),
    ("time", { time(.id("i")) { "t" } }),
    ("data", { data(.id("i")) { "t" } }),
    ("bdi", { bdi(.id("i")) { "t" } }),
    ("bdo", { bdo(.id("i")) { "t" } }),
    ("ruby", { ruby(.id("i")) { "t" } }),
    ("rt", { rt(.id("i")) { "t" } }),
    ("rp", { rp(.id("i")) { "t" } }),
    ("picture", { picture(.id("i")) { "t" } }),
    ("audio", { audio(.id("i")) { "t" } }),
    ("video", { video(.id("i")) { "t" } }),
    ("canvas", { canvas(.id("i")) { "t" } }),
    ("svg", { svg(.id("i")) { "t" } }),
]

private let tablesAndForms: [Sample] = [
    ("table", { table(.id("i")) { "t" } }),
    ("caption", { caption(.id("i")) { "t" } }),
    ("colgroup", { colgroup(.id("i")) { "t" } }),
    ("thead", { thead(.id("i")) { "t" } }),
    ("tbody", { tbody(.id("i")) { "t" } }),
    ("tfoot", { tfoot(.id("i")) { "t" } }),
    ("tr", { tr(.id("i")) { "t" } }),
    ("td", { td(.id("i")) { "t" } }),
    ("th", { th(.id("i")) { "t" } }),
    ("form", { form(.id("i")) { "t" } }),
    ("label", { label(.id("i")) { "t" } }),
    ("button", { button(.id("i")) { "t" } }),
    ("select", { select(.id("i")) { "t" } }),
    ("datalist", { datalist(.id("i")) { "t" } }),
    ("optgroup", { optgroup(.id("i")) { "t" } }),
    ("option", { option(.id("i")) { "t" } }),
    ("textarea", { textarea(.id("i")) { "t" } }),
    ("fieldset", { fieldset(.id("i")) { "t" } }),
    ("legend", { legend(.id("i")) { "t" } }),
    ("output", { output(.id("i")) { "t" } }),
    ("progress", { progress(.id("i")) { "t" } }),
    ("meter", { meter(.id("i")) { "t" } }),
]

private let voids: [Sample] = [
    ("meta", { meta(.id("i")) }),
    ("link", { link(.id("i")) }),
    ("base", { base(.id("i")) }),
    ("img", { img(.id("i")) }),
    ("source", { source(.id("i")) }),
    ("track", { track(.id("i")) }),
    ("input", { input(.id("i")) }),
    ("hr", { hr(.id("i")) }),
    ("br", { br(.id("i")) }),
    ("wbr", { wbr(.id("i")) }),
    ("col", { col(.id("i")) }),
    ("area", { area(.id("i")) }),
]

@Suite("Elements") struct ElementTests {
    @Test(arguments: [sections, texts, tablesAndForms].joined().map(\.name))
    func `an element with content writes its start tag, the content and its end tag`(
        name: String
    ) throws {
        let sample = try #require(
            [sections, texts, tablesAndForms].joined().first { $0.name == name })
        #expect(text { sample.element() } == "<\(name) id=\"i\">t</\(name)>")
        #expect(text(.xml) { sample.element() }.hasSuffix("?><\(name) id=\"i\">t</\(name)>"))
    }

    @Test(arguments: voids.map(\.name))
    func `an element that never has content has no end tag and closes itself in XML`(
        name: String
    ) throws {
        let sample = try #require(voids.first { $0.name == name })
        #expect(text { sample.element() } == "<\(name) id=\"i\">")
        #expect(text(.xml) { sample.element() }.hasSuffix("?><\(name) id=\"i\"/>"))
    }

    @Test func `the tables name every element of the language but three`() {
        let names = [sections, texts, tablesAndForms, voids].joined().map(\.name)
        #expect(Set(names).count == names.count)
        // head, body and iframe have tests of their own.
        #expect(names.count == 103)
    }

    @Test func `an element without a closure is empty, and iframe is always`() {
        #expect(text { div() } == "<div></div>")
        #expect(text { td(.cls("c")) } == "<td class=\"c\"></td>")
        #expect(
            text { iframe(.src("/a"), .allowFullScreen) }
                == "<iframe src=\"/a\" allowfullscreen></iframe>")
    }

    @Test func `only the first head and body say where styles and scripts go`() {
        let document = render(.fragment) {
            html {
                head(.id("h")) { meta(.charset("utf-8")) }
                body(.cls("b")) { p { "x" } }
                head {}
                body {}
            }
        }
        let made = String(decoding: document.bytes, as: UTF8.self)
        let first = "<html><head id=\"h\"><meta charset=\"utf-8\">"
        #expect(made.hasPrefix(first + "</head><body class=\"b\"><p>x</p></body><head></head>"))
        #expect(document.headEnd == first.utf8.count)
        #expect(document.bodyEnd == (first + "</head><body class=\"b\"><p>x</p>").utf8.count)
    }

    @Test(arguments: [1, 5, 15, 16, 17, 31, 32, 33, 99, 100])
    func `an element by name may have a name of up to 100 bytes`(count: Int) {
        let names: [Int: StaticString] = [
            1: "a",
            5: "abcde",
            15: "abcdefghijklmno",
            16: "abcdefghijklmnop",
            17: "abcdefghijklmnopq",
            31: "abcdefghijklmnopqrstuvwxyz-0123",
            32: "abcdefghijklmnopqrstuvwxyz-01234",
            33: "abcdefghijklmnopqrstuvwxyz-012345",
            99:
                """
            nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn\
            nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
            """,
            100:
                """
            nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn\
            nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
            """,
        ]
        guard let name = names[count] else { return }
        #expect(text { element(name) { "t" } } == "<\(name)>t</\(name)>")
        #expect(
            text { br(.attr(name, "v"), .data(name, "v"), .aria(name, "v")) }
                == "<br \(name)=\"v\" data-\(name)=\"v\" aria-\(name)=\"v\">")
    }

    @Test func `names that HTML treats specially keep their treatment by name`() {
        for name in ["area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"] {
            let made =
                switch name {
                case "area": text { element("area") }
                case "base": text { element("base") }
                case "br": text { element("BR") }
                case "col": text { element("col") }
                case "hr": text { element("hr") }
                case "img": text { element("img") }
                case "input": text { element("input") }
                case "link": text { element("link") }
                case "meta": text { element("meta") }
                default: text { element("wbr") }
                }
            #expect(made.lowercased() == "<\(name)>")
        }
        #expect(render { title { element("b") { "x" } } }.faults.count == 1)
        #expect(render { element("textarea") { i { "x" } } }.faults.count == 1)
        #expect(text { svg { element("g") } } == "<svg><g/></svg>")
    }
}
