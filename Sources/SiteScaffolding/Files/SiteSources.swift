// The sources that hold a site together: main.swift, Site.swift, Links.swift.
//
// Lines between `// sitegen:…` and `// sitegen:end` belong to `sitegen add`; everything else is the
// author's from the first moment on.

/// Writes what holds a site together.
enum SiteSources {
    /// A page of the site as its route names it.
    static func route(_ type: String, kind: String = "pages") -> String {
        ".\(kind)(\(type).self),"
    }

    /// A line of the sections.
    static func section(_ name: String, _ folder: String) -> String {
        "SiteSection(name: \(name.swiftLiteral), folder: \(folder.swiftLiteral)),"
    }

    static func main(_ identity: SiteIdentity) -> WrittenFile {
        WrittenFile(
            "site/main.swift",
            """
            // The program of the site: every command of sitegen, and these pages.

            import SitegenCommands

            await SitegenCommand.main(site: site)
            """)
    }

    /// Site.swift.
    static func site(
        _ identity: SiteIdentity, routes: [String], fragments: [String] = [], sample: String = ""
    ) -> WrittenFile {
        let routeLines = lines(routes, marker: "routes", indent: 8)
        let fragmentLines = lines(fragments, marker: "fragments", indent: 8)
        return WrittenFile(
            "site/Site.swift",
            """
            // What the site is made of: a page that is not listed here does not exist.
            //
            // `sitegen add` writes between the marks; elsewhere it changes nothing.

            import SiteAuthoring

            /// The site.
            let site = Site(
                title: Links.title,
                origin: Origin(literal: \(identity.origin.swiftLiteral)),
                routes: [
            \(routeLines)
                ],
                fragments: [
            \(fragmentLines)
                ]\(sample.isEmpty ? "" : ",\n    sample: \(sample)"))
            """)
    }

    /// Links.swift.
    static func links(_ identity: SiteIdentity, sections: [String]) -> WrittenFile {
        WrittenFile(
            "site/Links.swift",
            """
            // What the site is called, its sections and its addresses. A section is renamed here.

            import SiteAuthoring

            /// A list of pages that the navigation names.
            struct SiteSection: Sendable {
                let name: String
                let folder: String

                var path: PagePath { PagePath(folder) }
            }

            /// Names and addresses of the site.
            enum Links {
                static let title = \(identity.title.swiftLiteral)

                static let sections: [SiteSection] = [
            \(lines(sections, marker: "sections", indent: 8))
                ]

                /// The sections that every page names; the front page has all.
                static var navigation: ArraySlice<SiteSection> {
                    sections.prefix(\(ScaffoldingLimits.sectionsInNavigation))
                }

                /// The section in a folder, as a list of one; empty if there is none.
                static func section(_ folder: String) -> [SiteSection] {
                    sections.filter { $0.folder == folder }
                }

                /// A page of a list; the first one has the bare address.
                static func page(_ page: Int, of folder: String) -> PagePath {
                    Paging(folder, page: page, of: page).path
                }
            }
            """)
    }

    /// Lines between a mark and its end.
    static func lines(_ lines: [String], marker: String, indent: Int) -> String {
        let space = String(repeating: " ", count: indent)
        return (["// sitegen:\(marker)"] + lines + ["// sitegen:end"])
            .map { space + $0 }.joined(separator: "\n")
    }

    /// The page for addresses that lead nowhere.
    static let lostPage = WrittenFile(
        "site/Pages/LostPage.swift",
        """
        // The answer to addresses that the site does not have.

        import SiteAuthoring

        /// The page that is not there.
        struct LostPage: NotFoundPage {
            var view: HTML {
                Layout(
                    facts: PageFacts(
                        heading: "There is no such page",
                        summary: "There is no page at this address.", path: "/404.html")
                ) {
                    h1 { "There is no such page" }
                    div(.cls("prose")) {
                        p {
                            "It may have moved. "
                            a(.href("/")) { "The front page" }
                            " leads to everything there is."
                        }
                    }
                }
            }
        }
        """)
}
