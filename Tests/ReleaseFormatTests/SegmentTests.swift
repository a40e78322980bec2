// Segments: a manifest is the same whichever way its entries came, and a small change of it writes
// little.

import ContentEncoding
import TestSupport
import Testing

@testable import ReleaseFormat

@Suite("Segments of a manifest") struct SegmentTests {
    @Test func `edits of a manifest give what building it anew gives`() throws {
        var random = SeededGenerator(seed: .random(in: 0...UInt64.max))
        var entries: [String: Entry] = [:]
        var current = try stored([])
        for round in 0..<60 {
            var builder = ManifestBuilder(from: current, spoolingIn: spools)
            for _ in 0..<Int.random(in: 0..<90, using: &random) {
                let path = "/page-\(Int.random(in: 0..<900, using: &random))/"
                entries[path] = nil
                guard Bool.random(using: &random) else { continue }
                var source = source
                source.row = RowDigest(high: .random(in: 0...9, using: &random), low: 0)
                entries[path] = entry(path, source: source)
            }
            // The page for missing paths comes, moves and goes.
            for path in ["/404.html", "/page-40/404.html", "/zzz"] { entries[path] = nil }
            if let path = ["/404.html", "/page-40/404.html", "/zzz", nil][round % 4] {
                entries[path] = entry(path, kind: .notFound)
            }
            for (path, made) in entries where try current.entry(atPath: path) != made {
                try builder.remove(path)
                try builder.add(made)
            }
            var outlines = current.outlines()
            while let outline = try outlines.next() {
                let path = outline.entry.path
                if entries[path] == nil { try builder.remove(path) }
            }
            current = try builder.finish()
            #expect(try current.bytes == manifest(Array(entries.values)).bytes)
            #expect(try Manifest(current).count == entries.count)
            #expect(current.count == entries.count)
        }
    }

    @Test func `edits that do not fit in memory give what building anew gives`() throws {
        var random = SeededGenerator(seed: .random(in: 0...UInt64.max))
        let long = String(repeating: "x", count: 200)
        var entries: [String: Entry] = [:]
        var current = try stored([])
        for _ in 0..<3 {
            var builder = ManifestBuilder(from: current, spoolingIn: spools)
            for number in 0..<4000 where Bool.random(using: &random) {
                let path = "/\(long)/\(number)/"
                try builder.remove(path)
                var source = EntrySource(view: "looks", key: long + long)
                source.row = RowDigest(high: .random(in: 0...9, using: &random), low: 0)
                entries[path] = number % 5 == 0 ? nil : entry(path, source: source)
                if let made = entries[path] { try builder.add(made) }
            }
            current = try builder.finish()
            #expect(try current.bytes == manifest(Array(entries.values)).bytes)
        }
    }

    @Test func `one changed page changes one segment`() throws {
        let before = try stored((0..<5000).map { entry("/looks/\($0)/") })
        var builder = ManifestBuilder(from: before, spoolingIn: spools)
        try builder.remove("/looks/77/")
        try builder.add(entry("/looks/77/", contentType: "text/plain"))
        let after = try builder.finish()
        let known = Set(before.segments.map(\.reference.digest))
        #expect(after.segments.count { !known.contains($0.reference.digest) } == 1)
        #expect(after.segments.count > 20)
        #expect(after.bytes.count < 4000)
    }

    @Test func `a page that is added where one stays is refused`() throws {
        let before = try stored((0..<500).map { entry("/looks/\($0)/") })
        for number in 0..<500 {
            #expect(throws: ReleaseError.self) {
                var builder = ManifestBuilder(from: before, spoolingIn: spools)
                try builder.add(entry("/looks/\(number)/"))
                _ = try builder.finish()
            }
        }
    }

    @Test func `an outline says what its entry says`() throws {
        var source = EntrySource(view: "looks", key: "né/1")
        source.route = "LookPage"
        source.row = RowDigest(high: 1, low: .max)
        source.modified = EntryDate(microseconds: -5, hasZone: true)
        source.isListed = true
        source.assets = ["/assets/a.css", "/assets/b.js"]
        var provisional = entry("/a/", source: source)
        provisional.isProvisional = true
        let made = try readBack(manifest(sampleEntries() + [provisional]))
        #expect(made.entry(atPath: "/a/") == provisional)
        var index = 0
        var outlines = try stored(sampleEntries() + [provisional]).outlines()
        while let outline = try outlines.next() {
            let entry = made.entry(at: index)
            #expect(outline.entry == entry)
            #expect(Array(outline.path) == Array(entry.path.utf8))
            #expect(Array(outline.key) == Array(entry.source.key.utf8))
            #expect(outline.digest == entry.digest)
            #expect(outline.view == entry.source.view && outline.route == entry.source.route)
            #expect(outline.row == entry.source.row && outline.modified == entry.source.modified)
            #expect(outline.isListed == entry.source.isListed)
            #expect(outline.assets == entry.source.assets)
            #expect(outline.representations == entry.representations)
            #expect(outline.slotCount == entry.slots?.bindings.count ?? 0)
            #expect(outline.isProvisional == entry.isProvisional)
            index += 1
        }
        #expect(index == made.count)
    }

    @Test func `a state of the database stands beside its release and moves on`() throws {
        let folder = TemporaryFolder()
        let writer = try ReleaseWriter.open(folder.path)
        let bytes = Array("home".utf8)
        let form = Representation(
            coding: .identity, blob: try writer.store(bytes), length: bytes.count)
        let made = try stored([entry("/", representations: [form])])
        let first = DatabaseState(lsn: "0/5A3F2C8", event: 7)
        let id = try writer.finish(made, state: first).id
        #expect(DatabaseState.of(id, in: folder.path) == first)
        let later = DatabaseState(lsn: "0/5A40000", event: 9)
        #expect(try writer.finish(made, state: later).id == id)
        #expect(DatabaseState.of(id, in: folder.path) == later)
        #expect(folder.names("releases") == [id.description])
    }
}
