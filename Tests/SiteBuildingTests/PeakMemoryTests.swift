// The size that a report tells: read from what the kernel writes, whatever else stands there.
//
// A child that a large process starts must not report the size of its parent.

import Testing

@testable import SiteBuilding

@Suite("Peak memory") struct PeakMemoryTests {
    @Test(arguments: [
        ("Name:\tsitegen\nVmPeak:\t  99999 kB\nVmHWM:\t   40960 kB\nVmRSS:\t 1 kB\n", 40960 * 1024),
        ("VmHWM: 7 kB", 7 * 1024), ("VmHWM:", 0), ("VmHWM:\tmany kB", 0), ("", 0),
    ])
    func `the high-water mark is read`(status: String, bytes: Int) {
        #expect(PeakMemory.parsed(status) == bytes)
    }

    @Test func `this process has needed some memory`() {
        #expect(PeakMemory.bytes() > 1 << 20)
    }
}
