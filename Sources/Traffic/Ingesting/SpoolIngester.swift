// Moves the records of a folder into the database, batch after batch, on one connection.
//
// The database knows how far each segment is read, and the folder has the records until they are:
// an ingester remembers nothing that matters, and may be killed at any time or run twice. Segments
// that cannot be read are left alone and told once.

package import AccessRecords
internal import Hashing
package import Postgres

/// What an ingester tells.
package enum IngestEvent: Equatable, Sendable {
    /// Records were taken in.
    case took(records: Int, redated: Int)
    /// A file of the folder is left alone.
    case left(file: String, fault: SpoolFault)
    /// Frames of a segment cannot be read.
    case damaged(file: String, frames: Int)
    /// A day was proved, with so many differences.
    case sealed(day: String, differences: Int)
    /// The rows of a day were dropped.
    case dropped(day: String)
    /// Something could not be done and is tried again; records are taken in meanwhile.
    case postponed(what: String, reason: String)
}

/// The ingester of one folder.
package final class SpoolIngester {
    private let folder: AccessSpoolFolder
    private let report: (IngestEvent) -> Void
    private var writer = BatchWriter()
    private var schedule: IngestSchedule
    /// How far segments were read, by their paths.
    private var done: [String: Int] = [:]
    /// Segments that are left alone, and their lengths when they were told of.
    private var told: Set<String> = []

    /// An ingester for a folder.
    ///
    /// - Parameters:
    ///   - folder: the folder of a server's spool.
    ///   - report: is told what happens.
    package init(_ folder: AccessSpoolFolder, report: @escaping (IngestEvent) -> Void) {
        self.folder = folder
        self.report = report
        schedule = IngestSchedule(at: .now)
    }

    /// Makes a new connection ready.
    package func begin(on connection: borrowing Connection) throws {
        try BatchWriter.prepare(connection)
        done = [:]
        // Another connection may be to a database that was restored.
        writer.forget()
    }

    /// Does what is due next.
    ///
    /// - Returns: how long nothing will be due.
    /// - Throws: what the database or the folder says; then begin again on a new connection.
    package func step(on connection: borrowing Connection) throws -> Duration {
        let action = schedule.next(at: .now)
        switch action {
        case .rest(let until): return max(.zero, until - .now)
        case .ingest:
            let hasMore = try ingest(on: connection)
            schedule.did(action, hasMore: hasMore, at: .now)
        case .exchangeKeys:
            try exchangeKeys(on: connection)
            schedule.did(action, at: .now)
        case .makeDays:
            try makeDays(on: connection)
            schedule.did(action, at: .now)
        case .seal:
            let hasMore = try seal(on: connection)
            schedule.did(action, hasMore: hasMore, at: .now)
        case .expire:
            do {
                let hasMore = try expire(on: connection)
                schedule.did(action, hasMore: hasMore, at: .now)
            } catch let error as PostgresError where error.sqlState == "55P03" {
                schedule.postpone(action, at: .now)
            }
        }
        return .zero
    }

    /// Takes in everything that is there now.
    package func takeAll(on connection: borrowing Connection) throws {
        while try ingest(on: connection) {}
        try VisitorKeyExchange(folder).run(on: connection)
    }

    // MARK: Records

    /// Takes one batch of each segment; whether one has more.
    private func ingest(on connection: borrowing Connection) throws -> Bool {
        let segments = try folder.segments().filter { !$0.isRead }
        done = done.filter { known in segments.contains { $0.path == known.key } }
        var hasMore = false
        for segment in segments {
            do {
                if try ingest(segment, on: connection) { hasMore = true }
            } catch let fault as SpoolFault {
                // One that was begun a moment ago has no records yet.
                if case .notBegun = fault { continue }
                if told.insert(segment.path).inserted {
                    report(.left(file: segment.path, fault: fault))
                }
            }
        }
        return hasMore
    }

    private func ingest(
        _ segment: AccessSpoolFolder.Segment, on connection: borrowing Connection
    ) throws -> Bool {
        let reader = try SegmentReader(atPath: segment.path)
        let header = reader.header
        let id = PostgresUUID(header.id)
        let from: Int
        if let known = done[segment.path] {
            from = known
        } else {
            from = try Self.position(of: id, on: connection)
        }
        let read = try reader.read(behind: from, max: TrafficLimits.batchRecordsMax)
        let isFull = read.items.count >= TrafficLimits.batchRecordsMax
        if read.done != max(from, SegmentHeader.byteCount) || read.isOver {
            let batch = Batch(
                segment: id, server: PostgresUUID(header.server), began: header.began, from: from,
                done: read.done, isOver: read.isOver, damagedFrames: read.damagedFrames,
                records: read.items.map(\.record))
            switch try writer.write(batch, on: connection) {
            case .moved(let position):
                done[segment.path] = position
                return true
            case .written(let redated, _):
                report(.took(records: read.items.count, redated: redated))
                if read.damagedFrames > 0 {
                    report(.damaged(file: segment.path, frames: read.damagedFrames))
                }
            }
        }
        done[segment.path] = read.done
        if read.isOver { try folder.markRead(segment) }
        return isFull
    }

    static func position(
        of id: PostgresUUID, on connection: borrowing Connection
    ) throws -> Int {
        try connection.rows("SELECT done FROM traffic.positions($1)", [Parameter([id])]) {
            row throws(PostgresError) in Int(try row.value(0, as: Int64.self))
        }.first ?? 0
    }

    // MARK: Order

    /// Exchanges keys.
    ///
    /// A full disk refuses the file of keys, too: what waits in the folder is taken in all the
    /// same, which is what makes room there.
    private func exchangeKeys(on connection: borrowing Connection) throws {
        do {
            try VisitorKeyExchange(folder).run(on: connection)
        } catch let fault as SpoolFault where fault.isFullDisk {
            report(.postponed(what: "the keys of visitors cannot be written", reason: "\(fault)"))
        }
    }

    /// Makes partitions ahead.
    ///
    /// A batch makes the one that it needs, so what fails here is told, and records are taken in
    /// meanwhile.
    private func makeDays(on connection: borrowing Connection) throws {
        do throws(PostgresError) {
            for ahead in 0...TrafficLimits.partitionDaysAhead {
                try connection.run("SELECT traffic.make_day(traffic.day_of(now()) + \(ahead))")
            }
        } catch {
            guard error.sqlState == "42P17" else { throw error }
            report(
                .postponed(
                    what: "the partitions of the next days cannot be made", reason: "\(error)"))
        }
    }

    /// Proves one day; whether there may be another.
    private func seal(on connection: borrowing Connection) throws -> Bool {
        let days = try DaySealing.unsealed(on: connection)
        guard let day = days.first else { return false }
        let differences = try DaySealing.seal(day, on: connection)
        report(.sealed(day: day, differences: differences.count))
        guard days.count == 1 else { return true }
        try DaySealing.correctTrend(on: connection)
        return false
    }

    /// Drops the rows of one day; whether there may be another.
    private func expire(on connection: borrowing Connection) throws -> Bool {
        let dropped = try connection.rows("SELECT traffic.expire()::text") {
            row throws(PostgresError) in try row.value(0, as: String?.self)
        }
        if let day = dropped.first ?? nil {
            report(.dropped(day: day))
            return true
        }
        try connection.run("SELECT traffic.expire_counts()")
        return false
    }
}

extension PostgresUUID {
    /// The same 16 bytes.
    init(_ id: SpoolID) { self.init(firstBytesOf: id.bytes) }

    /// The first 16 bytes.
    init(firstBytesOf bytes: [UInt8]) {
        func word(_ bytes: some Sequence<UInt8>) -> UInt64 {
            bytes.reduce(0) { $0 << 8 | UInt64($1) }
        }
        self.init(high: word(bytes.prefix(8)), low: word(bytes.dropFirst(8).prefix(8)))
    }
}
