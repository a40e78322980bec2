// One run of a mutation check: its clock, what it knows of the views, and the transactions.
//
// Every transaction is rolled back, whatever happened in it: a check leaves the database as it was.

import Postgres

/// A mutation check under way.
struct MutationTrial {
    /// What is known of a view from the comparison before any change.
    private struct Before {
        /// Seconds that a comparison of all rows takes.
        var seconds = 0.0
        /// Rows that differed.
        var differing: [String] = []
    }

    /// How a transaction with some changes ended.
    private struct Outcome {
        var made: [Mutation] = []
        var refused: [(mutation: Mutation, reason: String)] = []
        /// Stale rows by view.
        var stale: [String: Int] = [:]
        /// Changes that a later one hides from the comparison.
        var hidden: [Mutation] = []
        /// Changes for which there was no time.
        var left: [Mutation] = []
        var partial: [String] = []
    }

    /// More rows than this differ: a view in this state proves nothing.
    private static let differingMax = 1_000
    /// The most changes that are compared at once.
    private static let groupMax = 24
    /// How many rows are compared where all of them take too long.
    private static let sampledRows = 500
    /// How often a transaction is tried that met others.
    private static let attemptsMax = 3

    private let site: IncrementalSite
    private let limits: MutationLimits
    private let tell: (Int, Int, String) -> Void
    private let end: ContinuousClock.Instant
    private var before: [String: Before] = [:]
    private var done = 0
    /// What was made or refused at least once, and why it was refused.
    private var made: Set<String> = []
    private var reasons: [(change: String, reason: String)] = []
    private var late: [String: Int] = [:]
    var total = 0
    var report = MutationReport()

    init(
        site: IncrementalSite, limits: MutationLimits, tell: @escaping (Int, Int, String) -> Void
    ) {
        self.site = site
        self.limits = limits
        self.tell = tell
        end = .now + .seconds(limits.seconds)
    }

    private var secondsLeft: Double { (end - .now).inSeconds }

    /// The report, with what was never made.
    func finished() -> MutationReport {
        var report = report
        var told: Set<String> = []
        for (change, reason) in reasons where !made.contains(change) && told.insert(change).inserted
        {
            report.untried.append(MutationReport.Untried(change: change, reason: reason))
        }
        for (table, count) in late.sorted(by: { $0.key < $1.key }) {
            report.untried.append(
                MutationReport.Untried(
                    change: "\(count) changes of \(table)",
                    reason: "the \(limits.seconds) seconds were over (--seconds)"))
        }
        report.isComplete = late.isEmpty && report.isComplete
        return report
    }

    // MARK: Before any change

    /// Takes a step: one that fails proves nothing; one that takes too long, nothing either way.
    mutating func step(on connection: borrowing Connection) throws(ViewError) {
        do throws(PostgresError) {
            try rolledBack(secondsLeft, on: connection) { (connection) throws(PostgresError) in
                try connection.run("SELECT \(connection.schema).step()")
            }
        } catch {
            guard error.isCancellation else {
                throw ViewError(error, in: nil, doing: "bringing views up to date")
            }
            report.isComplete = false
        }
    }

    /// Compares a view as it is.
    mutating func compareBefore(
        _ view: IncrementalView, on connection: borrowing Connection
    ) throws(ViewError) {
        tell(0, 0, "comparing \(view.name) with its statement")
        let start = ContinuousClock.now
        let comparison = RowComparison(view: view)
        do throws(PostgresError) {
            let found = try rolledBack(secondsLeft, on: connection) {
                (connection) throws(PostgresError) in
                try connection.run("SELECT \(connection.schema).step()")
                let found = try comparison.differingKeys(
                    limit: Self.differingMax, on: connection)
                let withoutKey = try comparison.rowsWithoutKey(on: connection)
                return (found.keys, found.count, withoutKey)
            }
            if found.1 > 0 || found.2 > 0 {
                report.differences.append(
                    MutationReport.Difference(view: view.name, rows: found.1, withoutKey: found.2))
            }
            guard found.1 <= Self.differingMax else {
                return pass(over: view, "so many rows differ that nothing can be said of others")
            }
            before[view.name] = Before(
                seconds: (ContinuousClock.now - start).inSeconds, differing: found.0)
        } catch {
            guard case .server(let server) = error else {
                throw ViewError(error, in: nil, doing: "comparing \(view.name)")
            }
            if error.isCancellation {
                pass(over: view, "comparing its rows takes longer than there is time (--seconds)")
                report.isComplete = false
            } else {
                pass(over: view, "its statement fails (SQLSTATE \(server.sqlState))")
            }
        }
    }

    private mutating func pass(over view: IncrementalView, _ reason: String) {
        report.untried.append(
            MutationReport.Untried(
                change: "every change of what \(view.name) reads", reason: reason))
    }

    /// The changes of a table in groups that are compared together.
    mutating func mutations(
        of table: WatchedTable, _ used: Set<String>, on connection: borrowing Connection
    ) throws(ViewError) -> [[Mutation]] {
        let readers = readers(of: table.name)
        guard !readers.isEmpty else { return [] }
        let place = "tableoid::text || ' ' || ctid::text"
        let places: [String]
        do throws(PostgresError) {
            places = try rolledBack(Double(limits.changeSeconds), on: connection) {
                (connection) throws(PostgresError) in
                try connection.rows(
                    "SELECT \(place) FROM \(table.name.quoted) ORDER BY hashtext(\(place)) "
                        + "LIMIT \(max(limits.rows, Self.groupMax))"
                ) { (row) throws(PostgresError) in try row.value(0, as: String.self) }
            }
        } catch {
            if error.isCancellation { report.isComplete = false }
            let late = error.isCancellation ? "the time was up while rows were chosen" : nil
            guard let reason = Mutation.reason(error) ?? late else {
                throw ViewError(error, in: nil, doing: "choosing rows of \(table.name.text)")
            }
            reasons.append(("every change of \(table.name.text)", reason))
            return []
        }
        guard !places.isEmpty else {
            reasons.append(
                (
                    "every change of \(table.name.text)",
                    "it has no rows, or row security hides them"
                ))
            return []
        }
        let mutations = Mutation.all(table, used: used, places: places, rounds: limits.rows)
        let seconds = readers.reduce(0) { $0 + (before[$1.name]?.seconds ?? 0) }
        let size =
            seconds <= limits.cheapSeconds
            ? 1
            : limits.cheapSeconds > 0
                ? min(Self.groupMax, places.count, max(1, Int(seconds / limits.cheapSeconds)))
                : min(Self.groupMax, places.count)
        return stride(from: 0, to: mutations.count, by: size).map { start in
            Array(mutations[start..<min(start + size, mutations.count)])
        }
    }

    /// The views to compare that read a table, directly or through tables of rows.
    private func readers(of table: QualifiedName) -> [IncrementalView] {
        var changed: Set<QualifiedName> = [table]
        // Views are in order: what is read comes first.
        return site.views.filter { view in
            let isReader = view.dependencies.watches.contains { changed.contains($0.table) }
            if isReader { changed.insert(view.schema.qualified(view.name)) }
            return isReader && before[view.name] != nil
        }
    }

    // MARK: Changes

    /// Makes changes and notes what came of them.
    mutating func run(
        _ group: [Mutation], on connection: borrowing Connection
    ) throws(ViewError) {
        guard let first = group.first else { return }
        guard secondsLeft > 0 else {
            late[first.table.name.text, default: 0] += group.count
            return
        }
        tell(done, total, group.count == 1 ? first.change : "changes of \(first.table.name.text)")
        let outcome: Outcome
        do throws(PostgresError) {
            outcome = try attempt(group, on: connection)
        } catch {
            return try failed(group, error, on: connection)
        }
        if group.count > 1 {
            // Together with others a change may fail that alone does not.
            for (mutation, _) in outcome.refused { try run([mutation], on: connection) }
            try run(outcome.left, on: connection)
            if !outcome.stale.isEmpty, outcome.made.count > 1 {
                let known = report.misses.count
                let half = (outcome.made.count + 1) / 2
                try run(Array(outcome.made.prefix(half)), on: connection)
                try run(Array(outcome.made.dropFirst(half)), on: connection)
                guard report.misses.count == known, secondsLeft > 0 else { return }
                miss(outcome.stale, "\(outcome.made.count) changes of \(first.table.name.text)")
                return
            }
            try run(outcome.hidden, on: connection)
        } else if let (mutation, reason) = outcome.refused.first {
            report.refused += 1
            done += 1
            reasons.append((mutation.change, reason))
        }
        let hidden = Set(outcome.hidden.map(\.number))
        for mutation in outcome.made where !hidden.contains(mutation.number) {
            report.tried += 1
            done += 1
            made.insert(mutation.change)
            miss(outcome.stale, mutation.change)
        }
        for view in outcome.partial { report.partial[view, default: 0] += outcome.made.count }
    }

    private mutating func miss(_ stale: [String: Int], _ change: String) {
        for (view, rows) in stale.sorted(by: { $0.key < $1.key }) {
            report.misses.append(MutationReport.Miss(change: change, view: view, rows: rows))
        }
    }

    private mutating func failed(
        _ group: [Mutation], _ error: PostgresError, on connection: borrowing Connection
    ) throws(ViewError) {
        guard case .server(let server) = error else {
            throw ViewError(error, in: nil, doing: "trying changes")
        }
        if group.count > 1 {
            let half = group.count / 2
            try run(Array(group.prefix(half)), on: connection)
            return try run(Array(group.dropFirst(half)), on: connection)
        }
        guard let mutation = group.first else { return }
        report.refused += 1
        done += 1
        let reason =
            error.isCancellation
            ? "it takes longer than \(limits.changeSeconds) seconds (--change-seconds)"
            : ["40", "55"].contains(server.sqlState.prefix(2))
                ? "other transactions were at the same rows"
                : Mutation.reason(error) ?? "PostgreSQL: SQLSTATE \(server.sqlState)"
        if error.isCancellation { report.isComplete = false }
        reasons.append((mutation.change, reason))
    }

    /// One transaction, again if it met others.
    private func attempt(
        _ group: [Mutation], on connection: borrowing Connection
    ) throws(PostgresError) -> Outcome {
        var attempt = 1
        while true {
            do throws(PostgresError) {
                return try rolledBack(Double(limits.changeSeconds), on: connection) {
                    (connection) throws(PostgresError) in try make(group, on: connection)
                }
            } catch {
                guard error.sqlState?.hasPrefix("40") == true, attempt < Self.attemptsMax else {
                    throw error
                }
                attempt += 1
            }
        }
    }

    /// Makes changes, each with a step, and compares.
    private func make(
        _ group: [Mutation], on connection: borrowing Connection
    ) throws(PostgresError) -> Outcome {
        guard let table = group.first?.table.name else { return Outcome() }
        let readers = readers(of: table)
        var outcome = Outcome()
        var whole: [String: Int] = [:]
        let event =
            try connection.rows("SELECT coalesce(max(seq), 0) FROM \(connection.schema).event") {
                (row) throws(PostgresError) in try row.value(0, as: Int64.self)
            }.first ?? 0
        let start = ContinuousClock.now
        for (place, mutation) in group.enumerated() {
            if place > 0, (ContinuousClock.now - start).inSeconds > Double(limits.changeSeconds) {
                outcome.left = Array(group[place...])
                break
            }
            if let reason = try refusal(of: mutation, on: connection) {
                outcome.refused.append((mutation, reason))
                continue
            }
            let views = try connection.rows(
                "SELECT view FROM \(connection.schema).step() WHERE examined IS NULL"
            ) { (row) throws(PostgresError) in try row.value(0, as: String.self) }
            for view in views { whole[view] = outcome.made.count }
            outcome.made.append(mutation)
        }
        guard !outcome.made.isEmpty else { return outcome }
        let failing = try connection.rows(
            "SELECT DISTINCT view FROM \(connection.schema).failure WHERE kind = 'view'"
        ) {
            (row) throws(PostgresError) in try row.value(0, as: String.self)
        }
        var hidden: Set<Int> = []
        for view in readers where !failing.contains(view.name) {
            if let last = whole[view.name] {
                // What the last whole look came after is hidden; it and what follows are not.
                hidden.formUnion(0..<last)
                if last == outcome.made.count - 1 { continue }
            }
            let known = before[view.name] ?? Before()
            let comparison = RowComparison(view: view, ignoring: known.differing)
            let isDear = known.seconds > Double(limits.changeSeconds) / 2
            if isDear { outcome.partial.append(view.name) }
            let keys =
                isDear
                ? comparison.sampledKeys(after: event, count: Self.sampledRows) : nil
            let count = try comparison.differingKeys(limit: 1, among: keys, on: connection).count
            if count > 0 { outcome.stale[view.name] = count }
        }
        outcome.hidden = hidden.sorted().map { outcome.made[$0] }
        return outcome
    }

    /// Makes one change.
    ///
    /// - Returns: why it cannot be made; nil if it was.
    private func refusal(
        of mutation: Mutation, on connection: borrowing Connection
    ) throws(PostgresError) -> String? {
        var reasons: [String] = []
        for attempt in mutation.attempts {
            try connection.run("SAVEPOINT mutation")
            do throws(PostgresError) {
                let count = try connection.execute(attempt.sql)
                try connection.run("SET CONSTRAINTS ALL IMMEDIATE")
                if count > 0 { return nil }
                reasons.append(attempt.ifNone)
            } catch {
                guard let reason = Mutation.reason(error) else { throw error }
                reasons.append(reason)
            }
            try connection.run("ROLLBACK TO SAVEPOINT mutation")
        }
        var told: Set<String> = []
        let all = reasons.filter { told.insert($0).inserted }
        return all.isEmpty ? "no other value is known for its type" : all.joined(separator: "; ")
    }

    /// Runs `body` in a snapshot that is taken when no step is under way, and rolls everything
    /// back.
    private func rolledBack<T>(
        _ seconds: Double, on connection: borrowing Connection,
        _ body: (borrowing Connection) throws(PostgresError) -> T
    ) throws(PostgresError) -> T {
        let milliseconds = max(1, Int(min(seconds, secondsLeft) * 1_000))
        do throws(PostgresError) {
            try connection.run(
                """
                BEGIN ISOLATION LEVEL REPEATABLE READ; \(connection.transactionLimits)\
                \(ViewInstaller.settings) LOCK TABLE \(connection.schema).leader IN EXCLUSIVE MODE;
                SET LOCAL statement_timeout = \(milliseconds); SET LOCAL lock_timeout = '2s'
                """)
            let value = try body(connection)
            try connection.run("ROLLBACK")
            return value
        } catch {
            // The first error counts; a lost connection rolls back by itself.
            do throws(PostgresError) { try connection.run("ROLLBACK") } catch {}
            throw error
        }
    }
}
