// What is wrong or risky about the statements of views, as PostgreSQL understood them.
//
// The views exist when this is called, if only inside a transaction that is rolled back. Errors
// stop an installation; warnings are printed by it and repeated by `sitegen db status`.

import Postgres

/// Judges the statements of view files.
enum ViewJudgement {
    /// Everything doubtful in these views and in what they read, in the order of the files.
    ///
    /// - Parameters:
    ///   - definitions: view files; those that are not in the catalogue are passed over.
    ///   - connection: a connection inside of a transaction.
    /// - Returns: errors and warnings; for one view by line.
    /// - Throws: `.database`.
    static func problems(
        of definitions: [ViewDefinition], on connection: borrowing Connection
    ) throws(ViewError) -> [DefinitionProblem] {
        let names = definitions.map { definition in
            definition.refresh == .incremental
                ? definition.statement : definition.relation
        }
        let rows = try connection.texts(
            """
            SELECT v.place::text, c.oid::text FROM unnest($1::text::text[]) WITH ORDINALITY
                AS v (name, place)
            JOIN pg_catalog.pg_class c ON c.oid = to_regclass(v.name) AND c.relkind IN ('v', 'm')
            ORDER BY v.place
            """, [SQLText.array(names)], columns: 2, doing: "looking for statements of views")
        let found = rows.compactMap {
            row -> (definition: ViewDefinition, name: String, oid: Int)? in
            guard let place = row[0].flatMap({ Int($0) }), let oid = row[1].flatMap({ Int($0) })
            else { return nil }
            return (definitions[place - 1], names[place - 1], oid)
        }
        let trees = try ViewTree.read(Set(found.map(\.oid)), on: connection)
        let library = try StatementLibrary.read(trees.values, isParsing: true, on: connection)
        var problems: [DefinitionProblem] = []
        for (definition, name, oid) in found {
            guard let tree = trees[oid] else { continue }
            let relation =
                definition.refresh == .incremental ? "VIEW" : definition.refresh.relation
            let head = "CREATE \(relation) \(name) AS\n"
            let doubts = StatementJudge.doubts(of: tree, view: oid, library)
            var own = doubts.filter { !$0.isDeclared(definition) }
                .compactMap { $0.problem(definition, headBytes: head.utf8.count) }
            own += try TimeWords.problems(of: definition, on: connection)
            var told: Set<String> = []
            problems += own.filter { told.insert($0.description).inserted }
                .sorted { first, second in (first.line ?? 0) < (second.line ?? 0) }
        }
        return problems
    }
}

extension Doubt {
    /// Whether the author has said how the changes of a table that a function reads are followed.
    fileprivate func isDeclared(_ definition: ViewDefinition) -> Bool {
        kind == .hidden && definition.watches.contains { $0.table.text == subject }
    }
}
