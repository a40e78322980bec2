// A row of `traffic.hit`, as COPY takes it: texts are numbers by then.
//
// The order of its fields is that of the table's columns.

internal import Postgres

/// A row of `traffic.hit`.
struct HitRow: Equatable {
    static let columns: [(name: String, type: PostgresType)] = [
        ("at", .timestamptz), ("visitor", .int8), ("page", .int4), ("source", .int4),
        ("agent", .int4), ("campaign", .int4), ("micros", .int4), ("bytes", .int4),
        ("status", .int2), ("kind", .int2), ("flags", .int2),
    ]

    var at: Int64
    var visitor: Int64?
    var page: Int32 = 0
    var source: Int32 = 0
    var agent: Int32 = 0
    var campaign: Int32 = 0
    var micros: Int32
    var bytes: Int32
    var status: Int16
    var kind: Int16
    var flags: Int16

    var fields: [Parameter] {
        [
            Parameter(Timestamp(microsecondsSince2000: at)), Parameter(visitor), Parameter(page),
            Parameter(source), Parameter(agent), Parameter(campaign), Parameter(micros),
            Parameter(bytes), Parameter(status), Parameter(kind), Parameter(flags),
        ]
    }
}

/// What is in `HitRow.flags` besides the browser's signals.
enum HitFlag {
    static let isHead = 1 << 8
    static let objects = 1 << 9
    static let codingShift = 10
    static let robotsFile = 1 << 12
    static let probe = 1 << 13
    static let beacon = 1 << 14
}
