// Periods and conditions as people write them.

import Testing

@testable import Traffic

@Suite("Periods and conditions") struct StatisticsPeriodTests {
    private func days(_ text: String) throws -> String {
        let period = try StatisticsPeriod(text, today: "2028-03-01")
        return "\(period.first) \(period.last)"
    }

    @Test(arguments: [
        ("today", "2028-03-01 2028-03-01"), ("yesterday", "2028-02-29 2028-02-29"),
        ("7d", "2028-02-24 2028-03-01"), ("1d", "2028-03-01 2028-03-01"),
        ("2028", "2028-01-01 2028-12-31"), ("2028-02", "2028-02-01 2028-02-29"),
        ("2027-12", "2027-12-01 2027-12-31"), ("2028-02-29", "2028-02-29 2028-02-29"),
        ("2027-11-03..yesterday", "2027-11-03 2028-02-29"), ("2027..2028", "2027-01-01 2028-12-31"),
    ]) func `a period has a first and a last day`(_ text: String, _ expected: String) throws {
        #expect(try days(text) == expected)
    }

    @Test(arguments: [
        "", "soon", "0d", "-3d", "99999d", "2028-13", "2027-02-29", "2028-2-1", "2028-02-29-1",
        "today..yesterday", "a..b..c", "２０２８", "20280229", "..",
    ]) func `what is no period is refused`(_ text: String) {
        #expect(throws: TrafficError.self) { try days(text) }
    }

    @Test func `a day is one that there is`() {
        #expect(StatisticsPeriod.isDay("2028-02-29"))
        #expect(!StatisticsPeriod.isDay("2028-02-30"))
        #expect(!StatisticsPeriod.isDay("2028-02"))
        #expect(!StatisticsPeriod.isDay("today"))
    }

    @Test func `a star stands for any text, and nothing else does`() throws {
        let found = try StatisticsCondition.all(in: "page=/looks/*,source=a_b%,device=phone")
        #expect(found.map(\.pattern) == ["/looks/%", "a\\_b\\%", "phone"])
        #expect(throws: TrafficError.self) { try StatisticsCondition.all(in: "colour=red") }
        #expect(throws: TrafficError.self) { try StatisticsCondition.all(in: "page") }
    }
}
