// `sitegen add feed`: the rows of a view that changed last, as an Atom feed (RFC 4287).
//
// The view has a slug, a name and a time; rows without a time are not in the feed. Entries are
// known by the addresses of their pages.

import MaterializedViews
package import Postgres

extension SiteAddition {
    /// How many entries a feed has.
    private static let feedEntries = 20

    /// A feed of the rows of a view.
    ///
    /// - Parameters:
    ///   - name: the view.
    ///   - column: its column with the time of the last change.
    ///   - site: the site.
    ///   - connection: a connection outside of any transaction.
    /// - Returns: a view, a file, its route.
    /// - Throws: `.unknownView`, `.unknownColumn`, `.noTime`, `.noPagesOfView`.
    package static func feed(
        of name: String, by column: String, to site: ExistingSite,
        on connection: borrowing Connection
    ) throws(ScaffoldingError) -> SiteAddition {
        let view = try site.view(name)
        let columns = try columns(of: view, on: connection)
        try require(["slug", "name", column], in: columns, of: name)
        let base = columns.first { $0.name == column }?.base
        guard base == .builtIn("timestamptz") || base == .builtIn("timestamp") else {
            throw .noTime(column: column, view: name)
        }
        let pages = try self.base(of: name, in: site)
        let zone = base == .builtIn("timestamptz") ? " AT TIME ZONE 'UTC'" : ""
        let text = feedView(of: view, named: "\(pages)_feed", by: column, zone: zone)
        var addition = SiteAddition(to: site)
        addition.add(WrittenFile(text.file, text.text))
        let type = "\(TypeName.of(pages))Feed"
        addition.add(
            WrittenFile("site/Pages/\(type).swift", source(type, pages)))
        addition.add(
            [SiteSources.route(type, kind: "files")], to: "site/Site.swift", at: "routes")
        addition.say("for readers to find it, add to the head in site/components/PageHead.swift:")
        addition.say(
            "    link(.rel(\"alternate\"), .type(\"application/atom+xml\"), "
                + ".href(PagePath(\"/\(pages.hyphened)/feed.atom\")))")
        return addition
    }

    private static func feedView(
        of view: ViewDefinition, named name: String, by column: String, zone: String
    ) -> ViewText {
        let time = SQLName.quoted(column)
        let form = #"'YYYY-MM-DD"T"HH24:MI:SS"Z"'"#
        let keys = view.key.map { "c.\(SQLName.quoted($0))" }
        let inner = view.key.enumerated().map { "c.\(SQLName.quoted($1)) AS key_\($0)" }
        let outer = view.key.indices.map { "l.key_\($0)" }
        var text = ViewText(
            name: name,
            prose: ["The \(feedEntries) rows of \(view.name) that changed last, as a feed."],
            key: "edition")
        text.json = ["entries [\(TypeName.of(name))Entry]"]
        text.columns = [
            "1 AS edition",
            """
            (SELECT to_char(coalesce(max(c.\(time)\(zone)), timestamp '1970-01-01'),
                    \(form))
                 FROM sitegen.\(view.name) c
                 WHERE isfinite(c.\(time))) AS updated
            """,
            """
            (SELECT coalesce(json_agg(json_build_object(
                        'slug', l.slug, 'name', l.name, 'updated', to_char(l.changed\(zone),
                            \(form)))
                        ORDER BY l.changed DESC, \(outer.joined(separator: ", "))), '[]')
                 FROM (SELECT \(inner.joined(separator: ", ")), c.slug, c.name, c.\(time) AS changed
                       FROM sitegen.\(view.name) c
                       WHERE isfinite(c.\(time))
                       ORDER BY c.\(time) DESC, \(keys.joined(separator: ", "))
                       LIMIT \(feedEntries)) l) AS entries
            """,
        ]
        return text
    }

    private static func source(_ type: String, _ base: String) -> String {
        """
        // The rows of \(base) that changed last, as an Atom feed; RFC 4287.

        import SiteAuthoring

        /// An entry of the feed.
        struct \(type)Entry: Decodable, Sendable {
            let slug: String
            let name: String
            let updated: String
        }

        /// The feed.
        struct \(type): XMLFile {
            static let contentType = "application/atom+xml; charset=utf-8"

            let row: \(type)Row

            static func path(_ row: \(type)Row) -> PagePath { "/\(base.hyphened)/feed.atom" }

            var view: HTML {
                element("feed", .attr("xmlns", "http://www.w3.org/2005/Atom")) {
                    element("id") { absoluteURL(Self.path(row)) }
                    element("title") { "\\(Links.title): \(NameWords.heading(base))" }
                    element("updated") { row.updated }
                    element("author") { element("name") { Links.title } }
                    element(
                        "link", .attr("rel", "self"), .attr("href", absoluteURL(Self.path(row))))
                    for entry in row.entries {
                        element("entry") {
                            element("id") { address(entry) }
                            element("title") { entry.name }
                            element("link", .attr("href", address(entry)))
                            element("updated") { entry.updated }
                        }
                    }
                }
            }

            private func address(_ entry: \(type)Entry) -> String {
                absoluteURL("\\(\(TypeName.of(base))Page.folder)\\(entry.slug)/")
            }
        }
        """
    }
}
