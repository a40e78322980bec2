// What a person, a house and a season have in common: recent collections, then looks by the page.
//
// Collections show on the first page only. `showsBrand` is off where the brand is the page's own.
// The address of a page of the list is a closure, since only the page knows its kind.

import SiteAuthoring

/// Collections on the first page, looks on every page.
struct Archive: Component {
    let name: String
    let page: Int
    let pages: Int
    let total: Int
    let collections: [CollectionCard]
    let looks: [LookCard]
    let showsBrand: Bool
    let address: @Sendable (Int) -> PagePath

    var view: HTML {
        if page == 1 {
            section(.aria("label", "Collections")) {
                SectionHeading(number: 1, heading: "Newest collections")
                CollectionGrid(collections: collections)
            }
        }
        section(.aria("label", "Looks")) {
            SectionHeading(number: page == 1 ? 2 : nil, heading: heading)
            LookGrid(looks: looks, showsBrand: showsBrand, early: page == 1 ? 0 : 4)
            Pagination(page: page, pages: pages, address: address)
        }
    }

    private var heading: String {
        page == 1 ? "All \(total) looks" : "\(name), page \(page) of \(pages)"
    }
}
