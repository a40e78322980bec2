// Imports the logs of other programs, each line once.
//
// A log is known by the line of its first request: time, client and what was asked for. So a copy
// and a file that was rotated to another name add nothing, and one that has grown goes on where it
// ended. Bytes are counted in the unpacked text, so a log may be packed between two imports.

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
        let (first, line) = try first(in: bytes, file)
        let digest = SHA256Digest(of: Array(line)).bytes
        let id = SpoolID(bytes: digest.prefix(SpoolID.byteCount)).map { PostgresUUID($0) }
        guard let id else { throw TrafficError.unreadableLog(file: file, reason: "no digest") }
        var report = Report()
        var records = LogRecords(hosts: hosts)
        var place = try SpoolIngester.position(of: id, on: connection)
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

    /// The first request, and its line with the line's end.
    private func first(
        in bytes: [UInt8], _ file: String
    ) throws -> (LogLine, ArraySlice<UInt8>) {
        var start = 0
        var number = 1
        while let end = bytes[start...].firstIndex(of: 0x0A) {
            let text = bytes[start..<end]
            if let line = LogLine(text, form: form) { return (line, bytes[start...end]) }
            guard LogLine.isComment(text, form: form) else { break }
            start = end + 1
            number += 1
        }
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
