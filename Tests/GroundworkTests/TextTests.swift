// Texts of bytes and moments, the tags of HTML, pauses and interrupted calls.

import Glibc
import Groundwork
import Testing

@Suite("Texts") struct TextTests {
    @Test(arguments: [
        (-1, "Wed, 31 Dec 1969 23:59:59 GMT"), (-86_400, "Wed, 31 Dec 1969 00:00:00 GMT"),
        (-86_401, "Tue, 30 Dec 1969 23:59:59 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"),
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (-2_208_988_800, "Mon, 01 Jan 1900 00:00:00 GMT"),
        (-62_135_596_800, "Mon, 01 Jan 0001 00:00:00 GMT"),
        (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
        (253_402_300_800, "Fri, 31 Dec 9999 23:59:59 GMT"),
        (Int.max, "Fri, 31 Dec 9999 23:59:59 GMT"), (Int.min, "Sat, 01 Jan 0000 00:00:00 GMT"),
    ])
    func `a clock may show any time`(seconds: Int, date: String) {
        #expect(DateText.date(secondsSince1970: seconds) == date)
        #expect(DateText.timestamp(secondsSince1970: seconds).utf8.count == 20)
        #expect(DateText.logTime(secondsSince1970: seconds).utf8.count == 26)
    }

    @Test func `moments sort as text and tell the day`() {
        #expect(DateText.timestamp(secondsSince1970: 784_111_777) == "1994-11-06T08:49:37Z")
        #expect(DateText.logTime(secondsSince1970: 784_111_777) == "06/Nov/1994:08:49:37 +0000")
    }

    @Test func `hexadecimal text comes back, in either case`() {
        let bytes = (0...255).map { UInt8($0) }
        #expect(Base16.bytes(of: Base16.text(of: bytes)) == bytes)
        #expect(Base16.bytes(of: Base16.text(of: bytes).uppercased()) == bytes)
        for text in ["0", "0g", "é0", "-1", "123"] { #expect(Base16.bytes(of: text) == nil) }
    }

    @Test func `percent coding comes back, and is refused or kept where it is none`() {
        let bytes = (0...255).map { UInt8($0) }
        let text = PercentCoding.encoded(bytes, keeping: PercentCoding.isPathByte)
        #expect(text.allSatisfy { $0 > 0x20 && $0 < 0x7F })
        #expect(PercentCoding.decoded(text.span, text.indices) == bytes)
        #expect(String(decoding: text.prefix(6), as: UTF8.self) == "%00%01")
        for broken in ["%", "%4", "%4g", "a%%41"] {
            let text = Array(broken.utf8)
            #expect(PercentCoding.decoded(text.span, text.indices) == nil)
            let kept = PercentCoding.decoded(text.span, text.indices, isLenient: true)
            #expect(kept == Array(broken.replacing("%41", with: "A").utf8))
        }
    }
}

@Suite("System calls") struct SystemCallTests {
    @Test func `an interrupted call is made again`() {
        var calls = 0
        let (result, code) = SystemCall.uninterrupted {
            calls += 1
            errno = calls < 3 ? EINTR : EIO
            return -1
        }
        #expect((result, code, calls) == (-1, EIO, 3))
        #expect(SystemCall.text(of: ENOENT) == "No such file or directory")
    }

    @Test func `parts make a whole, up to where nothing more comes`() {
        #expect(SystemCall.whole(10) { min(4, 10 - $0) } == (10, 0))
        #expect(SystemCall.whole(10) { $0 < 8 ? 4 : 0 } == (8, 0))
        let failing = SystemCall.whole(10) { done in
            errno = ENOSPC
            return done < 4 ? 4 : -1
        }
        #expect(failing == (4, ENOSPC))
    }

    @Test func `pauses double, and begin again`() {
        var pauses = Pauses(from: .milliseconds(20), to: .milliseconds(100))
        let taken = (0..<4).map { _ in pauses.take() }
        #expect(taken == [20, 40, 80, 100].map { .milliseconds($0) })
        pauses.reset()
        let shortened = pauses.take(random: 1)
        #expect(shortened == .milliseconds(15))
    }
}

@Suite("The tags of HTML") struct HTMLScanTests {
    private func told(_ html: String) -> [String] {
        var scan = HTMLScan(Array(html.utf8))
        var told: [String] = []
        while let item = scan.next() {
            switch item {
            case .declaration: told.append("!")
            case .comment(let isWhole): told.append(isWhole ? "comment" : "open comment")
            case .tag(let tag):
                let attributes = tag.attributes.map {
                    " \($0.name)=\(String(decoding: $0.value, as: UTF8.self))"
                }
                told.append(
                    (tag.isEnd ? "/" : "") + tag.name + attributes.joined()
                        + (tag.isSelfClosing ? " /" : "") + (tag.isWhole ? "" : " …"))
                if tag.name == "script", !tag.isEnd {
                    told.append(
                        scan.text(of: "script").map { String(decoding: $0, as: UTF8.self) } ?? "-")
                }
            }
        }
        return told
    }

    @Test(arguments: [
        ("a < b", []), ("<P A=1 b = 'x>y' c=\"\">", ["p a=1 b=x>y c="]),
        ("<br/><a href=x/>", ["br /", "a href=x/"]), ("<a =b==c>", ["a =b==c"]),
        ("<!DOCTYPE html><i>", ["!", "i"]), ("<!-- <b> --><i>", ["comment", "i"]),
        ("<!--><i>", ["comment", "i"]), ("<!---><i>", ["comment", "i"]),
        ("<!--!><i>", ["open comment"]), ("<!----!><i>", ["comment", "i"]),
        ("<!-- a --", ["open comment"]), ("<?x ?><i>", ["comment", "i"]),
        ("</ x><i>", ["comment", "i"]), ("<", [" …"].map { String($0) }), ("x</", ["/ …"]),
        ("<p a='x", ["p a=x …"]), ("<p a='x'", ["p a=x …"]), ("</p >", ["/p"]),
        ("<script><b></scripts></SCRIPT >", ["script", "<b></scripts>", "/script"]),
        ("<script><b>", ["script", "-"]),
    ])
    func `tags and comments are found as browsers do`(html: String, told: [String]) {
        #expect(self.told(html) == told)
    }

    @Test(arguments: [
        ("a\nb", ["a", "b"]), ("a\r\nb\r\n", ["a", "b", ""]), ("a\rb\n\nc", ["a", "b", "", "c"]),
        ("", [""]), ("a\u{2028}b\u{85}c\u{0C}d", ["a\u{2028}b\u{85}c\u{0C}d"]),
    ])
    func `a line ends as in a compiler, on whatever system it was written`(
        text: String, lines: [String]
    ) {
        #expect(text.sourceLines.map { String($0) } == lines)
    }
}
