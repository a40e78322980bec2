// The components of a written site: the frame of a page, and what pages are put together from.
//
// They know nothing of the tables. Texts of Swift as they are written; the one thing that differs
// from site to site is its title, which stands in Links.swift.

/// Writes `site/components`.
enum ComponentFiles {
    static let all =
        [
            WrittenFile("site/components/Layout.swift", layout),
            WrittenFile("site/components/PageHead.swift", pageHead),
            WrittenFile("site/components/Breadcrumbs.swift", breadcrumbs),
        ] + ContentComponents.all

    private static let layout = #"""
        // The frame of every page: skip link, header with the sections, main, footer.

        import SiteAuthoring

        /// The frame of a page.
        struct Layout: Component {
            static let styles: CSS? = """
                .skip {
                    position: absolute;
                    inset: 0 auto auto 0;
                    z-index: 9;
                    padding: 0.6rem 1rem;
                    background: var(--ink);
                    color: var(--paper);
                    transform: translateY(-120%);
                }
                .skip:focus { transform: none; }
                .bar { border-bottom: 1px solid var(--rule); }
                .bar > .wide {
                    display: flex;
                    flex-wrap: wrap;
                    align-items: baseline;
                    gap: 0.4rem 2rem;
                    padding-block: 0.9rem;
                }
                .bar a { color: inherit; text-decoration: none; }
                .bar a:hover { text-decoration: underline; }
                .bar-name { font: 600 1.25rem/1.2 var(--display); margin-inline-end: auto; }
                .bar nav { max-width: 100%; overflow-x: auto; scrollbar-width: none; }
                .bar nav ul { display: flex; gap: 1.4rem; }
                .bar nav a { display: block; padding-block: 0.35rem; white-space: nowrap; }
                .bar nav [aria-current] { box-shadow: inset 0 -2px 0 var(--mark); }
                .main { padding-block: clamp(1.5rem, 4vw, 3rem) clamp(3rem, 8vw, 6rem); }
                .foot { border-top: 1px solid var(--rule); padding-block: 1.5rem 3rem; }
                .foot > .wide { display: flex; flex-wrap: wrap; gap: 0.5rem 2rem; }
                .foot p { margin-inline-end: auto; }
                """

            let facts: PageFacts
            /// The folder of the section that the page belongs to; nil for none.
            var folder: String?
            @HTMLBuilder let content: () -> HTML

            var view: HTML {
                html(.lang("en")) {
                    PageHead(facts: facts)
                    body {
                        a(.cls("skip"), .href("#main")) { "Skip to the page" }
                        Markup.header(.cls("bar")) {
                            div(.cls("wide")) {
                                a(.cls("bar-name"), .href("/")) { Links.title }
                                nav(.cls("small"), .aria("label", "Sections")) {
                                    ul {
                                        for part in Links.navigation {
                                            li {
                                                a(
                                                    .href(part.path),
                                                    part.folder == folder
                                                        ? .aria("current", "true") : .none
                                                ) { part.name }
                                            }
                                        }
                                    }
                                }
                            }
                        }
                        Markup.main(.cls("main wide"), .id("main"), .tabindex(-1)) { content() }
                        Markup.footer(.cls("foot small soft")) {
                            div(.cls("wide")) {
                                p { Links.title }
                                a(.href("/")) { "All sections" }
                                a(.href("#main")) { "Back to the top" }
                            }
                        }
                    }
                }
            }
        }
        """#

    private static let pageHead = #"""
        // Everything between <head> and </head>. Styles are put in behind it by the build.

        import SiteAuthoring

        /// What a page says about itself.
        struct PageFacts: Sendable {
            let heading: String
            let summary: String
            let path: PagePath
            /// What the page is a part of, for its title; nil for nothing.
            var part: String?
            var previous: PagePath?
            var next: PagePath?

            var title: String {
                path == "/" ? Links.title : [heading, part, Links.title].compactMap { $0 }
                    .joined(separator: " – ")
            }
        }

        /// The head of a page.
        struct PageHead: Component {
            let facts: PageFacts

            var view: HTML {
                head {
                    meta(.charset("utf-8"))
                    meta(.name("viewport"), .content("width=device-width, initial-scale=1"))
                    title { facts.title }
                    meta(.name("description"), .content(Shown.cut(facts.summary, at: 180)))
                    link(.rel("canonical"), .href(absoluteURL(facts.path)))
                    link(.rel("icon"), .type("image/svg+xml"), .href(asset("icon.svg")))
                    if let previous = facts.previous { link(.rel("prev"), .href(previous)) }
                    if let next = facts.next { link(.rel("next"), .href(next)) }
                    meta(.attr("property", "og:title"), .content(facts.heading))
                    meta(.attr("property", "og:site_name"), .content(Links.title))
                    meta(.attr("property", "og:url"), .content(absoluteURL(facts.path)))
                }
            }
        }
        """#

    private static let breadcrumbs = #"""
        // Where a page is: the way from the front page to the list it belongs to.

        import SiteAuthoring

        /// Links to what a page is a part of.
        struct Breadcrumbs: Component {
            static let styles: CSS? = """
                .crumbs { margin-bottom: 0.75rem; }
                .crumbs ol { display: flex; flex-wrap: wrap; gap: 0 0.5rem; }
                .crumbs li:not(:first-child)::before { content: "/"; margin-inline-end: 0.5rem; }
                .crumbs a { color: inherit; }
                """

            let parts: [SiteSection]

            var view: HTML {
                nav(.cls("crumbs small soft"), .aria("label", "Breadcrumbs")) {
                    ol {
                        li { a(.href("/")) { "Home" } }
                        for part in parts { li { a(.href(part.path)) { part.name } } }
                    }
                }
            }
        }
        """#
}
