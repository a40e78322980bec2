// Records to rows: which texts need numbers, and what a row is without them.

import AccessRecords
import Testing

@testable import Traffic

@Suite("Rows of a batch") struct BatchRowsTests {
    private func record(_ kind: RequestKind, _ path: String = "/a/") -> AccessRecord {
        var record = AccessRecord(at: 5, kind: kind, status: 200, name: AccessName(path: path))
        record.visitor = UInt64.max
        return record
    }

    private func rows(_ records: AccessRecord...) -> [HitRow] {
        BatchRows(records.map(SpooledRecord.answer)).rows(TextNumbers())
    }

    @Test func `a visitor's number keeps its bits`() {
        #expect(rows(record(.view)).first?.visitor == -1)
    }

    @Test(arguments: [RequestKind.robot, .feed, .redirect, .refused, .fetched])
    func `what is nobody's view has no visitor`(_ kind: RequestKind) {
        #expect(rows(record(kind)).first?.visitor == nil)
    }

    @Test func `who objects leaves a kind and a status`() {
        var objected = record(.view)
        objected.isObjected = true
        let batch = BatchRows([.answer(objected)])
        #expect(batch.texts.pages.isEmpty)
        #expect(batch.texts.agents.isEmpty)
        let row = batch.rows(TextNumbers()).first
        #expect(row?.visitor == nil)
        #expect(row?.page == 0)
        #expect(row?.flags == Int16(HitFlag.objects))
    }

    @Test func `assets need no numbers of pages and agents, but of the page they were shown by`() {
        var asset = record(.asset, "/site.css")
        asset.source = .inside(AccessName(path: "/a/"))
        let texts = BatchRows([.answer(asset)]).texts
        #expect(texts.pages.isEmpty)
        #expect(texts.agents.isEmpty)
        #expect(texts.sources == [SourceKey(.inside(AccessName(path: "/a/")))])
    }

    @Test func `a text without a number counts as other`() {
        var view = record(.view)
        view.source = .elsewhere(host: "a.example")
        view.campaign = Campaign(source: "a", medium: "", name: "")
        let row = rows(view).first
        #expect(row?.page == 1)
        #expect(row?.source == 1)
        #expect(row?.campaign == 1)
        view.source = .inside(AccessName(path: "/b/"))
        #expect(rows(view).first?.source == 4)
    }

    @Test func `only a path that nothing but missing answers named is a stranger's`() {
        let records = [record(.missing, "/x"), record(.missing, "/y"), record(.view, "/x")]
        let texts = BatchRows(records.map(SpooledRecord.answer)).texts
        #expect(texts.pages[AccessName(path: "/x")] == false)
        #expect(texts.pages[AccessName(path: "/y")] == true)
    }

    @Test(arguments: ["/wp-login.php", "/.ENV", "/a/.git/config", "/x.php"])
    func `a path that only attackers ask for is marked`(_ path: String) {
        #expect(Int(rows(record(.missing, path)).first?.flags ?? 0) & HitFlag.probe != 0)
        #expect(Int(rows(record(.view, path)).first?.flags ?? 0) & HitFlag.probe == 0)
    }

    @Test func `steps of the scale hold what they say`() {
        let expected: [(Int, Int16)] = [
            (0, 0), (1, 0), (2, 1), (3, 2), (5, 2), (6, 3), (10, 3), (11, 4), (2_500, 11),
        ]
        for (value, step) in expected { #expect(BatchRows.step(of: value) == step) }
        #expect(BatchRows.step(of: .max) == 24)
    }

    @Test func `slots are counted by quarters of hours`() {
        var first = record(.view)
        first.slots = [SlotRecord(fragment: "bag", outcome: .hit)]
        var second = first
        second.at = 899_999_999
        var third = first
        third.at = 900_000_000
        let slots = BatchRows([first, second, third].map(SpooledRecord.answer)).slots
        #expect(slots.map(\.value).sorted() == [1, 2])
    }

    @Test func `numbers that are too large for a column are cut, not wrapped`() {
        var large = record(.view)
        large.bytes = .max
        large.micros = .max
        let row = rows(large).first
        #expect(row?.bytes == .max)
        #expect(row?.micros == .max)
    }

    @Test func `a beacon is a row if the server saw no view, at the time when it was shown`() {
        var beacon = BeaconRecord(at: 9_000_000, name: AccessName(path: "/a/", view: "a"))
        beacon.age = 2_000
        beacon.language = "de"
        beacon.lcp = 40
        let told = BatchRows([.beacon(beacon)])
        #expect(told.rows(TextNumbers()).isEmpty)
        #expect(told.vitals.map(\.vital) == ["LCP"])
        #expect(told.texts.agents == [AgentKey(AgentClass(), language: "de")])
        #expect(told.texts.pages == [AccessName(path: "/a/", view: "a"): false])
        beacon.isOnlyWitness = true
        let row = BatchRows([.beacon(beacon)]).rows(TextNumbers()).first
        #expect(row?.at == 7_000_000)
        #expect(row?.flags == Int16(HitFlag.beacon))
        #expect(row?.kind == Int16(RequestKind.view.rawValue))
    }
}
