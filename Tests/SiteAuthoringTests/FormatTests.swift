// Numbers, days and times as people read them: each form, and where rounding and signs go wrong.

import Testing

@testable import SiteAuthoring

@Suite("Formats") struct FormatTests {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567"),
        (Int.min, "-9,223,372,036,854,775,808"),
    ])
    func `whole numbers have commas`(value: Int, text: String) {
        #expect(Format.number(value) == text)
    }

    @Test(
        arguments: [
            ("1234.5", nil, "1,234.5"), ("1234.5", 2, "1,234.50"), ("0.005", 2, "0.01"),
            ("0.0049", 2, "0.00"), ("-0.004", 2, "0.00"), ("-0.005", 2, "-0.01"),
            ("999999.995", 2, "1,000,000.00"), ("9.5", 0, "10"), ("1.005", 2, "1.01"),
            ("12345678901234567890.12345", 3, "12,345,678,901,234,567,890.123"), ("NaN", 2, "NaN"),
            ("-Infinity", nil, "-Infinity"), ("5", -3, "5"),
        ] as [(String, Int?, String)])
    func `exact numbers are rounded as PostgreSQL does`(
        value: String, decimals: Int?, text: String
    ) throws {
        #expect(Format.number(try #require(Numeric(value)), decimals: decimals) == text)
    }

    @Test func `digits behind the point have a limit`() throws {
        let text = Format.number(try #require(Numeric("1")), decimals: Int.max)
        #expect(text == "1." + String(repeating: "0", count: Format.decimalsMax))
    }

    @Test(
        arguments: [
            (1.0 / 3, 2, "0.33"), (-1.0 / 3, 2, "-0.33"), (2.5, 0, "3"), (0.999, 2, "1.00"),
            (-0.001, 2, "0.00"), (1_234_567.891, 1, "1,234,567.9"), (.infinity, 2, "inf"),
            (1e300, 2, "1e+300"), (0.05, 3, "0.050"),
            (9_007_199_254_740_991, 0, "9,007,199,254,740,991"),
        ] as [(Double, Int, String)])
    func `floating-point numbers are rounded`(value: Double, decimals: Int, text: String) {
        #expect(Format.number(value, decimals: decimals) == text)
    }

    @Test(arguments: [
        ("d MMMM yyyy", "9 March 2026"), ("EEEE, dd.MM.yy", "Monday, 09.03.26"),
        ("E d MMM y", "Mon 9 Mar 2026"), ("h:mm a", "5:05 PM"), ("hh 'o''clock' s", "05 o'clock 7"),
        ("HH:mm:ss", "17:05:07"), ("''d''", "'9'"), ("d ‘M’", "9 ‘3’"), ("", ""),
    ])
    func `a time is written by a pattern`(pattern: String, text: String) throws {
        let day = PostgresDate(year: 2026, month: 3, day: 9)
        let time = Timestamp(
            microsecondsSince2000: (Int64(day.daysSince2000) * 86_400 + 61_507) * 1_000_000,
            isInstant: false)
        #expect(Format.date(time, try #require(DatePattern(pattern))) == text)
    }

    @Test(arguments: ["Q", "MMMMM", "d 'of", "yyyyy", "EEEEE", "dddd"])
    func `a pattern with what means nothing is none`(pattern: String) {
        #expect(DatePattern(pattern) == nil)
    }

    @Test(arguments: [
        (2000, 1, 1, "Saturday"), (1999, 12, 31, "Friday"), (1970, 1, 1, "Thursday"),
        (1600, 2, 29, "Tuesday"), (2024, 2, 29, "Thursday"), (2026, 11, 30, "Monday"),
    ])
    func `weekdays are right before 2000 too`(year: Int, month: Int, day: Int, name: String) {
        #expect(Format.date(PostgresDate(year: year, month: month, day: day), "EEEE") == name)
    }

    @Test func `infinities and midnight are written`() {
        #expect(Format.date(PostgresDate(daysSince2000: .max)) == "infinity")
        #expect(Format.date(Timestamp(microsecondsSince2000: .min)) == "-infinity")
        #expect(
            Format.date(Timestamp(microsecondsSince2000: 0), .withTime) == "1 January 2000, 00:00")
        #expect(Format.date(Timestamp(microsecondsSince2000: 0), "h a") == "12 AM")
    }
}

@Suite("Paging") struct PagingTests {
    /// `1 … 4 5! 6 … 20`, the shown page with a mark.
    private func shown(_ page: Int, of pages: Int, neighbours: Int = 1) -> String {
        Paging("/albums/", page: page, of: pages).steps(neighbours: neighbours).map { step in
            switch step {
            case .page(let number, _): "\(number)"
            case .current(let number): "\(number)!"
            case .gap: "…"
            }
        }.joined(separator: " ")
    }

    @Test func `the first page is the folder, the others are below it`() {
        let paging = Paging("/albums", page: 2, of: 3)
        #expect(paging.path.text == "/albums/page/2/")
        #expect(paging.previous?.text == "/albums/")
        #expect(paging.next?.text == "/albums/page/3/")
        #expect(Paging("/", page: 1, of: 1).next == nil)
        #expect(Paging("/", page: 1, of: 1).previous == nil)
        #expect(Paging("/", page: 2, of: 2).path.text == "/page/2/")
    }

    @Test func `a page that is not there is the last one`() {
        #expect(Paging("/a/", page: 0, of: 0).pages == 1)
        #expect(Paging("/a/", page: 7, of: 3).pages == 7)
    }

    @Test(arguments: [
        (1, 1, "1!"), (1, 2, "1! 2"), (2, 3, "1 2! 3"), (1, 5, "1! 2 … 5"), (3, 5, "1 2 3! 4 5"),
        (4, 7, "1 2 3 4! 5 6 7"), (5, 20, "1 … 4 5! 6 … 20"), (20, 20, "1 … 19 20!"),
        (3, 20, "1 2 3! 4 … 20"), (18, 20, "1 … 17 18! 19 20"),
    ])
    func `far pages are left out`(page: Int, pages: Int, text: String) {
        #expect(shown(page, of: pages) == text)
    }

    @Test func `every page is named once, whatever is asked`() {
        for pages in 1...12 {
            for page in 1...pages {
                for neighbours in -1...4 {
                    let steps = Paging("/", page: page, of: pages).steps(neighbours: neighbours)
                    let numbers = steps.compactMap { step -> Int? in
                        switch step {
                        case .page(let number, _), .current(let number): number
                        case .gap: nil
                        }
                    }
                    #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
                    #expect(numbers.first == 1 && numbers.last == pages)
                    #expect(numbers.contains(page))
                }
            }
        }
    }
}
