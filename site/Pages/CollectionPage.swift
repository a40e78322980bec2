// The pages of one collection: the first has the story and the edit, all have looks.
//
// The edit is the album: the few looks the editors chose, in their order. Page 2 and on repeat the
// title and nothing else of the story. Pages are rows; nothing is cut here.

import SiteAuthoring

/// A page of a collection.
struct CollectionPage: Page {
    static let styles: CSS? = """
        .show-text { display: grid; grid-template-columns: repeat(12, minmax(0, 1fr)); }
        .show-text { gap: var(--gap); padding-top: clamp(2rem, 4vw, 4rem); }
        .show-text .facts { grid-column: 1 / 5; align-content: start; }
        .show-text .prose { grid-column: 6 / 12; font-size: 1.1875rem; }
        @media (max-width: 52rem) {
            .show-text > * { grid-column: 1 / -1 !important; }
            .show-text .prose { grid-row: 1; }
            .show-cover { margin-inline: calc(-1 * var(--edge)); }
        }
        """

    let row: CollectionPageRow

    static func path(_ row: CollectionPageRow) -> PagePath {
        Magazine.collection(row.slug, page: row.page)
    }

    var view: HTML {
        PageShell(facts: facts, current: .collections) {
            article(.cls("wide")) {
                TitleBlock(
                    heading: row.title, above: "\(row.brand.name), \(row.season.name)",
                    below: row.page == 1 ? row.subtitle : "Looks, page \(row.page)")
                if row.page == 1 {
                    div(.cls("show-cover")) { PictureView(picture: row.cover, arrival: .first) }
                    div(.cls("show-text")) {
                        Facts(facts: details)
                        Prose(text: row.description, hasInitial: true)
                    }
                    if row.album.count > 2 {
                        SectionHeading(number: 1, heading: "The edit")
                        LookGrid(looks: Array(row.album.prefix(4)), isHanging: true)
                    }
                    SectionHeading(number: 2, heading: "All \(row.total) looks")
                } else {
                    h2(.cls("unseen")) { "Looks, page \(row.page) of \(row.pages)" }
                }
                LookGrid(looks: row.looks, early: row.page == 1 ? 0 : 4)
                Pagination(page: row.page, pages: row.pages) { [slug = row.slug] page in
                    Magazine.collection(slug, page: page)
                }
                if row.page == 1 {
                    Turning(
                        previous: row.older, next: row.newer,
                        noun: "collection of \(row.brand.name)",
                        address: { Magazine.collection($0) })
                }
            }
        }
    }

    private var facts: PageFacts {
        let base = "\(row.title), \(row.brand.name)"
        return PageFacts(
            heading: row.page == 1 ? base : "\(base), page \(row.page)",
            summary: row.subtitle ?? row.description, path: Self.path(row), picture: row.social,
            kind: "article",
            previous: row.previousPage.map { page in Magazine.collection(row.slug, page: page) },
            next: row.nextPage.map { page in Magazine.collection(row.slug, page: page) })
    }

    private var details: [Fact] {
        [
            Fact(term: "House", value: row.brand.name, path: Magazine.house(row.brand.slug)),
            Fact(term: "Season", value: row.season.name, path: Magazine.season(row.season.slug)),
            Fact(term: "Words", value: row.author.name, path: Magazine.person(row.author.slug)),
            Fact(term: "Shown", value: row.published),
            Fact(term: "Looks", value: String(row.total)),
            Fact(term: "Our mark", value: "\(row.rating) of 100"),
        ]
    }
}
