// Looks at a database with views in it and says what would make them cheaper.
//
// Everything is read, nothing is written: one READ ONLY transaction that is rolled back, in which
// the planner is kept from reading whole tables, so that what it still reads as a whole shows where
// an index is missing, however small the tables are today.

package import Postgres

/// Gives advice about the views of a site.
package struct ViewDoctor: Sendable {
    private let definitions: [ViewDefinition]
    private let limits: DoctorLimits

    /// A doctor for the views of these files.
    package init(_ definitions: [ViewDefinition], limits: DoctorLimits = DoctorLimits()) {
        self.definitions = definitions
        self.limits = limits
    }

    /// Everything there is to say, the most urgent first; at best nothing.
    ///
    /// Views that are not installed, or not as their files say, are passed over.
    ///
    /// - Parameter connection: a connection outside of any transaction.
    /// - Returns: advice, each piece once.
    /// - Throws: `.notInstalled`, or `.database` if the catalogue cannot be read.
    package func advice(on connection: borrowing Connection) throws(ViewError) -> [Advice] {
        guard try ViewCatalogue.isInstalled(on: connection) else { throw .notInstalled }
        let queue = try waitingQueue(on: connection)
        try connection.perform(
            """
            BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
            SET LOCAL statement_timeout = '60s'; SET LOCAL lock_timeout = '5s';
            SET LOCAL TimeZone = 'UTC'
            """, doing: "beginning to look")
        do throws(ViewError) {
            let advice =
                try queue + health(on: connection) + examined(on: connection)
                + unusedIndexes(on: connection)
            try connection.perform("ROLLBACK", doing: "ending to look")
            return advice
        } catch {
            // The first error counts; a lost connection rolls back by itself.
            do throws(ViewError) {
                try connection.perform("ROLLBACK", doing: "ending to look")
            } catch {}
            throw error
        }
    }

    // MARK: Views

    private func examined(on connection: borrowing Connection) throws(ViewError) -> [Advice] {
        let records = try ViewCatalogue.records(on: connection)
        let installed = definitions.filter { definition in
            records.contains { record in
                record.name == definition.name && record.digest == definition.installDigest
                    && record.relationKind != nil
            }
        }
        let indexes = try UsableIndex.all(on: connection)
        var lookups: [UnindexedLookup: [String]] = [:]
        var others: [Advice] = []
        for definition in installed {
            try connection.perform("SAVEPOINT examining", doing: "examining views")
            do throws(ViewError) {
                let record = records.first { $0.name == definition.name }
                let found = try examine(
                    definition, isKept: record?.hasStatement ?? false, indexes, on: connection)
                for lookup in found.lookups { lookups[lookup, default: []].append(definition.name) }
                others += found.advice
            } catch {
                switch error {
                case .interrupted: throw error
                case .database where connection.isBroken: throw error
                // A view that fails says nothing about the others.
                default:
                    others.append(.brokenView(view: definition.name, reason: Self.reason(error)))
                }
            }
            try connection.perform("ROLLBACK TO SAVEPOINT examining", doing: "examining views")
        }
        var missing: [Advice] = []
        for (lookup, views) in lookups.sorted(by: { $0.key < $1.key }) {
            missing.append(
                try self.missing(lookup, Array(Set(views)).sorted(), on: connection))
        }
        let isBroken = { (advice: Advice) in
            if case .brokenView = advice { true } else { false }
        }
        return others.filter(isBroken) + missing + others.filter { !isBroken($0) }
    }

    /// Looks at one view.
    private func examine(
        _ definition: ViewDefinition, isKept: Bool, _ indexes: [String: UsableIndex],
        on connection: borrowing Connection
    ) throws(ViewError) -> (lookups: Set<UnindexedLookup>, advice: [Advice]) {
        let kept =
            definition.refresh == .incremental && isKept
            ? try InstallDraft.site(
                [definition], [definition.name], isChecked: false, on: connection
            ).views.first : nil
        let view = ExaminedView(definition, kept, limits: limits)
        let firstColumns = indexes.mapValues(\.firstColumn)
        var lookups: Set<UnindexedLookup> = []
        for query in view.lookups {
            let plan = try view.forcedPlan(of: query, on: connection)
            for found in plan?.unindexedLookups(firstColumns: firstColumns) ?? [] {
                // Of tables with hardly a row any plan is as good, and an index may stand by.
                guard let lookup = try found.indexable(on: connection),
                    !indexes.values.contains(where: lookup.isServed)
                else { continue }
                lookups.insert(lookup)
            }
        }
        // With the index, a row may be cheap.
        let costs = try view.costs(on: connection).filter { advice in
            if case .wholeForOneRow = advice { lookups.isEmpty } else { true }
        }
        return (lookups, costs)
    }

    /// The first line of an error, which names no value of a row.
    private static func reason(_ error: ViewError) -> String {
        let line = error.description.split(separator: "\n").first.map(String.init) ?? ""
        return line.hasSuffix(".") ? String(line.dropLast()) : line
    }

    private func missing(
        _ lookup: UnindexedLookup, _ views: [String], on connection: borrowing Connection
    ) throws(ViewError) -> Advice {
        let rows = try connection.texts(
            """
            SELECT x.name, quote_ident(u.c), nullif(t.reltuples, -1)::bigint::text
            FROM format('%I.%I', $1::text, $2::text) AS x (name)
            JOIN pg_catalog.pg_class t ON t.oid = to_regclass(x.name)
            LEFT JOIN unnest($3::text::text[]) WITH ORDINALITY AS u (c, n) ON true ORDER BY u.n
            """, [lookup.schema, lookup.table, SQLText.array(lookup.columns)], columns: 3,
            doing: "quoting names")
        return .missingIndex(
            table: rows.first?[0] ?? lookup.table,
            columns: rows.compactMap { row in row[1] }
                + lookup.expressions.map { expression in "(\(expression.text))" },
            rows: rows.first?[2].flatMap { text in Int(text) }, views: views)
    }

    // MARK: The database

    /// Rows of the queue that are still there after a while.
    private func waitingQueue(on connection: borrowing Connection) throws(ViewError) -> [Advice] {
        let oldest = "SELECT xid::text FROM \(connection.schema).queue ORDER BY xid LIMIT 1"
        guard let before = try connection.texts(oldest, doing: "reading the queue").first?[0]
        else { return [] }
        _ = try connection.texts(
            "SELECT pg_sleep(\(limits.queueMilliseconds) / 1000.0)::text", doing: "waiting")
        let rows = try connection.texts(
            """
            SELECT count(*)::text,
                (pg_snapshot_xmax(pg_current_snapshot())::text::bigint
                    - min(xid)::text::bigint)::text, min(xid)::text
            FROM \(connection.schema).queue
            """, columns: 3, doing: "reading the queue")
        guard let row = rows.first, row[2] == before else { return [] }
        return [
            .waitingQueue(
                rows: row[0].flatMap { text in Int(text) } ?? 0,
                transactions: row[1].flatMap { text in Int(text) } ?? 0, in: connection.schema)
        ]
    }

    private func health(on connection: borrowing Connection) throws(ViewError) -> [Advice] {
        let schema = connection.schema
        let failures = try connection.texts(
            "SELECT view, count(*)::text FROM \(schema).failure GROUP BY view ORDER BY view",
            columns: 2, doing: "reading failures")
        let transactions = try connection.texts(
            """
            SELECT pid::text, (extract(epoch FROM now() - xact_start) / 60)::int::text
            FROM pg_catalog.pg_stat_activity
            WHERE pid <> pg_backend_pid() AND datname = current_database()
            AND backend_type = 'client backend' AND backend_xmin IS NOT NULL
            AND xact_start <= clock_timestamp() - make_interval(mins => $1::text::int)
            ORDER BY xact_start
            """, [String(limits.transactionMinutes)], columns: 2,
            doing: "looking for long transactions")
        let bloat = try connection.texts(
            """
            SELECT format('%I.%I', schemaname, relname), n_dead_tup::text, n_live_tup::text
            FROM pg_catalog.pg_stat_user_tables
            WHERE schemaname = '\(schema)' AND n_dead_tup > n_live_tup
            AND n_dead_tup >= $1::text::bigint ORDER BY n_dead_tup DESC
            """, [String(limits.deadRows)], columns: 3, doing: "reading statistics of tables")
        func number(_ text: String?) -> Int { text.flatMap { text in Int(text) } ?? 0 }
        return failures.map { row in
            .failedRows(view: row[0] ?? "", count: number(row[1]), in: schema)
        }
            + transactions.map { row in
                .longTransaction(process: number(row[0]), minutes: number(row[1]))
            }
            + bloat.map { row in
                .bloat(table: row[0] ?? "", dead: number(row[1]), live: number(row[2]))
            }
    }

    /// Large indexes of the tables that views read, never used, and no constraint needs them.
    private func unusedIndexes(on connection: borrowing Connection) throws(ViewError) -> [Advice] {
        let rows = try connection.texts(
            """
            WITH RECURSIVE reads (relation) AS (
                SELECT c.oid FROM pg_catalog.pg_class c
                WHERE c.relnamespace = '\(connection.schema)'::regnamespace
                    AND c.relkind IN ('r', 'v', 'm')
                UNION
                SELECT d.refobjid FROM reads
                JOIN pg_catalog.pg_rewrite w ON w.ev_class = reads.relation
                JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass
                    AND d.objid = w.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass)
            SELECT format('%I.%I', s.schemaname, s.indexrelname),
                format('%I.%I', s.schemaname, s.relname), pg_relation_size(s.indexrelid)::text,
                coalesce(to_char(b.stats_reset, 'YYYY-MM-DD'), 'the statistics began')
            FROM pg_catalog.pg_stat_user_indexes s
            JOIN pg_catalog.pg_index i ON i.indexrelid = s.indexrelid
            JOIN reads ON reads.relation = s.relid
            LEFT JOIN pg_catalog.pg_stat_database b ON b.datname = current_database()
            WHERE s.idx_scan = 0 AND NOT i.indisunique AND NOT i.indisexclusion
            AND pg_relation_size(s.indexrelid) >= $1::text::bigint
            ORDER BY pg_relation_size(s.indexrelid) DESC, 1
            """, [String(limits.bytesOfUnusedIndex)], columns: 4,
            doing: "reading statistics of indexes")
        return rows.map { row in
            .unusedIndex(
                index: row[0] ?? "", table: row[1] ?? "",
                bytes: row[2].flatMap { text in Int(text) } ?? 0, since: row[3] ?? "")
        }
    }
}
