// Remembers what views were made from, and says what of it is another thing now.
//
// What the file means now is found by making its statement a view for a moment, in a transaction
// that is rolled back. Where that is refused, as on a replica or to a user who may only read,
// the installed statement is asked instead: tables, views and functions that were replaced under
// their names are seen there too, only a name that another schema has taken over is not.

import Postgres

/// What is recorded about the making of views.
enum ViewMemory {
    /// Whether installed views are what their files mean now.
    struct Answer {
        /// What changed, by view; views of which nothing did are not there.
        var changes: [String: [String]] = [:]
        /// Whether files could be asked; else only what is installed was.
        var hasReadFiles = true
    }

    /// The views whose meaning is read: those that stand in the catalogue with their statement.
    private static func relations(
        _ records: [ViewCatalogue.Record], on connection: borrowing Connection
    ) throws(ViewError) -> [StatementRelation] {
        let rows = try connection.texts(
            """
            SELECT c.relname::text, c.oid::text FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n
                ON n.oid = c.relnamespace AND n.nspname = '\(connection.schema)'
            WHERE c.relkind IN ('v', 'm')
            """, columns: 2, doing: "looking for statements of views")
        let oids = Dictionary(
            rows.map { ($0[0] ?? "", $0[1].flatMap { Int($0) } ?? 0) },
            uniquingKeysWith: { first, _ in first })
        return records.compactMap { record in
            guard let strategy = RefreshStrategy(relationKind: record.relationKind) else {
                return nil
            }
            let name = strategy == .incremental ? "def_\(record.name)" : record.name
            return oids[name].map { oid in
                StatementRelation(name: record.name, strategy: strategy, oid: oid)
            }
        }
    }

    /// Notes what views are made from at this moment of the transaction that computed their rows.
    static func record(
        _ names: Set<String>, on connection: borrowing Connection
    ) throws(ViewError) {
        let records = try ViewCatalogue.records(on: connection).filter { names.contains($0.name) }
        let meanings = try MeaningReader.read(
            try relations(records, on: connection), on: connection)
        for (name, meaning) in meanings.sorted(by: { $0.key < $1.key }) {
            _ = try connection.texts(
                "UPDATE \(connection.schema).view SET made_from = $2::text::text[] WHERE name = $1",
                [name, SQLText.array(meaning.stored)], doing: "recording what \(name) is made from")
        }
    }

    /// What changed under installed views.
    ///
    /// - Parameters:
    ///   - definitions: the files, of which those that are installed as they are get asked; nil
    ///     asks only what is installed.
    ///   - connection: inside of a transaction if there are files.
    /// - Returns: sentences by view.
    /// - Throws: `.database`.
    static func changes(
        _ definitions: [ViewDefinition]?, on connection: borrowing Connection
    ) throws(ViewError) -> Answer {
        let records = try ViewCatalogue.records(on: connection)
        var relations = try relations(records, on: connection)
        var answer = Answer(hasReadFiles: definitions != nil)
        var meanings: [String: ViewMeaning]
        if let definitions {
            try connection.perform("SAVEPOINT meaning", doing: "reading what views mean")
            relations = try parse(relations, definitions, records, &answer, on: connection)
            meanings = try MeaningReader.read(relations, on: connection)
            try connection.perform(
                "ROLLBACK TO SAVEPOINT meaning", doing: "reading what views mean")
        } else {
            meanings = try MeaningReader.read(relations, on: connection)
        }
        let unwatched = try TriggerMemory.unwatched(on: connection)
        for record in records {
            guard let meaning = meanings.removeValue(forKey: record.name) else { continue }
            var changes = [ViewMeaning.unknown]
            var stored = meaning
            if let lines = record.madeFrom {
                stored = ViewMeaning(stored: lines)
                changes = meaning.changes(since: stored)
            }
            // Another table of this name has no triggers yet: that is said already.
            changes += meaning.tables.sorted().filter { table in
                let fact = ViewMeaning.Kind.table.fact(table.text)
                return meaning.facts[fact] == stored.facts[fact]
            }.compactMap { unwatched[$0] }
            if !changes.isEmpty { answer.changes[record.name] = changes }
        }
        return answer
    }

    /// Makes the statements of files views, for as long as the caller's savepoint lasts.
    private static func parse(
        _ relations: [StatementRelation], _ definitions: [ViewDefinition],
        _ records: [ViewCatalogue.Record], _ answer: inout Answer,
        on connection: borrowing Connection
    ) throws(ViewError) -> [StatementRelation] {
        var parsed: [StatementRelation] = []
        for (place, relation) in relations.enumerated() {
            let definition = definitions.first { $0.name == relation.name }
            let record = records.first { $0.name == relation.name }
            guard let definition, definition.installDigest == record?.digest,
                definition.refresh == relation.strategy, answer.hasReadFiles
            else {
                parsed.append(relation)
                continue
            }
            let name = "pg_temp.sitegen_meaning_\(place)"
            try connection.perform("SAVEPOINT one", doing: "reading what views mean")
            do throws(PostgresError) {
                try connection.run(
                    "CREATE TEMP VIEW sitegen_meaning_\(place) AS\n\(definition.sql)")
            } catch {
                try connection.perform(
                    "ROLLBACK TO SAVEPOINT one", doing: "reading what views mean")
                // Read-only, or no right to make anything: what is installed has to do, as for a
                // statement that does not work any more.
                if error.sqlState == "25006" || error.sqlState == "42501" {
                    answer.hasReadFiles = false
                }
                parsed.append(relation)
                continue
            }
            let rows = try connection.texts(
                "SELECT to_regclass($1)::oid::text", [name], doing: "reading what views mean")
            guard let oid = rows.first?[0].flatMap({ Int($0) }) else { continue }
            parsed.append(
                StatementRelation(name: relation.name, strategy: relation.strategy, oid: oid))
        }
        return parsed
    }
}
