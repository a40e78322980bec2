// What a build and a follower know of rows: streams that are merged, and a table beside changes.
//
// Both are held against the obvious way of doing it, over random rows.

import ContentEncoding
import Hashing
import Spooling
import TestSupport
import Testing

@testable import ReleaseFormat
@testable import SiteBuilding

@Suite("Rows and their pages") struct RowTableTests {
    /// A page of a row.
    private struct Page: Hashable {
        let row: ViewKey
        let path: String
        let digest: UInt64

        var entry: Entry {
            var source = EntrySource(view: row.view, key: row.key)
            source.row = RowDigest(high: digest, low: 0)
            source.route = "Page"
            return Entry(
                path: path, kind: .page, contentType: "text/html", cachePolicy: .revalidate,
                headers: .empty,
                representations: [
                    Representation(coding: .identity, blob: BlobID(of: [1]), length: 1)
                ], source: source)
        }
    }

    private static let views = ["a", "ab", "b", "\u{E9}"]
    private let spools = SpoolFolder(path: "/tmp")

    private func row(_ random: inout SeededGenerator) -> ViewKey {
        // Keys that are prefixes of each other, and two that only look the same.
        let keys = ["", "1", "10", "2", "\u{E9}", "e\u{301}"] + (0..<60).map { "key-\($0)" }
        return ViewKey(
            Self.views.randomElement(using: &random) ?? "",
            keys.randomElement(using: &random) ?? "")
    }

    private func manifest(_ pages: some Sequence<Page>) throws -> StoredManifest {
        var builder = ManifestBuilder(spoolingIn: spools)
        for page in pages { try builder.add(page.entry) }
        return try builder.finish()
    }

    private func pages(of row: ViewKey, _ random: inout SeededGenerator) -> [Page] {
        let digest = UInt64.random(in: 0...2, using: &random)
        return (0..<Int.random(in: 1...3, using: &random)).map { number in
            let key = row.bytes.map { String($0, radix: 16) }.joined()
            return Page(row: row, path: "/\(key)-\(number)/", digest: digest)
        }
    }

    @Test func `a plan has the rows that differ, whatever the order of their pages`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<40 {
            var known: [ViewKey: [Page]] = [:]
            var rows: [ViewKey: UInt64] = [:]
            for _ in 0..<Int.random(in: 0...120, using: &random) {
                let row = row(&random)
                known[row] = pages(of: row, &random)
            }
            for _ in 0..<Int.random(in: 0...120, using: &random) {
                rows[row(&random)] = UInt64.random(in: 0...2, using: &random)
            }
            let views = Self.views.filter { _ in Int.random(in: 0...3, using: &random) > 0 }
            var merged = try KnownRows(
                of: Set(views), in: manifest(known.values.joined()), spoolingIn: spools)
            for view in views {
                try merged.begin(view)
                var merging = DigestMerging(spoolingIn: spools)
                let now = rows.keys.filter { $0.view == view }.sorted {
                    $0.bytes.lexicographicallyPrecedes($1.bytes)
                }
                for row in now {
                    try merging.take(
                        key: Array(row.key.utf8),
                        digest: RowDigest(high: rows[row] ?? 0, low: 0), against: &merged)
                }
                let plan = try merging.finish(against: &merged)
                let made = try plan.rendered.rows(0..<plan.rendered.count)
                let changed = now.filter { known[$0]?.first?.digest != rows[$0] }
                #expect(made.map { ViewKey(view, $0.key) } == changed, "seed \(seed)")
                for (row, cause) in zip(changed, made.map(\.cause)) {
                    let was = known[row]?.first.map { RowDigest(high: $0.digest, low: 0) }
                    let digest = RowDigest(high: rows[row] ?? 0, low: 0)
                    #expect(cause == (was == nil ? .new : .row(was: was, now: digest)))
                }
                let gone = Set(known.keys.filter { $0.view == view && rows[$0] == nil })
                let removed = try plan.removed.rows(0..<plan.removed.count)
                #expect(Set(removed.map { ViewKey(view, $0.key) }) == gone)
                #expect(removed.count == gone.count)
                #expect(plan.unchanged == now.count - changed.count)
                let replaced = try plan.replacedPaths.elements(0..<plan.replacedPaths.count)
                let expected = (changed + gone).flatMap { known[$0] ?? [] }.map(\.path)
                #expect(Set(replaced) == Set(expected.map { Array($0.utf8) }))
            }
        }
    }

    @Test func `an index knows the paths of every row, through thousands of changes`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        var expected: [ViewKey: [Page]] = [:]
        for _ in 0..<100 {
            let row = row(&random)
            expected[row] = pages(of: row, &random)
        }
        var index = try PageIndex(
            manifest(expected.values.joined()), spoolingIn: spools, changedMax: 20)
        for _ in 0..<400 {
            var rows: Set<ViewKey> = []
            for _ in 0..<Int.random(in: 0...9, using: &random) { rows.insert(row(&random)) }
            for row in rows {
                let isGone = Int.random(in: 0...3, using: &random) == 0
                expected[row] = isGone ? nil : pages(of: row, &random)
            }
            try index.set(
                rows.flatMap { expected[$0] ?? [] }.map(\.entry), of: rows, spoolingIn: spools)
            for _ in 0..<10 {
                let row = row(&random)
                let paths = try index.paths(of: row)
                #expect(Set(paths) == Set((expected[row] ?? []).map(\.path)), "seed \(seed)")
                #expect(paths.count == expected[row]?.count ?? 0)
            }
        }
    }
}
