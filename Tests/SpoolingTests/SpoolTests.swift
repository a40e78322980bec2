// What is put aside while a release is made: the same bytes and the same order, wherever they are.

import Foundation
import TestSupport
import Testing

@testable import Spooling

@Suite("Spools") struct SpoolTests {
    private let spools = SpoolFolder(path: NSTemporaryDirectory())
    private static let memories = [0, 1, 100, 4096, 1 << 20]

    private func bytes(_ count: Int, _ random: inout SeededGenerator) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 97...100, using: &random) }
    }

    @Test(arguments: memories)
    func `bytes are read as they were written, in memory and in the file`(memory: Int) throws {
        var random = SeededGenerator(seed: .random(in: 0...UInt64.max))
        let spool = Spool(in: spools, memory: memory)
        var written: [(place: Range<Int>, bytes: [UInt8])] = []
        for _ in 0..<500 {
            let some = bytes(.random(in: 0...60, using: &random), &random)
            written.append((try spool.append(some), some))
            let (place, bytes) = try #require(written.randomElement(using: &random))
            #expect(try spool.read(place) == bytes)
            let part = place.prefix(bytes.count / 2)
            #expect(
                try spool.read(part.lowerBound..<part.upperBound)
                    == Array(bytes.prefix(bytes.count / 2)))
        }
        for (place, bytes) in written { #expect(try spool.read(place) == bytes) }
    }

    @Test(arguments: memories)
    func `records come sorted by key, equal ones in the order they came`(memory: Int) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        for count in [0, 1, 2, 700] {
            var sorter = RecordSorter(in: spools, memory: memory)
            var expected: [Record] = []
            for number in 0..<count {
                let length = number % 97 == 0 ? 9000 : Int.random(in: 0...5, using: &random)
                let record = Record(
                    key: bytes(.random(in: 0...4, using: &random), &random),
                    value: bytes(length, &random))
                expected.append(record)
                try sorter.add(key: record.key, value: record.value)
            }
            let order = expected.enumerated().sorted { one, other in
                one.element.key == other.element.key
                    ? one.offset < other.offset
                    : one.element.key.lexicographicallyPrecedes(other.element.key)
            }
            var records = try sorter.sorted()
            #expect(records.count == count)
            var found: [Record] = []
            while let first = records.first {
                #expect(records.count == count - found.count)
                #expect(try records.next() == first)
                found.append(first)
            }
            #expect(records.count == 0)
            #expect(try records.next() == nil)
            #expect(found == order.map(\.element), "seed \(seed)")
        }
    }

    @Test(arguments: [0, 1, 50, 3000])
    func `a table finds every value of a key and nothing else`(count: Int) throws {
        var random = SeededGenerator(seed: .random(in: 0...UInt64.max))
        var sorter = RecordSorter(in: spools, memory: 2000)
        var expected: [[UInt8]: [[UInt8]]] = [:]
        for _ in 0..<count {
            let key = bytes(.random(in: 0...5, using: &random), &random)
            let value = bytes(.random(in: 0...90, using: &random), &random)
            expected[key, default: []].append(value)
            try sorter.add(key: key, value: value)
        }
        var records = try sorter.sorted()
        var table = RecordTable(spoolingIn: spools)
        while let record = try records.next() {
            try table.append(key: record.key, value: record.value)
        }
        try table.seal()
        for (key, values) in expected { #expect(try table.values(of: key) == values) }
        for _ in 0..<500 {
            let key = bytes(.random(in: 0...6, using: &random), &random)
            #expect(try table.values(of: key) == expected[key] ?? [])
        }
        var found: [[UInt8]: [[UInt8]]] = [:]
        try table.forEach { found[$0.key, default: []].append($0.value) }
        #expect(found == expected)
    }

    @Test func `a list gives any stretch of what was appended`() throws {
        var random = SeededGenerator(seed: .random(in: 0...UInt64.max))
        var list = SpooledList(in: spools)
        var expected: [[UInt8]] = []
        for _ in 0..<3000 {
            expected.append(bytes(.random(in: 0...90, using: &random), &random))
            try list.append(expected[expected.count - 1])
            guard expected.count % 10 == 0 else { continue }
            let start = Int.random(in: 0...expected.count, using: &random)
            let end = Int.random(in: start...expected.count, using: &random)
            #expect(try list.elements(start..<end) == Array(expected[start..<end]))
        }
        #expect(try list.elements(0..<list.count) == expected)
    }

    @Test func `a spool that cannot be written is one clear error`() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("spool-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let spool = Spool(in: SpoolFolder(path: folder), memory: 4)
        _ = try spool.append([1, 2, 3, 4])
        let missing = SpoolError(call: "open", file: folder, code: ENOENT)
        #expect(throws: missing) { try spool.append([5]) }
        // Once there is a folder it goes on, with nothing lost and nothing twice.
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let place = try spool.append([6])
        #expect(place == 5..<6)
        #expect(try spool.read(0..<6) == [1, 2, 3, 4, 5, 6])
        // The file has no name.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        #expect("\(missing)".contains("open of \(folder) failed: No such file"))
    }
}
