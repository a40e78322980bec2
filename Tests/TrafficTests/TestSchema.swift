// A schema `traffic` of a test's own, and batches of records for it.
//
// Records come through `BatchWriter`, so they are counted as those of a spool are.

import AccessRecords
import Glibc
import Postgres
import TestSupport

@testable import Traffic

/// A new schema on a connection.
func withSchema(
    zone: String = "Europe/Paris", _ body: (borrowing Connection) throws -> Void
) throws {
    let connection = try Connection(to: try ThrowAwayPostgres.database())
    var changes = TrafficSettings.Changes()
    changes.zone = zone
    try TrafficSchema.install(changes, on: connection)
    try body(connection)
}

/// A zone in which it is about noon, so that no minutes of a test lie on two days.
func zoneOfNoon() -> String {
    let ahead = 12 - Glibc.time(nil) / 3_600 % 24
    return ahead == 0 ? "Etc/GMT" : "Etc/GMT\(ahead > 0 ? "-" : "+")\(abs(ahead))"
}

/// The first value that a statement gives.
func one<T: PostgresDecodable>(
    _ sql: String, as type: T.Type = T.self, on connection: borrowing Connection
) throws -> T? {
    try connection.rows(sql) { row throws(PostgresError) in try row.value(0, as: T.self) }.first
}

/// A view of a page by a visitor, so many seconds after an instant in microseconds since 2000.
func view(
    _ path: String, by visitor: UInt64, at time: Int64, plus seconds: Int64 = 0,
    kind: RequestKind = .view, from source: AccessSource = .typed
) -> SpooledRecord {
    var record = AccessRecord(
        at: time + seconds * 1_000_000, kind: kind, status: kind == .missing ? 404 : 200,
        name: AccessName(path: path, view: kind == .missing ? "" : "page", key: path))
    record.visitor = visitor
    record.source = source
    if kind == .prefetch { record.signals = RequestSignals(rawValue: 64) }
    return .answer(record)
}

/// Now, or so many hours ago, as the database says, in microseconds since 2000.
func time(hoursAgo hours: Int = 0, on connection: borrowing Connection) throws -> Int64 {
    let now = try one(
        "SELECT now() - make_interval(hours => \(hours))", as: Timestamp.self, on: connection)
    return now?.microsecondsSince2000 ?? 0
}

extension BatchWriter {
    /// Writes records as a segment of their own; tried again when its numbers were of yesterday.
    @discardableResult
    mutating func write(
        _ records: [SpooledRecord], isImport: Bool = false, on connection: borrowing Connection
    ) throws -> BatchOutcome {
        let batch = Batch(
            segment: PostgresUUID(SpoolID()), server: PostgresUUID(high: 1, low: 1), began: 0,
            isImport: isImport, from: 0, done: 100, isOver: true, records: records)
        let outcome = try write(batch, on: connection)
        return outcome == .moved(0) ? try write(batch, on: connection) : outcome
    }
}
