// What is kept of a row that crashed is enough to know the row again.

import ReleaseFormat
import Testing

@testable import SiteBuilding

@Suite("Noted work") struct NotedWorkTests {
    private static let digest = RowDigest(high: 1, low: 2)

    @Test(arguments: [("", true), ("k", true), ("", false)])
    func `a row is known by its digest, also with an empty key`(key: String, hasRow: Bool) {
        let digest = hasRow ? Self.digest : nil
        let work = NotedWork(route: "Page", view: "page", key: key, digest: digest)
        #expect(work.recorded == work)
    }

    @Test func `a row with an empty key is another thing than no row`() {
        let zero = RowDigest(high: 0, low: 0)
        let row = NotedWork(route: "Page", view: "page", key: "", digest: zero)
        let none = NotedWork(route: "Page", view: "page", key: "", digest: nil)
        #expect(row.recorded != none.recorded)
    }

    @Test(arguments: [(127, 127), (128, 127), (500, 127)])
    func `names are cut between characters to what a record holds`(bytes: Int, kept: Int) {
        let name = String(repeating: "n", count: bytes)
        let work = NotedWork(route: name, view: name, key: name, digest: Self.digest).recorded
        #expect(work.route.utf8.count == kept)
        #expect(work.view == work.route)
        #expect(work.key == name)
        // What a crash left is compared with what is about to be made.
        #expect(work.recorded == work)
    }

    @Test func `a character is kept whole or not at all`() {
        let name = "n" + String(repeating: "\u{1F9F5}", count: 200)
        let work = NotedWork(route: name, view: name, key: name, digest: Self.digest).recorded
        #expect(work.route == "n" + String(repeating: "\u{1F9F5}", count: 31))
        #expect(work.key == "n" + String(repeating: "\u{1F9F5}", count: 127))
        #expect(work.recorded == work)
    }
}
