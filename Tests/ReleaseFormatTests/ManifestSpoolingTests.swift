// Manifests whose entries do not fit in memory, or whose segments are gone.

import ContentEncoding
import Foundation
import Hashing
import Spooling
import TestSupport
import Testing

@testable import ReleaseFormat

@Suite("Manifests on disk") struct ManifestSpoolingTests {
    @Test func `a spool that cannot be written fails as a release does`() throws {
        let folder = TemporaryFolder()
        var builder = ManifestBuilder(spoolingIn: SpoolFolder(path: "\(folder.path)/none"))
        let long = String(repeating: "long-", count: 40)
        let missing = ReleaseError.system(
            call: "open", file: "\(folder.path)/none", code: ENOENT)
        #expect(throws: missing) {
            for number in 0..<6000 { try builder.add(entry("/\(long)\(number)/")) }
        }
    }

    @Test func `a manifest of entries that were put aside is that of entries in memory`() throws {
        var random = SeededGenerator(seed: 7)
        let long = String(repeating: "long-", count: 40)
        let entries = (0..<6000).map { entry("/\(long)\($0)/") }.shuffled(using: &random)
        let folder = TemporaryFolder()
        let writer = try ReleaseWriter.open(folder.path)
        var builder = ManifestBuilder(spoolingIn: writer.spools)
        for entry in entries { try builder.add(entry) }
        let made = try builder.finish()
        // Nothing is left but the mark of a build: files of a spool have no name.
        #expect(folder.names("tmp") == ["unfinished"])
        var expected = entries.map(\.path)
        expected.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        var found: [String] = []
        var outlines = made.outlines()
        while let outline = try outlines.next() { found.append(outline.entry.path) }
        #expect(found == expected)
        for entry in entries.prefix(500) {
            #expect(try made.entry(atPath: entry.path) == entry)
            #expect(try made.hasEntry(atPath: entry.path))
            #expect(try made.digest(atPath: entry.path) == entry.digest)
        }
        #expect(try made.entry(atPath: "/") == nil && made.entry(atPath: "/zzz/") == nil)
    }

    @Test func `a segment that went missing after the opening is an error, not a wrong answer`()
        throws
    {
        let folder = TemporaryFolder()
        let writer = try ReleaseWriter.open(folder.path)
        let bytes = Array("home".utf8)
        let form = Representation(
            coding: .identity, blob: try writer.store(bytes), length: bytes.count)
        try writer.finish(stored((0..<9000).map { entry("/\($0)/", representations: [form]) }))
        let opened = try StoredManifest.open(folder.path)
        let segment = try #require(opened.segments.last?.reference.digest)
        try FileManager.default.removeItem(
            atPath: "\(folder.path)/blobs/\(segment.hex.prefix(2))/\(segment.hex)")
        let lost = ReleaseError.blobInvalid(segment, reason: "it is missing")
        #expect(throws: lost) { try opened.forEachOutline { _ in } }
        #expect(throws: lost) { try opened.entry(atPath: "/999999/") }
        #expect(throws: lost) { try StoredManifest.open(folder.path) }
    }
}
