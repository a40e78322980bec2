// The pages of one house, as the magazine calls a brand: mark and history first, then looks.
//
// Pages are rows, as with a person's; the words house and brand mean the same, one on the page and
// one in the database.

import SiteAuthoring

/// A page of a house.
struct HousePage: Page {
    let row: BrandPageRow

    static func path(_ row: BrandPageRow) -> PagePath { Magazine.house(row.slug, page: row.page) }

    var view: HTML {
        PageShell(
            facts: PageFacts(
                heading: row.page == 1 ? row.name : "\(row.name), page \(row.page)",
                summary: row.description, path: Self.path(row), picture: row.mark,
                previous: row.previousPage.map { Magazine.house(row.slug, page: $0) },
                next: row.nextPage.map { Magazine.house(row.slug, page: $0) }), current: .houses
        ) {
            div(.cls("wide")) {
                if row.page == 1 {
                    Profile(
                        name: row.name, above: "\(row.city), since \(row.founded)",
                        text: row.description, picture: row.mark)
                } else {
                    TitleBlock(heading: row.name, above: row.city)
                }
                Archive(
                    name: row.name, page: row.page, pages: row.pages, total: row.total,
                    collections: row.collections, looks: row.looks, showsBrand: false
                ) { [slug = row.slug] page in Magazine.house(slug, page: page) }
            }
        }
    }
}
