// Attributes: what each element takes and how it comes out, conditions, numbers, many of them.
//
// The tables hold the output in full. That an attribute is refused where it does not belong is
// the compiler's word; GeneratedTests asks it.

import Markup
import Testing

/// What should come out, and the element.
private typealias Row = (expected: String, element: @Sendable () -> HTML)

private let global: [Row] = [
    (
        #"<p id="i" title="t" lang="en" dir="ltr">"#,
        { p(.id("i"), .title("t"), .lang("en"), .dir("ltr")) }
    ),
    (
        #"<p role="r" tabindex="-1" hidden inert>"#,
        { p(.role("r"), .tabindex(-1), .hidden, .inert) }
    ),
    (
        #"<p autofocus accesskey="k" translate="no">"#,
        { p(.autofocus, .accessKey("k"), .translate("no")) }
    ),
    (
        #"<p draggable="true" contenteditable="true">"#,
        { p(.draggable("true"), .contentEditable("true")) }
    ),
    (#"<p spellcheck="false" inputmode="url">"#, { p(.spellcheck("false"), .inputMode("url")) }),
    (
        #"<p enterkeyhint="go" popover="auto" part="x">"#,
        { p(.enterKeyHint("go"), .popover("auto"), .part("x")) }
    ),
    (
        #"<p itemscope itemprop="a" itemtype="b">"#,
        { p(.itemscope, .itemprop("a"), .itemtype("b")) }
    ),
    (#"<p itemid="c" itemref="d">"#, { p(.itemid("c"), .itemref("d")) }),
    (
        #"<p class="a b" data-n="7" aria-busy="true">"#,
        { p(.cls("a b"), .data("n", 7), .aria("busy", true)) }
    ),
    (
        #"<p data-n="v" aria-label="l" is="w" n="-3">"#,
        { p(.data("n", "v"), .aria("label", "l"), .attr("is", "w"), .attr("n", -3)) }
    ),
]

private let linking: [Row] = [
    (
        #"<a href="/" hreflang="de" target="_top" rel="tag">"#,
        { a(.href("/"), .hreflang("de"), .target("_top"), .rel("tag")) }
    ),
    (
        #"<a download="f" referrerpolicy="origin" type="t">"#,
        { a(.download("f"), .referrerPolicy("origin"), .type("t")) }
    ),
    (
        #"<link rel="preload" as="font" crossorigin="anonymous" integrity="sha256-x">"#,
        { link(.rel("preload"), .as("font"), .crossorigin("anonymous"), .integrity("sha256-x")) }
    ),
    (
        #"<link media="print" imagesrcset="/a 2x" imagesizes="1px" fetchpriority="high">"#,
        { link(.media("print"), .imageSrcset("/a 2x"), .imageSizes("1px"), .fetchPriority("high")) }
    ),
    (#"<meta name="n" content="c">"#, { meta(.name("n"), .content("c")) }),
    (
        #"<meta http-equiv="refresh" property="p" charset="utf-8">"#,
        { meta(.httpEquiv("refresh"), .property("p"), .charset("utf-8")) }
    ),
    (#"<base href="/x/" target="_blank">"#, { base(.href("/x/"), .target("_blank")) }),
    (#"<area alt="a" href="/b">"#, { area(.alt("a"), .href("/b")) }),
]

private let media: [Row] = [
    (
        #"<img src="/a" alt="b" srcset="/c 2x" sizes="1px" width="1" height="2">"#,
        { img(.src("/a"), .alt("b"), .srcset("/c 2x"), .sizes("1px"), .width(1), .height(2)) }
    ),
    (
        #"<img loading="lazy" decoding="async" fetchpriority="low" crossorigin="anonymous">"#,
        {
            img(
                .loading("lazy"), .decoding("async"), .fetchPriority("low"),
                .crossorigin("anonymous"))
        }
    ),
    (
        #"<video src="/v" poster="/p" controls autoplay loop muted playsinline preload="none">"#,
        {
            video(
                .src("/v"), .poster("/p"), .controls, .autoplay, .loop, .muted, .playsInline,
                .preload("none"))
        }
    ),
    (#"<audio src="/a" controls loop>"#, { audio(.src("/a"), .controls, .loop) }),
    (
        #"<track src="/t" kind="captions" srclang="en" label="l" default>"#,
        { track(.src("/t"), .kind("captions"), .srclang("en"), .label("l"), .default) }
    ),
    (
        #"<source media="m" type="t" width="3" height="4">"#,
        { source(.media("m"), .type("t"), .width(3), .height(4)) }
    ),
    (
        #"<iframe src="/f" allow="a" sandbox="" allowfullscreen>"#,
        { iframe(.src("/f"), .allow("a"), .sandbox(""), .allowFullScreen) }
    ),
    (
        #"<svg viewBox="0 0 1 1" xmlns="http://www.w3.org/2000/svg" fill="none" stroke="red">"#,
        {
            svg(
                .viewBox("0 0 1 1"), .xmlns("http://www.w3.org/2000/svg"), .fill("none"),
                .stroke("red"))
        }
    ),
    (
        #"<svg stroke-width="2" preserveAspectRatio="none" width="5">"#,
        { svg(.strokeWidth("2"), .preserveAspectRatio("none"), .width(5)) }
    ),
]

private let forms: [Row] = [
    (
        #"<form action="/s" method="post" enctype="e" novalidate autocomplete="off">"#,
        { form(.action("/s"), .method("post"), .enctype("e"), .noValidate, .autocomplete("off")) }
    ),
    (
        #"<input type="t" name="n" value="v" placeholder="p" required readonly disabled checked>"#,
        {
            input(
                .type("t"), .name("n"), .value("v"), .placeholder("p"), .required, .readOnly,
                .disabled, .checked)
        }
    ),
    (
        #"<input min="1" max="9" step="2" value="3">"#,
        { input(.min(1), .max(9), .step(2), .value(3)) }
    ),
    (
        #"<input min="a" max="b" step="any" minlength="1" maxlength="2" size="3" "#
            + #"pattern="x" list="l">"#,
        {
            input(
                .min("a"), .max("b"), .step("any"), .minLength(1), .maxLength(2), .size(3),
                .pattern("x"), .list("l"))
        }
    ),
    (
        #"<input accept="image/*" multiple form="f" popovertarget="t" src="/i">"#,
        { input(.accept("image/*"), .multiple, .form("f"), .popoverTarget("t"), .src("/i")) }
    ),
    (
        #"<button type="submit" formaction="/b" formmethod="get" formnovalidate>"#,
        { button(.type("submit"), .formAction("/b"), .formMethod("get"), .formNoValidate) }
    ),
    (
        #"<select name="n" multiple required size="4">"#,
        { select(.name("n"), .multiple, .required, .size(4)) }
    ),
    (
        #"<option value="v" selected disabled label="l">"#,
        { option(.value("v"), .selected, .disabled, .label("l")) }
    ),
    (
        #"<textarea rows="2" cols="3" wrap="hard" placeholder="p">"#,
        { textarea(.rows(2), .cols(3), .wrap("hard"), .placeholder("p")) }
    ),
    (#"<label for="f">"#, { label(.for("f")) }),
    (
        #"<meter low="1" high="2" optimum="3" value="2" min="0" max="4">"#,
        { meter(.low(1), .high(2), .optimum(3), .value(2), .min(0), .max(4)) }
    ),
    (#"<progress value="1" max="2">"#, { progress(.value(1), .max(2)) }),
    (#"<fieldset disabled name="n" form="f">"#, { fieldset(.disabled, .name("n"), .form("f")) }),
]

private let others: [Row] = [
    (#"<td colspan="2" rowspan="3" headers="h">"#, { td(.colspan(2), .rowspan(3), .headers("h")) }),
    (#"<th scope="row" colspan="2">"#, { th(.scope("row"), .colspan(2)) }),
    (#"<col span="2">"#, { col(.span(2)) }),
    (#"<ol start="3" reversed type="a">"#, { ol(.start(3), .reversed, .type("a")) }),
    (#"<li value="4">"#, { li(.value(4)) }),
    (#"<time datetime="2026-05-03">"#, { time(.datetime("2026-05-03")) }),
    (#"<q cite="https://example.com">"#, { q(.cite("https://example.com")) }),
    (#"<del cite="/c" datetime="d">"#, { del(.cite("/c"), .datetime("d")) }),
    (#"<details open name="n">"#, { details(.open, .name("n")) }),
    (#"<dialog open>"#, { dialog(.open) }),
    (#"<canvas width="1" height="2">"#, { canvas(.width(1), .height(2)) }),
]

@Suite("Attributes") struct AttributeTests {
    @Test func `each element writes its attributes in the order given`() {
        for row in [global, linking, media, forms, others].joined() {
            let made = text { row.element() }
            #expect(made.hasPrefix(row.expected), "\(row.expected)")
            // Nothing but an end tag may follow.
            let rest = made.dropFirst(row.expected.count)
            #expect(rest.isEmpty || rest.hasPrefix("</"))
        }
    }

    @Test func `in XML a flag has an empty value and everything else is the same`() {
        for row in [global, linking, media, forms, others].joined() {
            let made = text(.xml) { row.element() }
            #expect(!made.contains(" hidden>") && !made.contains(" checked>"))
            let plain = made.replacing("=\"\"", with: "").replacing("/>", with: ">")
            #expect(plain.contains(row.expected.replacing("=\"\"", with: "")), "\(made)")
        }
        #expect(text(.xml) { option(.selected, .disabled) }.contains(#" selected="" disabled="""#))
    }

    @Test(arguments: 0..<16)
    func `none leaves nothing behind, wherever it stands`(mask: Int) {
        func has(_ bit: Int) -> Bool { mask >> bit & 1 == 1 }
        let expected =
            (has(0) ? " id=\"a\"" : "") + (has(1) ? " hidden" : "")
            + (has(2) ? " data-x=\"1\"" : "")
            + (has(3) ? " title=\"d\"" : "")
        let made = text {
            p(
                has(0) ? .id("a") : .none, has(1) ? .hidden : .none, has(2) ? .data("x", 1) : .none,
                has(3) ? .title("d") : .none)
        }
        #expect(made == "<p\(expected)></p>")
        let more = text {
            p(
                .cls("1"), .cls("2"), .cls("3"), .cls("4"), has(0) ? .id("a") : .none,
                has(1) ? .hidden : .none, has(2) ? .data("x", 1) : .none,
                has(3) ? .title("d") : .none)
        }
        #expect(more.hasSuffix("class=\"4\"\(expected)></p>"))
        let wide = text {
            img(
                .cls("1"), .cls("2"), .cls("3"), .cls("4"), has(0) ? .id("a") : .none,
                has(1) ? .hidden : .none, has(2) ? .data("x", 1) : .none,
                has(3) ? .title("d") : .none)
        }
        #expect(wide.hasSuffix("class=\"4\"\(expected)>"))
    }

    @Test func `an element takes any number of attributes`() {
        let expected = (0..<11).map { " data-n=\"\($0)\"" }.joined()
        #expect(
            text {
                img(
                    .data("n", 0), .data("n", 1), .data("n", 2), .data("n", 3), .data("n", 4),
                    .data("n", 5), .data("n", 6), .data("n", 7), .data("n", 8), .data("n", 9),
                    .data("n", 10))
            } == "<img\(expected)>")
        #expect(
            text {
                p(
                    .data("n", 0), .data("n", 1), .data("n", 2), .data("n", 3), .data("n", 4),
                    .data("n", 5), .data("n", 6), .data("n", 7), .data("n", 8), .data("n", 9),
                    .data("n", 10))
            } == "<p\(expected)></p>")
    }

    @Test(arguments: [
        0, 7, 10, 99, 100, 640, 9_999, 10_000, 1_234_567, 99_999_999, 100_000_000, Int.max, -1,
        -640, Int.min,
    ])
    func `a number is written in decimal as an attribute and as text`(number: Int) {
        #expect(
            text { td(.colspan(number), .data("n", number), .attr("m", number)) { number } }
                == "<td colspan=\"\(number)\" data-n=\"\(number)\" m=\"\(number)\">\(number)</td>")
    }

    @Test func `one name as data, aria and by itself is three attributes`() {
        let name: StaticString = "label"
        for _ in 0..<3 {
            #expect(
                text { p(.attr(name, "a"), .aria(name, "b"), .data(name, "c")) }
                    == #"<p label="a" aria-label="b" data-label="c"></p>"#)
        }
    }

    @Test func `more names than are remembered at once come out right, time and again`() {
        let names: [StaticString] = [
            "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q",
            "r", "s", "t", "u", "v", "w", "x", "y", "z", "aa", "ab", "ac", "ad", "ae", "af", "ag",
        ]
        let made = text {
            for _ in 0..<3 {
                for name in names {
                    br(.data(name, "1"), .aria(name, "2"), .attr(name, "3"))
                }
            }
        }
        let expected = names.map { "<br data-\($0)=\"1\" aria-\($0)=\"2\" \($0)=\"3\">" }.joined()
        #expect(made == expected + expected + expected)
    }

    @Test(arguments: [
        "href", "src", "action", "formaction", "poster", "cite", "xlink:href", "HREF", "Data",
    ])
    func `an attribute by name that holds a URL is checked each time it is written`(name: String) {
        let known: [String: StaticString] = [
            "href": "href", "src": "src", "action": "action", "formaction": "formaction",
            "poster": "poster", "cite": "cite", "xlink:href": "xlink:href", "HREF": "HREF",
            "Data": "Data",
        ]
        guard let literal = known[name] else { return }
        let document = render(.fragment) {
            element("x", .attr(literal, "/fine"))
            for _ in 0..<2 { element("x", .attr(literal, "javascript:alert(1)")) }
        }
        #expect(document.faults.count == 2)
        #expect(
            document.faults.first?.reason == .blockedURL(attribute: "x \(name)"),
            "\(document.faults)")
        #expect(String(decoding: document.bytes, as: UTF8.self).contains("=\"/fine\""))
    }
}
