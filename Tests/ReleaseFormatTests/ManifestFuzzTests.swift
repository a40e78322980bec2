// Damaged manifests: whatever the bytes are, reading them gives an error or a manifest whose
// every entry can be had, never a trap.

import Hashing
import TestSupport
import Testing

@testable import ReleaseFormat

@Suite("Damaged manifests") struct ManifestFuzzTests {
    /// Gives a body the digest that it should have, so that the damage behind it is reached.
    private func sealed(_ body: [UInt8]) -> [UInt8] { body + SHA256Digest(of: body).bytes }

    private func touch(_ bytes: [UInt8]) -> Bool {
        guard let manifest = try? Manifest(bytes: bytes) else { return false }
        for index in 0..<manifest.count {
            let entry = manifest.entry(at: index)
            _ = manifest.index(ofPath: entry.path)
        }
        return true
    }

    @Test func `a changed byte is noticed by the digest`() throws {
        let good = try manifest(sampleEntries()).bytes
        for place in good.indices {
            var bytes = good
            bytes[place] ^= 0x40
            #expect(!touch(bytes), "byte \(place)")
        }
    }

    @Test func `a manifest cut anywhere is refused`() throws {
        let good = try manifest(sampleEntries()).bytes
        for count in 0..<good.count {
            #expect(!touch(Array(good[..<count])))
            #expect(!touch(sealed(Array(good[..<min(count, good.count - 33)]))))
        }
    }

    @Test func `thousands of damaged bodies with a right digest never trap`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        let good = Array(try manifest(sampleEntries()).bytes.dropLast(32))
        var accepted = 0
        let rounds = 6000
        for round in 0..<rounds {
            var body = good
            for _ in 0...(round % 4) {
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
            if touch(sealed(body)) { accepted += 1 }
        }
        // Changes inside digests and texts are still manifests; most changes are not.
        #expect(accepted < rounds * 3 / 4, "seed \(seed)")
    }

    @Test(arguments: [0, 1, 31, 32, 33, 60, 1000])
    func `noise is refused`(count: Int) {
        var random = SeededGenerator(seed: UInt64(count))
        let noise = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        #expect(!touch(noise))
        #expect(!touch(sealed(noise)))
    }

    @Test func `huge counts are refused before anything is allocated`() throws {
        let good = Array(try manifest(sampleEntries()).bytes.dropLast(32))
        for place in [16, 20, 24] {
            var body = good
            body.replaceSubrange(place..<place + 4, with: [0xFF, 0xFF, 0xFF, 0x7F])
            #expect(throws: ReleaseError.self) { try Manifest(bytes: sealed(body)) }
        }
    }

    @Test func `another version says which`() throws {
        var body = Array(try manifest([]).bytes.dropLast(32))
        body[8] = 1
        #expect(throws: ReleaseError.manifestInvalid(reason: "it has version 1, not 2")) {
            try Manifest(bytes: sealed(body))
        }
    }
}
