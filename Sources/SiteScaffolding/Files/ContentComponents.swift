// The components that a written site's pages show rows with: facts, links, running text, and how
// values are written.
//
// Texts of Swift as they are written; they know nothing of the tables.

/// Writes what pages are put together from.
enum ContentComponents {
    static let all = [
        WrittenFile("site/components/Facts.swift", facts),
        WrittenFile("site/components/LinkList.swift", linkList),
        WrittenFile("site/components/Pagination.swift", pagination),
        WrittenFile("site/components/Prose.swift", prose),
        WrittenFile("site/components/Shown.swift", shown),
    ]

    private static let facts = #"""
        // Terms and what they are. Values that are missing or empty are left out.

        import SiteAuthoring

        /// A term and its value; with a path, the value is a link.
        struct Fact: Sendable {
            let term: String
            let value: String
            var path: PagePath?

            init(_ term: String, _ value: String?) {
                self.term = term
                self.value = value ?? ""
            }

            init(_ term: String, number: Int?) {
                self.init(term, number.map { Shown.number($0) })
            }

            init(_ term: String, plain: Int?) { self.init(term, plain.map { "\($0)" }) }

            init(_ term: String, flag: Bool?) { self.init(term, flag.map { $0 ? "yes" : "no" }) }

            init(_ term: String, date: String?) { self.init(term, date.map { Shown.date($0) }) }

            init(_ term: String, _ link: NamedLink?, in folder: String) {
                self.init(term, link?.name)
                path = link.map { "\(folder)\($0.slug)/" }
            }
        }

        /// A list of facts.
        struct Facts: Component {
            static let styles: CSS? = """
                .facts {
                    display: grid;
                    grid-template-columns: minmax(7rem, auto) minmax(0, 1fr);
                    max-width: 46rem;
                    margin-top: 1.75rem;
                }
                .facts > * { padding-block: 0.55rem; border-top: 1px solid var(--rule); }
                .facts dt { color: var(--soft); padding-inline-end: 1.5rem; max-width: 16rem; }
                @media (max-width: 30rem) {
                    .facts { grid-template-columns: 1fr; }
                    .facts dt { padding-bottom: 0; max-width: none; font-size: 0.875rem; }
                    .facts dd { padding-top: 0; border-top: 0; }
                }
                """

            let facts: [Fact]

            var view: HTML {
                let known = facts.filter { !$0.value.isEmpty }
                if !known.isEmpty {
                    dl(.cls("facts figures")) {
                        for fact in known {
                            dt { fact.term }
                            dd {
                                if let path = fact.path {
                                    a(.href(path)) { fact.value }
                                } else {
                                    fact.value
                                }
                            }
                        }
                    }
                }
            }
        }
        """#

    private static let linkList = #"""
        // Links in columns, as many beside each other as fit.

        import SiteAuthoring

        /// A row of a view with a page of its own.
        struct NamedLink: Decodable, Sendable {
            let slug: String
            let name: String
        }

        /// A list of links into one folder.
        struct LinkList: Component {
            static let styles: CSS? = """
                .links {
                    display: grid;
                    grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr));
                    gap: 0 var(--gap);
                }
                .links li { border-top: 1px solid var(--rule); }
                .links a { display: block; padding-block: 0.55rem; text-decoration: none; }
                .links a:hover { text-decoration: underline; }
                """

            let links: [NamedLink]
            let folder: String

            var view: HTML {
                ul(.cls("links")) {
                    for item in links { li { a(.href("\(folder)\(item.slug)/")) { item.name } } }
                }
            }
        }

        /// Rows of another table on a page: a heading, the first links, the number of all.
        struct RelatedLinks: Component {
            static let styles: CSS? = """
                .related { margin-top: clamp(2rem, 5vw, 3.5rem); }
                .related h2 { margin-bottom: 0.9rem; }
                .related h2 span { font-size: 0.75em; }
                .related p { margin-top: 0.75rem; }
                """

            let heading: String
            let links: [NamedLink]
            let count: Int
            let folder: String

            var view: HTML {
                if !links.isEmpty {
                    section(.cls("related")) {
                        h2 {
                            heading
                            " "
                            span(.cls("soft figures")) { Shown.count(count) }
                        }
                        LinkList(links: links, folder: folder)
                        if links.count < count {
                            p(.cls("small soft")) {
                                "The first \(links.count) of \(Shown.count(count))."
                            }
                        }
                    }
                }
            }
        }
        """#

    private static let pagination = #"""
        // The way through a list of several pages. A list of one page has none.

        import SiteAuthoring

        /// Links to the previous and the next page of a list.
        struct Pagination: Component {
            static let styles: CSS? = """
                .pages {
                    display: grid;
                    grid-template-columns: 1fr auto 1fr;
                    margin-top: 2.5rem;
                    padding-top: 0.9rem;
                    border-top: 1px solid var(--rule);
                }
                .pages > :last-child { text-align: end; }
                """

            let folder: String
            let page: Int
            let pages: Int

            var view: HTML {
                if pages > 1 {
                    nav(.cls("pages small figures"), .aria("label", "Pages of this list")) {
                        span {
                            if page > 1 {
                                a(.href(Links.page(page - 1, of: folder)), .rel("prev")) {
                                    "Page \(page - 1)"
                                }
                            }
                        }
                        span(.cls("soft")) { "\(page) of \(pages)" }
                        span {
                            if page < pages {
                                a(.href(Links.page(page + 1, of: folder)), .rel("next")) {
                                    "Page \(page + 1)"
                                }
                            }
                        }
                    }
                }
            }
        }
        """#

    private static let prose = #"""
        // Running text: a line of the row's text is a paragraph. Text stays text.

        import SiteAuthoring

        /// Paragraphs.
        struct Prose: Component {
            static let styles: CSS? = """
                .prose { max-width: 40rem; margin-top: 1.5rem; }
                .prose p + p { margin-top: 0.8em; }
                """

            let text: String?

            var view: HTML {
                let paragraphs = (text ?? "").split(separator: "\n").map(String.init)
                if !paragraphs.isEmpty {
                    div(.cls("prose")) { for paragraph in paragraphs { p { paragraph } } }
                }
            }
        }
        """#

    private static let shown = #"""
        // Numbers, days and texts as people read them. Pure: the same value, the same text.

        import SiteAuthoring

        /// Writes values for people.
        enum Shown {
            private static let months = [
                "January", "February", "March", "April", "May", "June", "July", "August",
                "September", "October", "November", "December",
            ]

            /// `12,345`; up to four digits stand as they are, since they may be those of a year.
            static func number(_ value: Int) -> String {
                value.magnitude < 10_000 ? "\(value)" : count(value)
            }

            /// `1,234,567`.
            static func count(_ value: Int) -> String { Format.number(value) }

            /// `2026-05-03 18:30:00` is `3 May 2026, 18:30`; what is no such day stays as it is.
            static func date(_ text: String) -> String {
                let parts = text.split(separator: " ")
                let numbers = parts.first?.split(separator: "-").compactMap { Int($0) } ?? []
                guard parts.count <= 2, numbers.count == 3, (1...12).contains(numbers[1]) else {
                    return text
                }
                let day = "\(numbers[2]) \(months[numbers[1] - 1]) \(numbers[0])"
                let time = parts.count == 2 ? parts[1].prefix(5) : "00:00"
                return time == "00:00" ? day : "\(day), \(time)"
            }

            /// The first line of a text, cut at a word before `length` characters.
            static func cut(_ text: String, at length: Int) -> String {
                let line = text.prefix { character in !character.isNewline }
                guard line.count > length else { return String(line) }
                let start = line.prefix(length - 1)
                return start[..<(start.lastIndex(of: " ") ?? start.endIndex)] + "…"
            }
        }
        """#
}
