// Lines of the access log on disks that are full, for readers that do not read, and at the end.

import Glibc
import Synchronization
import TestSupport
import Testing

@testable import SitegenCommands
@testable import SitegenTool

@Suite("Access log file", .serialized) struct AccessLogFileTests {
    private func lines(_ range: Range<Int>) -> [UInt8] {
        Array(range.map { "line \($0)\n" }.joined().utf8)
    }

    private func text(_ path: String) throws -> String {
        let file = open(path, O_RDONLY)
        try #require(file >= 0)
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = read(file, &bytes, bytes.count)
        return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
    }

    @Test func `what is added is in the file, whole and in order`() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/log"
        let log = try AccessLogFile(path)
        for number in 0..<50 { log.add(lines(number..<number + 1)) }
        await log.finish()
        #expect(try text(path) == String(decoding: lines(0..<50), as: UTF8.self))
        #expect(log.lostLines == 0)
    }

    @Test(arguments: ["line 1", "line 1\nline", "\n\nx", "x"])
    func `a line that an earlier program left open is ended first`(left: String) async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/log"
        try folder.write(left, to: "log")
        let log = try AccessLogFile(path)
        log.add(lines(2..<3))
        await log.finish()
        #expect(try text(path) == "\(left)\nline 2\n")
    }

    @Test func `lines for a disk that takes none are counted`() async throws {
        let log = try AccessLogFile("/dev/full")
        log.add(lines(0..<7))
        log.add(lines(7..<10))
        await log.finish()
        #expect(log.lostLines == 10)
    }

    @Test(arguments: [0, 1, 10, 13, 14, 21, 100])
    func `no half line stays on a full disk`(bytesMax: Int) throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/log"
        let room = Atomic(bytesMax)
        let opened = LogSink(path) { descriptor, bytes in
            let left = room.load(ordering: .relaxed)
            guard left > 0 else { return -Int(ENOSPC) }
            let part = Array(bytes.prefix(left))
            room.subtract(part.count, ordering: .relaxed)
            return write(descriptor, part, part.count)
        }
        let sink = try #require(opened)
        let all = lines(0..<5)
        var left = all[...]
        let outcome = sink.write(&left)
        let whole = min(bytesMax, all.count) / 7 * 7
        #expect(try text(path) == String(decoding: all[..<whole], as: UTF8.self))
        #expect(outcome == (bytesMax >= all.count ? .whole : .failed(ENOSPC)))
        #expect(Array(left) == Array(all[whole...]), "the whole line is lost, not its end alone")
        room.store(1_000, ordering: .relaxed)
        var next = lines(7..<8)[...]
        #expect(sink.write(&next) == .whole)
        #expect(try text(path) == String(decoding: all[..<whole] + lines(7..<8), as: UTF8.self))
    }

    @Test func `a pipe that nobody reads does not hold up the end`() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/pipe"
        try #require(mkfifo(path, 0o600) == 0)
        let reader = open(path, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        let log = try AccessLogFile(path)
        let many = lines(0..<30_000)
        log.add(many)
        await log.finish()
        #expect(log.lostLines > 0)
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = read(reader, &bytes, bytes.count)
        let taken = bytes[..<count].count { $0 == 0x0A }
        #expect(taken + log.lostLines == 30_000, "each line is there whole or counted")
        #expect(bytes[..<count].elementsEqual(many[..<count]))
    }

    @Test func `a pipe whose reader has gone loses lines and nothing else`() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/pipe"
        try #require(mkfifo(path, 0o600) == 0)
        let reader = open(path, O_RDONLY | O_NONBLOCK)
        let log = try AccessLogFile(path)
        close(reader)
        let handler = signal(SIGPIPE, SIG_IGN)
        defer { signal(SIGPIPE, handler) }
        log.add(lines(0..<3))
        await log.finish()
        #expect(log.lostLines == 3)
    }

    @Test func `what does not fit the buffer is counted in lines`() async throws {
        let folder = try TemporaryFolder()
        let log = try AccessLogFile("\(folder.path)/log")
        log.add([UInt8](repeating: 0x0A, count: AccessLogFile.waitingBytesMax + 1))
        await log.finish()
        #expect(log.lostLines == AccessLogFile.waitingBytesMax + 1)
    }
}
