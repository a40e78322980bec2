// An address of a release as it is shown: complete, and the same for people and for programs.
//
// Pure: an entry in, text out.

import ContentEncoding
import Foundation
import Hashing
import ReleaseFormat
import ReleaseTools
import SiteBuilding
import Testing

@testable import SitegenCommands
@testable import SitegenTool

@Suite("Display of addresses") struct RouteDisplayTests {
    private func entry(
        _ kind: EntryKind = .page, contentType: String = "text/html; charset=utf-8"
    ) -> Entry {
        var source = EntrySource(view: "looks", key: "7")
        source.route = "LookPage"
        let isRedirect = contentType.isEmpty
        let policy = HeaderField(name: "content-security-policy", value: "default-src 'none'")
        return Entry(
            path: "/caf\u{E9}/", kind: kind, contentType: contentType, cachePolicy: .revalidate,
            headers: HeaderBlock([policy].compactMap(\.self)),
            representations: isRedirect
                ? [] : [Representation(coding: .identity, blob: BlobID(of: [1]), length: 1)],
            source: source)
    }

    @Test func `a page is shown with who made it, its headers and its files`() throws {
        let display = RouteDisplay(entry())
        #expect(display.listed == "/caf\u{E9}/  identity 1")
        #expect(
            display.lines.prefix(2) == [
                "/caf\u{E9}/  text/html; charset=utf-8", "made by LookPage of view looks, row 7",
            ])
        #expect(display.headers.contains("content-security-policy: default-src 'none'"))
        #expect(display.headers.contains("cache-control: public, no-cache"))
        #expect(Set(display.headers).isSubset(of: display.lines))
        let object = try JSONSerialization.jsonObject(with: Data(display.json.utf8))
        let page = try #require(object as? [String: Any])
        #expect(page["path"] as? String == "/caf\u{E9}/" && page["kind"] as? String == "page")
        let files = try #require(page["files"] as? [[String: Any]])
        #expect(files.count == 1 && files[0]["bytes"] as? Int == 1)
        #expect(files[0]["etag"] as? String == entry().entityTag(.identity))
        let headers = try #require(page["headers"] as? [[String: String]])
        #expect(headers.map { "\($0["name"] ?? ""): \($0["value"] ?? "")" } == display.headers)
        let listed = try JSONSerialization.jsonObject(with: Data(display.listedJSON.utf8))
        #expect((listed as? [String: Any])?["path"] as? String == "/caf\u{E9}/")
    }

    @Test func `a redirect says where it leads`() {
        let display = RouteDisplay(entry(.redirect(to: "/", status: 308), contentType: ""))
        #expect(display.lines.first == "/caf\u{E9}/  308 to /")
    }

    @Test(arguments: [
        ("/a/", "/a/"), ("https://x.example/a/?q=1#b", "/a/"), ("HTTP://x.example", "/"),
        ("https://x.example?q", "/"), ("/caf%C3%A9/", "/caf\u{E9}/"), ("/a/../b", "/b"),
        ("/100%/", "/100%/"), ("//x.example/a", "//x.example/a"),
    ])
    func `an address from a browser names its path`(address: String, path: String) {
        #expect(PageAddress.path(of: address) == path)
    }
}
