// What a page's script sends: read, clamped, or nothing at all.

import Testing

@testable import AccessRecords

@Suite("Beacons") struct BeaconBodyTests {
    private func read(_ text: String) -> BeaconRecord? {
        BeaconBody(Array(text.utf8))?.record(of: AccessName(path: "/a/"))
    }

    @Test func `times are told from when the page was shown`() throws {
        let beacon = try #require(read("navigate,,0,0,12034.6,1840.2,56,0.0124,80.1,/a/"))
        #expect(!beacon.isView)
        #expect(beacon.navigation == .navigate)
        #expect(beacon.age == 12_035)
        #expect([beacon.lcp, beacon.inp, beacon.cls, beacon.ttfb] == [1_840, 56, 12, 80])
        let early = try #require(read("navigate,,500.5,0,2500.5,700,,0,20,/a/"))
        #expect(early.isPrerendered && early.isView)
        #expect(early.age == 2_000)
        #expect([early.lcp, early.inp, early.cls, early.ttfb] == [200, nil, 0, 0])
    }

    @Test func `a page that came back tells no times again`() throws {
        let beacon = try #require(read("reload,,0,9000.25,9500.25,1840,56,0.01,80,/a/"))
        #expect(beacon.isPersisted && beacon.isView)
        #expect(beacon.age == 500)
        #expect([beacon.lcp, beacon.inp, beacon.cls, beacon.ttfb] == [nil, nil, nil, nil])
    }

    @Test func `a page that had been fetched is a view, one out of the cache is none`() {
        #expect(read("navigate,navigational-prefetch,0,0,1,,,,0,/a/")?.isView == true)
        #expect(read("back_forward,cache,0,0,1,,,,0,/a/")?.isView == false)
        #expect(read("navigate,,,0,1,,,,,/a/")?.isView == false, "browsers without the members")
    }

    @Test func `numbers are held to what can be`() throws {
        let beacon = try #require(read("navigate,,0,0,1e300,1e9,99999999999,77,1.2e-7,/a/"))
        #expect(beacon.age == AccessLimits.beaconAgeMax)
        #expect(beacon.lcp == AccessLimits.vitalMillisecondsMax)
        #expect(beacon.inp == AccessLimits.vitalMillisecondsMax)
        #expect(beacon.cls == AccessLimits.shiftMax)
        #expect(beacon.ttfb == 0)
    }

    @Test(arguments: [
        "", "/a/", "navigate,,0,0,1,,,,,", "navigate,,0,0,1,,,,,a", "navigate,,0,0,1,,,,/a/",
        "fly,,0,0,1,,,,,/a/", "navigate,x,0,0,1,,,,,/a/", "navigate,,-1,0,1,,,,,/a/",
        "navigate,,0,,1,,,,,/a/", "navigate,,0,0,,,,,,/a/", "navigate,,0,0,1,NaN,,,,/a/",
        "navigate,,0,0,1,inf,,,,/a/", "navigate,,0,0,1,0x10,,,,/a/", "navigate,,0,0,1,1e999,,,,/a/",
        "navigate,,0,0,1,1 ,,,,/a/", "navigate,,0,0,1,,,,,/a b/", "navigate,,0,0,1,,,,,/\u{e4}/",
        "navigate,,0,0,1,\(String(repeating: "1", count: 33)),,,,/a/",
        "navigate,,0,0,1,,,,,/\(String(repeating: "a", count: 495))",
    ]) func `anything else is nothing`(_ text: String) {
        #expect(read(text) == nil)
    }

    @Test func `the longest body is read`() {
        let text = "navigate,,0,0,1,,,,,/"
        let path = String(repeating: "a", count: BeaconBody.bytesMax - text.utf8.count)
        #expect(read(text + path) != nil)
        #expect(read(text + path + "a") == nil)
    }

    @Test func `every prefix and every other byte is read without a crash`() {
        let text = Array("navigate,,0,0,12034.6,1840.2,56,0.0124,80.1,/a/".utf8)
        for count in 0..<text.count { _ = BeaconBody(Array(text.prefix(count))) }
        for place in text.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = text
                changed[place] = byte
                _ = BeaconBody(changed)
            }
        }
    }
}
