// Slots: where they may stand, what is noted of them, and renderings inside renderings.
//
// A slot in a forbidden place must be a fault and leave its fallback; each place is a row.

import Markup
import Testing

private let bag = SlotDescriptor(name: "bag", key: "k", placement: .inline(capacity: 64))
private let late = SlotDescriptor(name: "late", placement: .tail)

private typealias Place = (inside: String, content: @Sendable () -> HTML)

private let forbidden: [Place] = [
    ("the head", { head { slot(bag) { "f" } } }),
    ("the head", { html { head { div { slot(bag) { "f" } } } } }),
    ("a title", { title { slot(bag) { "f" } } }),
    ("a title", { head { title { slot(bag) { "f" } } } }),
    ("a textarea", { textarea { slot(bag) { "f" } } }),
    ("a pre", { pre { slot(bag) { "f" } } }),
    ("a pre", { pre { code { span { slot(bag) { "f" } } } } }),
    ("a select", { select { slot(bag) { "f" } } }),
    ("a select", { select { optgroup { option { slot(bag) { "f" } } } } }),
    ("a select", { datalist { slot(bag) { "f" } } }),
    ("a table outside of its cells", { table { slot(bag) { "f" } } }),
    ("a table outside of its cells", { table { thead { slot(bag) { "f" } } } }),
    ("a table outside of its cells", { table { tbody { slot(bag) { "f" } } } }),
    ("a table outside of its cells", { table { tfoot { slot(bag) { "f" } } } }),
    ("a table outside of its cells", { table { tr { slot(bag) { "f" } } } }),
    ("a table outside of its cells", { colgroup { slot(bag) { "f" } } }),
    ("an svg", { svg { slot(bag) { "f" } } }),
    ("an svg", { svg { element("g") { slot(bag) { "f" } } } }),
    ("an svg", { element("math") { slot(bag) { "f" } } }),
    ("a template or noscript", { template { slot(bag) { "f" } } }),
    ("a template or noscript", { noscript { slot(bag) { "f" } } }),
    ("a template or noscript", { template { div { slot(bag) { "f" } } } }),
    ("a pre", { element("pre") { slot(bag) { "f" } } }),
    ("a textarea", { element("textarea") { slot(bag) { "f" } } }),
    ("a title", { element("TITLE") { slot(bag) { "f" } } }),
    ("a select", { element("select") { slot(bag) { "f" } } }),
    ("a table outside of its cells", { element("tr") { slot(bag) { "f" } } }),
]

private let allowed: [@Sendable () -> HTML] = [
    { slot(bag) { "f" } }, { body { slot(bag) { "f" } } }, { p { slot(bag) { "f" } } },
    { span { slot(bag) { "f" } } }, { table { tr { td { slot(bag) { "f" } } } } },
    { table { tr { th { slot(bag) { "f" } } } } }, { table { caption { slot(bag) { "f" } } } },
    { li { slot(bag) { "f" } } }, { button { slot(bag) { "f" } } },
    { element("my-cart") { slot(bag) { "f" } } }, { details { slot(bag) { "f" } } },
]

private final class Shop: RenderEnvironment {
    let origin = "https://example.com"

    func assetPath(_ path: String) -> String? { path == "a.js" ? "/a.1.js" : nil }
}

private func string(_ document: RenderedDocument) -> String {
    String(decoding: document.bytes, as: UTF8.self)
}

@Suite("Slots") struct SlotTests {
    @Test(arguments: forbidden.indices)
    func `a slot in a forbidden place is a fault and keeps its fallback`(index: Int) {
        let place = forbidden[index]
        let document = render(.fragment) { place.content() }
        #expect(
            document.faults.map(\.reason)
                == [.misplacedSlot(name: "bag", inside: place.inside)])
        #expect(document.slots.isEmpty)
        #expect(string(document).contains(">f</"))
    }

    @Test(arguments: allowed.indices)
    func `a slot elsewhere is noted with the range of its fallback`(index: Int) throws {
        let document = render(.fragment) { allowed[index]() }
        #expect(document.faults.isEmpty)
        let made = try #require(document.slots.first)
        #expect(made.descriptor == bag)
        #expect(document.bytes[made.range].elementsEqual("f".utf8))
    }

    @Test func `a slot that is filled from behind the page may stand in a pre, too`() throws {
        let document = render(.fragment) { pre { code { slot(late) { "f" } } } }
        #expect(document.faults.isEmpty)
        #expect(try #require(document.slots.first).descriptor.placement == .tail)
        for inside in [
            { pre { svg { slot(late) { "f" } } } }, { head { slot(late) { "f" } } },
            { textarea { slot(late) { "f" } } }, { table { tr { slot(late) { "f" } } } },
            { select { pre { slot(late) { "f" } } } }, { slot(bag) { slot(late) { "f" } } },
        ] as [() -> HTML] {
            let document = render(.fragment) { inside() }
            #expect(document.faults.count == 1)
            #expect(!document.slots.contains { $0.descriptor == late })
        }
    }

    @Test func `what is wrong in a pre says what helps there`() {
        let fault = RenderFault.Reason.misplacedSlot(name: "bag", inside: "a pre")
        #expect(fault.description.hasSuffix("; place it `.tail` or move it outside"))
    }

    @Test func `no slot can stand in XML`() {
        let document = render(.xml) { element("feed") { slot(bag) { "f" } } }
        #expect(
            document.faults.map(\.reason)
                == [.misplacedSlot(name: "bag", inside: "an XML document")])
        #expect(document.slots.isEmpty)
    }

    @Test func `a forbidden place ends where its element ends`() {
        let document = render(.fragment) {
            pre { "x" }
            slot(bag) { "a" }
            table { tr { td { "y" } } }
            slot(bag) { "b" }
            svg {}
            slot(bag) { "c" }
        }
        #expect(document.faults.isEmpty)
        #expect(document.slots.map { document.bytes[$0.range].map { $0 } } == [[97], [98], [99]])
    }

    @Test func `a slot in a fallback is refused, also deep inside, and the outer one stays`() {
        let document = render(.fragment) {
            slot(bag) { div { p { slot(SlotDescriptor(name: "inner")) { "f" } } } }
        }
        #expect(document.slots.map(\.descriptor.name) == ["bag"])
        #expect(
            document.faults.map(\.reason)
                == [.misplacedSlot(name: "inner", inside: "another slot's fallback")])
        #expect(string(document) == "<div><p>f</p></div>")
    }

    @Test func `a descriptor has no key, is shared and stands inline unless told`() {
        let plain = SlotDescriptor(name: "n")
        #expect(plain.key.isEmpty && plain.scope == .shared)
        #expect(plain.placement == .inline(capacity: nil))
        #expect(plain != SlotDescriptor(name: "n", scope: .perVisitor(cookie: "c")))
        #expect(
            SlotScope.perVisitor(cookie: "c") != .perVisitor(cookie: "d"))
        #expect(Set([plain, plain, bag]).count == 2)
    }

    @Test func `insertions move slots behind them and leave those before`() {
        let document = render(.fragment) {
            slot(bag) { "a" }
            html {
                head {}
                slot(bag) { "b" }
                body { slot(bag) { "c" } }
                slot(bag) { "d" }
            }
        }
        let made = document.inserting(headEnd: Array("HEAD".utf8), bodyEnd: Array("BODY".utf8))
        #expect(
            made.slots.map { String(decoding: made.bytes[$0.range], as: UTF8.self) }
                == ["a", "b", "c", "d"])
        #expect(string(made).contains("HEAD</head>") && string(made).contains("BODY</body>"))
        let same = document.inserting(headEnd: [], bodyEnd: [])
        #expect(same.bytes == document.bytes && same.slots == document.slots)
    }
}

@Suite("Renderings inside renderings") struct NestingTests {
    @Test func `an inner rendering has its own slots, faults, components and environment`() {
        let environment = Shop()
        var inner: RenderedDocument?
        let outer = render(.fragment, in: environment) {
            slot(bag) { "o" }
            let _ =
                inner = render(.xml) {
                    element("x") {
                        a(.href("data:1")) { absoluteURL("/p") }
                        asset("a.js")
                    }
                }
            p { absoluteURL("/p") }
            p { asset("a.js") }
        }
        #expect(string(outer) == "o<p>https://example.com/p</p><p>/a.1.js</p>")
        #expect(outer.slots.count == 1 && outer.faults.isEmpty)
        #expect(inner?.faults.count == 1)
        #expect(inner.map(string)?.hasSuffix(">/p</a>a.js</x>") == true)
    }

    @Test func `an absolute URL has the origin before the path`() {
        let environment = Shop()
        #expect(
            string(
                render(.fragment, in: environment) {
                    link(.href(absoluteURL(PageURL(encoded: "/a/?b=c&d"))))
                })
                == "<link href=\"https://example.com/a/?b=c&amp;d\">")
        #expect(text { absoluteURL("/a/") } == "/a/")
    }

    @Test func `an unknown asset is a fault each time it is asked for`() {
        let document = render(.fragment, in: Shop()) {
            for _ in 0..<3 { img(.src(asset("gone.png"))) }
        }
        let fault = RenderFault.Reason.unknownAsset("gone.png")
        #expect(document.faults.map(\.reason) == [fault, fault, fault])
        #expect("\(fault)".hasPrefix("`asset()` names `gone.png`, which is no file under public/"))
        #expect(document.faults.first?.component == nil)
    }

    @Test func `renderings may be nested deeply, each being whole`() {
        func nested(_ depth: Int) -> String {
            text { p { if depth > 0 { raw(TrustedHTML(trusting: nested(depth - 1))) } } }
        }
        #expect(
            nested(50)
                == String(repeating: "<p>", count: 51) + String(repeating: "</p>", count: 51))
    }

    @Test(arguments: [511, 512, 513, 600])
    func `elements nest 512 deep and no deeper`(depth: Int) {
        func nested(_ depth: Int) -> HTML {
            div { if depth > 1 { nested(depth - 1) } }
        }
        let document = render(.fragment) { nested(depth) }
        let shown = min(depth, MarkupLimits.nestingDepthMax + 1)
        #expect(string(document).ranges(of: "<div>").count == shown)
        #expect(string(document).ranges(of: "</div>").count == shown)
        #expect(document.faults.allSatisfy { $0.reason == .nestedTooDeep })
        #expect(document.faults.isEmpty == (depth <= MarkupLimits.nestingDepthMax))
    }

    @Test func `no more faults are kept than the limit`() {
        let document = render(.fragment) {
            for _ in 0..<(MarkupLimits.faultsMax + 20) { a(.href("data:x")) }
        }
        #expect(document.faults.count == MarkupLimits.faultsMax)
    }

    @Test(arguments: [
        RenderFault.Reason.blockedURL(attribute: "a href"), .unknownAsset("a"),
        .misplacedSlot(name: "bag", inside: "a pre"), .tooManySlots, .elementInText("<b>"),
        .documentTooLong, .nestedTooDeep, .notANumber,
    ])
    func `a fault says what happened and what to change, in one line`(reason: RenderFault.Reason) {
        #expect(reason.description.contains(";"), "the remedy follows a semicolon")
        #expect(!reason.description.contains("\n"))
    }

    @Test func `a fault says where it is`() {
        struct Leaf: Component {
            var view: HTML { a(.href("data:x")) }
        }
        let inside = render { div { Leaf() } }.faults.first
        #expect(inside?.description.contains("Leaf: the URL in `a href`") == true)
        let after = render {
            Leaf()
            a(.href("data:y"))
        }
        #expect(after.faults.last?.description.hasPrefix("the document: ") == true)
        #expect(after.faults.last?.component == nil)
    }
}
