// Paths are text, URLs are encoded, and every way of writing an address goes by the one conversion.

import Markup
import Testing

@Suite("Paths and URLs") struct PagePathTests {
    static let paths: [(text: String, url: String)] = [
        ("/looks/a/", "/looks/a/"), ("/looks/a?b/", "/looks/a%3Fb/"),
        ("/looks/a#b/", "/looks/a%23b/"), ("/looks/a%2Fb/", "/looks/a%252Fb/"),
        ("/looks/ü x/", "/looks/%C3%BC%20x/"), ("/looks/100%/", "/looks/100%25/"),
        ("/a\"b<c>d/", "/a%22b%3Cc%3Ed/"), ("/日本/", "/%E6%97%A5%E6%9C%AC/"),
        ("/a&b=c;d,e:f@g/", "/a&b=c;d,e:f@g/"), ("/a{b}|c^d`e/", "/a%7Bb%7D%7Cc%5Ed%60e/"),
        ("/~a-b.c_d!$'()*+/", "/~a-b.c_d!$'()*+/"), ("/a[0]/", "/a%5B0%5D/"),
    ]

    @Test(arguments: paths)
    func `each way of writing a path gives the same address`(text: String, url: String) {
        let path = PagePath(text)
        #expect(path.url.text == url && "\(path.url)" == url && path.text == text)
        let shop = PathShop()
        let escaped = url.replacing("&", with: "&amp;")
        let document = render(.fragment, in: shop) {
            a(.href(path)) { path }
            link(.href(path.url))
            link(.href(absoluteURL(path)))
            link(.href(absoluteURL(text)))
            link(.href(absoluteURL(path.url)))
            img(.src(path), .alt(""))
            form(.action(path)) {}
            button(.formAction(path)) {}
            blockquote(.cite(path)) {}
            video(.poster(path)) {}
            link(.attr("data-x", path))
        }
        let whole = "https://shop.example\(escaped)"
        #expect(
            String(decoding: document.bytes, as: UTF8.self)
                == "<a href=\"\(escaped)\">\(escaped)</a><link href=\"\(escaped)\">"
                + "<link href=\"\(whole)\"><link href=\"\(whole)\"><link href=\"\(whole)\">"
                + "<img src=\"\(escaped)\" alt=\"\"><form action=\"\(escaped)\"></form>"
                + "<button formaction=\"\(escaped)\"></button>"
                + "<blockquote cite=\"\(escaped)\"></blockquote>"
                + "<video poster=\"\(escaped)\"></video><link data-x=\"\(escaped)\">")
        #expect(document.faults.isEmpty)
    }

    @Test func `what is put into a path is text, and so is all of it`() {
        let slug = "50% wool?"
        let path: PagePath = "/looks/\(slug)/"
        #expect(path == PagePath("/looks/50% wool?/"))
        #expect(path.url.text == "/looks/50%25%20wool%3F/")
    }

    @Test func `the spellings of one text in Unicode are one path`() {
        for (one, other) in [
            ("/caf\u{E9}/", "/cafe\u{301}/"), ("/\u{AC00}/", "/\u{1100}\u{1161}/"),
            ("/\u{C5}/", "/\u{212B}/"), ("/\u{1E69}/", "/s\u{307}\u{323}/"),
        ] {
            #expect(Array(PagePath(one).text.utf8) == Array(PagePath(other).text.utf8))
            #expect(PagePath(one).url == PagePath(other).url)
            #expect(PageURL.segment(one) == PageURL.segment(other))
        }
        #expect(PagePath("/caf\u{E9}/").url.text == "/caf%C3%A9/")
    }

    @Test(arguments: [
        ("a/b", "a%2Fb"), ("a?b#c", "a%3Fb%23c"), ("100%", "100%25"), ("ü x", "%C3%BC%20x"),
        ("a&b=c+d", "a%26b%3Dc%2Bd"), ("a-b.c_d~e", "a-b.c_d~e"), ("", ""),
    ])
    func `a segment has nothing in it that means something`(text: String, segment: String) {
        #expect(PageURL.segment(text) == segment)
    }

    @Test func `a place in a page stands behind its address`() {
        #expect(PagePath("/a b/").url.place("c d#1").text == "/a%20b/#c%20d%231")
    }

    @Test func `an asset's address is encoded, also when it is unknown`() {
        let document = render(.fragment, in: PathShop()) {
            img(.src(asset("my photo.png")), .alt(""))
            link(.href(absoluteURL(asset("my photo.png"))))
            img(.src(asset("no such.png")), .alt(""))
        }
        #expect(
            String(decoding: document.bytes, as: UTF8.self)
                == "<img src=\"/assets/my%20photo-1.png\" alt=\"\">"
                + "<link href=\"https://shop.example/assets/my%20photo-1.png\">"
                + "<img src=\"no%20such.png\" alt=\"\">")
        #expect(document.faults.map(\.reason) == [.unknownAsset("no such.png")])
    }

    @Test func `a URL of another site is written as it is given`() {
        let document = render(.fragment) { a(.href("https://other.example/a%20b?c#d")) { "x" } }
        #expect(
            String(decoding: document.bytes, as: UTF8.self)
                == "<a href=\"https://other.example/a%20b?c#d\">x</a>")
    }
}

private final class PathShop: RenderEnvironment {
    let origin = "https://shop.example"
    func assetPath(_ path: String) -> String? {
        path == "my photo.png" ? "/assets/my photo-1.png" : nil
    }
}
