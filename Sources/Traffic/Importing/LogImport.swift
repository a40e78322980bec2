// Imports the logs of other programs, each line once.
//
// A log is known by its first 4 KiB from the line of its first request on; one that had less when
// it was imported, by what it had then. So a copy and a file that was rotated to another name add
// nothing, one that has grown goes on where it ended, and the logs of two servers whose first
// request was the same are two. Bytes are counted in the unpacked text, so a log may be packed
// between two imports.

internal import AccessRecords
internal import ContentEncoding
internal import FoundationEssentials
internal import Hashing
package import Postgres

/// Imports logs.
package struct LogImport {
    /// What came of one file.
    package struct Report: Equatable, Sendable {
        /// Lines that were taken in now.
        package internal(set) var lines = 0
        /// Lines that had been taken in before.
        package internal(set) var isKnown = false
        /// Lines that have another form; they are passed over.
        package internal(set) var unreadable = 0
        /// Lines of days whose rows are gone.
        package internal(set) var refused = 0
        /// Whether it has no request yet.
        package internal(set) var isEmpty = false
    }

    private let form: LogForm
    private let hosts: [String]
    private var writer = BatchWriter()

    /// Imports logs of one form.
    ///
    /// - Parameters:
    ///   - form: their form.
    ///   - hosts: the names of the site, which are no sources.
    package init(_ form: LogForm, hosts: [String]) {
        self.form = form
        self.hosts = hosts
    }

    /// Makes a connection ready.
    package func begin(on connection: borrowing Connection) throws {
        try BatchWriter.prepare(connection)
    }

    /// Imports a file.
    ///
    /// - Throws: `.unreadableLog`, `.notALog` if its first line has another form.
    package mutating func run(
        _ file: String, on connection: borrowing Connection
    ) throws -> Report {
        let bytes = try Self.text(of: file)
        var report = Report()
        guard let (first, start) = try first(in: bytes, file) else {
            report.isEmpty = true
            return report
        }
        var records = LogRecords(hosts: hosts)
        let (id, done) = try Self.identity(of: bytes[start...], on: connection)
        var place = done
        report.isKnown = place > 0
        while place < bytes.count {
            var batch = Batch(
                segment: id, server: PostgresUUID(high: 0, low: 0), began: first.at,
                isImport: true, from: place, done: place, isOver: false, records: [])
            var unreadable = 0
            while batch.records.count < TrafficLimits.batchRecordsMax,
                let end = bytes[batch.done...].firstIndex(of: 0x0A)
            {
                let text = bytes[batch.done..<end]
                if let line = LogLine(text, form: form) {
                    batch.records.append(.answer(records.record(line)))
                } else if !LogLine.isComment(text, form: form) {
                    unreadable += 1
                }
                batch.done = end + 1
            }
            // A line that is not whole is still being written.
            guard batch.done > place else { break }
            switch try writer.write(batch, on: connection) {
            case .moved(let position): place = position
            case .written(_, let refused):
                place = batch.done
                report.lines += batch.records.count - refused
                report.refused += refused
                report.unreadable += unreadable
            }
        }
        return report
    }

    /// By what a log, given from its first request on, is known, and how far it was read.
    private static func identity(
        of log: ArraySlice<UInt8>, on connection: borrowing Connection
    ) throws -> (id: PostgresUUID, done: Int) {
        let head = log.prefix(TrafficLimits.logHeadBytes)
        // What it may have had at an earlier import: it ended in a line then.
        var ends = head.indices.filter { head[$0] == 0x0A }.map { $0 + 1 }
        if head.count == TrafficLimits.logHeadBytes, ends.last != head.endIndex {
            ends.append(head.endIndex)
        }
        let ids = ends.map { end in
            let digest = SHA256Digest(of: Array(head[..<end])).bytes
            return PostgresUUID(firstBytesOf: digest)
        }
        let known = try connection.rows(
            "SELECT id, done FROM traffic.positions($1)", [Parameter(ids)]
        ) { row throws(PostgresError) in
            (try row.value(0, as: PostgresUUID.self), Int(try row.value(1, as: Int64.self)))
        }
        for id in ids.reversed() {
            if let found = known.first(where: { $0.0 == id }) { return found }
        }
        return (ids.last ?? PostgresUUID(high: 0, low: 0), 0)
    }

    /// The first request, and where its line begins; nil in a log that has none yet.
    private func first(in bytes: [UInt8], _ file: String) throws -> (LogLine, Int)? {
        var start = 0
        var number = 1
        while let end = bytes[start...].firstIndex(of: 0x0A) {
            let text = bytes[start..<end]
            if let line = LogLine(text, form: form) { return (line, start) }
            guard LogLine.isComment(text, form: form) else { break }
            start = end + 1
            number += 1
        }
        guard start < bytes.count else { return nil }
        throw TrafficError.notALog(file: file, form: form.rawValue, line: number)
    }

    /// The text of a file, unpacked if it is gzip, whatever its name.
    private static func text(of file: String) throws -> [UInt8] {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: file))
        } catch {
            throw TrafficError.unreadableLog(file: file, reason: "no such file, or no right to it")
        }
        let bytes = [UInt8](data)
        guard bytes.starts(with: [0x1F, 0x8B]) else { return bytes }
        do {
            return try Gzip.decompress(bytes, limit: TrafficLimits.logBytesMax)
        } catch {
            throw TrafficError.unreadableLog(file: file, reason: "\(error)")
        }
    }
}
