// `sitegen add list`: all rows of a view in another order, cut into pages.
//
// The view has a slug and a name, as those of names and addresses do; what it is ordered by is any
// column of it. Ties are broken by name and key, so that the order is whole.

import MaterializedViews
package import Postgres

extension SiteAddition {
    /// A list of the rows of a view.
    ///
    /// - Parameters:
    ///   - name: the view.
    ///   - column: the column that rows are ordered by.
    ///   - size: how many links a page has.
    ///   - site: the site.
    ///   - connection: a connection outside of any transaction.
    /// - Returns: a view, a page, its route and section.
    /// - Throws: `.unknownView`, `.unknownColumn`, `.missingColumns`.
    package static func list(
        of name: String, by column: String, size: Int, to site: ExistingSite,
        on connection: borrowing Connection
    ) throws(ScaffoldingError) -> SiteAddition {
        let view = try site.view(name)
        let columns = try columns(of: view, on: connection)
        try require(["slug", "name", column], in: columns, of: name)
        let base = try base(of: name, in: site)
        let listed = String("\(base)_by_\(column)".prefix(ViewLimits.nameBytesMax))
        let type = TypeName.of(listed)
        let folder = "/\(base.hyphened)/by-\(column.hyphened)/"
        let order = ([column, "name"] + view.key).reduce(into: [String]()) { order, column in
            if !order.contains("c.\(SQLName.quoted(column))") {
                order.append("c.\(SQLName.quoted(column))")
            }
        }
        let text = SiteViews.list(
            name: listed, prose: "All rows of \(name) by \(column)", size: size,
            from: "sitegen.\(name)", order: order.joined(separator: ", "))
        var addition = SiteAddition(to: site)
        addition.add(WrittenFile(text.file, text.text))
        let heading = "\(NameWords.heading(base)) by \(NameWords.heading(column).lowercased())"
        addition.add(
            WrittenFile(
                "site/Pages/\(type)Page.swift",
                """
                // The list of all rows of \(name) by \(column).

                import SiteAuthoring

                \(PageFiles.listPage(
                    "\(type)Page", row: "\(type)Row", folder: "\(type)Page.folder",
                    links: "\(TypeName.of(base))Page.folder", own: folder, heading: heading))
                """))
        addition.add(
            [SiteSources.route("\(type)Page")], to: "site/Site.swift", at: "routes")
        addition.add(
            [SiteSources.section(heading, folder)], to: "site/Links.swift", at: "sections")
        return addition
    }

    /// What a view's pages are called: `album` for `album_card` and `album_page`.
    static func base(of view: String, in site: ExistingSite) throws(ScaffoldingError) -> String {
        for suffix in ["_card", "_page"] where view.hasSuffix(suffix) {
            let base = String(view.dropLast(suffix.count))
            if site.text(of: "site/Pages/\(TypeName.of(base))Page.swift") != nil { return base }
        }
        throw .noPagesOfView(view)
    }

    /// The columns of a view that is installed, or whose statement can be described.
    static func columns(
        of view: ViewDefinition, on connection: borrowing Connection
    ) throws(ScaffoldingError) -> [ViewColumn] {
        do throws(ViewError) {
            return try RowGenerator.columns(of: [view], on: connection)[view.name] ?? []
        } catch {
            throw .site(error)
        }
    }

    /// Makes sure that a view has columns.
    static func require(
        _ names: [String], in columns: [ViewColumn], of view: String
    ) throws(ScaffoldingError) {
        let known = columns.map(\.name)
        for name in names where !known.contains(name) {
            throw .unknownColumn(name: name, of: view, known: known)
        }
    }
}

extension String {
    /// `media_type` as a part of an address.
    var hyphened: String { split(separator: "_").joined(separator: "-") }
}
