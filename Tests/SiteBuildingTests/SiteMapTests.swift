// Site maps: sorted, escaped, and split where the protocol asks for it.
//
// Pure: addresses in, bytes out; the files are read as text, not parsed.

import SiteAuthoring
import Testing

@testable import SiteBuilding

@Suite("Site map") struct SiteMapTests {
    private let origin = Origin(literal: "https://example.com")

    private func text(_ file: (path: String, bytes: [UInt8])) -> String {
        String(decoding: file.bytes, as: UTF8.self)
    }

    @Test func `addresses are sorted, absolute, percent-encoded and escaped`() {
        let files = SiteMap(origin: origin).files([
            SiteMapAddress(path: "/ü/", modified: nil),
            SiteMapAddress(path: "/a&b/", modified: nil),
        ])
        #expect(files.map(\.path) == ["/sitemap.xml"])
        let text = text(files[0])
        #expect(text.contains("<loc>https://example.com/a&amp;b/</loc>"))
        #expect(text.contains("<loc>https://example.com/%C3%BC/</loc>"))
        let first = text.firstRange(of: "/a&amp;b/")?.lowerBound
        let second = text.firstRange(of: "/%C3%BC/")?.lowerBound
        #expect(first.flatMap { a in second.map { a < $0 } } == true)
    }

    @Test(arguments: [(2, 1), (3, 3), (4, 3), (5, 4)])
    func `more addresses than a file may hold make an index`(addresses: Int, files: Int) {
        let map = SiteMap(origin: origin, addressesPerFile: 2)
        let made = map.files(
            (0..<addresses).map { SiteMapAddress(path: "/\($0)/", modified: nil) })
        #expect(made.count == files)
        let locations = made.dropFirst(files == 1 ? 0 : 1).reduce(0) { count, file in
            count + text(file).split(separator: "<loc>").count - 1
        }
        #expect(locations == addresses)
        if files > 1 {
            #expect(text(made[0]).contains("<sitemapindex"))
            #expect(text(made[0]).contains("https://example.com/sitemap-1.xml"))
        }
    }

    @Test func `robots.txt names the site map`() {
        let robots = String(decoding: SiteMap(origin: origin).robots, as: UTF8.self)
        #expect(robots.contains("Sitemap: https://example.com/sitemap.xml\n"))
    }

    @Test(arguments: [
        (Timestamp(microsecondsSince1970: 0), "1970-01-01T00:00:00Z"),
        (Timestamp(microsecondsSince2000: 0, isInstant: false), "2000-01-01"),
        (Timestamp(microsecondsSince2000: .max), nil),
        (Timestamp(microsecondsSince2000: .min), nil),
    ])
    func `a date stands in the map if the protocol has one for it`(
        modified: Timestamp, text: String?
    ) {
        #expect(SiteMapAddress(path: "/", modified: modified).lastModified == text)
    }

    @Test func `addresses are sorted by their bytes, so that texts that are equal are, too`() {
        let paths = ["/e\u{301}/", "/\u{E9}/"]
        let maps = [paths, paths.reversed()].map { paths in
            SiteMap(origin: origin).files(paths.map { SiteMapAddress(path: $0, modified: nil) })[0]
                .bytes
        }
        #expect(maps[0] == maps[1])
    }
}
