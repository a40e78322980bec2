// Compares three things before a build: the row types in the binary, the view files on disk and the
// views in the database. Rows are read only if they agree.
//
// All differences are gathered. For one view only the first kind is told: a stale file makes its
// columns differ too, and the remedy is the same.

package import Postgres

/// Checks that compiled rows can be read.
package enum ViewCheck {
    /// Compares compiled schemas with files and database.
    ///
    /// - Parameters:
    ///   - schemas: the schemas of the row types in the binary.
    ///   - definitions: the view files; nil when the sources are not at hand.
    ///   - connection: the database that will be read.
    /// - Throws: `.disagreement` with everything that differs, `.database`.
    package static func verify(
        _ schemas: [ViewSchema], definitions: [ViewDefinition]?,
        on connection: borrowing Connection
    ) throws(ViewError) {
        let records = try ViewCatalogue.records(on: connection)
        var found = try compare(schemas, definitions, records, on: connection)
        let compiled = Set(schemas.map(\.name))
        for definition in definitions ?? [] where !compiled.contains(definition.name) {
            found.append(.notGenerated(view: definition.name))
        }
        // With the files, what they mean is asked; see below.
        if found.isEmpty, definitions == nil {
            let changes = try ViewMemory.changes(nil, on: connection).changes
            found = outdated(schemas.map(\.name), records, changes)
        }
        guard found.isEmpty else { throw .disagreement(found) }
    }

    /// Compares compiled schemas with the columns of what is installed, and nothing else.
    ///
    /// What the views were made from is for `SourceWatch` to look at.
    ///
    /// - Parameters:
    ///   - schemas: the schemas of the row types in the binary.
    ///   - connection: the database that will be read.
    /// - Returns: everything that differs.
    /// - Throws: `.database`.
    package static func differences(
        of schemas: [ViewSchema], on connection: borrowing Connection
    ) throws(ViewError) -> [ViewDisagreement] {
        try compare(schemas, nil, ViewCatalogue.records(on: connection), on: connection)
    }

    /// The views that were never installed as their files are now.
    ///
    /// - Parameters:
    ///   - definitions: the view files.
    ///   - connection: the database.
    /// - Returns: their names.
    /// - Throws: `.database`.
    package static func unapplied(
        _ definitions: [ViewDefinition], on connection: borrowing Connection
    ) throws(ViewError) -> Set<String> {
        let records = try ViewCatalogue.records(on: connection)
        return Set(
            definitions.filter { definition in
                !records.contains {
                    $0.name == definition.name && $0.digest == definition.installDigest
                }
            }.map(\.name))
    }

    /// The views among these, and among those that they read, that were made from something else.
    private static func outdated(
        _ names: [String], _ records: [ViewCatalogue.Record], _ changes: [String: [String]]
    ) -> [ViewDisagreement] {
        var reached = Set(names)
        var grew = true
        while grew {
            let more = records.filter { reached.contains($0.name) }.flatMap(\.references)
            grew = !reached.isSuperset(of: more)
            reached.formUnion(more)
        }
        return reached.sorted().compactMap { name in
            changes[name].map { .outdated(view: name, changes: $0) }
        }
    }

    /// Asks what the statements of files mean now, on a connection of its own: a build's snapshot
    /// cannot be asked.
    ///
    /// - Throws: `.disagreement` with the views that were made from something else, `.database`.
    package static func verify(
        _ definitions: [ViewDefinition], at database: DatabaseAddress
    ) throws(ViewError) {
        let connection: Connection
        do throws(PostgresError) {
            connection = try Connection(to: database)
        } catch {
            throw ViewError(error, in: nil, doing: "reading what views mean")
        }
        let records = try ViewCatalogue.records(on: connection)
        let changes = try connection.inTransaction(
            "BEGIN", then: ViewInstaller.settings, doing: "reading what views mean", end: "ROLLBACK"
        ) { (connection) throws(ViewError) in
            try ViewMemory.changes(definitions, on: connection).changes
        }
        let found = outdated(definitions.map(\.name), records, changes)
        guard found.isEmpty else { throw .disagreement(found) }
    }

    private static func compare(
        _ schemas: [ViewSchema], _ definitions: [ViewDefinition]?,
        _ records: [ViewCatalogue.Record], on connection: borrowing Connection
    ) throws(ViewError) -> [ViewDisagreement] {
        var found: [ViewDisagreement] = []
        for schema in schemas {
            found += try compare(schema, definitions, records, on: connection)
        }
        return found
    }

    private static func compare(
        _ schema: ViewSchema, _ definitions: [ViewDefinition]?,
        _ records: [ViewCatalogue.Record], on connection: borrowing Connection
    ) throws(ViewError) -> [ViewDisagreement] {
        let definition = definitions?.first { definition in definition.name == schema.name }
        if definitions != nil, definition == nil { return [.noFile(view: schema.name)] }
        if let definition, definition.digest != schema.digest {
            return [.stale(view: schema.name)]
        }
        let record = records.first { record in record.name == schema.name }
        guard let record, record.relationKind != nil else { return [.missing(view: schema.name)] }
        let columns = try ViewCatalogue.columns(
            ofView: schema.name, RefreshStrategy(relationKind: record.relationKind) ?? .live,
            on: connection)
        let differences = compare(schema, columns)
        if let definition, definition.installDigest != record.digest {
            return [.notApplied(view: schema.name)]
        }
        return differences
    }

    /// The columns that are not as compiled; their order does not matter, they are read by name.
    static func compare(
        _ schema: ViewSchema, _ columns: [ViewColumn]
    ) -> [ViewDisagreement] {
        var found: [ViewDisagreement] = []
        for column in schema.columns {
            let type = columns.first { candidate in candidate.name == column.name }?.type
            if type != column.type {
                found.append(
                    .column(
                        view: schema.name, column: column.name, expected: column.type,
                        found: type))
            }
        }
        for column in columns
        where !schema.columns.contains(where: { known in known.name == column.name }) {
            found.append(
                .extraColumn(view: schema.name, column: column.name, type: column.type))
        }
        return found
    }
}
