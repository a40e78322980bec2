// What the tests of inferences share: tables as a catalogue would describe them, in a few words.

@testable import SiteScaffolding

/// A column: `name`, `name?` for one that may be NULL, with the internal name of its type.
func column(
    _ number: Int, _ name: String, _ type: String = "text", jsonKeys: [String] = [],
    isReadable: Bool = true
) -> DatabaseColumn {
    let isOptional = name.hasSuffix("?")
    return DatabaseColumn(
        number: number, name: isOptional ? String(name.dropLast()) : name,
        isNotNull: !isOptional, type: type, base: .builtIn(type), isReadable: isReadable,
        jsonKeys: jsonKeys)
}

/// A table whose first column is its primary key.
func table(_ oid: Int, _ name: String, schema: String = "public", _ columns: DatabaseColumn...)
    -> DatabaseTable
{
    DatabaseTable(
        oid: oid, schema: schema, name: name, columns: columns, primaryKey: [1], uniqueKeys: [[1]],
        indexedColumns: [1])
}

/// A foreign key from a column to the first one of another table.
func key(_ table: Int, _ column: Int, to target: Int, isAlwaysTrue: Bool = true) -> ForeignKey {
    ForeignKey(
        name: "key_\(table)_\(column)", table: table, target: target, columns: [column],
        targetColumns: [1], isAlwaysTrue: isAlwaysTrue)
}

/// The outline of a site of these tables.
func outline(
    _ tables: [DatabaseTable], _ keys: [ForeignKey] = [], named: Set<Int>? = nil
) -> SiteOutline {
    var catalogue = CatalogueReader.Catalogue()
    catalogue.tables = tables
    catalogue.foreignKeys = keys
    return SiteInference.outline(of: catalogue, named: named)
}

extension SiteOutline {
    /// The pages of a table.
    func page(_ table: String) -> PageTable? { pages.first { $0.table.name == table } }

    /// What became of a table.
    func outcome(_ table: String) -> String {
        decisions.first { $0.table == "public.\(table)" }?.outcome ?? ""
    }
}
