// The pages of one season: a sentence, the newest collections, then all looks by the page.
//
// A season has no picture of its own, so social sites get the cover of its newest collection.
// Pages are rows, as with a person's.

import SiteAuthoring

/// A page of a season.
struct SeasonPage: Page {
    let row: SeasonPageRow

    static func path(_ row: SeasonPageRow) -> PagePath { Magazine.season(row.slug, page: row.page) }

    var view: HTML {
        PageShell(
            facts: PageFacts(
                heading: row.page == 1 ? row.name : "\(row.name), page \(row.page)",
                summary: row.description, path: Self.path(row),
                picture: row.collections.first?.cover,
                previous: row.previousPage.map { Magazine.season(row.slug, page: $0) },
                next: row.nextPage.map { Magazine.season(row.slug, page: $0) }), current: .seasons
        ) {
            div(.cls("wide")) {
                TitleBlock(heading: row.name, below: row.description)
                Archive(
                    name: row.name, page: row.page, pages: row.pages, total: row.total,
                    collections: row.collections, looks: row.looks, showsBrand: true
                ) { [slug = row.slug] page in Magazine.season(slug, page: page) }
            }
        }
    }
}
