// Records as docs/fragment-records.md describes them: exact bytes, every refusal, other writers.

import ContentEncoding
import Foundation
import Hashing
import Redis
import TestSupport
import Testing

@testable import Fragments

private let list = Array(
    ("<ul>" + String(repeating: "<li class=\"look\">Grün</li>", count: 20) + "</ul>").utf8)

private func failure(_ value: [UInt8]) -> FragmentRecordError? {
    do throws(FragmentRecordError) {
        _ = try FragmentRecord(decoding: value)
        return nil
    } catch {
        return error
    }
}

@Suite("Fragment records") struct FragmentRecordTests {
    @Test func `a record has the documented bytes`() throws {
        let runs = FragmentRuns(deflate: [0xAA, 0xBB], brotli: [0xCC])
        let record = try FragmentRecord(Array("<b>1</b>".utf8), runs: runs, expiry: 0x0102_0304)
        var expected: [UInt8] = [0x00, 0x73, 0x67, 0x66, 0x31, 1, 3]
        expected += SHA256Digest(of: Array("<b>1</b>".utf8)).bytes.prefix(16)
        expected += [4, 3, 2, 1, 0, 0, 0, 0]
        expected += [0x36, 0x61, 0x1E, 0x16]
        expected += [8, 0, 0, 0] + Array("<b>1</b>".utf8)
        expected += [2, 0, 0, 0, 0xAA, 0xBB, 1, 0, 0, 0, 0xCC]
        #expect(record.encoded == expected)
        #expect(FragmentRecord.headerBytes == 39)
        #expect(try FragmentRecord(decoding: expected) == record)
    }

    @Test(arguments: [0, 1, 31, 32, 400, FragmentLimits.bytesMax], [0, 1, UInt64.max])
    func `what was encoded is decoded`(count: Int, expiry: UInt64) throws {
        let html = (0..<count).map { list[$0 % list.count] }
        let record = try FragmentRecord(
            html, runs: FragmentRuns(compressing: html), expiry: expiry)
        #expect(try FragmentRecord(decoding: record.encoded) == record)
        #expect(record.encoded.count <= FragmentLimits.valueBytesMax)
        #expect(
            try FragmentRecord(html, runs: FragmentRuns(compressing: html), expiry: expiry).encoded
                == record.encoded, "the encoder is deterministic")
    }

    @Test func `an end that has come has expired, and 0 never comes`() throws {
        let record = try FragmentRecord([], runs: .none, expiry: 1_000)
        #expect(record.expiry == 0 || record.expiry > 999)
        #expect(record.expiry != 0 && record.expiry <= 1_000)
        #expect(try FragmentRecord([], runs: .none).expiry == 0)
    }

    @Test(arguments: ["", "<p>plain</p>", "\0sgf", "\0sgf0", "sgf1", "\u{0}\u{0}sgf1"])
    func `any other beginning is a plain string`(text: String) {
        #expect(!FragmentRecord.isRecord(Array(text.utf8)))
        #expect(failure(Array(text.utf8)) == .notARecord)
    }

    @Test func `each way to be wrong has its name`() throws {
        let good = try FragmentRecord(list, runs: FragmentRuns(compressing: list)).encoded
        func changed(_ offset: Int, _ bytes: [UInt8]) -> [UInt8] {
            Array(good[..<offset]) + bytes + good[(offset + bytes.count)...]
        }
        #expect(failure(good) == nil)
        #expect(failure(changed(5, [2])) == .unknownVersion)
        #expect(failure(changed(6, [7])) == .unknownFlags)
        #expect(failure(changed(6, [1])) == .trailingBytes)
        #expect(failure(good + [0]) == .trailingBytes)
        #expect(failure(changed(7, [good[7] ^ 1])) == .damaged)
        #expect(failure(changed(31, [good[31] ^ 1])) == .damaged)
        #expect(failure(changed(39, [0x20])) == .damaged)
        #expect(failure(changed(35, [1, 0, 1, 0])) == .tooLarge)
        #expect(failure(changed(35, [0xFF, 0xFF, 0xFF, 0xFF])) == .tooLarge)
        #expect(failure(changed(39 + list.count, [0, 0, 0, 0])) == .emptyRun)
        #expect(failure(changed(39 + list.count, [0xFF, 0xFF, 0xFF, 0xFF])) == .tooLarge)
        let overlong = good + [UInt8](repeating: 0, count: FragmentLimits.valueBytesMax)
        #expect(failure(overlong) == .tooLarge)
        for count in FragmentRecord.magic.count..<good.count {
            #expect(failure(Array(good[..<count])) == .truncated)
        }
    }

    @Test func `what no reader would take is not made`() throws {
        let large = [UInt8](repeating: 0x61, count: FragmentLimits.runBytesMax + 1)
        #expect(throws: FragmentRecordError.tooLarge) { try FragmentRecord(large, runs: .none) }
        #expect(throws: FragmentRecordError.tooLarge) {
            try FragmentRecord([], runs: FragmentRuns(deflate: nil, brotli: large))
        }
        let empty = try FragmentRecord([], runs: FragmentRuns(deflate: [], brotli: []))
        #expect(empty.runs == .none)
        #expect(try FragmentRecord(decoding: empty.encoded) == empty)
    }

    @Test(arguments: UInt64(1)...8)
    func `no mutation is read as anything but itself`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let samples = try [[], Array("<b>1</b>".utf8), list].map { html in
            try FragmentRecord(html, runs: FragmentRuns(compressing: html), expiry: seed).encoded
        }
        for _ in 0..<1_500 {
            var value = samples[Int.random(in: 0..<samples.count, using: &random)]
            for _ in 0...Int.random(in: 0..<3, using: &random) {
                mutate(&value, using: &random)
            }
            guard let record = try? FragmentRecord(decoding: value) else { continue }
            // Only the end and the runs can change unnoticed; the runs are proven by decoding.
            #expect(record.encoded == value)
            #expect(samples.contains { $0[7..<23].elementsEqual(record.contentHash) })
        }
    }

    private func mutate(_ value: inout [UInt8], using random: inout SeededGenerator) {
        guard value.count > 8 else { return }
        // The beginning has the lengths and flags, so half of the changes are there.
        let end = Bool.random(using: &random) ? min(48, value.count) : value.count
        let place = Int.random(in: 5..<end, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: value[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: value[place] = UInt8.random(in: 0...255, using: &random)
        case 2: value.removeSubrange(place...)
        case 3: value.remove(at: place)
        default: value.insert(contentsOf: value[place...].prefix(9), at: place)
        }
    }

    @Test func `the documented Python writes what is read here`() throws {
        let document = try String(contentsOf: Self.document, encoding: .utf8)
        let programs = document.components(separatedBy: "```python\n").dropFirst().map {
            $0.components(separatedBy: "```")[0]
        }
        #expect(programs.count == 2)
        let server = try RedisProcess()
        let python = ["python3", "-c", programs.joined(separator: "\n"), server.socket]
        #expect(try run("/usr/bin/env", python).status == 0)

        var reader = try RedisConnection.open(try RedisURL(server.url))
        let values = try reader.values(of: [
            FragmentKey(shared: "trending").bytes,
            FragmentKey(shared: "trending", key: "green").bytes,
        ])
        let plain = try #require(values[0])
        #expect(!FragmentRecord.isRecord(plain))
        #expect(plain == Array("<p>Grün ist <b>gefragt</b>.</p>".utf8))
        let record = try FragmentRecord(decoding: try #require(values[1]))
        #expect(record.html.starts(with: "<ul><li class=look>Grün</li>".utf8))
        #expect(FragmentCheck.fault(in: record.html) == nil)
        #expect(record.expiry == 0 || record.expiry > UInt64(Date().timeIntervalSince1970 * 1_000))
        #expect(record.runs.deflate != nil)
        #expect(throws: Never.self) { try PreparedFragment(record.html, runs: record.runs) }
    }

    private static let document = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("docs/fragment-records.md")
}
