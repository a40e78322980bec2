// `sitegen add redirects`: old addresses in a table of the database, each with the new one, or with
// NULL for what is gone.
//
// An address with `://` leads to another site; all others are paths of this one, as text.

import MaterializedViews
package import Postgres

extension SiteAddition {
    /// Redirects from the rows of a table.
    ///
    /// - Parameters:
    ///   - name: the table, with its schema or without.
    ///   - from: its column with the old path, such as `/old/`.
    ///   - destination: its column with the new path or address; NULL for what is gone.
    ///   - site: the site.
    ///   - connection: a connection outside of any transaction.
    /// - Returns: a view, a type, its route.
    /// - Throws: `.unknownTable`, `.ambiguousTable`, `.unknownColumn`, `.noText`.
    package static func redirects(
        of name: String, from: String, to destination: String, in site: ExistingSite,
        on connection: borrowing Connection
    ) throws(ScaffoldingError) -> SiteAddition {
        let table = try reading(connection) { (connection) throws(ScaffoldingError) in
            let catalogue = try wholeCatalogue(on: connection)
            let chosen = try TableChoice.named([name], in: catalogue)
            guard let table = catalogue.tables.first(where: { chosen.contains($0.oid) }) else {
                throw .unknownTable(name: name, known: catalogue.tables.map(\.name))
            }
            return table
        }
        let known = table.columns.map(\.name)
        for column in [from, destination] {
            guard let found = table.columns.first(where: { $0.name == column }) else {
                throw .unknownColumn(name: column, of: table.shown, known: known)
            }
            guard found.base.isText else { throw .noText(column: column, table: table.shown) }
        }
        let stem = "\(NameWords.snake(table.name, or: "table", bytes: 38))_moves"
        let type = TypeName.of(stem)
        var text = ViewText(
            name: stem, prose: ["Old addresses of \(table.shown), and where they lead."],
            key: "old_path")
        text.nullable = ["destination"]
        let old = SQLName.quoted(from)
        text.columns = [
            "t.\(old)::text AS old_path",
            "t.\(SQLName.quoted(destination))::text AS destination",
        ]
        text.from = "FROM \(table.quoted) t\nWHERE t.\(old) IS NOT NULL"
        var addition = SiteAddition(to: site)
        addition.add(WrittenFile(text.file, text.text))
        addition.add(WrittenFile("site/Pages/\(type).swift", source(type, table.shown)))
        addition.add(
            [SiteSources.route(type, kind: "redirects")], to: "site/Site.swift", at: "routes")
        return addition
    }

    private static func source(_ type: String, _ table: String) -> String {
        """
        // Old addresses of \(table.oneLine), and where they lead.

        import SiteAuthoring

        /// One old address.
        struct \(type): Redirect {
            static func path(_ row: \(type)Row) -> PagePath { PagePath(row.oldPath) }

            static func destination(_ row: \(type)Row) -> Destination {
                guard let new = row.destination else { return .gone }
                return new.contains("://") ? .to(PageURL(encoded: new)) : .to(new)
            }
        }
        """
    }
}
