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
        "<img src=x alt=''>", "a < b", "<!-- note --><i>x</i>", "<!-->x", "1 <2", "</p>",
        "<br/>", "<input disabled>", "<textarea>a <b</textarea>", "<svg><path d='M0 0'/></svg>",
        "<svg><svg/></svg></svg><textarea>a</textarea>", "<?xml?>",
        "<math><mi>x</mi></math>", "<textarea>a</TEXTAREA >",
        "<scripture>", "&lt;script&gt;", "<button formaction=x>y</button>",
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
        ("<math></svg><textarea></textarea>", .elementInForeignContent("textarea")),
        (
            "<svg><desc><p></svg></p></desc><textarea></textarea></svg>",
            .elementInForeignContent("textarea")
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
