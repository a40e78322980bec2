// The page's buffer: what is written near its end, in pieces, and while it moves.
//
// A start tag relies on room behind the cursor, so these tests bring the cursor to every place
// near the end of the first buffer and write there what is as long as can be.

import Markup
import Testing

private let longest: StaticString = """
    nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn\
    nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
    """

@Suite("The page's buffer") struct WriterTests {
    /// The first buffer has 48 KiB; the tests go round that place in small steps.
    static let capacity = 48 << 10

    private func filler(_ count: Int) -> String { String(repeating: "x", count: count) }

    @Test func `the longest short tags fit wherever the buffer ends`() {
        let quotes = String(repeating: "\"", count: 15)
        let escaped = String(repeating: "&quot;", count: 15)
        let attribute = " data-\(longest)=\"\(escaped)\""
        let tag = "<blockquote\(attribute)\(attribute)\(attribute)\(attribute)></blockquote>"
        for before in stride(from: Self.capacity - 1100, to: Self.capacity + 20, by: 13) {
            let made = text {
                raw(TrustedHTML(trusting: filler(before)))
                blockquote(
                    .data(longest, quotes), .data(longest, quotes), .data(longest, quotes),
                    .data(longest, quotes))
            }
            #expect(made == filler(before) + tag)
        }
    }

    @Test func `a long value or text moves the page and keeps it whole`() {
        for count in [15, 16, 17, 31, 32, 33, 47, 48, 4095, 4096, 4097, 9000] {
            let value = String(repeating: "<\"&é", count: count / 5) + filler(count % 5)
            let inQuotes = value.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
                .replacing("\"", with: "&quot;")
            let inText = inQuotes.replacing("&quot;", with: "\"")
            for before in [0, Self.capacity - 5000, Self.capacity - 100, Self.capacity - 1] {
                let made = text {
                    raw(TrustedHTML(trusting: filler(before)))
                    p(.title(value), .data("v", value), .id("i")) { value }
                }
                #expect(
                    made == filler(before)
                        + "<p title=\"\(inQuotes)\" data-v=\"\(inQuotes)\" id=\"i\">\(inText)</p>")
            }
        }
    }

    @Test func `a blocked URL is noted and replaced while the page moves`() {
        let url = "javascript:" + String(repeating: "x", count: 4000)
        for before in stride(from: Self.capacity - 26_000, to: Self.capacity, by: 1_000) {
            let document = render(.fragment) {
                raw(TrustedHTML(trusting: filler(before)))
                a(.id("i"), .href(url), .cls("c")) { "x" }
            }
            #expect(document.faults.map(\.reason) == [.blockedURL(attribute: "a href")])
            #expect(
                String(decoding: document.bytes, as: UTF8.self) == filler(before)
                    + "<a id=\"i\" href=\"about:blank#blocked\" class=\"c\">x</a>")
        }
    }

    @Test func `a URL longer than a piece is checked as a whole`() {
        let long = String(repeating: "a", count: 5000)
        #expect(text { a(.href("/" + long)) } == "<a href=\"/\(long)\"></a>")
        #expect(render { a(.href("data:" + long)) }.faults.count == 1)
        #expect(render { img(.srcset("/a 1x, " + long + " 2x, data:x 3x")) }.faults.count == 1)
        #expect(render(.xml) { a(.href("data:" + long)) }.faults.count == 1)
    }

    @Test func `many nested end tags fit at the end of the buffer`() {
        func nested(_ depth: Int) -> HTML {
            blockquote { if depth > 0 { nested(depth - 1) } }
        }
        for before in stride(from: Self.capacity - 5_000, to: Self.capacity - 200, by: 97) {
            let made = text {
                raw(TrustedHTML(trusting: filler(before)))
                nested(199)
            }
            #expect(
                made == filler(before) + String(repeating: "<blockquote>", count: 200)
                    + String(repeating: "</blockquote>", count: 200))
        }
    }

    @Test func `a page of a megabyte is whole`() {
        let rows = 20_000
        let made = text { for row in 0..<rows { li(.value(row)) { "row \(row) & more" } } }
        let expected = (0..<rows).map { "<li value=\"\($0)\">row \($0) &amp; more</li>" }.joined()
        #expect(made == expected)
    }
}
