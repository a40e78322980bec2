// Periods and addresses of statistics: pure functions of a text and a day.

import Markup
import Testing

@testable import StatisticsSite

@Suite("Periods of statistics") struct PagePeriodTests {
    /// Monday, 30 November 2026.
    static let today = 9_830

    @Test(arguments: [
        (PagePeriod.Kind.day, "2026-11-30", 1), (.week, "2026-W49", 7), (.week, "2026-W53", 7),
        (.week, "2020-W53", 7), (.month, "2028-02", 29), (.month, "2026-12", 31),
        (.year, "2028", 366),
    ]) func `a text names some days, and they name it`(
        _ kind: PagePeriod.Kind, _ text: String, _ count: Int
    ) throws {
        let period = try #require(PagePeriod(kind, text))
        #expect(period.name == text)
        #expect(period.count == count)
        #expect(period.previous.last == period.first - 1)
        #expect(period.previous.next(today: .max) == period)
    }

    @Test(arguments: [
        (PagePeriod.Kind.day, "2026-02-30"), (.day, "2026-11"), (.day, "2026-11-30-1"),
        (.week, "2026-W54"), (.week, "2026-W00"), (.week, "2026-48"), (.month, "2026-13"),
        (.month, "2026-1"), (.year, "26"), (.year, "2026-"), (.year, "0999"), (.today, "2026"),
    ]) func `a text that names no days is none`(_ kind: PagePeriod.Kind, _ text: String) {
        #expect(PagePeriod(kind, text) == nil)
    }

    @Test func `today is behind yesterday, and nothing is behind today`() {
        #expect(PagePeriod.day(Self.today - 1).next(today: Self.today) == .today(Self.today))
        #expect(PagePeriod.today(Self.today).next(today: Self.today) == nil)
        #expect(PagePeriod.month(of: Self.today).next(today: Self.today) == nil)
        #expect(PagePeriod.today(Self.today).span == "Monday, 30 November 2026")
    }

    @Test(arguments: [
        "/", "/recent/", "/day/2026-11-29/", "/week/2026-W48/", "/month/2026-11/", "/year/2026/",
        "/pages/", "/month/2026-11/robots/", "/page/17/", "/source/2/", "/campaign/16/", "/about/",
    ]) func `an address has one path`(_ path: String) throws {
        let address = try #require(StatisticsAddress(path, today: Self.today))
        #expect(address.path.text == path)
    }

    @Test(arguments: [
        "", "/day/", "/day/2026-11-29", "/today/", "/days/", "/page/", "/page/x/", "/page/017/",
        "/page/-1/", "/page/99999999999/", "/month/2026-11/page/17/", "/recent/pages/", "//",
        "/pages//", "/about/us/",
    ]) func `what is no address has none`(_ path: String) {
        #expect(StatisticsAddress(path, today: Self.today) == nil)
    }
}
