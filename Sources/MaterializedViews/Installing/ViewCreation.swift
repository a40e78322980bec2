// Creating, filling and dropping single views, inside a transaction of the installer.
//
// What a reader would get wrong: a draft creates the same objects without rows, to learn what the
// statements read; its transaction never commits.

import Postgres

extension ViewInstaller {
    /// Runs statements one after the other.
    static func run(
        _ statements: [String], on connection: borrowing Connection, doing: String
    ) throws(ViewError) {
        for statement in statements { try connection.perform(statement, doing: doing) }
    }

    /// Drops what is replaced, gone or defined anew; tables that keep their rows stay.
    static func dropReplaced(
        _ plan: InstallPlan, on connection: borrowing Connection
    ) throws(ViewError) {
        // A statement may read a view that is dropped; readers go first. Functions go too: another
        // statement may look rows up by another type.
        for name in plan.redefines.reversed() {
            let statements = try IncrementalView.drops(of: name, on: connection)
            try run(statements, on: connection, doing: "redefining \(name)")
        }
        for view in plan.drops { try drop(view, on: connection) }
    }

    private static func drop(
        _ view: InstalledView, on connection: borrowing Connection
    ) throws(ViewError) {
        if let kind = view.kind {
            if kind == .incremental {
                let statements = try IncrementalView.drops(of: view.name, on: connection)
                try run(statements, on: connection, doing: "dropping \(view.name)")
            }
            do throws(PostgresError) {
                try connection.run("DROP \(kind.relation) \(connection.schema.view(view.name))")
            } catch {
                if case .server(let report) = error, report.sqlState == "2BP01" {
                    throw .inUse(view: view.name, detail: report.detail ?? report.message)
                }
                throw ViewError(error, in: nil, doing: "dropping \(view.name)")
            }
        }
        for table in ["view WHERE name", "schedule WHERE view", "failure WHERE view"] {
            _ = try connection.texts(
                "DELETE FROM \(connection.schema).\(table) = $1", [view.name],
                doing: "forgetting \(view.name)")
        }
    }

    /// Creates one view, fills it and records it.
    ///
    /// Of one that is staged, the rows have been computed. Returns how many it has.
    static func create(
        _ definition: ViewDefinition, isStaged: Bool = false, on connection: borrowing Connection
    ) throws(ViewError) -> Int {
        if isStaged, definition.refresh == .materialized {
            try connection.perform(
                "ALTER MATERIALIZED VIEW \(definition.schema.staged(definition.name)) "
                    + "RENAME TO \(definition.name.quotedName)",
                doing: "creating \(definition.name)")
        } else {
            try createRelation(definition, isFilled: true, on: connection)
        }
        if definition.refresh == .incremental {
            try isStaged
                ? fillFromStage(definition, on: connection) : fill(definition, on: connection)
        } else if !isStaged {
            try checkKey(definition, on: connection)
        }
        if definition.refresh == .materialized {
            let key = definition.key.map(\.quotedName).joined(separator: ", ")
            try connection.perform(
                "CREATE UNIQUE INDEX \"\(definition.name).key\" ON \(definition.relation) "
                    + "(\(key))",
                doing: "indexing the key of \(definition.name)")
        }
        if definition.refresh != .live {
            try connection.perform(
                "ANALYZE \(definition.relation)", doing: "analysing \(definition.name)")
        }
        try record(definition, on: connection)
        return try RowStatements.count(definition.name, on: connection)
    }

    /// Creates the view, or the statement and the table of an incremental one.
    static func createRelation(
        _ definition: ViewDefinition, isFilled: Bool, on connection: borrowing Connection
    ) throws(ViewError) {
        let columns = try ViewCatalogue.columns(
            of: definition.sql, for: definition, on: connection)
        let problems =
            definition.problems(with: columns)
            + (try keyTypeProblems(definition, columns, on: connection))
        guard problems.isEmpty else { throw .definitions(problems) }
        guard definition.refresh == .incremental else {
            return try createPlain(
                definition.refresh.relation, definition.relation, definition,
                tail: definition.refresh == .materialized && !isFilled ? "\nWITH NO DATA" : "",
                on: connection)
        }
        try createStatement(definition, on: connection)
        do throws(PostgresError) {
            for statement in IncrementalView.createTable(definition, columns) {
                try connection.run(statement)
            }
        } catch {
            throw refusal(error.withoutPosition, "", definition)
        }
    }

    /// Creates a relation of the author's statement.
    static func createPlain(
        _ kind: String, _ name: String, _ definition: ViewDefinition, tail: String = "",
        on connection: borrowing Connection
    ) throws(ViewError) {
        let head = "CREATE \(kind) \(name) AS\n"
        do throws(PostgresError) {
            // The extended protocol takes one statement only, whatever the file holds.
            _ = try connection.rows(head + definition.sql + tail, []) {
                (_) throws(PostgresError) in ()
            }
        } catch {
            throw refusal(error, head, definition)
        }
    }

    /// The columns of a key that are no single values with an order, of which an index can be
    /// made, or whose texts are another one in each session: money.
    private static func keyTypeProblems(
        _ definition: ViewDefinition, _ columns: [ViewColumn], on connection: borrowing Connection
    ) throws(ViewError) -> [DefinitionProblem] {
        let key = columns.filter { definition.key.contains($0.name) }
        let rows = try connection.texts(
            """
            SELECT k.name, k.type, ('money'::regtype IN (t.oid, t.typbasetype))::text
            FROM unnest($1::text::text[], $2::text::text[]) AS k (name, type)
            JOIN pg_catalog.pg_type t ON t.oid = k.type::regtype
            WHERE 'money'::regtype IN (t.oid, t.typbasetype)
                OR t.typtype IN ('c', 'p') OR t.typcategory = 'A'
                OR t.typtype = 'b' AND NOT EXISTS (
                SELECT FROM pg_catalog.pg_opclass o
                JOIN pg_catalog.pg_am m ON m.oid = o.opcmethod AND m.amname = 'btree'
                WHERE o.opcdefault AND (o.opcintype = t.oid OR EXISTS (
                    SELECT FROM pg_catalog.pg_cast c
                    WHERE c.castsource = t.oid AND c.casttarget = o.opcintype
                        AND c.castmethod = 'b' AND c.castcontext = 'i')))
            """, [SQLText.array(key.map(\.name)), SQLText.array(key.map(\.type))], columns: 3,
            doing: "reading the types of keys")
        return rows.map { row in
            DefinitionProblem(
                definition.file, definition.headerLines["key"],
                row[2] == "true"
                    ? "\(row[0] ?? "") is money, whose text depends on lc_monetary. Cast it to "
                        + "numeric, or name other columns in `key:`."
                    : "\(row[0] ?? "") is \(row[1] ?? ""), and a key is made of single values that "
                        + "have an order. Cast it, such as to text, or name other columns in "
                        + "`key:`.")
        }
    }

    private static func refusal(
        _ error: PostgresError, _ head: String, _ definition: ViewDefinition
    ) -> ViewError {
        if error.sqlState == "42P07" {
            return .database(
                doing: "creating \(definition.name)",
                message: "\(definition.relation) exists, but sitegen did not "
                    + "create it.\nDrop or rename it.")
        }
        return ViewError(
            error, in: definition, prefix: head.unicodeScalars.count,
            doing: "creating \(definition.name)")
    }

    /// Fills the table of an incremental view, or compares what it holds.
    ///
    /// Rows that cannot be kept are set aside; a view of which no row can be kept is refused.
    static func fill(
        _ definition: ViewDefinition, on connection: borrowing Connection
    ) throws(ViewError) {
        // What was wrong with the rows of another statement says nothing about this one.
        _ = try connection.texts(
            "DELETE FROM \(connection.schema).failure WHERE view = $1", [definition.name],
            doing: "forgetting what was wrong with \(definition.name)")
        do throws(PostgresError) {
            try connection.run(
                "SELECT \(definition.schema.function("refresh", of: definition.name))"
                    + "(NULL, statement_timestamp())")
        } catch {
            throw ViewError(error.withoutPosition, in: definition, doing: "reading its rows")
        }
        guard let failure = try failures(of: [definition.name], on: connection).listed.first else {
            return
        }
        let kept = try connection.texts(
            "SELECT 'yes' FROM \(definition.relation) LIMIT 1",
            doing: "looking for rows of \(definition.name)")
        guard kept.isEmpty || failure.kind == .view else { return }
        switch failure.kind {
        case .missing: throw .keyIsNull(view: definition.name, key: definition.key)
        case .double:
            throw .keyNotUnique(view: definition.name, key: definition.key, example: failure.key)
        case .view, .row, .long:
            throw .sql(
                file: definition.file, line: nil,
                message: String(failure.error.drop { $0 != " " }.dropFirst()), hint: nil)
        }
    }

    /// Creates the statement of an incremental view.
    static func createStatement(
        _ definition: ViewDefinition, isReplacing: Bool = false,
        on connection: borrowing Connection
    ) throws(ViewError) {
        try createPlain(
            isReplacing ? "OR REPLACE VIEW" : "VIEW", definition.statement,
            definition, on: connection)
    }

    /// Gives an incremental view another statement; its rows stay where they are the same.
    ///
    /// - Returns: how many rows differ.
    static func redefine(
        _ definition: ViewDefinition, isStaged: Bool, on connection: borrowing Connection
    ) throws(ViewError) -> Int {
        try createStatement(definition, on: connection)
        let before = try lastSequence(on: connection)
        try isStaged ? fillFromStage(definition, on: connection) : fill(definition, on: connection)
        // Keys that wait may be of another type now, and all rows have been looked at.
        _ = try connection.texts(
            "DELETE FROM \(connection.schema).queue q USING \(connection.schema).watch w "
                + "WHERE w.id = q.watch AND w.tbl = $1 AND w.part = $2",
            [
                Watch.keys(of: definition.name, in: definition.schema).table.quoted,
                Watch.keys(of: definition.name, in: definition.schema).partText,
            ], doing: "forgetting keys of \(definition.name)")
        try record(definition, on: connection)
        return try Int(lastSequence(on: connection) - before)
    }

    static func lastSequence(
        on connection: borrowing Connection
    ) throws(ViewError) -> Int64 {
        let rows = try connection.texts(
            "SELECT (CASE WHEN is_called THEN last_value ELSE 0 END)::text "
                + "FROM \(connection.schema).rev",
            doing: "reading the number of the last change")
        return rows.first.flatMap { row in row[0] }.flatMap { Int64($0) } ?? 0
    }

    /// Notes what is installed.
    private static func record(
        _ definition: ViewDefinition, on connection: borrowing Connection
    ) throws(ViewError) {
        _ = try connection.texts(
            """
            INSERT INTO \(connection.schema).view
                (name, digest, strategy, key, refreshed_at, source)
            VALUES ($1, $2, $3, string_to_array($4, ','),
                CASE WHEN $3 <> 'live' THEN clock_timestamp() END, $5)
            ON CONFLICT (name) DO UPDATE SET digest = excluded.digest,
                strategy = excluded.strategy, key = excluded.key, installed_at = now(),
                refreshed_at = excluded.refreshed_at, source = excluded.source
            """,
            [
                definition.name, definition.installDigest, definition.refresh.rawValue,
                definition.key.joined(separator: ","), definition.text,
            ], doing: "recording \(definition.name)")
        try ViewMemory.record([definition.name], on: connection)
    }

    /// Whether every row of a view that is no table has a key of its own.
    ///
    /// Its rows are in `relation`, or in the view itself.
    static func checkKey(
        _ definition: ViewDefinition, in relation: String? = nil,
        on connection: borrowing Connection
    ) throws(ViewError) {
        let key = definition.key.map(\.quotedName)
        let shown = key.map { column in "\(column)::text" }.joined(separator: " || ', ' || ")
        let isNull = key.map { column in "\(column) IS NULL" }.joined(separator: " OR ")
        let rows: [[String?]]
        do throws(PostgresError) {
            rows = try connection.rows(
                """
                WITH "sitegen groups" AS (
                    SELECT \(key.joined(separator: ", ")), count(*) AS "sitegen rows"
                    FROM \(relation ?? definition.relation)
                    GROUP BY \(key.joined(separator: ", "))
                )
                SELECT coalesce(bool_or(\(isNull)), false)::text,
                    (max("sitegen rows") > 1)::text, min(\(shown)) FILTER (WHERE "sitegen rows" > 1)
                FROM "sitegen groups"
                """, []
            ) { (row) throws(PostgresError) in
                [
                    try row.value(0, as: String?.self), try row.value(1, as: String?.self),
                    try row.value(2, as: String?.self),
                ]
            }
        } catch {
            // A division by zero in a live view shows only when its rows are read.
            throw ViewError(error.withoutPosition, in: definition, doing: "reading its rows")
        }
        guard let row = rows.first else { return }
        if row[0] == "true" { throw .keyIsNull(view: definition.name, key: definition.key) }
        if row[1] == "true" {
            throw .keyNotUnique(view: definition.name, key: definition.key, example: row[2])
        }
    }
}

extension RefreshStrategy {
    /// What stands behind CREATE and DROP; the rows of an incremental view are a table.
    var relation: String {
        switch self {
        case .live: "VIEW"
        case .materialized: "MATERIALIZED VIEW"
        case .incremental: "TABLE"
        }
    }

    /// The strategy that leaves such a relation in the catalogue.
    init?(relationKind: String?) {
        switch relationKind {
        case "v": self = .live
        case "m": self = .materialized
        case "r": self = .incremental
        default: return nil
        }
    }
}

extension PostgresError {
    /// The same error without the position, where it would be one in SQL that no author wrote.
    var withoutPosition: PostgresError {
        guard case .server(var report) = self else { return self }
        report.position = nil
        return .server(report)
    }
}

extension Connection {
    /// Runs `body` between `begin` and COMMIT, or ROLLBACK if it throws.
    ///
    /// - Parameters:
    ///   - begin: what begins the transaction.
    ///   - then: statements before `body`, such as a LOCK, which time limits of roles do not end.
    ///   - doing: what is being done, for errors.
    ///   - end: how the transaction ends when `body` returns.
    ///   - body: the work.
    /// - Returns: what `body` returned.
    /// - Throws: what `body` threw, or the error of BEGIN or COMMIT.
    borrowing func inTransaction<T>(
        _ begin: String, then: String = "", doing: String, end: String = "COMMIT",
        _ body: (borrowing Connection) throws(ViewError) -> T
    ) throws(ViewError) -> T {
        let value: T
        do throws(ViewError) {
            // BEGIN may have succeeded where what stands behind it, such as a LOCK, did not.
            try perform("\(begin); \(transactionLimits)\(then)", doing: doing)
            value = try body(self)
        } catch {
            // The first error counts; a lost connection rolls back by itself.
            do throws(ViewError) { try perform("ROLLBACK", doing: doing) } catch {}
            throw error
        }
        try perform(end, doing: doing)
        return value
    }
}
