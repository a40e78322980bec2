// The views of a preview: a temporary view for each view file, which reads the others' temporary
// views in place of what is installed.
//
// They live in one transaction and vanish with it, so that a pooler may stand in between, and
// nobody else sees them. Every statement is computed when it is read: exact for any time, as dear
// as a first `db apply` without storing anything.

package import Postgres

/// Makes the views of a preview.
package enum PreviewViews {
    /// The schema that a session's own relations are in.
    private static let schema = "pg_temp"

    /// Where rows of a view are read in a preview.
    package static func relation(_ view: String) -> String { "\(schema).\(view.quotedName)" }

    /// Makes the views, and has the session compute as views are computed.
    ///
    /// - Parameters:
    ///   - definitions: all view files of the site.
    ///   - preview: which rows are shown.
    ///   - connection: in a transaction that will be rolled back.
    /// - Throws: `.sql` with the file that PostgreSQL refuses, `.unknownView`, `.cycle`.
    package static func create(
        _ definitions: [ViewDefinition], for preview: Preview,
        on connection: borrowing Connection
    ) throws(ViewError) {
        let names = Set(definitions.map(\.name))
        // A view never hides a table that has its name: they are named with their schema.
        let path = try InstallDraft.searchPath(on: connection)
        try connection.perform(
            "\(PinnedSettings.local) SET LOCAL search_path = \(path)",
            doing: "preparing the preview")
        let references = Dictionary(
            definitions.map { ($0.name, $0.references) }, uniquingKeysWith: { first, _ in first })
        for name in try ViewOrder.sorted(Array(names), reading: references) {
            guard let definition = definitions.first(where: { $0.name == name }) else { continue }
            let statement = try reading(definition, names)
            let condition = preview.condition(definition, "q").map { "\nWHERE \($0)" } ?? ""
            let head = "CREATE TEMP VIEW \(definition.name.quotedName) AS\nSELECT q.* FROM (\n"
            do throws(PostgresError) {
                try connection.run("\(head)\(statement)\n) q\(condition)")
            } catch {
                throw ViewError(
                    error, in: definition, prefix: head.unicodeScalars.count,
                    doing: "computing \(definition.name)")
            }
        }
    }

    /// A statement that reads the session's own views where it names the site's.
    static func reading(
        _ definition: ViewDefinition, _ views: Set<String>
    ) throws(ViewError) -> String {
        let sql = definition.sql
        let tokens: [SQLToken]
        do throws(SQLLexerError) {
            tokens = try SQLLexer.tokens(of: sql).filter { $0.kind != .comment }
        } catch {
            throw .database(doing: "preparing the preview", message: error.message)
        }
        let places = SiteSchema.mentions(in: tokens, of: definition.schema.description)
            .filter { index in
                views.contains(tokens[index + 2].text)
                    && (index + 3 >= tokens.count || !tokens[index + 3].isSymbol("("))
            }
        return sql.replacing(places.map { tokens[$0].range }, with: schema)
    }
}
