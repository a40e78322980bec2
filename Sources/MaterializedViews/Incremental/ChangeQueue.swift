// The refresher's side of incremental views: is there anything to do, do it, what came of it.
//
// The queue in the database is the truth; whoever polls it may die at any moment and nothing is
// lost, since a step takes its queue rows, writes rows and tells events in one transaction. Several
// refreshers may run: one works, the others wait for it. Polling costs a writer nothing, where
// NOTIFY would cost every commit a lock (Benchmarks/README.md).

package import Postgres

/// What one step did to one view; what it could not do stands in `sitegen.failure`.
package struct StepReport: Equatable, Sendable {
    /// The view's name.
    package let view: String
    /// How many keys were looked at; nil if all were.
    let examined: Int?
    /// How many rows differed.
    package let changed: Int
}

/// The queue of changes, for one refresher.
package enum ChangeQueue {
    /// The most queue rows of one step; more stay for the next.
    static let stepRowsMax = 50_000
    /// How long a step works on views with many keys before later changes go first.
    static let stepMilliseconds = 250
    /// How often a step is tried again after a serialization failure or a deadlock.
    private static let attemptsMax = 10

    /// Whether something is queued, or a row's time has come.
    ///
    /// - Throws: `.notInstalled`, `.database`.
    package static func isWaiting(on connection: borrowing Connection) throws(ViewError) -> Bool {
        try news(after: .max, on: connection).isWaiting
    }

    /// What there is to do for one who follows, in one question, since it is asked often.
    ///
    /// - Parameters:
    ///   - sequence: the last event that is known.
    ///   - connection: any connection.
    /// - Returns: whether something is queued or due, and whether there are events behind that one.
    /// - Throws: `.notInstalled`, `.database`.
    package static func news(
        after sequence: Int64, on connection: borrowing Connection
    ) throws(ViewError) -> (isWaiting: Bool, hasEvents: Bool) {
        do throws(PostgresError) {
            // A parameter would make three round trips of it.
            return try connection.rows(
                """
                SELECT \(Self.isWaiting(in: connection.schema)),
                    \(Self.hasEvents(after: sequence, in: connection.schema))
                """
            ) { (row) throws(PostgresError) in
                (try row.value(0, as: Bool.self), try row.value(1, as: Bool.self))
            }.first ?? (false, false)
        } catch {
            throw notInstalled(error, doing: "looking at the queue")
        }
    }

    /// SQL that is true when something is queued, or a row's time has come.
    private static func isWaiting(in schema: SiteSchema) -> String {
        """
        (EXISTS (SELECT FROM \(schema).queue)
            OR EXISTS (SELECT FROM \(schema).schedule WHERE at <= clock_timestamp()))
        """
    }

    /// SQL that is true when there are events behind one.
    private static func hasEvents(after sequence: Int64, in schema: SiteSchema) -> String {
        "EXISTS (SELECT FROM \(schema).event WHERE seq > \(sequence))"
    }

    /// Has the server look again and again until there is something to do: a look costs the
    /// follower nothing then, and a writer nothing, as ever.
    ///
    /// The connection is busy until `hasWaited` says otherwise. Each look is a transaction, so
    /// no snapshot and no lock is older than that.
    ///
    /// - Parameters:
    ///   - sequence: the last event that is known.
    ///   - pause: between two looks.
    ///   - time: how long at most; then the wait ends by itself.
    ///   - connection: a connection outside of any transaction.
    /// - Throws: `.database`; `hasWaited` throws what comes later.
    package static func beginWaiting(
        after sequence: Int64, pause: Duration, upTo time: Duration,
        on connection: borrowing Connection
    ) throws(ViewError) {
        let schema = connection.schema
        let body = """
            DECLARE
                ends CONSTANT timestamptz := clock_timestamp()
                    + \(time / .seconds(1)) * '1 s'::interval;
            BEGIN
                WHILE NOT \(Self.isWaiting(in: schema))
                    AND NOT \(Self.hasEvents(after: sequence, in: schema))
                    AND clock_timestamp() < ends
                LOOP
                    COMMIT;
                    PERFORM pg_sleep(\(pause / .seconds(1)));
                END LOOP;
            END
            """
        do throws(PostgresError) {
            try connection.begin("DO \(Connection.quoted(literal: body))")
        } catch {
            throw notInstalled(error, doing: "waiting for changes")
        }
    }

    /// Whether what `beginWaiting` began is over; does not wait.
    ///
    /// - Throws: `.notInstalled`, `.database`; it is over then.
    package static func hasWaited(on connection: borrowing Connection) throws(ViewError) -> Bool {
        do throws(PostgresError) {
            return try connection.hasEnded()
        } catch {
            throw notInstalled(error, doing: "waiting for changes")
        }
    }

    /// Brings views up to date with everything that is queued now or due.
    ///
    /// - Parameter connection: a connection outside of any transaction, to the primary server.
    /// - Returns: the views that were looked at, in the order in which they were.
    /// - Throws: `.notInstalled`, `.locked`, `.database`; nothing is lost then.
    package static func step(
        on connection: borrowing Connection
    ) throws(ViewError) -> [StepReport] {
        var attempt = 1
        while true {
            do throws(PostgresError) {
                return try stepOnce(on: connection)
            } catch {
                let isTransient = error.sqlState == "40001" || error.sqlState == "40P01"
                guard isTransient, attempt < attemptsMax else {
                    throw notInstalled(error, doing: "bringing views up to date")
                }
                attempt += 1
            }
        }
    }

    private static func stepOnce(
        on connection: borrowing Connection
    ) throws(PostgresError) -> [StepReport] {
        do throws(PostgresError) {
            // The lock comes first because it takes no snapshot.
            try connection.run(
                "BEGIN ISOLATION LEVEL REPEATABLE READ; \(connection.transactionLimits)"
                    + "LOCK TABLE \(connection.schema).leader IN EXCLUSIVE MODE; "
                    + "SET LOCAL sitegen.step_milliseconds = \(stepMilliseconds)")
            let reports = try connection.rows(
                "SELECT view, examined, changed FROM \(connection.schema).step($1)",
                [Parameter(Int32(stepRowsMax))]
            ) { (row) throws(PostgresError) in
                StepReport(
                    view: try row.value(0, as: String.self),
                    examined: try row.value(1, as: Int64?.self).map { Int($0) },
                    changed: Int(try row.value(2, as: Int64.self)))
            }
            try connection.run("COMMIT")
            return reports
        } catch {
            // The first error counts; a lost connection rolls back by itself.
            do throws(PostgresError) { try connection.run("ROLLBACK") } catch {}
            throw error
        }
    }

    /// Steps until nothing is waiting.
    ///
    /// - Returns: the views that were looked at, each once, with sums.
    package static func drain(
        on connection: borrowing Connection
    ) throws(ViewError) -> [StepReport] {
        var reports: [StepReport] = []
        while try isWaiting(on: connection) {
            let step = try step(on: connection)
            reports += step
            // What is queued and belongs to no view will be taken by nobody.
            if step.isEmpty {
                guard try isFollowed(on: connection) else { break }
            }
        }
        var sums: [StepReport] = []
        for report in reports {
            if let place = sums.firstIndex(where: { $0.view == report.view }) {
                sums[place] = StepReport(
                    view: report.view,
                    examined: sums[place].examined.flatMap { sum in report.examined.map { sum + $0 }
                    },
                    changed: sums[place].changed + report.changed)
            } else {
                sums.append(report)
            }
        }
        return sums
    }

    /// Whether some of the queued rows belong to an installed view.
    private static func isFollowed(on connection: borrowing Connection) throws(ViewError) -> Bool {
        let numbers = Set(try InstallDraft.installed(on: connection).numbers.values)
        let rows = try connection.texts(
            "SELECT DISTINCT abs(watch)::text FROM \(connection.schema).queue",
            doing: "looking at the queue")
        return rows.contains { row in row[0].flatMap { Int($0) }.map(numbers.contains) ?? false }
    }

    /// The number of the last event; 0 before the first.
    package static func lastSequence(
        on connection: borrowing Connection
    ) throws(ViewError) -> Int64 {
        let rows = try connection.texts(
            "SELECT coalesce(max(seq), 0)::text FROM \(connection.schema).event",
            doing: "reading the number of the last event")
        return rows.first.flatMap { row in row[0] }.flatMap { Int64($0) } ?? 0
    }

    /// Events behind `sequence`, in order.
    ///
    /// - Parameters:
    ///   - sequence: the last event that is known; 0 reads from the first.
    ///   - limit: the most events to read at once.
    ///   - connection: any connection.
    /// - Returns: the oldest of them first; none if there are none.
    /// - Throws: `.notInstalled`, `.database`.
    package static func events(
        after sequence: Int64, limit: Int, on connection: borrowing Connection
    ) throws(ViewError) -> [ViewEvent] {
        do throws(PostgresError) {
            return try connection.rows(
                """
                SELECT seq, view, key, op::text, cols FROM \(connection.schema).event
                WHERE seq > $1 ORDER BY seq LIMIT $2
                """, [Parameter(sequence), Parameter(Int64(limit))]
            ) { (row) throws(PostgresError) in
                ViewEvent(
                    sequence: try row.value(0, as: Int64.self),
                    view: try row.value(1, as: String.self), key: try row.value(2, as: String.self),
                    operation: ViewEvent.Operation(rawValue: try row.value(3, as: String.self))
                        ?? .update,
                    columns: try row.value(4, as: [String]?.self))
            }
        } catch {
            throw notInstalled(error, doing: "reading events")
        }
    }

    /// Notes how far a consumer of events has come, and drops the events that nobody needs.
    ///
    /// A consumer that was not seen for `daysMax` days counts no more: when it comes back, its
    /// `position` is nil and it has to read all rows.
    ///
    /// - Parameters:
    ///   - name: the consumer's name, such as the folder of a release.
    ///   - sequence: the last event that it has acted on.
    ///   - connection: any connection.
    /// - Throws: `.database`.
    package static func acknowledge(
        _ name: String, upTo sequence: Int64, on connection: borrowing Connection
    ) throws(ViewError) {
        _ = try connection.texts(
            """
            WITH me AS (
                INSERT INTO \(connection.schema).consumer (name, seq) VALUES ($1, $2::bigint)
                ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, seen_at = now()
                RETURNING seq),
            old AS (
                DELETE FROM \(connection.schema).consumer
                WHERE seen_at < now() - interval '\(daysMax) days' AND name <> $1)
            DELETE FROM \(connection.schema).event WHERE seq <= least(
                (SELECT seq FROM me),
                (SELECT min(seq) FROM \(connection.schema).consumer
                 WHERE name <> $1 AND seen_at >= now() - interval '\(daysMax) days'))
            """, [name, "\(sequence)"], doing: "acknowledging events")
    }

    /// Drops events that are older than `daysMax` days and that no consumer waits for.
    ///
    /// Where events have no consumer at all, this is what bounds their number.
    package static func prune(on connection: borrowing Connection) throws(ViewError) {
        try connection.perform(
            """
            DELETE FROM \(connection.schema).event e WHERE e.at < now() - interval '\(daysMax) days'
                AND NOT EXISTS (SELECT FROM \(connection.schema).consumer c
                    WHERE c.seq < e.seq AND c.seen_at >= now() - interval '\(daysMax) days')
            """, doing: "dropping old events")
    }

    /// The last event that a consumer has acted on; nil if it has to read all rows, because it is
    /// new or was away for too long.
    package static func position(
        of name: String, on connection: borrowing Connection
    ) throws(ViewError) -> Int64? {
        let rows = try connection.texts(
            "SELECT seq::text FROM \(connection.schema).consumer WHERE name = $1", [name],
            doing: "reading how far a consumer has come")
        return rows.first.flatMap { row in row[0] }.flatMap { Int64($0) }
    }

    /// How long a consumer that is away is waited for.
    static let daysMax = 7

    private static func notInstalled(_ error: PostgresError, doing: String) -> ViewError {
        // Undefined table, function or schema.
        ["42P01", "42883", "3F000"].contains(error.sqlState ?? "")
            ? .notInstalled : ViewError(error.withoutPosition, in: nil, doing: doing)
    }
}
