// How each view is doing: what `sitegen db status` prints.
//
// Only reads. A view that cannot be read is a line of the report, not the end of it.

package import Postgres

/// One view, as it is in the files and in the database.
package struct ViewStatus: Equatable, Sendable {
    /// Whether file and database agree.
    package enum State: Equatable, Sendable {
        /// They do.
        case installed
        /// The file has changed since the view was installed.
        case changed
        /// The file is there, the view is not.
        case missing
        /// The view is there, the file is not.
        case orphan
        /// The columns that the statement reads have changed; these differ.
        case drifted(columns: [String])
        /// It stands aside for another program's changes (`sitegen db detach`).
        case detached
        /// What it was made from is another thing now, as these sentences say.
        case outdated(changes: [String])
        /// The statement does not work any more.
        case broken(reason: String)
    }

    /// The view's name.
    package let name: String
    /// How its rows are kept.
    package let strategy: RefreshStrategy
    /// Whether file and database agree.
    package let state: State
    /// Rows now; nil where there is no view to count.
    package let rows: Int?
    /// How many rows could not be computed and keep their last state (`sitegen.failure`); a view
    /// that fails as a whole counts as one.
    package let failures: Int
    /// The end of the last refresh in UTC, `2026-05-03T08:15:00Z`; nil for a live view.
    package let refreshedAt: String?
    /// Whether `site/Rows.generated.swift` was written from another version of the file.
    package let hasStaleSource: Bool
    /// What makes two readings of its rows differ, or rows age.
    package let warnings: [DefinitionProblem]
}

extension ViewInstaller {
    /// Looks at every view that has a file or is recorded in the database.
    ///
    /// - Parameters:
    ///   - definitions: all view files of the site.
    ///   - source: the text of `site/Rows.generated.swift`; nil if there is none.
    ///   - connection: a connection outside of any transaction.
    /// - Returns: one entry for each view, by name.
    /// - Throws: `.database` if the catalogue cannot be read.
    package static func status(
        of definitions: [ViewDefinition], generatedSource source: String?,
        on connection: borrowing Connection
    ) throws(ViewError) -> [ViewStatus] {
        let records = try ViewCatalogue.records(on: connection)
        let failures = try failures(on: connection)
        let isAttached = try isAttached(on: connection)
        let stale = Set(RowGenerator.staleViews(in: source ?? "", definitions: definitions))
        let (changes, problems) = try connection.inTransaction(
            "BEGIN", then: settings, doing: "reading what views mean", end: "ROLLBACK"
        ) { (connection) throws(ViewError) in
            (
                try ViewMemory.changes(definitions, on: connection).changes,
                try ViewJudgement.problems(of: definitions, on: connection)
            )
        }
        var entries: [ViewStatus] = []
        for definition in definitions {
            let record = records.first { record in record.name == definition.name }
            let kind = RefreshStrategy(relationKind: record?.relationKind)
            entries.append(
                ViewStatus(
                    name: definition.name, strategy: definition.refresh,
                    state: state(
                        definition, record, kind, isAttached, changes[definition.name],
                        on: connection),
                    rows: kind == nil ? nil : rows(definition.name, on: connection),
                    failures: failures[definition.name] ?? 0,
                    refreshedAt: record?.refreshedAt,
                    hasStaleSource: stale.contains(definition.name),
                    warnings: problems.filter { $0.file == definition.file }))
        }
        let names = Set(definitions.map(\.name))
        for record in records where !names.contains(record.name) {
            entries.append(
                ViewStatus(
                    name: record.name,
                    strategy: RefreshStrategy(rawValue: record.strategy) ?? .live,
                    state: .orphan,
                    rows: RefreshStrategy(relationKind: record.relationKind) == nil
                        ? nil : rows(record.name, on: connection),
                    failures: failures[record.name] ?? 0,
                    refreshedAt: record.refreshedAt, hasStaleSource: false, warnings: []))
        }
        return entries.sorted { first, second in first.name < second.name }
    }

    /// How many rows of each view are set aside.
    private static func failures(
        on connection: borrowing Connection
    ) throws(ViewError) -> [String: Int] {
        guard try ViewCatalogue.isPrepared(on: connection) else { return [:] }
        let rows = try connection.texts(
            "SELECT view, count(*)::text FROM \(connection.schema).failure GROUP BY view",
            columns: 2, doing: "reading which rows are set aside")
        return Dictionary(
            rows.map { row in (row[0] ?? "", row[1].flatMap { Int($0) } ?? 0) },
            uniquingKeysWith: { first, _ in first })
    }

    /// Whether views follow their tables, as far as nobody has dropped anything of theirs.
    private static func isAttached(on connection: borrowing Connection) throws(ViewError) -> Bool {
        guard try ViewCatalogue.isPrepared(on: connection) else { return false }
        return try connection.texts(
            "SELECT 'yes' FROM \(connection.schema).installation WHERE is_attached",
            doing: "reading what is installed"
        ).first != nil
    }

    private static func rows(_ view: String, on connection: borrowing Connection) -> Int? {
        try? RowStatements.count(view, on: connection)
    }

    private static func state(
        _ definition: ViewDefinition, _ record: ViewCatalogue.Record?, _ kind: RefreshStrategy?,
        _ isAttached: Bool, _ changes: [String]?, on connection: borrowing Connection
    ) -> ViewStatus.State {
        guard let record, let kind else { return .missing }
        let hasStatement = kind != .incremental || record.hasStatement
        if !hasStatement, !isAttached { return .detached }
        if record.digest != definition.installDigest || kind != definition.refresh {
            return .changed
        }
        do throws(ViewError) {
            let now = try ViewCatalogue.columns(
                of: definition.sql, for: definition, on: connection)
            let then = try ViewCatalogue.columns(
                ofView: definition.name, kind, on: connection)
            let differing =
                now.filter { column in !then.contains(column) }
                + then.filter { column in !now.contains { $0.name == column.name } }
            if !hasStatement {
                return .broken(
                    reason: "its statement was dropped with something that it reads. "
                        + "Run `sitegen db apply`")
            }
            guard now == then else { return .drifted(columns: differing.map(\.name)) }
            return changes.map { changes in .outdated(changes: changes) } ?? .installed
        } catch {
            return .broken(reason: error.description)
        }
    }
}
