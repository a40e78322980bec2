// What was written into a spool is read from it, and nothing that was not.

import Glibc
import TestSupport
import Testing

@testable import AccessRecords

@Suite("Segments of a spool") struct SegmentTests {
    /// A spool in a new folder with one writer that has room.
    private static func spool(_ path: String) throws -> (AccessSpool, SpoolWriter) {
        let spool = try AccessSpool(path + "/spool", bytesMax: 1 << 30, loops: 1)
        let writer = SpoolWriter(spool)
        writer.sweep(.now())
        return (spool, writer)
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        let file = try SegmentFile(at: path)
        return try file.read(0..<(try file.length()))
    }

    private static func write(_ bytes: [UInt8], to path: String) {
        let number = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { close(number) }
        #expect(Glibc.write(number, bytes, bytes.count) == bytes.count)
    }

    private static func all(_ path: String) throws -> (items: [SegmentBatch.Item], damaged: Int) {
        let reader = try SegmentReader(atPath: path)
        let batch = try reader.read(behind: 0, max: .max)
        return (batch.items, batch.damagedFrames)
    }

    @Test("Random records come out as they went in, whenever and however many are read at a time")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        let (spool, writer) = try Self.spool(folder.path)
        let seed = UInt64.random(in: 0...UInt64.max)
        var records = RandomRecords(seed: seed)
        var random = SeededGenerator(seed: seed)
        let segment = try #require(try spool.folder.segments().first)
        let reader = try SegmentReader(atPath: segment.path)
        var written: [SpooledRecord] = []
        var read: [SpooledRecord] = []
        var done = 0
        let before = SpoolClock.now().wall
        func take(_ max: Int) throws -> SegmentBatch {
            let batch = try reader.read(behind: done, max: max)
            #expect(batch.items.count <= max && batch.damagedFrames == 0)
            read += batch.items.map(\.record)
            done = batch.done
            return batch
        }
        for _ in 0..<6_000 {
            let record = records.next()
            writer.add(record)
            written.append(record)
            if Int.random(in: 0..<50, using: &random) == 0 {
                _ = try take(Int.random(in: 1...200, using: &random))
            }
        }
        #expect(!(try take(1).isOver))
        writer.closeSegment()
        while !(try take(777).isOver) {}
        let after = SpoolClock.now().wall
        #expect(read.map(\.timeless) == written, "seed \(seed)")
        #expect(read.allSatisfy { $0.at >= before - 1 && $0.at <= after + 1 })
        #expect(writer.recordCount == 6_000 && writer.lost.allSatisfy { $0 == 0 })
    }

    @Test("Entries that are known by number are named as if they were not")
    func numbers() throws {
        let folder = try TemporaryFolder()
        let (spool, writer) = try Self.spool(folder.path)
        writer.setEntryCount(50)
        let agent = KnownAgent(AgentClass())
        var written: [SpooledRecord] = []
        for turn in 0..<5_000 {
            if turn == 2_500 { writer.setEntryCount(60) }
            let number = turn * 7 % (turn < 2_500 ? 50 : 60)
            let source = turn * 3 % 50
            var record = AccessRecord(
                at: 0, kind: .view, status: 200, name: AccessName(path: "/\(number)/"))
            record.source = .inside(AccessName(path: "/\(source)/"))
            record.slots = [SlotRecord(fragment: "f", outcome: .hit)]
            writer.add(record, entry: number, sourceEntry: source, agent: agent)
            written.append(.answer(record))
        }
        writer.closeSegment()
        let segment = try #require(try spool.folder.segments().first)
        #expect(try Self.all(segment.path).items.map(\.record.timeless) == written)
    }

    @Test("Every prefix of a segment is read without a crash and gives what was written")
    func prefixes() throws {
        let folder = try TemporaryFolder()
        let (spool, writer) = try Self.spool(folder.path)
        var records = RandomRecords(seed: 7)
        var written: [SpooledRecord] = []
        for _ in 0..<1_500 {
            let record = records.next()
            writer.add(record)
            written.append(record)
        }
        writer.closeSegment()
        let segment = try #require(try spool.folder.segments().first)
        let bytes = try Self.bytes(segment.path)
        let copy = folder.path + "/copy"
        for length in Array(0..<200) + Array(stride(from: 200, to: bytes.count, by: 3_997)) {
            Self.write(Array(bytes[..<length]), to: copy)
            guard let (items, _) = try? Self.all(copy) else {
                #expect(length < SegmentHeader.byteCount)
                continue
            }
            let read = items.map(\.record.timeless)
            #expect(read == Array(written.prefix(read.count)), "\(length) bytes")
        }
    }

    @Test("A flipped byte hides a frame and never gives a record that was not written")
    func flippedBytes() throws {
        let folder = try TemporaryFolder()
        let (spool, writer) = try Self.spool(folder.path)
        var records = RandomRecords(seed: 11)
        var written: [SpooledRecord] = []
        while writer.byteCount < 150_000 {
            let record = records.next()
            writer.add(record)
            written.append(record)
        }
        writer.closeSegment()
        let segment = try #require(try spool.folder.segments().first)
        let bytes = try Self.bytes(segment.path)
        let whole = try Self.all(segment.path).items
        let copy = folder.path + "/copy"
        for place in Array(64..<100) + Array(stride(from: 100, to: bytes.count, by: 4_001)) {
            var damaged = bytes
            damaged[place] ^= UInt8(1) << UInt8(place & 7)
            Self.write(damaged, to: copy)
            let (items, count) = try Self.all(copy)
            let frame = place / AccessLimits.frameBytes
            let ends = whole.filter { ($0.done - 1) / AccessLimits.frameBytes == frame }
            // Behind the last record of a frame nothing is read.
            guard let end = ends.last?.done, place < end else { continue }
            #expect(count == 1, "byte \(place)")
            let kept = whole.filter { ($0.done - 1) / AccessLimits.frameBytes != frame }
            #expect(items == kept, "byte \(place)")
        }
        #expect(SpooledRecord.allEqual(whole, written))
    }

    @Test("A segment whose writer was killed is closed with every record")
    func abandoned() throws {
        let folder = try TemporaryFolder()
        var written: [SpooledRecord] = []
        var path = ""
        do {
            let (spool, writer) = try Self.spool(folder.path)
            var records = RandomRecords(seed: 3)
            for _ in 0..<3_000 {
                let record = records.next()
                writer.add(record)
                written.append(record)
            }
            path = try #require(try spool.folder.segments().first).path
            #expect(try AbandonedSegment.close(path) == .isWritten)
            // The copy has no writer, as if it had been killed.
            Self.write(try Self.bytes(path), to: path + "copy")
        }
        #expect(try AbandonedSegment.close(path + "copy") == .isClosed)
        let reader = try SegmentReader(atPath: path + "copy")
        let batch = try reader.read(behind: 0, max: .max)
        #expect(batch.isOver && batch.damagedFrames == 0)
        #expect(batch.items.map(\.record.timeless) == written)
        #expect(try Self.bytes(path + "copy").count == batch.done)
    }

    @Test("What is no segment, is empty or is newer is refused by name")
    func refusals() throws {
        let folder = try TemporaryFolder()
        let (spool, writer) = try Self.spool(folder.path)
        writer.add(.answer(AccessRecord(at: 0, kind: .view, status: 200, name: .init(path: "/"))))
        writer.closeSegment()
        let segment = try #require(try spool.folder.segments().first)
        var bytes = try Self.bytes(segment.path)
        let copy = folder.path + "/copy"
        func fault(_ bytes: [UInt8]) -> SpoolFault? {
            Self.write(bytes, to: copy)
            do throws(SpoolFault) {
                _ = try SegmentReader(atPath: copy)
                return nil
            } catch {
                return error
            }
        }
        #expect(fault([]) == .notBegun(file: copy))
        #expect(fault([UInt8](repeating: 0, count: 4_096)) == .notBegun(file: copy))
        #expect(fault(Array("no segment at all".utf8)) == .notASegment(file: copy))
        bytes[4] = 2
        #expect(fault(bytes) == .newerVersion(file: copy, version: 2))
        bytes[4] = 1
        #expect(fault(bytes) == nil)
        bytes[9] ^= 1
        #expect(fault(bytes) == .notASegment(file: copy))
        for began in [Int64.min, .max] {
            let header = SegmentHeader(server: SpoolID(), id: SpoolID(), began: began)
            #expect(fault(header.bytes) == .notASegment(file: copy), "no time of PostgreSQL's")
        }
    }
}

extension SpooledRecord {
    static func allEqual(_ items: [SegmentBatch.Item], _ records: [SpooledRecord]) -> Bool {
        items.map(\.record.timeless) == records
    }
}
