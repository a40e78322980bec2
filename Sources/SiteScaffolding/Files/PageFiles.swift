// The pages of a table: one of a row, and one of the list of all rows, in one file.
//
// Values are put into arrays, not into nested elements: a page of forty facts compiles as fast as
// one of four.

import MaterializedViews

/// Writes the pages of tables, and the front page.
enum PageFiles {
    /// The file of a table's pages.
    static func file(_ page: PageTable) -> WrittenFile {
        WrittenFile(
            "site/Pages/\(page.typeName)Page.swift",
            """
            // The pages of \(page.table.shown.oneLine): one for each row, and the list of all.

            import SiteAuthoring
            \(shapes(page))
            \(rowPage(page))

            \(listPage(
                "\(page.typeName)ListPage", row: "\(page.typeName)ListRow",
                folder: "\(page.typeName)Page.folder", heading: page.heading))
            """)
    }

    // MARK: A row

    private static func rowPage(_ page: PageTable) -> String {
        let type = "\(page.typeName)Page"
        let modified =
            page.modified == nil
            ? ""
            : """


                static func modified(_ row: \(type)Row) -> Timestamp? { row.modified }
            """
        var body: [String] = []
        body += page.texts.map { "Prose(text: row.\(property($0.alias)))" }
        body.append("Facts(facts: facts)")
        for list in page.lists {
            body.append(
                """
                RelatedLinks(
                                heading: \(list.heading.swiftLiteral),
                                links: row.\(property(list.alias)),
                                count: row.\(property(list.countAlias)),
                                folder: \(list.target.typeName)Page.folder)
                """)
        }
        return """
            /// The page of one row.
            struct \(type): Page {
                static let folder = \(page.folder.swiftLiteral)

                let row: \(type)Row

                static func path(_ row: \(type)Row) -> PagePath {
                    "\\(folder)\\(row.slug)/"
                }\(modified)

                var view: HTML {
                    Layout(
                        facts: PageFacts(
                            heading: row.name, summary: \(summary(page)), path: Self.path(row),
                            part: \(page.heading.swiftLiteral)),
                        folder: Self.folder
                    ) {
                        Breadcrumbs(parts: Links.section(Self.folder))
                        h1 { row.name }
            \(body.map { "            \($0)\n" }.joined())        }
                }
            \(facts(page))}
            """
    }

    private static func summary(_ page: PageTable) -> String {
        let heading = "\"\(page.heading.swiftLiteral.dropFirst().dropLast()): \\(row.name)\""
        guard let text = page.texts.first else { return heading }
        let value = "row.\(property(text.alias))"
        return text.isNullable ? "\(value) ?? \(heading)" : value
    }

    private static func facts(_ page: PageTable) -> String {
        let facts =
            page.facts.flatMap(fact)
            + page.counts.map { count in
                "Fact(\(count.term.swiftLiteral), number: row.\(property(count.alias))),"
            }
        return """

                private var facts: [Fact] {
                    [
            \(SiteSources.lines(facts, marker: "facts", indent: 12))
                    ]
                }

            """
    }

    /// The lines of a fact in a page.
    static func fact(_ fact: PageFact) -> [String] {
        let term = fact.term.swiftLiteral
        let value = "row.\(property(fact.alias))"
        switch fact.kind {
        case .text: return ["Fact(\(term), \(value)),"]
        case .number(let isPlain):
            return ["Fact(\(term), \(isPlain ? "plain" : "number"): \(value)),"]
        case .flag: return ["Fact(\(term), flag: \(value)),"]
        case .date: return ["Fact(\(term), date: \(value)),"]
        case .link(let target):
            return ["Fact(\(term), \(value), in: \(target.typeName)Page.folder),"]
        case .fields(_, let fields):
            return fields.map { "Fact(\($0.term.swiftLiteral), \(value)?.\($0.property))," }
        }
    }

    private static func shapes(_ page: PageTable) -> String {
        page.facts.compactMap { fact -> String? in
            guard case .fields(let type, let fields) = fact.kind else { return nil }
            return """

                /// What is shown of `\(fact.alias)`.
                struct \(type): Decodable, Sendable {
                \(fields.map { "    let \($0.property): String?\n" }.joined())}

                """
        }.joined()
    }

    private static func property(_ alias: String) -> String {
        SwiftName.property(ofColumn: alias) ?? alias
    }

    // MARK: Lists

    /// The page of a list that a view cuts into pages.
    ///
    /// - Parameters:
    ///   - type: the name of its type.
    ///   - row: the row type of its view.
    ///   - folder: where the list is, in Swift.
    ///   - links: where the pages of its rows are, in Swift; nil for the same place.
    ///   - own: the list's folder if the type is to have one; nil for a list beside its pages.
    ///   - heading: what stands above it.
    /// - Returns: the declaration.
    static func listPage(
        _ type: String, row: String, folder: String, links: String? = nil, own: String? = nil,
        heading: String
    ) -> String {
        let name = heading.swiftLiteral
        let place = own.map { "\n    static let folder = \($0.swiftLiteral)\n" } ?? ""
        return """
            /// A page of the list.
            struct \(type): Page {\(place)
                let row: \(row)

                static func path(_ row: \(row)) -> PagePath {
                    Links.page(row.page, of: \(folder))
                }

                var view: HTML {
                    Layout(
                        facts: PageFacts(
                            heading: row.page > 1 ? "\\(heading), page \\(row.page)" : heading,
                            summary: "\\(heading): \\(Shown.count(row.total))",
                            path: Self.path(row),
                            previous: row.page > 1
                                ? Links.page(row.page - 1, of: \(folder)) : nil,
                            next: row.page < row.pages
                                ? Links.page(row.page + 1, of: \(folder)) : nil),
                        folder: \(folder)
                    ) {
                        Breadcrumbs(parts: [])
                        h1 { heading }
                        p(.cls("list-total soft figures")) {
                            row.total == 0 ? "Nothing yet." : Shown.count(row.total)
                        }
                        LinkList(links: row.entries, folder: \(links ?? folder))
                        Pagination(folder: \(folder), page: row.page, pages: row.pages)
                    }
                }

                private var heading: String { \(name) }
            }
            """
    }

    // MARK: The front page

    /// The front page.
    ///
    /// - Parameters:
    ///   - sections: what it shows.
    ///   - more: what stands behind the sections, in Swift; empty for nothing.
    /// - Returns: the file.
    static func home(_ sections: [HomeSection], behind more: String = "") -> WrittenFile {
        let parts = sections.map { section in
            """
            HomePart(
                            heading: \(section.heading.swiftLiteral),
                            folder: \(section.target.typeName)Page.folder,
                            count: row.\(property(section.countAlias)),
                            first: row.\(property(section.firstAlias))),
            """
        }
        return WrittenFile(
            "site/Pages/HomePage.swift",
            """
            // The front page: every section with its size and its first names.

            import SiteAuthoring

            /// The front page.
            struct HomePage: Page {
                let row: HomeRow

                static func path(_ row: HomeRow) -> PagePath { "/" }

                var view: HTML {
                    Layout(
                        facts: PageFacts(
                            heading: Links.title, summary: "\\(Links.title): all sections.",
                            path: "/")
                    ) {
                        h1 { Links.title }
                        HomeParts(parts: parts)\(more.isEmpty ? "" : "\n            \(more)")
                    }
                }

                private var parts: [HomePart] {
                    [
            \(parts.map { "            \($0)\n" }.joined())        ]
                }
            }

            \(homeParts)
            """)
    }

    private static let homeParts = #"""
        /// A section on the front page.
        struct HomePart: Sendable {
            let heading: String
            let folder: String
            let count: Int
            let first: [NamedLink]
        }

        /// Sections beside each other.
        struct HomeParts: Component {
            static let styles: CSS? = """
                .parts {
                    display: grid;
                    grid-template-columns: repeat(auto-fill, minmax(min(19rem, 100%), 1fr));
                    gap: clamp(1.75rem, 4vw, 3rem) var(--gap);
                    margin-top: clamp(1.75rem, 4vw, 3rem);
                }
                .parts > li { border-top: 2px solid var(--ink); padding-top: 0.8rem; }
                .parts h2 { display: flex; justify-content: space-between; gap: 1rem; }
                .parts h2 a { color: inherit; text-decoration: none; }
                .parts h2 a:hover { text-decoration: underline; text-decoration-thickness: 1px; }
                .parts .links { grid-template-columns: 1fr; margin-top: 0.7rem; }
                .parts .links li:first-child { border-top: 0; }
                .parts .links a { padding-block: 0.4rem; }
                """

            let parts: [HomePart]

            /// Sections of which the front page's view knows nothing.
            private var others: [SiteSection] {
                Links.sections.filter { section in
                    !parts.contains { $0.folder == section.folder }
                }
            }

            var view: HTML {
                if Links.sections.isEmpty {
                    p(.cls("list-total soft")) { "Nothing is here yet." }
                }
                ul(.cls("parts")) {
                    for part in parts {
                        li {
                            h2 {
                                a(.href(PagePath(part.folder))) { part.heading }
                                span(.cls("soft figures")) { Shown.count(part.count) }
                            }
                            LinkList(links: part.first, folder: part.folder)
                        }
                    }
                    for other in others {
                        li { h2 { a(.href(other.path)) { other.name } } }
                    }
                }
            }
        }
        """#
}
