// Site maps: absolute and escaped addresses, split into files that change little.
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

    /// The files of a site map, the index or only file first.
    private func files(
        _ paths: [String], limit: Int = BuildLimits.siteMapAddressesMax,
        cutting: Int = BuildLimits.siteMapAddressesCut
    ) -> [SiteMap.File] {
        var map = SiteMap(origin: origin, count: paths.count, limit: limit, cutting: cutting)
        var parts: [SiteMap.File] = []
        for path in paths {
            if let part = map.add(SiteMapAddress(path: path, modified: nil)) { parts.append(part) }
        }
        let last = map.finish()
        return Array(last.prefix(1)) + parts + last.dropFirst()
    }

    private func addressCount(_ file: SiteMap.File) -> Int {
        text(file).split(separator: "<loc>").count - 1
    }

    @Test func `addresses are absolute, percent-encoded and escaped`() {
        let files = files(["/a&b/", "/ü/"])
        #expect(files.map(\.path) == ["/sitemap.xml"])
        let text = text(files[0])
        #expect(text.contains("<loc>https://example.com/a&amp;b/</loc>"))
        #expect(text.contains("<loc>https://example.com/%C3%BC/</loc>"))
    }

    @Test(arguments: [0, 1, 8, 9, 20, 400])
    func `more addresses than a file may hold make an index`(count: Int) {
        let made = files((0..<count).map { "/page-\(1000 + $0)/" }, limit: 8, cutting: 40)
        guard count > 8 else {
            #expect(made.map(\.path) == ["/sitemap.xml"])
            #expect(addressCount(made[0]) == count)
            return
        }
        #expect(text(made[0]).contains("<sitemapindex"))
        #expect(addressCount(made[0]) == made.count - 1)
        for part in made.dropFirst() {
            #expect((1...8).contains(addressCount(part)))
            #expect(text(made[0]).contains("<loc>https://example.com\(part.path)</loc>"))
        }
        #expect(made.dropFirst().reduce(0) { $0 + addressCount($1) } == count)
        // Some files are full, some end where an address says.
        #expect(count < 100 || made.dropFirst().contains { addressCount($0) == 8 })
        #expect(count < 400 || made.dropFirst().dropLast().contains { addressCount($0) < 8 })
    }

    @Test func `a page that comes changes the file it is in, and maybe those before the next cut`()
        throws
    {
        let paths = (0..<4000).map { "/page-\(10_000 + 2 * $0)/" }
        let before = files(paths, limit: 1000, cutting: 125)
        for _ in 0..<20 {
            let number = 10_001 + 2 * Int.random(in: 0..<4000)
            let after = files((paths + ["/page-\(number)/"]).sorted(), limit: 1000, cutting: 125)
            let same = after.dropFirst().count { file in
                before.contains { $0.path == file.path && $0.bytes == file.bytes }
            }
            // One file is another, or two where the page cuts it; more only behind a full file.
            #expect(same >= after.count - 1 - 2)
        }
        #expect(before.count > 8)
    }

    @Test func `robots.txt names the site map`() {
        let robots = String(decoding: SiteMap(origin: origin, count: 0).robots, as: UTF8.self)
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
}
