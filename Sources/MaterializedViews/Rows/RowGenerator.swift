// Writes `site/Rows.generated.swift` from view files and what PostgreSQL says about them.
//
// The same input gives the same bytes: views by name, no date, no version. So a build can tell a
// stale file by writing it again and comparing, and version control shows real changes only.

package import Postgres

/// Generates the row types of a site.
package enum RowGenerator {
    /// Where the generated source belongs, from the root of a site's package.
    package static let path = "site/Rows.generated.swift"

    /// The source of all row types.
    ///
    /// - Parameters:
    ///   - definitions: the view files, in any order.
    ///   - columns: the columns of each view, by its name.
    ///   - modules: what the file imports; the authors' module has all it needs.
    /// - Returns: the whole file.
    /// - Throws: `.definitions` or `.generation` for the first view that cannot be a row type, and
    ///   `.unknownView` if `columns` lacks one.
    package static func source(
        definitions: [ViewDefinition], columns: [String: [ViewColumn]],
        importing modules: [String] = ["SiteAuthoring"]
    ) throws(ViewError) -> String {
        var text = head + modules.map { module in "import \(module)\n" }.joined()
        var names: [String: String] = [:]
        for definition in definitions.sorted(by: { $0.name < $1.name }) {
            let type = SwiftName.rowType(ofView: definition.name)
            if let other = names.updateValue(definition.name, forKey: type) {
                throw .generation(
                    view: definition.name, column: nil,
                    message: "its row type would be called \(type), as that of \(other).\n"
                        + "Rename \(definition.file).")
            }
            guard let described = columns[definition.name] else {
                throw .unknownView(name: definition.name, known: columns.keys.sorted())
            }
            text += "\n" + (try RowSource(definition, described).text())
        }
        return text
    }

    /// The views whose file is not the one that generated source was written from.
    ///
    /// Needs no database: it looks for the digests in the text.
    static func staleViews(
        in text: String, definitions: [ViewDefinition]
    ) -> [String] {
        definitions.filter { definition in
            !text.contains("\"\(definition.name)\"") || !text.contains(definition.digest)
        }.map(\.name).sorted()
    }

    private static let head = """
        // The row types of the views in site/database, one class per view.
        //
        // Written by `sitegen db generate` from the view files and what PostgreSQL says about their
        // columns. Do not edit: change a view's file, then run `sitegen db apply` and `sitegen db
        // generate`.


        """
}

extension RowGenerator {
    /// The source of all row types, with the columns as PostgreSQL describes them now.
    ///
    /// The views need not be installed, except those that other views read.
    ///
    /// - Parameters:
    ///   - definitions: all view files of the site.
    ///   - previewed: the views that the session has made temporary ones of (`PreviewViews`).
    ///   - connection: a database with the tables that the views read.
    /// - Returns: the whole file.
    /// - Throws: `.sql` if PostgreSQL refuses a statement, and as `source(definitions:columns:)`.
    package static func source(
        of definitions: [ViewDefinition], previewed: Set<String> = [],
        on connection: borrowing Connection
    ) throws(ViewError) -> String {
        try source(
            definitions: definitions,
            columns: columns(of: definitions, previewed: previewed, on: connection))
    }

    /// The columns of each view's statement.
    ///
    /// - Parameters:
    ///   - definitions: the views.
    ///   - previewed: the views that the session has made temporary ones of.
    ///   - connection: a database with the tables that the views read.
    /// - Returns: the columns by the view's name.
    /// - Throws: `.sql` if PostgreSQL refuses a statement.
    package static func columns(
        of definitions: [ViewDefinition], previewed: Set<String> = [],
        on connection: borrowing Connection
    ) throws(ViewError) -> [String: [ViewColumn]] {
        var columns: [String: [ViewColumn]] = [:]
        for definition in definitions {
            let sql =
                previewed.contains(definition.name)
                ? "SELECT * FROM \(PreviewViews.relation(definition.name))" : definition.sql
            columns[definition.name] = try ViewCatalogue.columns(
                of: sql, for: definition, on: connection)
        }
        return columns
    }
}
