// The folder of a spool: its limit, what is removed from it, who writes to it.

import Glibc
import Hashing
import TestSupport
import Testing

@testable import AccessRecords

@Suite("The folder of a spool") struct AccessSpoolTests {
    private static let view = AccessRecord(
        at: 0, kind: .view, status: 200, name: AccessName(path: "/a/", view: "a", key: "1"))

    /// Reads all records of all segments.
    private func records(_ folder: AccessSpoolFolder) throws -> [SpooledRecord] {
        try folder.segments().flatMap { segment in
            try SegmentReader(atPath: segment.path).read(behind: 0, max: .max).items.map(\.record)
        }
    }

    @Test("A full folder loses records, counts them by kind, and tells once there is room")
    func limit() throws {
        let folder = try TemporaryFolder()
        let spool = try AccessSpool(folder.path + "/spool", bytesMax: 16 << 20, loops: 1)
        let writer = SpoolWriter(spool)
        var clock = SpoolClock.now()
        var record = Self.view
        // Each path is new, so a record takes two thousand bytes.
        for turn in 0..<12_000 {
            if turn % 50 == 0 {
                clock.monotonic += 2_000_000_000
                clock.wall += 2_000_000
                writer.sweep(clock)
            }
            record.name.path = "/\(turn)/" + String(repeating: "x", count: 2_000)
            writer.add(record)
        }
        let lost = writer.lost[Int(RequestKind.view.rawValue)]
        #expect(lost > 0 && lost + writer.recordCount == 12_000)
        #expect(writer.trouble == .full(folder: spool.folder.path, bytesMax: 16 << 20))
        let page = AccessName(path: "/posted/" + String(repeating: "x", count: 2_000))
        writer.add(BeaconRecord(at: 0, name: page))
        writer.add(ReportRecord(at: 0, directive: "img-src", name: page, blocked: "inline"))
        #expect(writer.lostPosts == (beacons: 1, reports: 1))
        let held = try spool.folder.segments().reduce(0) { $0 + $1.byteCount }
        #expect(held <= 16 << 20)
        // What a reader has taken may go, and the loss is told.
        for segment in try spool.folder.segments().dropLast() {
            try spool.folder.markRead(segment)
        }
        clock.monotonic += 2_000_000_000
        writer.sweep(clock)
        writer.sweep(clock)
        #expect(writer.trouble == nil)
        let losses = try records(spool.folder).compactMap { record -> LossRecord? in
            if case .loss(let loss) = record { return loss }
            return nil
        }
        #expect(losses.map(\.kind) == [.view] && losses.map(\.count) == [lost])
    }

    @Test("What was lost since the last sweep is recorded before the end")
    func lossesAtTheEnd() throws {
        let folder = try TemporaryFolder()
        let spool = try AccessSpool(folder.path + "/spool", bytesMax: 1 << 30, loops: 1)
        let writer = SpoolWriter(spool)
        writer.sweep(.now())
        var record = Self.view
        for turn in 0..<3_000 {
            record.name.path = "/\(turn)/" + String(repeating: "x", count: 2_000)
            writer.add(record)
        }
        let lost = writer.lost[Int(RequestKind.view.rawValue)]
        #expect(lost > 0)
        writer.closeSegment()
        let losses = try records(spool.folder).compactMap { record -> LossRecord? in
            if case .loss(let loss) = record { return loss }
            return nil
        }
        #expect(losses.map(\.count) == [lost])
    }

    @Test("Of two readers of a segment, the second finds that the first has marked it")
    func markedTwice() throws {
        let folder = try TemporaryFolder()
        let spool = try AccessSpool(folder.path + "/spool", bytesMax: 1 << 30, loops: 1)
        let writer = SpoolWriter(spool)
        writer.sweep(.now())
        writer.add(Self.view)
        writer.closeSegment()
        let segment = try #require(try spool.folder.segments().first)
        try spool.folder.markRead(segment)
        try spool.folder.markRead(segment)
        #expect(try spool.folder.segments().map(\.isRead) == [true])
    }

    @Test("A segment is closed when it is old, and one without records is removed")
    func age() throws {
        let folder = try TemporaryFolder()
        let spool = try AccessSpool(folder.path + "/spool", bytesMax: 1 << 30, loops: 1)
        let writer = SpoolWriter(spool)
        var clock = SpoolClock.now()
        writer.sweep(clock)
        let first = try #require(try spool.folder.segments().first)
        #expect(first.byteCount >= 4 << 20)
        clock.monotonic += 601 * 1_000_000_000
        writer.sweep(clock)
        let second = try #require(try spool.folder.segments().first)
        #expect(try spool.folder.segments().count == 1 && second.path != first.path)
        writer.add(Self.view)
        clock.monotonic += 601 * 1_000_000_000
        writer.sweep(clock)
        #expect(try spool.folder.segments().count == 2)
        #expect(try SegmentReader(atPath: second.path).header.isClosed)
        // Both began in one instant of the wall clock, so they have no order.
        let closed = try spool.folder.segments().first { $0.path == second.path }
        #expect(try #require(closed).byteCount <= 4_096)
    }

    @Test("A wall clock that is set moves later records only")
    func clockIsSet() throws {
        let folder = try TemporaryFolder()
        let spool = try AccessSpool(folder.path + "/spool", bytesMax: 1 << 30, loops: 1)
        let writer = SpoolWriter(spool)
        var clock = SpoolClock.now()
        writer.sweep(clock)
        writer.add(Self.view)
        clock.wall += 3_600_000_000
        writer.sweep(clock)
        writer.add(Self.view)
        writer.closeSegment()
        let segment = try #require(try spool.folder.segments().first)
        let batch = try SegmentReader(atPath: segment.path).read(behind: 0, max: 9)
        // Two frames: each took the wall clock anew.
        #expect(batch.items.map { $0.done / AccessLimits.frameBytes } == [0, 1])
    }

    @Test("A folder keeps its server's name, and a copy on another machine gets a new one")
    func serverName() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/spool"
        let first = try AccessSpool(path, bytesMax: 1 << 30, loops: 1)
        #expect(!first.isCopied)
        let spools = AccessSpoolFolder(path)
        let name = try #require(try spools.bytes(of: "server", max: 100))
        #expect(name.count == 24)
        #expect(!(try AccessSpool(path, bytesMax: 1 << 30, loops: 1).isCopied))
        #expect(try spools.bytes(of: "server", max: 100) == name)
        try spools.replace("server", by: name.dropLast() + [name[23] ^ 1])
        #expect(try AccessSpool(path, bytesMax: 1 << 30, loops: 1).isCopied)
        #expect(try spools.bytes(of: "server", max: 100)?.prefix(16) != name.prefix(16))
    }

    @Test("Nobody else may read the folder or a file of it")
    func modes() throws {
        let folder = try TemporaryFolder()
        let spool = try AccessSpool(folder.path + "/spool", bytesMax: 1 << 30, loops: 1)
        let writer = SpoolWriter(spool)
        writer.sweep(.now())
        try spool.folder.write(VisitorKeys())
        let segment = try #require(try spool.folder.segments().first)
        for (path, mode) in [
            (spool.folder.path, 0o700), (segment.path, 0o600), (spool.folder.path + "/keys", 0o600),
            (spool.folder.path + "/server", 0o600),
        ] {
            var info = stat()
            #expect(stat(path, &info) == 0 && info.st_mode & 0o777 == mode, "\(path)")
        }
    }

    @Test("A segment that nobody read for a week is removed, and its answers are told as lost")
    func unread() throws {
        let folder = try TemporaryFolder()
        let spool = try AccessSpool(folder.path + "/spool", bytesMax: 1 << 30, loops: 1)
        let writer = SpoolWriter(spool)
        var clock = SpoolClock.now()
        clock.wall -= 8 * 86_400 * 1_000_000
        writer.sweep(clock)
        writer.add(Self.view)
        writer.add(Self.view)
        let old = try #require(try spool.folder.segments().first)
        var now = SpoolClock.now()
        spool.maintain(at: now)
        now.monotonic += 3_600_000_000_000
        spool.maintain(at: now)
        #expect(try spool.folder.segments() == [old], "its writer lives")
        writer.closeSegment()
        spool.maintain(at: now)
        #expect(try spool.folder.segments().isEmpty)
        writer.sweep(.now())
        let records = try records(spool.folder)
        #expect(records.map(\.timeless) == [.loss(LossRecord(at: 0, kind: .view, count: 2))])
    }

    @Test("A folder that cannot be made or written is told by name")
    func refused() throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "file")
        let path = folder.path + "/file/spool"
        #expect(throws: SpoolFault.system(call: "mkdir", file: path, code: ENOTDIR)) {
            _ = try AccessSpool(path, bytesMax: 1 << 30, loops: 1)
        }
    }
}

@Suite("Keys of visitors") struct VisitorKeysTests {
    @Test("A file gives back the keys that were written, and names the line that is none")
    func file() throws {
        let key = try #require(SipHash.Key(bytes: (0..<16).map { UInt8($0) }))
        let keys = VisitorKeys([
            VisitorKey(from: -5, until: 10, key: key),
            VisitorKey(from: 10, until: 20, key: key, isOffered: true),
        ])
        #expect(
            keys.text == """
                sitegen keys 1
                -5 10 000102030405060708090a0b0c0d0e0f
                10 20 000102030405060708090a0b0c0d0e0f offered

                """)
        #expect(try VisitorKeys(text: keys.text, file: "keys") == keys)
        for (text, line) in [
            ("", 1), ("sitegen keys 2\n", 1), ("sitegen keys 1\nx", 2),
            ("sitegen keys 1\n10 10 000102030405060708090a0b0c0d0e0f\n", 2),
            ("sitegen keys 1\n\n1 2 00\n", 3),
            ("sitegen keys 1\n1 2 000102030405060708090a0b0c0d0e0f mine\n", 2),
        ] {
            #expect(throws: SpoolFault.badKeys(file: "keys", line: line)) {
                _ = try VisitorKeys(text: text, file: "keys")
            }
        }
    }

    @Test("The database's key comes before one that a server offered")
    func choice() throws {
        let key = try #require(SipHash.Key(bytes: (0..<16).map { UInt8($0) }))
        let offered = VisitorKey(from: 0, until: 10, key: key, isOffered: true)
        let own = VisitorKey(from: 2, until: 8, key: key)
        let keys = VisitorKeys([offered, own])
        #expect(keys.key(at: 1) == offered && keys.key(at: 2) == own)
        #expect(keys.key(at: 8) == offered && keys.key(at: 10) == nil && keys.key(at: -1) == nil)
    }
}
