// The indexes: all collections by the page; people, houses and seasons on one page each.
//
// Only what has something to show is listed: the views leave out a house without a collection.
// Collections are newest first, everything else by name, which is the view's order.

import SiteAuthoring

/// A page of the list of all collections.
struct CollectionsPage: Page {
    let row: CollectionListRow

    static func path(_ row: CollectionListRow) -> PagePath { Magazine.collections(page: row.page) }

    var view: HTML {
        PageShell(
            facts: PageFacts(
                heading: row.page == 1 ? "Collections" : "Collections, page \(row.page)",
                summary: "Every collection we have drawn, newest first.", path: Self.path(row),
                previous: row.previousPage.map { Magazine.collections(page: $0) },
                next: row.nextPage.map { Magazine.collections(page: $0) }), current: .collections
        ) {
            div(.cls("wide")) {
                TitleBlock(
                    heading: "Collections",
                    below: "\(row.total) of them, newest first. Each was seen in a room, drawn at "
                        + "a desk and argued over at lunch.")
                h2(.cls("unseen")) { "All collections, page \(row.page)" }
                CollectionGrid(collections: row.collections, early: 3)
                Pagination(page: row.page, pages: row.pages) { Magazine.collections(page: $0) }
            }
        }
    }
}

/// The index of people.
struct PeoplePage: Page {
    let row: PersonListRow

    static func path(_ row: PersonListRow) -> String { "/people/" }

    var view: HTML {
        PageShell(
            facts: PageFacts(
                heading: "People", summary: "Who writes for \(Magazine.name).", path: "/people/"),
            current: .people
        ) {
            div(.cls("wide")) {
                TitleBlock(heading: "People", below: "They saw it, so that you may sit down.")
                h2(.cls("unseen")) { "Everybody" }
                PeopleRow(people: row.entries)
            }
        }
    }
}

/// The index of houses.
struct HousesPage: Page {
    static let styles: CSS? = """
        .houses {
            display: grid;
            grid-template-columns: repeat(auto-fill, minmax(min(21rem, 100%), 1fr));
            column-gap: var(--gap);
        }
        .houses li {
            position: relative;
            display: grid;
            grid-template-columns: 4.5rem 1fr auto;
            gap: 1.1rem;
            align-items: center;
            padding-block: 0.8rem;
            border-top: 1px solid var(--rule);
        }
        .houses h2 { font-size: 1.625rem; }
        .houses a { text-decoration: none; }
        .houses a::after { content: ""; position: absolute; inset: 0; }
        .houses li:hover a { text-decoration: underline; text-decoration-thickness: 1px; }
        """

    let row: BrandListRow

    static func path(_ row: BrandListRow) -> String { "/houses/" }

    var view: HTML {
        PageShell(
            facts: PageFacts(
                heading: "Houses", summary: "The houses whose work we follow.", path: "/houses/"),
            current: .houses
        ) {
            div(.cls("wide")) {
                TitleBlock(
                    heading: "Houses", below: "Large and small, in the order of the alphabet.")
                ul(.cls("houses")) {
                    for house in row.entries { HouseLine(house: house) }
                }
            }
        }
    }
}

/// A house in the index.
struct HouseLine: Component {
    let house: IndexEntry

    var view: HTML {
        li {
            if let picture = house.picture { PictureView(picture: picture, isDecorative: true) }
            div {
                h2 { a(.href(Magazine.house(house.slug))) { house.name } }
                p(.cls("plain soft")) { house.note }
            }
            span(.cls("plain soft figures"), .aria("label", "\(house.count) collections")) {
                house.count
            }
        }
    }
}

/// The index of seasons.
struct SeasonsPage: Page {
    let row: SeasonListRow

    static func path(_ row: SeasonListRow) -> String { "/seasons/" }

    var view: HTML {
        PageShell(
            facts: PageFacts(
                heading: "Seasons", summary: "The trade’s year, season by season.",
                path: "/seasons/"), current: .seasons
        ) {
            div(.cls("wide")) {
                TitleBlock(heading: "Seasons", below: "The trade’s year has six. Nobody knows why.")
                h2(.cls("unseen")) { "All seasons" }
                SeasonLines(seasons: row.entries)
            }
        }
    }
}
