// Escaping: the wide copy against a loop over bytes, and what each context lets through.
//
// Random strings come from a generator with a fixed seed, so that a failure can be repeated.

import Markup
import Testing

/// A small generator of pseudo-random numbers (SplitMix64), the same on every run.
private struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// What escaping should give, said in the plainest way.
private func expected(_ text: String, quotes: Bool, xml: Bool) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": result.append(contentsOf: "&amp;".unicodeScalars)
        case "<": result.append(contentsOf: "&lt;".unicodeScalars)
        case ">": result.append(contentsOf: "&gt;".unicodeScalars)
        case "\"" where quotes: result.append(contentsOf: "&quot;".unicodeScalars)
        case "\t", "\n", "\r": result.append(scalar)
        case "\u{0}"..."\u{1f}": continue
        case "\u{fffe}", "\u{ffff}": if !xml { result.append(scalar) }
        default: result.append(scalar)
        }
    }
    return String(result)
}

private let plain: [Unicode.Scalar] = Array(
    "abcdefghijklmnopqrstuvwxyz ABC 0123456789'/=;".unicodeScalars)
private let odd: [Unicode.Scalar] = [
    "<", ">", "&", "\"", "'", "\u{0}", "\t", "\n", "\r", "\u{1f}", "\u{7f}", "\u{85}", "é", "ß",
    "\u{2028}", "你", "\u{ff01}", "\u{fffd}", "\u{fffe}", "\u{ffff}", "😀", "\u{10ffff}", "=", "#",
]

private func randomText(_ count: Int, oddities: Int, _ random: inout Random) -> String {
    var scalars = String.UnicodeScalarView()
    for _ in 0..<count {
        let isOdd = Int.random(in: 0..<100, using: &random) < oddities
        scalars.append((isOdd ? odd : plain).randomElement(using: &random) ?? "x")
    }
    return String(scalars)
}

@Suite("Escaping") struct EscapingTests {
    @Test(arguments: [DocumentKind.fragment, .xml], [0, 3, 30, 100])
    func `the wide copy gives what a loop over bytes gives`(kind: DocumentKind, oddities: Int) {
        var random = Random(state: UInt64(oddities) + 7)
        let lengths = Array(0...140) + [255, 256, 1000, 4095, 4096, 4097, 4100, 9000, 20_000]
        let xml = kind == .xml
        let declaration = xml ? "<?xml version=\"1.0\" encoding=\"utf-8\"?>" : ""
        for length in lengths {
            for _ in 0..<(length < 200 ? 12 : 2) {
                let value = randomText(length, oddities: oddities, &random)
                let inText = expected(value, quotes: false, xml: xml)
                let inQuotes = expected(value, quotes: true, xml: xml)
                #expect(text(kind) { value } == declaration + inText)
                #expect(
                    text(kind) { p(.title(value), .data("v", value)) { value } }
                        == "\(declaration)<p title=\"\(inQuotes)\" data-v=\"\(inQuotes)\">"
                        + "\(inText)</p>")
            }
        }
    }

    @Test func `every single byte of ASCII is escaped at every place of a block`() {
        for byte in 0..<128 {
            let scalar = String(Unicode.Scalar(UInt8(byte)))
            for before in 0..<34 {
                let value = String(repeating: "x", count: before) + scalar + "yz"
                #expect(text { value } == expected(value, quotes: false, xml: false))
                #expect(
                    text { br(.id(value)) }
                        == "<br id=\"\(expected(value, quotes: true, xml: false))\">")
            }
        }
    }

    @Test(arguments: [
        "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)",
        "\tjavascript:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)",
        "\u{1}javascript:alert(1)", "\u{0}javascript:alert(1)", "javascript\u{0}:alert(1)",
        "data:text/html,<script>alert(1)</script>", "DATA:text/html;base64,PHNjcmlwdD4=",
        "vbscript:msgbox(1)", "blob:https://example.com/1", "file:///etc/passwd",
        "view-source:https://example.com", " https://example.com", "livescript:x",
        "feed:javascript:alert(1)", ":alert(1)", "filesystem:https://example.com/t",
        "ht\u{130}tp:x",
    ])
    func `a URL with a scheme that may run code is blocked and noted`(url: String) {
        let document = render(.fragment) { a(.href(url)) { "x" } }
        #expect(
            String(decoding: document.bytes, as: UTF8.self)
                == "<a href=\"about:blank#blocked\">x</a>")
        #expect(document.faults.map(\.reason) == [.blockedURL(attribute: "a href")])
        for made in [
            render(.fragment) { img(.alt("a < b"), .src(url)) },
            render(.fragment) { form(.action(url)) },
            render(.fragment) { button(.formAction(url)) },
            render(.fragment) { video(.poster(url)) },
            render(.fragment) { blockquote(.cite(url)) },
            render(.fragment) { element("use", .attr("xlink:href", url)) },
            render(.xml) { element("link", .attr("HREF", url)) },
        ] {
            #expect(made.faults.count == 1)
            #expect(
                String(decoding: made.bytes, as: UTF8.self).contains("=\"about:blank#blocked\""))
        }
    }

    @Test(arguments: [
        "", "/", "/a?b=c:d", "a/b:c", "#x:y", "?q=a:b", "//example.com/", "http://example.com",
        "HTTPS://example.com", "mailto:a@example.com", "tel:+49123", "./a:b", "é/ü",
    ])
    func `a relative URL or one of the allowed schemes stays`(url: String) {
        let document = render(.fragment) { a(.href(url)) { "x" } }
        #expect(document.faults.isEmpty)
        #expect(String(decoding: document.bytes, as: UTF8.self) == "<a href=\"\(url)\">x</a>")
    }

    @Test func `a candidate of a srcset is blocked like any URL`() {
        let good = render(.fragment) { img(.srcset("/a.jpg 1x, https://example.com/b.jpg 2x")) }
        #expect(good.faults.isEmpty)
        for list in [
            "/a.jpg 1x,javascript:alert(1) 2x", "data:image/png,x 1x", "/a 1x, \u{1}data:x",
        ] {
            let bad = render(.fragment) { img(.alt("x"), .srcset(list)) }
            #expect(bad.faults.map(\.reason) == [.blockedURL(attribute: "img srcset")])
        }
    }

    @Test func `JSON cannot end its element and keeps its values`() {
        let value: JSONValue = [
            "@type": "Thing", "name": .string("</script><b>&\u{2028}\u{2029}\"\\\n\u{1}é"),
            "list": [1, 2.5, true, nil, []], "none": [:],
        ]
        #expect(
            text { json(value, type: "application/ld+json", id: "d") }
                == #"<script type="application/ld+json" id="d">{"@type":"Thing","name":"#
                + #""\u003c/script\u003e\u003cb\u003e\u0026\u2028\u2029\"\\\n\u0001é","#
                + #""list":[1,2.5,true,null,[]],"none":{}}</script>"#)
        #expect(render { json([.double(.infinity)]) }.faults.map(\.reason) == [.notANumber])
    }

    @Test func `trusted markup is written as it is`() {
        #expect(text { div { raw(TrustedHTML(trusting: "<b>&</b>")) } } == "<div><b>&</b></div>")
    }
}
