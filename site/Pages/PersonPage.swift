// The pages of one person who writes: portrait and life on the first, looks on all.
//
// Pages are rows: the view cuts the looks into pages, and `page` of the row says which this is.
// Never counts or cuts anything itself.

import SiteAuthoring

/// A page of a person.
struct PersonPage: Page {
    let row: PersonPageRow

    static func path(_ row: PersonPageRow) -> PagePath { Magazine.person(row.slug, page: row.page) }

    var view: HTML {
        PageShell(
            facts: PageFacts(
                heading: row.page == 1 ? row.name : "\(row.name), page \(row.page)",
                summary: row.biography, path: Self.path(row), picture: row.portrait,
                kind: "profile",
                previous: row.previousPage.map { Magazine.person(row.slug, page: $0) },
                next: row.nextPage.map { Magazine.person(row.slug, page: $0) }), current: .people
        ) {
            div(.cls("wide")) {
                if row.page == 1 {
                    Profile(
                        name: row.name, above: "\(row.role), \(row.city)", text: row.biography,
                        picture: row.portrait)
                } else {
                    TitleBlock(heading: row.name, above: row.role)
                }
                Archive(
                    name: row.name, page: row.page, pages: row.pages, total: row.total,
                    collections: row.collections, looks: row.looks, showsBrand: true
                ) { [slug = row.slug] page in Magazine.person(slug, page: page) }
            }
        }
    }
}
