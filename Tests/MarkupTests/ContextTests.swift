// One hostile text in every place where a value can stand.
//
// Whatever the place, the text must neither end what it stands in nor start anything.

import Markup
import Testing

private let hostile = "</title></textarea></script><script>\"'`&lt;\u{0}\n--><!--]]>{{x}}é\u{2028}"

private struct Hostile: Component {
    let value: String
    var view: HTML { p(.title(value)) { value } }
}

private func count(_ needle: String, in text: String) -> Int {
    text.ranges(of: needle).count
}

@Suite("Contexts") struct ContextTests {
    @Test(arguments: [DocumentKind.fragment, .html, .xml])
    func `text cannot start a tag`(kind: DocumentKind) {
        let made = text(kind) { element("x") { hostile } }
        #expect(count("<", in: made) == count("<", in: text(kind) { element("x") { "" } }))
        #expect(made.contains("&lt;/title&gt;"))
        #expect(made.contains("&amp;lt;"))
        #expect(!made.contains("\u{0}"))
    }

    @Test(arguments: [DocumentKind.fragment, .xml])
    func `an attribute cannot be ended`(kind: DocumentKind) {
        let all: [String] = [
            text(kind) { br(.id(hostile)) }, text(kind) { br(.cls(hostile)) },
            text(kind) { br(.data("x", hostile)) }, text(kind) { br(.aria("x", hostile)) },
            text(kind) { br(.attr("x", hostile)) },
            text(kind) { br(.cls("a", and: hostile, when: true)) },
            text(kind) { img(.alt(hostile)) }, text(kind) { input(.value(hostile)) },
            text(kind) { link(.href("/" + hostile)) }, text(kind) { img(.srcset("/" + hostile)) },
            text(kind) { meta(.content(hostile)) }, text(kind) { track(.label(hostile)) },
        ]
        for made in all {
            let tag = kind == .xml ? made.drop { $0 != "\n" && $0 != ">" }.dropFirst() : made[...]
            #expect(count("\"", in: String(tag)) == 2, "\(tag)")
            #expect(count("<", in: String(tag)) == 1)
            #expect(count(">", in: String(tag)) == 1)
        }
    }

    @Test func `elements that hold text only cannot be left`() {
        #expect(count("</title>", in: text { title { hostile } }) == 1)
        #expect(count("</textarea>", in: text { textarea { hostile } }) == 1)
        #expect(count("</option>", in: text { option { "</option>" } }) == 1)
    }

    @Test func `JSON cannot leave its script, in names, values and id`() {
        let made = text {
            json(.object([.init(hostile, .string(hostile))]), id: hostile)
        }
        #expect(count("</", in: made) == 1)
        #expect(count("<!--", in: made) == 0)
        // In the attribute the separator may stand; in the data it is an escape.
        #expect(count("\u{2028}", in: made) == 1 && count("\\u2028", in: made) == 2)
    }

    @Test(arguments: [
        ("", "\"\""), ("a", "\"a\""), ("\"", "\"\\\"\""), ("\\", "\"\\\\\""), ("\n", "\"\\n\""),
        ("\t", "\"\\u0009\""), ("\r", "\"\\u000d\""), ("\u{0}", "\"\\u0000\""),
        ("\u{7f}", "\"\\u007f\""), ("\u{9f}", "\"\\u009f\""), ("\u{a0}", "\"\u{a0}\""),
        ("é", "\"é\""), ("😀", "\"😀\""), ("<", "\"\\u003c\""), (">", "\"\\u003e\""),
        ("&", "\"\\u0026\""), ("'", "\"'\""), ("/", "\"/\""), ("\u{2029}", "\"\\u2029\""),
    ])
    func `a text in JSON is escaped as JSON has it`(value: String, written: String) {
        #expect(
            text { json(.string(value)) }
                == "<script type=\"application/json\">\(written)</script>")
    }

    @Test(arguments: [
        (JSONValue.int(.min), "-9223372036854775808"), (.int(0), "0"), (.double(0.1), "0.1"),
        (.double(1e300), "1e+300"), (.double(-0.0), "-0.0"), (.bool(false), "false"),
        (.null, "null"), (.array([]), "[]"), (.object([]), "{}"),
        ([1, [2, ["a": 3] as JSONValue] as JSONValue] as JSONValue, "[1,[2,{\"a\":3}]]"),
        (["b": 1, "a": 2, "b": 3] as JSONValue, "{\"b\":1,\"a\":2,\"b\":3}"),
    ])
    func `a value of JSON is written in full, members in their order`(
        value: JSONValue, written: String
    ) {
        #expect(text { json(value) } == "<script type=\"application/json\">\(written)</script>")
    }

    @Test func `JSON nested too deep is cut with a fault, and no number is null`() {
        var deep = JSONValue.null
        for _ in 0..<600 { deep = .array([deep]) }
        let document = render(.fragment) { json(deep) }
        #expect(document.faults.map(\.reason) == [.nestedTooDeep])
        for number in [Double.nan, .infinity, -.infinity] {
            #expect(text { json(.double(number)) }.contains(">null<"))
        }
    }

    @Test func `a component's values are escaped like any`() {
        #expect(
            text { Hostile(value: "<\"&>") }
                == "<p title=\"&lt;&quot;&amp;&gt;\">&lt;\"&amp;&gt;</p>")
    }

    @Test(arguments: [
        "a b/c?d=e&f=\"g\"", "/a\nb", "/a\u{0}b", "/<script>", "https://x/\"onclick=\"y",
    ])
    func `an allowed URL is still escaped`(url: String) {
        let made = text { a(.href(url)) }
        #expect(count("\"", in: made) == 2)
        #expect(count("<", in: made) == 2)
        #expect(!made.contains("\u{0}"))
    }

    @Test func `XML drops characters that it forbids in every place`() {
        let odd = "a\u{b}b\u{fffe}c\u{ffff}d\u{fffd}e"
        #expect(
            text(.xml) { element("x", .attr("y", odd), .data("z", odd)) { odd } }
                .hasSuffix("<x y=\"abcd\u{fffd}e\" data-z=\"abcd\u{fffd}e\">abcd\u{fffd}e</x>"))
    }
}
