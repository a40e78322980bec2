// Which tables somebody means who names them: with their schema, or without.
//
// A name that is not there is an error with the nearest one; so is a table that cannot have pages.

/// Finds tables by their names.
enum TableChoice {
    /// The numbers of named tables.
    ///
    /// - Throws: `.unknownTable`, `.ambiguousTable`, `.noPages`, `.tooManyTables`.
    static func named(
        _ names: [String], in catalogue: CatalogueReader.Catalogue
    ) throws(ScaffoldingError) -> Set<Int> {
        var chosen: Set<Int> = []
        for name in names {
            let exact = catalogue.tables.filter { $0.shown == name }
            let found = exact.isEmpty ? catalogue.tables.filter { $0.name == name } : exact
            guard let table = found.first else {
                throw .unknownTable(name: name, known: catalogue.tables.map(\.shown))
            }
            if found.count > 1 {
                throw .ambiguousTable(name: name, candidates: found.map(\.shown))
            }
            if let reason = TableReading(table).refusal {
                let text = reason.text.split(separator: ";")[0]
                throw .noPages(
                    table: table.shown,
                    reason: text.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? "")
            }
            chosen.insert(table.oid)
        }
        if chosen.count > ScaffoldingLimits.tablesMax { throw .tooManyTables(count: chosen.count) }
        return chosen
    }
}
