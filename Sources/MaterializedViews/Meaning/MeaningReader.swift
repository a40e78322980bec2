// Reads from the catalogue what views mean now.
//
// Questions are asked once for all views, whatever their number. Rows of incremental views are
// kept, so everything that they lead to counts; a live view computes its rows from whatever is
// there, and a materialized one from whatever is there at its refresh: of these two only the
// statement and the tables that it names do.

import Postgres

/// A statement in the catalogue.
struct StatementRelation {
    let name: String
    let strategy: RefreshStrategy
    /// The OID of the view that holds the statement.
    let oid: Int
}

/// Reads what statements mean.
struct MeaningReader {
    private var meanings: [String: ViewMeaning] = [:]
    private let library: StatementLibrary
    private let trees: [Int: NodeTree]

    /// The meaning of each statement, by the name of its view.
    static func read(
        _ relations: [StatementRelation], on connection: borrowing Connection
    ) throws(ViewError) -> [String: ViewMeaning] {
        guard !relations.isEmpty else { return [:] }
        let trees = try ViewTree.read(Set(relations.map(\.oid)), on: connection)
        let library = try StatementLibrary.read(trees.values, on: connection)
        var reader = MeaningReader(library: library, trees: trees)
        try reader.read(relations, on: connection)
        return reader.meanings
    }

    private init(library: StatementLibrary, trees: [Int: NodeTree]) {
        self.library = library
        self.trees = trees
    }

    private mutating func read(
        _ relations: [StatementRelation], on connection: borrowing Connection
    ) throws(ViewError) {
        var reached: [String: Mentions] = [:]
        var all = Mentions()
        for relation in relations {
            guard let tree = trees[relation.oid] else { continue }
            let isKept = relation.strategy == .incremental
            var mentions = isKept ? library.reach(of: tree) : Mentions(tree)
            mentions.relations.remove(relation.oid)
            mentions.views.remove(relation.oid)
            reached[relation.name] = mentions
            all.formUnion(mentions)
        }
        let columns = try ColumnFacts.read(all.relations, on: connection)
        let tables = try TableFacts.read(all.relations, on: connection)
        let types = try TypeFacts.read(
            all.types.union(columns.types), collations: all.collations, on: connection)
        let settings = try PinnedSettings.session(on: connection)
        var search: String?
        for relation in relations {
            guard let tree = trees[relation.oid], let mentions = reached[relation.name] else {
                continue
            }
            var meaning = ViewMeaning()
            meaning.facts[ViewMeaning.Kind.statement.fact("")] = Digest.hexadecimal(
                of: CanonicalStatement.text(tree, of: relation.oid))
            let isKept = relation.strategy == .incremental
            tables.add(mentions.relations, to: &meaning, isWhole: isKept)
            if isKept {
                let uses = StatementReader(
                    catalog: StatementCatalog(
                        views: library.views, policies: library.tables.mapValues(\.policies)))
                _ = uses.read(tree, of: relation.oid, key: [])
                let read = Dictionary(grouping: uses.uses, by: \.table)
                    .mapValues { $0.reduce(into: Set<Int>()) { $0.formUnion($1.columns) } }
                columns.add(read, names: library.tables, to: &meaning)
                addDefinitions(mentions, to: &meaning)
                types.add(
                    mentions.types.union(columns.types(of: read)), mentions.collations,
                    to: &meaning)
                for name in PinnedSettings.names(readBy: mentions.functions, library) {
                    meaning.facts[ViewMeaning.Kind.setting.fact(name)] = settings[name]
                    guard name == PinnedSettings.searchConfiguration else { continue }
                    if search == nil { search = try SearchFacts.read(on: connection) }
                    meaning.facts[ViewMeaning.Kind.search.fact("")] = search
                }
                meaning.facts[ViewMeaning.Kind.postgresql.fact("")] = tables.version
                meaning.facts[ViewMeaning.Kind.subscription.fact("")] = tables.subscriptions
            }
            meanings[relation.name] = meaning
        }
    }

    /// Views of others, and functions that are not PostgreSQL's own.
    private func addDefinitions(_ mentions: Mentions, to meaning: inout ViewMeaning) {
        for view in mentions.views {
            guard let tree = library.views[view], let name = library.tables[view]?.name else {
                continue
            }
            meaning.facts[ViewMeaning.Kind.view.fact(name.text)] = Digest.hexadecimal(
                of: "\(view) \(CanonicalStatement.text(tree, of: view))")
        }
        for function in mentions.functions {
            guard let routine = library.routines[function], !routine.isBuiltIn else { continue }
            let name = "\(routine.name.text)(\(routine.arguments))"
            meaning.facts[ViewMeaning.Kind.function.fact(name)] = routine.fingerprint
        }
    }
}
