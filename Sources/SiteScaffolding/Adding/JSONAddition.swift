// `sitegen add json`: the names and addresses of all rows of a view as one JSON file, which a
// script can search.
//
// PostgreSQL makes the JSON, in an order that is whole; the file is checked when it is built.

import MaterializedViews
package import Postgres

extension SiteAddition {
    /// A JSON file of the rows of a view.
    ///
    /// - Parameters:
    ///   - name: the view; it has a slug and a name.
    ///   - site: the site.
    ///   - connection: a connection outside of any transaction.
    /// - Returns: a view, a file, its route.
    /// - Throws: `.unknownView`, `.unknownColumn`, `.noPagesOfView`.
    package static func json(
        of name: String, to site: ExistingSite, on connection: borrowing Connection
    ) throws(ScaffoldingError) -> SiteAddition {
        let view = try site.view(name)
        try require(["slug", "name"], in: columns(of: view, on: connection), of: name)
        let pages = try self.base(of: name, in: site)
        let order = (["name"] + view.key).map { "c.\(SQLName.quoted($0))" }
        var text = ViewText(
            name: "\(pages)_index", prose: ["All rows of \(name), for scripts that search."],
            key: "edition")
        text.columns = [
            "1 AS edition",
            """
            (SELECT coalesce(json_agg(json_build_object('slug', c.slug, 'name', c.name)
                        ORDER BY \(order.joined(separator: ", "))), '[]')::text
                 FROM sitegen.\(view.name) c) AS entries
            """,
        ]
        let type = "\(TypeName.of(pages))Index"
        var addition = SiteAddition(to: site)
        addition.add(WrittenFile(text.file, text.text))
        addition.add(
            WrittenFile(
                "site/Pages/\(type).swift",
                """
                // The names and addresses of all rows of \(name), for scripts that search.

                import SiteAuthoring

                /// The file.
                struct \(type): JSONFile {
                    static func path(_ row: \(type)Row) -> PagePath {
                        "/\(pages.hyphened)/index.json"
                    }

                    static func json(_ row: \(type)Row) -> JSONDocument {
                        JSONDocument(row.entries)
                    }
                }
                """))
        addition.add(
            [SiteSources.route(type, kind: "files")], to: "site/Site.swift", at: "routes")
        addition.say("a page is at \(TypeName.of(pages))Page.folder, its slug and a slash")
        return addition
    }
}
