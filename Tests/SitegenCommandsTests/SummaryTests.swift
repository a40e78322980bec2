// The end of a build as a table and as JSON.
//
// The figures are made up; the texts are compared whole, since people and scripts read them.

import FoundationEssentials
import Testing

@testable import SiteBuilding
@testable import SitegenCommands

@Suite("Build summary") struct SummaryTests {
    private func report(isNew: Bool = true) -> BuildReport {
        var looks = RouteReport(name: "LookPage")
        looks.pages = 12_345
        looks.changed = 3
        looks.slots = 24_690
        looks.bytes.identity = 45_000_000
        looks.bytes.gzip = 9_000_000
        looks.bytes.brotli = 7_449_999
        var feed = RouteReport(name: "Feed")
        feed.pages = 1
        feed.bytes.identity = 999
        return BuildReport(
            release: "0123456789abcdef", isNew: isNew, routes: [looks, feed], removed: 2,
            queries: 40, seconds: 12.34, peakMemoryBytes: 80_000_000, rendered: 7,
            lsn: "0/5A3F2C8")
    }

    @Test func `the table is aligned and ends with the release`() {
        let lines = BuildSummary(report()).lines
        #expect(
            lines == [
                "route      pages  changed     html    gzip  brotli  slots",
                "LookPage  12,345        3  45.0 MB  9.0 MB  7.4 MB  24690",
                "Feed           1        0    999 B     0 B     0 B      -",
                "12,346 pages, 7 made, 3 changed, 2 removed; 40 queries, peak 80.0 MB",
                "release 0123456789abcdef is live after 12.3 s",
            ])
        #expect(
            BuildSummary(report(isNew: false)).lines.last
                == "release 0123456789abcdef was live already (12.3 s)")
    }

    @Test func `JSON is one line with every figure`() throws {
        let json = BuildSummary(report()).json
        #expect(!json.contains("\n"))
        struct Figures: Decodable {
            struct Route: Decodable {
                struct Bytes: Decodable { let identity, gzip, brotli: Int }
                let name: String
                let pages, changed, slots: Int
                let bytes: Bytes
            }
            let release: String
            let isNew: Bool
            let pages, rendered, changed, removed, queries, peakMemoryBytes: Int
            let lsn: String
            let seconds: Double
            let routes: [Route]
        }
        let figures = try JSONDecoder().decode(Figures.self, from: Data(json.utf8))
        #expect(figures.release == "0123456789abcdef" && figures.isNew)
        #expect(figures.pages == 12_346 && figures.changed == 3 && figures.removed == 2)
        #expect(figures.queries == 40 && figures.peakMemoryBytes == 80_000_000)
        #expect(figures.seconds == 12.34 && figures.rendered == 7 && figures.lsn == "0/5A3F2C8")
        #expect(figures.routes.map(\.name) == ["LookPage", "Feed"])
        #expect(figures.routes[0].bytes.brotli == 7_449_999 && figures.routes[0].slots == 24_690)
    }
}
