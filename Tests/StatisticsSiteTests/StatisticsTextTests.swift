// How values are written: for people, within their bounds, whatever strangers have sent.

import Markup
import Testing

@testable import StatisticsSite

@Suite("Texts of statistics") struct StatisticsTextTests {
    @Test func `a long or nasty text is short and stays on its line`() {
        #expect(Shown.text("/a/\u{202E}\nb") == "/a/??b")
        let long = Shown.text("/" + String(repeating: "x", count: 2_000) + "/end")
        #expect(long.count < 90 && long.hasPrefix("/xx"))
    }

    @Test func `changes, shares and times`() {
        #expect(Shown.change(112, 100) == "+12 %")
        #expect(Shown.change(50, 100) == "−50 %")
        #expect(Shown.change(3, 0) == "new")
        #expect(Shown.change(0, 0) == "–")
        #expect(Shown.change(20_000, 10) == "× 2,000")
        #expect(Shown.share(1, of: 0) == "–")
        #expect(Shown.share(2, of: 3) == "67 %")
        #expect(Shown.time(microseconds: 250) == "0.25 ms")
        #expect(Shown.time(microseconds: 1_400_000) == "1.4 s")
        #expect(Shown.thousandths(105) == "0.11")
        #expect(Shown.bytes(999) == "999 B")
        #expect(Shown.bytes(999_950) == "1.0 MB")
        #expect(Shown.mean(seconds: 134, of: 2) == "1:07")
        #expect(Shown.mean(seconds: 7_400, of: 1) == "2 h 03")
        #expect(Shown.mean(seconds: 0, of: 0) == "–")
    }

    @Test(arguments: [
        (0, 4), (4, 4), (5, 6), (11, 14), (21, 30), (31, 40), (9_999_999, 10_000_000),
    ])
    func `the scale of a chart ends at a round number that halves`(_ most: Int, _ top: Int) {
        #expect(TimeChart.roundUp(most) == top)
    }

    @Test func `so many of a hundred were at most so slow`() {
        var counts = [Int](repeating: 0, count: 12)
        (counts[0], counts[4], counts[11]) = (50, 45, 5)
        let times = TimeShares(counts: counts)
        #expect(times.text(percent: 50) == "≤ 0.10 ms")
        #expect(times.text(percent: 95) == "≤ 2.50 ms")
        #expect(times.text(percent: 99) == "> 250 ms")
    }

    @Test func `a chart has a title, a bar for each step and the same as a table`() {
        let points = [
            ChartPoint(label: "00:00", mark: "00", value: 3, before: 1),
            ChartPoint(label: "01:00", mark: "", value: nil, before: nil),
        ]
        let chart = TimeChart(
            title: "Views <by> hour", unit: "Views", before: "then", points: points)
        let text = String(decoding: render(.fragment) { chart }.bytes, as: UTF8.self)
        #expect(text.contains("<title>Views &lt;by"))
        #expect(text.components(of: "class=\"area\"") == 2)
        #expect(text.contains("<td class=\"n\">3</td><td class=\"n\">1</td>"))
        #expect(text.contains("01:00: still to come"))
        #expect(!text.contains("style=") && !text.contains("<script"))
    }
}

extension String {
    /// How often a part occurs.
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
