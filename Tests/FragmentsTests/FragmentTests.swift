// Keys are injective and fragments stay in their slots.

import Fragments
import Testing

@Suite("Fragment keys") struct FragmentKeyTests {
    @Test func `keys have the documented forms`() throws {
        #expect(try FragmentKey(shared: "trending").bytes == Array("f:trending".utf8))
        #expect(try FragmentKey(shared: "look", key: "a b/ü").bytes == Array("f:look:a b/ü".utf8))
        #expect(
            try FragmentKey(perVisitor: "bag", cookieValue: Array("ab.C_-9".utf8))?.bytes
                == Array("f:bag:7:ab.C_-9".utf8))
    }

    @Test(arguments: [
        "", "a b", "a;b", "a:b", "\"a\"", "ä", "a\r\nDEL", String(repeating: "a", count: 129),
    ])
    func `any other cookie is the anonymous visitor`(value: String) throws {
        #expect(try FragmentKey(perVisitor: "bag", cookieValue: Array(value.utf8)) == nil)
        #expect(try FragmentKey(perVisitor: "bag", cookieValue: [UInt8]?.none) == nil)
    }

    @Test(arguments: ["", "A", "a:b", "a b", "ä", String(repeating: "a", count: 65)])
    func `other names are refused`(name: String) {
        #expect(throws: FragmentError.badName) { try FragmentKey(shared: name) }
        #expect(throws: FragmentError.badName) {
            try FragmentKey(perVisitor: name, cookieValue: [0x61])
        }
    }

    @Test(arguments: ["3:abc", "0:", "12345:x", "a\nb", String(repeating: "k", count: 201)])
    func `a shared key cannot look like a visitor's`(key: String) {
        #expect(throws: FragmentError.badKey(name: "look")) {
            try FragmentKey(shared: "look", key: key)
        }
    }

    @Test func `keys that only begin with digits, or have colons, are fine`() throws {
        for key in ["2024", "a:3:b", ":", "-3:b"] {
            #expect(try FragmentKey(shared: "look", key: key).bytes.count == 7 + key.utf8.count)
        }
    }
}

@Suite("Fragment check") struct FragmentCheckTests {
    @Test(arguments: [
        "", "plain text", "<b>bold</b>", "<p class='a > b'>x</p>", "<a href=\"/x?a<b\">y</a>",
        "<img src=x alt=''>", "a < b", "<!-- note --><i>x</i>", "<!-->x", "1 <2", "<p>a<p>b</p>",
        "<br/>", "<input disabled>", "<textarea>a <b</textarea>", "<svg><path d='M0 0'/></svg>",
        "<svg><svg/></svg><textarea>a</textarea>", "<?xml?>",
        "<math><mi>x</mi></math>", "<textarea>a</TEXTAREA >",
        "<scripture></scripture>", "&lt;script&gt;", "<button formaction=x>y</button>",
        "<ul><li>a<li>b<ul><li>c</ul></ul>", "<dl><dt>a<dd>b<dt>c<dd><p>d</dl>",
        "<table><tr><td>a<td>b<tr><td>c</table>", "<li>a</li><li>b</li>",
        "<table><caption>a</caption><colgroup><col><col></colgroup><thead><tr><th>b<tbody><tr>"
            + "<td><p>c</table>",
        "<select><option>a<option selected>b<optgroup label=c><option>d</select>",
        "<ruby>a<rp>(<rt>b<rp>)</ruby>", "<marquee>a</marquee>", "<h2>a</h2><h3>b</h3>",
        "<datalist id=a><option value=b><option value=c></datalist>",
        "<svg><desc><p>a</p></desc><foreignObject><div><b>c</b></div></foreignObject></svg>",
        "<math><semantics><mi>x</mi><annotation-xml encoding='text/html'><p>a</p></annotation-xml>"
            + "</semantics></math>",
        "<math><annotation-xml><svg><path/></svg></annotation-xml></math>",
        "<a href=x><b>y</b></a><a href=z>z</a>",
        "<button><span>a</span></button><button>b</button>",
        "<details open><summary>a</summary><p>b</details>", "<figure><img src=x></figure>",
        "<svg viewBox=0><g><use href=#x /></g></svg>", "<form><p><input><button>x</button></form>",
    ])
    func `a fragment that stays in its slot is fine`(html: String) {
        #expect(FragmentCheck.fault(in: Array(html.utf8)) == nil)
    }

    @Test(arguments: [
        ("<script>x</script>", FragmentFault.forbiddenElement("script")),
        ("<SCRIPT src=x>", .forbiddenElement("script")), ("<style>", .forbiddenElement("style")),
        ("a<script/x>", .forbiddenElement("script")), ("</script>", .forbiddenElement("script")),
        ("<base href=//x>", .forbiddenElement("base")),
        ("<meta http-equiv=refresh>", .forbiddenElement("meta")),
        ("<iframe>", .forbiddenElement("iframe")), ("<plaintext>", .forbiddenElement("plaintext")),
        ("<p onclick=x>", .eventHandler("onclick")), ("<p a ONLOAD='x'>", .eventHandler("onload")),
        ("<svg/onload=x>", .eventHandler("onload")), ("<a one=1>", .eventHandler("one")),
        ("<p a=''onfocus=x>", .eventHandler("onfocus")),
        ("<!-- open", .unclosedComment), ("<!-- a --", .unclosedComment),
        ("<!doctype", .declaration), ("<!x>", .declaration), ("<!>", .declaration),
        ("<!", .declaration), ("<!-x-->", .declaration),
        ("<svg><![CDATA[></svg>", .declaration),
        (
            "<svg><![CDATA[><a title=\"]]><script>x()</script><a x=\"></a></svg>", .declaration
        ),
        ("<textarea>\u{1C}/textarea>", .unclosedElement("textarea")),
        ("<textarea><\u{0F}textarea>", .unclosedElement("textarea")),
        (
            "<svg><textarea><script>x()</script></textarea></svg>",
            .elementInForeignContent("textarea")
        ),
        (
            "<svg><textarea><a title=\"</textarea></svg>",
            .elementInForeignContent("textarea")
        ),
        ("<math></svg><textarea></textarea>", .strayEndTag("svg")),
        (
            "<svg><desc><p></svg></p></desc><textarea></textarea></svg>",
            .wrongNesting(outer: "svg", inner: "p")
        ),
        ("<?xml", .unclosedComment), ("</ x", .unclosedComment),
        ("<p", .unclosedTag), ("<p a='x>y", .unclosedTag), ("<p a=", .unclosedTag),
        ("<p a", .unclosedTag), ("x<", .unclosedTag), ("x</", .unclosedTag),
        ("<textarea>x", .unclosedElement("textarea")),
        ("<textarea>x</textareax>", .unclosedElement("textarea")),
        ("a\0b", .notText),
    ])
    func `a fragment that could leave it is not`(html: String, fault: FragmentFault) {
        #expect(FragmentCheck.fault(in: Array(html.utf8)) == fault)
    }

    @Test(arguments: [
        // Still open behind the fragment: the page goes on inside of it.
        ("<select><option>x", FragmentFault.unclosedElement("option")),
        ("<select>x", .unclosedElement("select")), ("<marquee>x", .unclosedElement("marquee")),
        ("<applet>x", .unclosedElement("applet")), ("<svg><desc>x", .unclosedElement("desc")),
        ("<math><mi>x", .unclosedElement("mi")), ("<svg><g>x", .unclosedElement("g")),
        ("<svg><foreignObject>", .unclosedElement("foreignobject")),
        ("<table><tr><td>x", .unclosedElement("td")), ("<b><i>x</i>", .unclosedElement("b")),
        ("<a href=//x>y", .unclosedElement("a")), ("<font color=red>x", .unclosedElement("font")),
        ("<button>x", .unclosedElement("button")), ("<p>x", .unclosedElement("p")),
        ("<div/>", .unclosedElement("div")), ("<form>", .unclosedElement("form")),
        ("<svg a=/>x", .unclosedElement("svg")), ("<video controls>", .unclosedElement("video")),
        ("<h1>x", .unclosedElement("h1")), ("<nobr>x", .unclosedElement("nobr")),
        // Ends of what the page has open.
        ("</div>", .strayEndTag("div")), ("</p>", .strayEndTag("p")), ("</br>", .strayEndTag("br")),
        ("</b>x", .strayEndTag("b")), ("<i>x</i></i>", .strayEndTag("i")),
        ("<h1>x</h2>", .strayEndTag("h2")), ("</section></main>", .strayEndTag("section")),
        ("<ul><li>x</ul></li>", .strayEndTag("li")), ("<br></br>", .strayEndTag("br")),
        // What a parser repairs, with effect on what follows.
        ("<b><i>x</b></i>", .wrongNesting(outer: "b", inner: "i")),
        ("<p><b>x</p></b>", .wrongNesting(outer: "p", inner: "b")),
        ("<span><p>x</span>", .wrongNesting(outer: "span", inner: "p")),
        ("<div><svg></div>", .wrongNesting(outer: "div", inner: "svg")),
        ("<svg></svg><svg><desc></svg>", .wrongNesting(outer: "svg", inner: "desc")),
        ("<b><p>x</b></p>", .wrongNesting(outer: "b", inner: "p")),
        ("<a>x<a>y</a></a>", .misplacedElement("a", in: "a")),
        ("<a><svg><desc><a>y</a></desc></svg></a>", .misplacedElement("a", in: "a")),
        ("<button><p><button>x", .misplacedElement("button", in: "button")),
        ("<p><b><div>x</div></b></p>", .misplacedElement("div", in: "p")),
        ("<p><span><ul></ul></span></p>", .misplacedElement("ul", in: "p")),
        ("<ul><li><b><li>x</b></ul>", .misplacedElement("li", in: "li")),
        ("<ul><li><div><li>x</div></ul>", .misplacedElement("li", in: "li")),
        ("<ul><li><dialog><li>x</li></dialog></li></ul>", .misplacedElement("li", in: "li")),
        ("<dl><dd><dialog><dt>x</dt></dialog></dl>", .misplacedElement("dt", in: "dt")),
        ("<ul><li><search><li>x</li></search></ul>", .misplacedElement("li", in: "li")),
        ("<h1><h2>x</h2></h1>", .misplacedElement("h2", in: "h1")),
        ("<form><div><form>x", .misplacedElement("form", in: "form")),
        ("<nobr>x<nobr>y", .misplacedElement("nobr", in: "nobr")),
        ("<table><b>x</b></table>", .misplacedElement("b", in: "table")),
        ("<table><tr><div>x", .misplacedElement("div", in: "tr")),
        ("<table><td>x</table>", .misplacedElement("td", in: "table")),
        ("<td>x</td>", .misplacedElement("td", in: "")), ("<tr>", .misplacedElement("tr", in: "")),
        ("<div><tbody>", .misplacedElement("tbody", in: "div")),
        ("<select><div>x</div></select>", .misplacedElement("div", in: "select")),
        ("<select><option><input>", .misplacedElement("input", in: "option")),
        ("<optgroup><optgroup>x</optgroup>", .misplacedElement("optgroup", in: "")),
        ("<svg><p>x</p></svg>", .elementInForeignContent("p")),
        ("<svg><g><b>x</b></g></svg>", .elementInForeignContent("b")),
        ("<math><mrow><span>x</span></mrow></math>", .elementInForeignContent("span")),
        ("<svg><font size=1>x</font></svg>", .elementInForeignContent("font")),
        ("<math><svg><desc><p>x</p></desc></svg></math>", .elementInForeignContent("p")),
        ("<math><mi><malignmark><p>x", .elementInForeignContent("p")),
        (
            "<math><annotation-xml encoding=image/svg+xml><p>x", .elementInForeignContent("p")
        ),
        (
            "<math><annotation-xml encoding='text/htm&#108;'><div>",
            .elementInForeignContent("annotation-xml")
        ),
        (String(repeating: "<div>", count: 129), .tooDeep),
    ])
    func `a fragment leaves nothing open and ends nothing of the page`(
        html: String, fault: FragmentFault
    ) {
        #expect(FragmentCheck.fault(in: Array(html.utf8)) == fault)
        #expect(!fault.description.isEmpty)
    }

    @Test func `size and encoding are checked`() {
        let largest = [UInt8](repeating: 0x61, count: FragmentLimits.bytesMax)
        #expect(FragmentCheck.fault(in: largest) == nil)
        #expect(FragmentCheck.fault(in: largest + [0x61]) == .tooLarge(bytes: largest.count + 1))
        #expect(FragmentCheck.fault(in: [0xFF]) == .notText)
    }

    @Test func `no bytes make the scan run past the end`() {
        var random = SystemRandomNumberGenerator()
        let letters = Array("<>!-/ab='\"? onscript".utf8)
        for _ in 0..<20_000 {
            let html = (0..<Int.random(in: 0...24, using: &random)).map { _ in
                letters[Int.random(in: 0..<letters.count, using: &random)]
            }
            _ = FragmentCheck.fault(in: html)
        }
    }
}
