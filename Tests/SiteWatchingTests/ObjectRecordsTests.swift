// Which objects of a site are good, and what has to be compiled.

import FoundationEssentials
import Testing

@testable import SiteWatching

@Suite("The objects of a site")
struct ObjectRecordsTests {
    private static let count = 12

    /// Objects that are all good, and the state that says so.
    private func good() -> (records: ObjectRecords, now: [String: ObjectRecords.Source]) {
        var records = ObjectRecords(identity: "flags")
        var now: [String: ObjectRecords.Source] = [:]
        for number in 0..<Self.count {
            now["\(number)"] = .init(digest: "d", stamp: "s", object: "o")
        }
        records.note(now, now)
        return (records, now)
    }

    @Test("Nothing is compiled while bytes and objects are what they were")
    func nothing() {
        let (records, now) = good()
        #expect(records.work(now) == .nothing)
    }

    @Test("A changed source is compiled alone, and many of them by the driver")
    func files() {
        var (records, now) = good()
        now["3"]?.digest = "e"
        #expect(records.work(now) == .files(["3"]))
        for number in 0...ObjectRecords.filesMax { now["\(number)"]?.digest = "e" }
        guard case .module = records.work(now) else {
            Issue.record("too many for one by one")
            return
        }
        records.forget(Array(now.keys))
        guard case .module(let all) = records.work(now) else {
            Issue.record("nothing is known")
            return
        }
        #expect(all.count == Self.count)
    }

    @Test("Row types that are another file are for the driver, with whatever changed beside them")
    func rowTypes() {
        var records = ObjectRecords(identity: "flags")
        let rows = "/s/site/Rows.generated.swift"
        var now = ["/s/site/A.swift", rows].reduce(into: [:]) { all, path in
            all[path] = ObjectRecords.Source(digest: "d", stamp: "s", object: "o")
        }
        records.note(now, now)
        now["/s/site/A.swift"]?.digest = "e"
        #expect(records.work(now) == .files(["/s/site/A.swift"]))
        now[rows]?.digest = "e"
        #expect(records.work(now) == .module(["/s/site/A.swift", rows]))
    }

    @Test(
        "An object that somebody else made, none, or a source that came or went is for the driver")
    func module() {
        let (records, now) = good()
        var touched = now
        touched["3"]?.object = "p"
        #expect(records.work(touched) == .module(["3"]))
        touched["3"]?.object = nil
        #expect(records.work(touched) == .module(["3"]))
        var added = now
        added["new"] = .init(digest: "d", stamp: "s", object: nil)
        #expect(records.work(added) == .module(["new"]))
        var removed = now
        removed["3"] = nil
        #expect(records.work(removed) == .module([]))
    }

    @Test("Bytes that were written to while they were compiled are not known")
    func race() {
        var (records, now) = good()
        now["3"]?.digest = "e"
        var after = now
        after["3"]?.stamp = "t"
        after["3"]?.object = "p"
        records.note(now, after)
        #expect(records.work(after) == .module(["3"]))
        after["3"]?.digest = "d"
        #expect(records.work(after) == .module(["3"]))
    }

    @Test("A record that is read again says the same")
    func coding() throws {
        let (records, now) = good()
        let read = try JSONDecoder().decode(
            ObjectRecords.self, from: JSONEncoder().encode(records))
        #expect(read == records && read.work(now) == .nothing)
    }
}
