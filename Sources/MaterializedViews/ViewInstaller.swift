// Installs views in schema `sitegen`, and refreshes them.
//
// Everything an installation does is one transaction under one advisory lock: readers see the old
// views or the new ones, and two installations wait for each other. What a reader would get wrong:
// nothing is dropped with CASCADE. A view that somebody built on ours makes the installation fail
// with its name, instead of vanishing.

package import Postgres

/// Makes a database's views agree with the view files.
package enum ViewInstaller {
    /// “sitegen” in ASCII: the advisory lock of installations.
    private static let lockKey = "32485570960123246"

    /// The settings under which views are computed: text that depends on the session would make
    /// pages differ between machines.
    static let settings = """
        SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD';
        SET LOCAL IntervalStyle = 'iso_8601'; SET LOCAL bytea_output = 'hex';
        SET LOCAL extra_float_digits = 1; SET LOCAL lock_timeout = '30s';
        """

    /// Installs new and changed views, and drops those whose file is gone.
    ///
    /// A second call does nothing. Base tables are only read.
    ///
    /// - Parameters:
    ///   - definitions: all view files of the site.
    ///   - connection: a connection outside of any transaction.
    /// - Returns: what was done, in the order in which it was done, unchanged views last.
    /// - Throws: `.cycle`, `.sql`, `.keyNotUnique`, `.keyIsNull`, `.permission`, `.inUse`,
    ///   `.database`; nothing has changed then.
    package static func apply(
        _ definitions: [ViewDefinition], on connection: borrowing Connection
    ) throws(ViewError) -> [InstallAction] {
        try connection.inTransaction("BEGIN", doing: "installing views") {
            (connection) throws(ViewError) in
            try prepareSchema(on: connection)
            let installed = try installedViews(definitions, on: connection)
            let plan = try InstallPlan(definitions: definitions, installed: installed)
            return try carryOut(plan, definitions, on: connection)
        }
    }

    private static func prepareSchema(on connection: borrowing Connection) throws(ViewError) {
        try connection.perform(settings, doing: "setting up the session")
        _ = try connection.texts(
            "SELECT pg_advisory_xact_lock(\(lockKey))::text",
            doing: "waiting for another installation")
        guard try !ViewCatalogue.isInstalled(on: connection) else { return }
        try connection.perform(
            """
            CREATE SCHEMA IF NOT EXISTS sitegen;
            CREATE TABLE sitegen.view (
                name text PRIMARY KEY,
                digest text NOT NULL,
                strategy text NOT NULL,
                key text[] NOT NULL,
                installed_at timestamptz NOT NULL DEFAULT now(),
                refreshed_at timestamptz
            );
            """, doing: "creating the schema sitegen")
    }

    /// The recorded views, each compared with its definition for drift.
    static func installedViews(
        _ definitions: [ViewDefinition], on connection: borrowing Connection
    ) throws(ViewError) -> [InstalledView] {
        var views: [InstalledView] = []
        for record in try ViewCatalogue.records(on: connection) {
            let kind = RefreshStrategy(relationKind: record.relationKind)
            let definition = definitions.first { definition in
                definition.name == record.name && definition.installDigest == record.digest
            }
            var hasDrifted = false
            if let definition, kind != nil {
                hasDrifted = try self.hasDrifted(definition, on: connection)
            }
            views.append(
                InstalledView(
                    name: record.name, digest: record.digest,
                    strategy: RefreshStrategy(rawValue: record.strategy), kind: kind,
                    references: record.references, hasDrifted: hasDrifted))
        }
        return views
    }

    /// Whether the statement would give other columns today than the installed view has.
    static func hasDrifted(
        _ definition: ViewDefinition, on connection: borrowing Connection
    ) throws(ViewError) -> Bool {
        let now = try ViewCatalogue.columns(
            of: definition.sql, for: definition, on: connection)
        let then = try ViewCatalogue.columns(
            of: "SELECT * FROM \(definition.name.viewName)", for: nil, on: connection)
        return now != then
    }

    private static func carryOut(
        _ plan: InstallPlan, _ definitions: [ViewDefinition], on connection: borrowing Connection
    ) throws(ViewError) -> [InstallAction] {
        var actions: [InstallAction] = []
        for view in plan.drops {
            try drop(view, on: connection)
            if plan.gone.contains(view.name) { actions.append(.dropped(view: view.name)) }
        }
        let byName = Dictionary(
            definitions.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for name in plan.creates {
            guard let definition = byName[name], let reason = plan.reasons[name] else { continue }
            let rows = try create(definition, on: connection)
            actions.append(
                reason == .new
                    ? .created(view: name, strategy: definition.refresh, rows: rows)
                    : .replaced(
                        view: name, strategy: definition.refresh, rows: rows, reason: reason))
        }
        return actions + plan.unchanged.map { name in .unchanged(view: name) }
    }

    private static func drop(
        _ view: InstalledView, on connection: borrowing Connection
    ) throws(ViewError) {
        if let kind = view.kind {
            do throws(PostgresError) {
                try connection.run("DROP \(kind.relation) \(view.name.viewName)")
            } catch {
                if case .server(let report) = error, report.sqlState == "2BP01" {
                    throw .inUse(view: view.name, detail: report.detail ?? report.message)
                }
                throw ViewError(error, in: nil, doing: "dropping \(view.name)")
            }
        }
        _ = try connection.texts(
            "DELETE FROM sitegen.view WHERE name = $1", [view.name],
            doing: "forgetting \(view.name)")
    }

    /// Creates one view and records it.
    ///
    /// - Returns: how many rows it has.
    private static func create(
        _ definition: ViewDefinition, on connection: borrowing Connection
    ) throws(ViewError) -> Int {
        let name = definition.name.viewName
        let columns = try ViewCatalogue.columns(
            of: definition.sql, for: definition, on: connection)
        let problems = definition.problems(with: columns)
        guard problems.isEmpty else { throw .definitions(problems) }

        let head = "CREATE \(definition.refresh.relation) \(name) AS\n"
        do throws(PostgresError) {
            // The extended protocol takes one statement only, whatever the file holds.
            _ = try connection.rows(head + definition.sql, []) {
                (_) throws(PostgresError) in ()
            }
        } catch {
            if error.sqlState == "42P07" {
                throw .database(
                    doing: "creating \(definition.name)",
                    message: "\(definition.name) exists in schema sitegen, but sitegen did not "
                        + "create it.\nDrop or rename it.")
            }
            throw ViewError(
                error, in: definition, prefix: head.unicodeScalars.count,
                doing: "creating \(definition.name)")
        }
        let rows = try checkKey(definition, on: connection)
        if definition.refresh == .materialized {
            let key = definition.key.map(\.quotedName).joined(separator: ", ")
            try connection.perform(
                "CREATE UNIQUE INDEX \"\(definition.name).key\" ON \(name) (\(key)); "
                    + "ANALYZE \(name)",
                doing: "indexing the key of \(definition.name)")
        }
        _ = try connection.texts(
            """
            INSERT INTO sitegen.view (name, digest, strategy, key, refreshed_at)
            VALUES ($1, $2, $3, string_to_array($4, ','),
                CASE WHEN $3 = 'materialized' THEN clock_timestamp() END)
            ON CONFLICT (name) DO UPDATE SET digest = excluded.digest,
                strategy = excluded.strategy, key = excluded.key, installed_at = now(),
                refreshed_at = excluded.refreshed_at
            """,
            [
                definition.name, definition.installDigest, definition.refresh.rawValue,
                definition.key.joined(separator: ","),
            ], doing: "recording \(definition.name)")
        return rows
    }

    /// Whether every row has a key of its own.
    ///
    /// - Returns: how many rows the view has.
    private static func checkKey(
        _ definition: ViewDefinition, on connection: borrowing Connection
    ) throws(ViewError) -> Int {
        let key = definition.key.map(\.quotedName)
        let shown = key.map { column in "\(column)::text" }.joined(separator: " || ', ' || ")
        let isNull = key.map { column in "\(column) IS NULL" }.joined(separator: " OR ")
        let rows: [[String?]]
        do throws(PostgresError) {
            rows = try connection.rows(
                """
                WITH groups AS (
                    SELECT \(key.joined(separator: ", ")), count(*) AS n
                    FROM \(definition.name.viewName) GROUP BY \(key.joined(separator: ", "))
                )
                SELECT coalesce(sum(n), 0)::text, coalesce(bool_or(\(isNull)), false)::text,
                    (max(n) > 1)::text, min(\(shown)) FILTER (WHERE n > 1)
                FROM groups
                """, []
            ) { (row) throws(PostgresError) in
                [
                    try row.value(0, as: String?.self), try row.value(1, as: String?.self),
                    try row.value(2, as: String?.self), try row.value(3, as: String?.self),
                ]
            }
        } catch {
            // A division by zero in a live view shows only when its rows are read.
            throw ViewError(error.withoutPosition, in: definition, doing: "reading its rows")
        }
        guard let row = rows.first else { return 0 }
        if row[1] == "true" { throw .keyIsNull(view: definition.name, key: definition.key) }
        if row[2] == "true" {
            throw .keyNotUnique(view: definition.name, key: definition.key, example: row[3])
        }
        return row[0].flatMap { text in Int(text) } ?? 0
    }
}

extension RefreshStrategy {
    /// What stands behind CREATE and DROP.
    var relation: String { self == .live ? "VIEW" : "MATERIALIZED VIEW" }

    /// The strategy that leaves such a relation in the catalogue.
    init?(relationKind: String?) {
        switch relationKind {
        case "v": self = .live
        case "m": self = .materialized
        default: return nil
        }
    }
}

extension String {
    /// The view of this name, in SQL.
    var viewName: String { "sitegen.\(quotedName)" }
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
    borrowing func inTransaction<T>(
        _ begin: String, doing: String,
        _ body: (borrowing Connection) throws(ViewError) -> T
    ) throws(ViewError) -> T {
        try perform(begin, doing: doing)
        let value: T
        do throws(ViewError) {
            value = try body(self)
        } catch {
            // The first error counts; a lost connection rolls back by itself.
            do throws(ViewError) { try perform("ROLLBACK", doing: doing) } catch {}
            throw error
        }
        try perform("COMMIT", doing: doing)
        return value
    }
}
