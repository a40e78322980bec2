// The keys of visitors: made in the database two days ahead, told to servers by a file, destroyed
// when they end.
//
// A server that found no key has made one and offered it in the file: it becomes the key of
// the day unless there is one. Keys that have ended are in neither place any more.

internal import AccessRecords
internal import Hashing
internal import Postgres

/// Agrees on keys between the database and the servers of one folder.
struct VisitorKeyExchange {
    private let folder: AccessSpoolFolder

    init(_ folder: AccessSpoolFolder) { self.folder = folder }

    /// Makes what is missing and writes the file if it has to change.
    func run(on connection: borrowing Connection) throws {
        let days = try connection.rows(
            """
            SELECT d::date::text, traffic.starts(d::date), traffic.starts(d::date + 1), now()
            FROM generate_series(traffic.day_of(now()), traffic.day_of(now()) + $1::int,
                interval '1 day') d
            """, [Parameter(Int32(TrafficLimits.keyDaysAhead))]
        ) { row throws(PostgresError) in
            Day(
                name: try row.value(0), from: try row.value(1, as: Timestamp.self),
                until: try row.value(2, as: Timestamp.self), now: try row.value(3))
        }
        let present = try present()
        var keys: [VisitorKey] = []
        for day in days {
            // A server that crashed has an empty table: the key comes back from the files.
            let known =
                present.keys.first { !$0.isOffered && $0.from == day.from && $0.until == day.until }
                ?? present.keys.first { $0.isOffered && $0.holds(day.now) && day.isNow }
            keys.append(try Self.agree(day, offering: known?.key ?? Self.random(), connection))
        }
        let now = days.first?.now ?? 0
        // A server that has begun to use its own key keeps it until that ends.
        keys += present.keys.filter { key in
            key.isOffered && key.until > now && !keys.contains { $0.key == key.key }
        }
        if VisitorKeys(keys) != present { try folder.write(VisitorKeys(keys)) }
    }

    /// What the file says; nothing if it is damaged, since it is written anew.
    private func present() throws -> VisitorKeys {
        do {
            return try folder.keys() ?? VisitorKeys()
        } catch {
            guard case .badKeys = error else { throw error }
            return VisitorKeys()
        }
    }

    private struct Day {
        var name: String
        var from: Int64
        var until: Int64
        var now: Int64
        var isNow: Bool { from <= now && now < until }

        init(name: String, from: Timestamp, until: Timestamp, now: Timestamp) {
            self.name = name
            self.from = from.microsecondsSince2000
            self.until = until.microsecondsSince2000
            self.now = now.microsecondsSince2000
        }
    }

    private static func agree(
        _ day: Day, offering key: SipHash.Key, _ connection: borrowing Connection
    ) throws -> VisitorKey {
        let agreed = try connection.rows(
            "SELECT key FROM traffic.offer_key($1::text::date, $2)",
            [Parameter(day.name), Parameter(Bytea(key.bytes))]
        ) { row throws(PostgresError) in try row.value(0, as: Bytea.self) }
        let bytes = agreed.first.flatMap { SipHash.Key(bytes: $0.bytes) }
        return VisitorKey(from: day.from, until: day.until, key: bytes ?? key)
    }

    private static func random() -> SipHash.Key {
        var random = SystemRandomNumberGenerator()
        while true {
            let bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
            if let key = SipHash.Key(bytes: bytes) { return key }
        }
    }
}
