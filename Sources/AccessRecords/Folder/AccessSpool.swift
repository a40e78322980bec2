// What the event loops of one server share of its spool: the folder, its limit, its name.
//
// Everything here may wait for the disk. A loop comes here from its sweep, never from a request;
// `maintain` is for a thread of its own.

import Glibc
internal import Groundwork
import Synchronization

/// The spool of one server.
package final class AccessSpool: Sendable {
    /// The folder.
    package let folder: AccessSpoolFolder
    /// Whether the folder came from another machine, so that the server was given a new name.
    package let isCopied: Bool
    private let server: SpoolID
    private let bytesMax: Int
    private let segmentBytesMax: Int
    /// Held while room is made: loops that find room at the same moment may pass the limit
    /// together, by one growth each.
    private let reserving = Mutex(())
    /// What was removed before anybody read it, until a loop records that.
    private let removed = Mutex<[RequestKind: Int]>([:])
    /// Segments that nobody has read for too long by the wall clock, and since when that has been
    /// so by the monotonic one.
    private let overdue = Mutex<[String: UInt64]>([:])

    /// Opens the folder, makes it if it is not there, and closes what a killed server left open.
    ///
    /// - Parameters:
    ///   - path: the folder.
    ///   - bytesMax: what it may hold.
    ///   - loops: how many loops write to it.
    /// - Throws: why the folder cannot be used.
    package init(_ path: String, bytesMax: Int, loops: Int) throws(SpoolFault) {
        folder = AccessSpoolFolder(path)
        self.bytesMax = bytesMax
        // All open segments together leave room for those that wait to be read.
        let share = bytesMax / (4 * max(loops, 1)) / AccessLimits.growthBytes
        segmentBytesMax = min(
            AccessLimits.segmentBytesMax, max(share, 1) * AccessLimits.growthBytes)
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw .system(call: "mkdir", file: path, code: errno)
        }
        let name = try ServerName(of: folder)
        server = name.id
        isCopied = name.isCopied
        for segment in try folder.segments() where !segment.isRead {
            _ = try? AbandonedSegment.close(segment.path)
        }
    }

    /// Begins a segment.
    func begin(_ now: SpoolClock) throws(SpoolFault) -> SegmentWriter {
        let id = SpoolID()
        let path = "\(folder.path)/\(AccessSpoolFolder.name(began: now.wall, id: id))"
        try makeRoom()
        do throws(SpoolFault) {
            return try SegmentWriter(
                at: path, server: server, id: id, sizeMax: segmentBytesMax, now: now)
        } catch {
            guard error.isFullDisk, removeRead() else { throw error }
            return try SegmentWriter(
                at: path, server: server, id: id, sizeMax: segmentBytesMax, now: now)
        }
    }

    /// Reserves more for a segment.
    func grow(_ segment: inout SegmentWriter) throws(SpoolFault) {
        try makeRoom()
        var code = segment.grow()
        if code == ENOSPC || code == EDQUOT, removeRead() { code = segment.grow() }
        guard code == 0 else { throw .system(call: "fallocate", file: segment.path, code: code) }
    }

    /// Sees to it that the folder may hold one more growth.
    private func makeRoom() throws(SpoolFault) {
        let fault = reserving.withLock { _ -> SpoolFault? in
            do throws(SpoolFault) {
                let segments = try folder.segments()
                var held = segments.reduce(0) { $0 + $1.byteCount }
                for segment in segments where segment.isRead {
                    if held + AccessLimits.growthBytes <= bytesMax { break }
                    folder.remove(segment)
                    held -= segment.byteCount
                }
                guard held + AccessLimits.growthBytes <= bytesMax else {
                    return .full(folder: folder.path, bytesMax: bytesMax)
                }
                return nil
            } catch {
                return error
            }
        }
        if let fault { throw fault }
    }

    /// Removes what was read, for a disk that is full below the folder's limit; whether there was
    /// any.
    private func removeRead() -> Bool {
        reserving.withLock { _ in
            let read = (try? folder.segments().filter(\.isRead)) ?? []
            for segment in read { folder.remove(segment) }
            return !read.isEmpty
        }
    }

    /// Removes what was read a day ago, and what nobody read for a week.
    ///
    /// What nobody read goes only after the clock has said so for an hour: a machine may start
    /// with a clock that is years ahead, until somebody sets it.
    ///
    /// - Parameter clock: this moment.
    package func maintain(at clock: SpoolClock = .now()) {
        let now = Int(clock.wall / 1_000_000 + Civil.secondsFrom1970To2000)
        var stillOverdue: Set<String> = []
        defer { overdue.withLock { $0 = $0.filter { stillOverdue.contains($0.key) } } }
        for segment in (try? folder.segments()) ?? [] {
            let began = Int(segment.began / 1_000_000 + Civil.secondsFrom1970To2000)
            if segment.isRead {
                if now - segment.changed > AccessLimits.readSecondsMax { folder.remove(segment) }
            } else if now - began > AccessLimits.unreadSecondsMax {
                stillOverdue.insert(segment.path)
                let since = overdue.withLock { overdue in
                    overdue[segment.path] = overdue[segment.path] ?? clock.monotonic
                    return overdue[segment.path] ?? clock.monotonic
                }
                guard clock.monotonic - since >= AccessLimits.overdueNanosecondsMin,
                    (try? AbandonedSegment.close(segment.path)) != .isWritten
                else { continue }
                let lost = Self.answers(segment.path)
                folder.remove(segment)
                removed.withLock { $0.merge(lost) { $0 + $1 } }
            }
        }
    }

    /// Waits until what was recorded so far is on disk.
    package func sync() {
        for segment in (try? folder.segments()) ?? [] where !segment.isRead {
            // What was closed is looked at once more by its last loop, then never.
            guard let file = try? SegmentFile(at: segment.path),
                let header = try? file.header(), !header.isClosed
            else { continue }
            try? file.sync()
        }
    }

    /// What was removed and not read; whoever takes it has to record it.
    func takeRemoved() -> [RequestKind: Int] {
        removed.withLock { removed in
            defer { removed = [:] }
            return removed
        }
    }

    /// How many answers of each kind a segment has.
    private static func answers(_ path: String) -> [RequestKind: Int] {
        var counts: [RequestKind: Int] = [:]
        guard let reader = try? SegmentReader(atPath: path) else { return counts }
        var done = 0
        while let batch = try? reader.read(behind: done, max: 10_000) {
            for case .answer(let record) in batch.items.lazy.map(\.record) {
                counts[record.kind, default: 0] += 1
            }
            done = batch.done
            if batch.isAtEnd { break }
        }
        return counts
    }
}
