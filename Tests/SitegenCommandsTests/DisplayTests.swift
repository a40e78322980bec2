// Numbers, sizes and durations as the commands print them.
//
// Pure: the edges are where a digit, a comma or a unit is gained.

import Testing

@testable import SitegenCommands

@Suite("Display") struct DisplayTests {
    @Test(arguments: [
        (0, "0"), (7, "7"), (999, "999"), (1_000, "1,000"), (12_345, "12,345"),
        (1_234_567, "1,234,567"), (-1, "-1"), (-999, "-999"), (-1_000, "-1,000"),
        (-123_456, "-123,456"), (Int.max, "9,223,372,036,854,775,807"),
        (Int.min, "-9,223,372,036,854,775,808"),
    ])
    func `a number has a comma before every three digits`(value: Int, text: String) {
        #expect(Display.number(value) == text)
    }

    @Test(arguments: [
        (0, "0 B"), (1, "1 B"), (999, "999 B"), (1_000, "1.0 kB"), (14_249, "14.2 kB"),
        (999_949, "999.9 kB"), (999_950, "1.0 MB"), (999_999, "1.0 MB"), (1_500_000, "1.5 MB"),
        (2_000_000_000, "2.0 GB"), (1_234_000_000_000, "1,234.0 GB"),
    ])
    func `bytes are told in powers of a thousand`(count: Int, text: String) {
        #expect(Display.bytes(count) == text)
    }

    @Test(arguments: [
        (0.0, "0.0 s"), (0.04, "0.0 s"), (0.05, "0.1 s"), (1.44, "1.4 s"), (75, "75.0 s"),
    ])
    func `durations have one decimal`(value: Double, text: String) {
        #expect(Display.seconds(value) == text)
    }
}
