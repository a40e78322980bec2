// One batch, one transaction: rows, counts and how far the segment is read.
//
// Whatever is killed, a record counts once: what was not committed is read again, and what was is
// skipped, since the segment says so. A COMMIT whose outcome nobody heard needs nothing of its own:
// the next look at the segment tells.

internal import AccessRecords
internal import Postgres

/// Some records of a file, and where they stand in it.
struct Batch {
    /// The file's name in the database.
    var segment: PostgresUUID
    /// The server that wrote it.
    var server: PostgresUUID
    /// When it was begun, in microseconds since 2000.
    var began: Int64
    /// Whether it is an imported log: its rows keep their days.
    var isImport = false
    /// Where the batch begins.
    var from: Int
    /// Where it ends.
    var done: Int
    /// Whether nothing comes behind it.
    var isOver: Bool
    /// Frames that could not be read.
    var damagedFrames = 0
    /// The records.
    var records: [SpooledRecord]
}

/// What became of a batch.
enum BatchOutcome: Equatable {
    /// It is counted.
    case written(redated: Int, refused: Int)
    /// Somebody else has read the segment up to there; nothing was done.
    case moved(Int)
}

/// Writes batches on one connection.
struct BatchWriter {
    private var numbers = TextNumbers()
    /// What the database said that the numbers are good for; nil if there are none.
    private var generation: String?

    /// Makes a connection ready: the tables of a batch are made once a session.
    static func prepare(_ connection: borrowing Connection) throws {
        try TrafficSchema.require(on: connection)
        if !connection.isPooled { try connection.run("SELECT traffic.prepare(false)") }
    }

    /// Writes a batch.
    mutating func write(
        _ batch: Batch, on connection: borrowing Connection
    ) throws -> BatchOutcome {
        let rows = BatchRows(batch.records)
        let generation = try generation(on: connection)
        try numbers.learn(rows.texts, on: connection)
        let numbers = numbers
        let outcome: BatchOutcome? = try connection.atomically { connection in
            let done =
                try connection.rows(
                    "SELECT traffic.take($1, $2, $3, $4, $5)",
                    [
                        Parameter(batch.segment), Parameter(batch.server),
                        Parameter(Timestamp(microsecondsSince2000: batch.began)),
                        Parameter(batch.isImport), Parameter(generation),
                    ]
                ) { row throws(PostgresError) in
                    try row.value(0, as: Int64?.self).map(Int.init)
                }.first ?? nil
            guard let done else { return nil }
            guard done == batch.from else { return .moved(done) }
            let (redated, refused) = try Self.fold(
                rows.rows(numbers), isImport: batch.isImport, on: connection)
            try Self.count(rows, numbers, server: batch.server, on: connection)
            try connection.execute(
                "SELECT traffic.note($1, $2, $3, $4)",
                [
                    Parameter(batch.segment), Parameter(Int64(batch.done)),
                    Parameter(batch.isOver), Parameter(Int64(batch.damagedFrames)),
                ])
            return .written(redated: redated, refused: refused)
        }
        if let outcome { return outcome }
        // Another day, another schema or a restored one: the batch is tried again with new numbers.
        forget()
        return .moved(batch.from)
    }

    /// Forgets all numbers.
    mutating func forget() {
        numbers = TextNumbers()
        generation = nil
    }

    /// What the numbers are good for; asked before the first one is.
    private mutating func generation(on connection: borrowing Connection) throws -> String {
        if let generation { return generation }
        try TrafficSchema.require(on: connection)
        let found =
            try connection.rows("SELECT traffic.generation()") {
                row throws(PostgresError) in try row.value(0, as: String.self)
            }.first ?? ""
        generation = found
        return found
    }

    private static func fold(
        _ rows: [HitRow], isImport: Bool, on connection: borrowing Connection
    ) throws -> (redated: Int, refused: Int) {
        guard !rows.isEmpty else { return (0, 0) }
        if connection.isPooled { try connection.run("SELECT traffic.prepare(true)") }
        try connection.copyIn(
            "pg_temp.incoming", columns: HitRow.columns.map(\.name),
            types: HitRow.columns.map(\.type)
        ) { writer throws(PostgresError) in
            for row in rows { try writer.row(row.fields) }
        }
        let counts = try connection.rows(
            "SELECT redated, refused FROM traffic.fold($1)", [Parameter(isImport)]
        ) { row throws(PostgresError) in
            (Int(try row.value(0, as: Int64.self)), Int(try row.value(1, as: Int64.self)))
        }
        return counts.first ?? (0, 0)
    }

    /// Counts what has no row.
    private static func count(
        _ rows: BatchRows, _ numbers: TextNumbers, server: PostgresUUID,
        on connection: borrowing Connection
    ) throws {
        let slots = Array(rows.slots)
        if !slots.isEmpty {
            try connection.execute(
                "SELECT traffic.add_slots($1, $2, $3, $4)",
                [
                    times(slots.map(\.key.at)),
                    Parameter(slots.map { numbers.fragments[$0.key.fragment] ?? 1 }),
                    Parameter(slots.map(\.key.outcome)), Parameter(slots.map { Int64($0.value) }),
                ])
        }
        if !rows.losses.isEmpty {
            try connection.execute(
                "SELECT traffic.add_losses($1, $2, $3, $4)",
                [
                    times(rows.losses.map(\.at)), Parameter(server),
                    Parameter(rows.losses.map { Int16($0.kind.rawValue) }),
                    Parameter(rows.losses.map { Int64($0.count) }),
                ])
        }
        if !rows.reports.isEmpty {
            try connection.execute(
                "SELECT traffic.add_reports($1, $2, $3, $4)",
                [
                    times(rows.reports.map(\.at)),
                    Parameter(rows.reports.map { numbers.pages[$0.name] ?? 1 }),
                    TextNumbers.storable(rows.reports.map(\.directive)),
                    TextNumbers.storable(rows.reports.map(\.blocked)),
                ])
        }
        let vitals = rows.vitals
        if !vitals.isEmpty {
            try connection.execute(
                "SELECT traffic.add_vitals($1, $2, $3, $4)",
                [
                    times(vitals.map(\.beacon.at)),
                    Parameter(vitals.map { numbers.pages[$0.beacon.name] ?? 1 }),
                    Parameter(vitals.map(\.vital)), Parameter(vitals.map(\.step)),
                ])
        }
    }

    private static func times(_ times: [Int64]) -> Parameter {
        Parameter(times.map { Timestamp(microsecondsSince2000: $0) })
    }
}
