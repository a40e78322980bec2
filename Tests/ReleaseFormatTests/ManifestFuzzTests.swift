// Damaged manifests: whatever the bytes are, reading them gives an error or a manifest whose
// every entry can be had, never a trap.

import Hashing
import TestSupport
import Testing

@testable import ReleaseFormat

@Suite("Damaged manifests") struct ManifestFuzzTests {
    /// Gives a body the digest that it should have, so that the damage behind it is reached.
    private func sealed(_ body: [UInt8]) -> [UInt8] { body + SHA256Digest(of: body).bytes }

    /// Reads the one segment of a manifest, whatever its bytes are.
    private func touch(_ bytes: [UInt8]) -> Bool {
        guard let segment = try? ManifestSegment(bytes: bytes) else { return false }
        for index in 0..<segment.count {
            let entry = segment.entry(at: index)
            _ = segment.index(ofPath: Array(entry.path.utf8).span)
        }
        segment.forEachOutline { outline in _ = (outline.digest, outline.assets, outline.key) }
        return true
    }

    /// The bytes of a segment with some of everything.
    private func segment() throws -> [UInt8] {
        try #require(try manifest(sampleEntries()).segments.first).bytes
    }

    @Test func `a changed byte of the manifest is noticed by its digest`() throws {
        let made = try manifest(sampleEntries())
        for place in made.bytes.indices {
            var bytes = made.bytes
            bytes[place] ^= 0x40
            #expect(throws: ReleaseError.self, "byte \(place)") {
                try StoredManifest(bytes: bytes) { _ throws(ReleaseError) in
                    StoredSegment(try ManifestSegment(bytes: []))
                }
            }
        }
    }

    @Test func `a segment that is not the one the manifest names is refused`() throws {
        let made = try manifest(sampleEntries())
        let other = try #require(try manifest([entry("/other/")]).segments.first)
        #expect(throws: ReleaseError.self) {
            try StoredManifest(bytes: made.bytes) { _ in StoredSegment(other) }
        }
    }

    @Test func `a manifest or a segment cut anywhere is refused`() throws {
        let made = try manifest(sampleEntries())
        for count in 0..<made.bytes.count {
            let cut = Array(made.bytes[..<min(count, made.bytes.count - 33)])
            #expect(throws: ReleaseError.self) { try ManifestRoot(bytes: sealed(cut)) }
        }
        let good = try segment()
        for count in 0..<good.count { #expect(!touch(Array(good[..<count]))) }
    }

    @Test func `thousands of damaged segments never trap`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        let good = try segment()
        var accepted = 0
        let rounds = 6000
        for round in 0..<rounds {
            if touch(Self.damaged(good, round % 4, &random)) { accepted += 1 }
        }
        // Changes inside digests and texts are still segments; most changes are not.
        #expect(accepted < rounds * 3 / 4, "seed \(seed)")
    }

    @Test func `thousands of damaged manifests with a right digest never trap`() throws {
        var random = SeededGenerator(seed: .random(in: 0...UInt64.max))
        let made = try manifest(sampleEntries())
        let good = Array(made.bytes.dropLast(32))
        for round in 0..<6000 {
            let bytes = sealed(Self.damaged(good, round % 4, &random))
            _ = try? StoredManifest(bytes: bytes) { _ in StoredSegment(made.segments[0]) }
        }
    }

    private static func damaged(
        _ good: [UInt8], _ more: Int, _ random: inout SeededGenerator
    ) -> [UInt8] {
        var body = good
        for _ in 0...more {
            let place = Int.random(in: 0..<body.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: body[place] = .random(in: 0...255, using: &random)
            case 1: body[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
            case 2: body.remove(at: place)
            case 3: body.insert(.random(in: 0...255, using: &random), at: place)
            case 4:
                for next in place..<min(place + 4, body.count) { body[next] = 0xFF }
            default: body[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            }
        }
        return body
    }

    @Test(arguments: [0, 1, 31, 32, 33, 60, 1000])
    func `noise is refused`(count: Int) {
        var random = SeededGenerator(seed: UInt64(count))
        let noise = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        #expect(!touch(noise))
        #expect(throws: ReleaseError.self) { try ManifestRoot(bytes: sealed(noise)) }
    }

    @Test func `huge counts are refused before anything is allocated`() throws {
        let good = try segment()
        for place in [12, 16, 20] {
            var body = good
            body.replaceSubrange(place..<place + 4, with: [0xFF, 0xFF, 0xFF, 0x7F])
            #expect(throws: ReleaseError.self) { try ManifestSegment(bytes: body) }
        }
        for place in [16, 20] {
            var body = Array(try manifest(sampleEntries()).bytes.dropLast(32))
            body.replaceSubrange(place..<place + 4, with: [0xFF, 0xFF, 0xFF, 0x7F])
            #expect(throws: ReleaseError.self) { try ManifestRoot(bytes: sealed(body)) }
        }
    }

    @Test func `another version says which`() throws {
        var body = Array(try manifest([]).bytes.dropLast(32))
        body[8] = 2
        #expect(throws: ReleaseError.manifestInvalid(reason: "it has version 2, not 3")) {
            try ManifestRoot(bytes: sealed(body))
        }
    }
}
