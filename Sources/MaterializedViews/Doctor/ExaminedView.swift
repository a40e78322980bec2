// One view under examination: the queries that look up single rows of it, and what they cost.
//
// A key is taken from the rows by a sub-select, so that the planner does not know its value: it
// plans as for any key. The values of that row are read by the server and by nobody else.

import Postgres

/// A view and its look-ups.
struct ExaminedView {
    private let definition: ViewDefinition
    /// What the refresher asks about it; nil for a view that it does not keep.
    private let incremental: IncrementalView?
    private let limits: DoctorLimits

    init(_ definition: ViewDefinition, _ incremental: IncrementalView?, limits: DoctorLimits) {
        self.definition = definition
        self.incremental = incremental
        self.limits = limits
    }

    private var name: String { definition.name }

    /// The query that computes the one row with the smallest key.
    private var oneRow: String {
        let order = definition.key.map(\.quotedName).joined(separator: ", ")
        let conditions = definition.key.map { column in
            "q.\(column.quotedName) = ANY (ARRAY(SELECT \(column.quotedName) FROM "
                + "\(definition.relation) ORDER BY \(order) LIMIT 1))"
        }
        return "SELECT * FROM (\n\(definition.sql)\n) AS q "
            + "WHERE \(conditions.joined(separator: " AND "))"
    }

    /// The queries whose plans show missing indexes: the row by its key, and from each changed
    /// link to the keys of the rows that it concerns.
    var lookups: [String] {
        var queries = [oneRow]
        guard let incremental else { return queries }
        for dependency in incremental.dependencies.dependencies {
            let links = "ARRAY(SELECT NULL::\(dependency.linkType))"
            let query = incremental.lookUp(dependency.route, links, isAdvised: true)
            if let query { queries.append(query) }
        }
        return queries
    }

    /// The plan of a query when whole tables are to be avoided at any cost.
    ///
    /// - Returns: nil if the answer is no plan.
    func forcedPlan(
        of query: String, on connection: borrowing Connection
    ) throws(ViewError) -> QueryPlan? {
        let doing = "planning a look-up of \(name)"
        try connection.perform(
            """
            SAVEPOINT forced; SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off;
            SET LOCAL enable_mergejoin = off; SET LOCAL enable_material = off;
            SET LOCAL enable_memoize = off; SET LOCAL jit = off
            """, doing: doing)
        let text = try connection.texts(
            "EXPLAIN (FORMAT JSON, VERBOSE) \(query)", doing: doing
        ).first?[0]
        try connection.perform("ROLLBACK TO SAVEPOINT forced", doing: doing)
        return text.flatMap(QueryPlan.init(json:))
    }

    /// What one row costs to compute, and whether the strategy is worth it.
    func costs(on connection: borrowing Connection) throws(ViewError) -> [Advice] {
        let counters =
            try connection.texts(
                """
                SELECT coalesce(s.n_tup_ins + s.n_tup_upd + s.n_tup_del, 0)::text,
                    coalesce(s.seq_tup_read + coalesce(s.idx_tup_fetch, 0), 0)::text,
                    greatest(c.reltuples, 0)::bigint::text
                FROM pg_catalog.pg_class c
                LEFT JOIN pg_catalog.pg_stat_user_tables s ON s.relid = c.oid
                WHERE c.oid = to_regclass($1::text)
                """, [definition.relation], columns: 3, doing: "reading statistics of \(name)"
            ).first ?? []
        let numbers = counters.map { text in text.flatMap { text in Int(text) } ?? 0 }
        let written = numbers.first ?? 0
        let read = numbers.dropFirst().first ?? 0
        let rows = numbers.last ?? 0
        guard let plan = try measuredPlan(on: connection) else { return [] }
        let blocks = Int(plan.blocks)
        if blocks > limits.blocksPerRow, definition.refresh != .materialized {
            let heaviest = plan.nodes.filter { node in node.table != nil }
                .max { left, right in left.ownBlocks < right.ownBlocks }
            return [.costlyRow(view: name, blocks: blocks, table: heaviest?.table)]
        }
        // Rows that are never computed one by one need not be cheap.
        let isByRow =
            definition.refresh == .live || incremental?.dependencies.roots.isEmpty == false
        if isByRow, let whole = try wholeCost(plan, on: connection) { return [whole] }
        let isCheap = blocks <= limits.blocksOfCheapRow
        switch definition.refresh {
        case .materialized where isCheap && rows >= limits.rowsOfLargeView:
            return [.wholeRefresh(view: name, rows: rows)]
        // A refresh itself reads the row that it writes three times: to compare, to lock, to write.
        case .incremental where isCheap && written >= limits.rowsWritten && read < 4 * written:
            return [.seldomRead(view: name, written: written, read: read)]
        default: return []
        }
    }

    /// That one row costs a good part of what all of them cost; nil if it does not.
    ///
    /// Both costs are the planner's, so that they can be compared and nothing large has to run;
    /// that many rows were touched is known from the run of the one row.
    private func wholeCost(
        _ one: QueryPlan, on connection: borrowing Connection
    ) throws(ViewError) -> Advice? {
        let text = try connection.texts(
            "EXPLAIN (FORMAT JSON, VERBOSE) \(definition.sql)", doing: "planning \(name)"
        ).first?[0]
        guard let whole = text.flatMap(QueryPlan.init(json:)), let rows = whole.plannedRows,
            rows > 0, whole.cost > 0
        else { return nil }
        let equal = one.cost / whole.cost * rows
        guard equal >= Double(limits.rowsForOneRow), one.touchedRows >= Double(limits.touchedRows)
        else { return nil }
        return .wholeForOneRow(view: name, equal: Int(min(equal, rows)), rows: Int(rows))
    }

    /// An error as it may be shown: what a function raises may quote a row.
    private func failure(_ error: PostgresError, doing: String) -> ViewError {
        guard case .server(let report) = error,
            !["42", "55", "57"].contains(report.sqlState.prefix(2))
        else { return ViewError(error.withoutPosition, in: nil, doing: doing) }
        return .database(doing: doing, message: "PostgreSQL: SQLSTATE \(report.sqlState)")
    }

    /// The plan of one row as it really ran; nil if the row cannot be computed.
    private func measuredPlan(
        on connection: borrowing Connection
    ) throws(ViewError) -> QueryPlan? {
        let doing = "computing a row of \(name)"
        try connection.perform("SAVEPOINT measured", doing: doing)
        let query = "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON, VERBOSE) \(oneRow)"
        do throws(PostgresError) {
            let rows = try connection.rows(query) { (row) throws(PostgresError) in
                try row.value(0, as: String.self)
            }
            return rows.first.flatMap(QueryPlan.init(json:))
        } catch {
            // A row that cannot be computed (a division by zero) is no matter of cost.
            guard error.sqlState?.hasPrefix("22") == true else {
                throw failure(error, doing: doing)
            }
            try connection.perform("ROLLBACK TO SAVEPOINT measured", doing: doing)
            return nil
        }
    }
}
