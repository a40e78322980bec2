import Testing
import XMLSyntax

@Suite("Well-formed XML") struct XMLSyntaxTests {
    @Test(arguments: [
        "<a/>", "<?xml version=\"1.0\" encoding=\"utf-8\"?><a b=\"c\">é &amp; d</a>",
        "<x:a xmlns:x=\"urn:x\"/>", "<!DOCTYPE a [<!ENTITY e 'f'>]><a>&e;</a>",
    ])
    func `documents have no fault`(text: String) {
        #expect(XMLSyntax.fault(in: Array(text.utf8)) == nil)
    }

    @Test(arguments: [
        ("", "line 1, byte 1: no element found"), ("<a>", "line 1, byte 4: no element found"),
        ("<a>\n <b></a>", "line 2, byte 7: mismatched tag"),
        ("<a>&nbsp;</a>", "line 1, byte 4: undefined entity"),
        ("<x:a/>", "line 1, byte 1: unbound prefix"),
        ("<a/><b/>", "line 1, byte 5: junk after document element"),
        ("[1]", "line 1, byte 1: syntax error"),
        ("<a b='1' b='2'/>", "line 1, byte 10: duplicate attribute"),
    ])
    func `what is not XML is told with its place`(text: String, fault: String) {
        #expect(XMLSyntax.fault(in: Array(text.utf8))?.description == fault)
    }

    @Test func `bytes that are not UTF-8 are no document`() {
        #expect(XMLSyntax.fault(in: [0x3C, 0x61, 0x3E, 0xFF, 0x3C, 0x2F, 0x61, 0x3E]) != nil)
    }

    @Test func `entities that multiply are stopped`() {
        var text = "<!DOCTYPE a [<!ENTITY e0 'xxxxxxxxxxxxxxxxxxxx'>"
        for number in 1...30 {
            text += "<!ENTITY e\(number) '\(String(repeating: "&e\(number - 1);", count: 10))'>"
        }
        text += "]><a>&e30;</a>"
        #expect(XMLSyntax.fault(in: Array(text.utf8)) != nil)
    }
}
