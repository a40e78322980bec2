// The way through a list of several pages. A list of one page has none.
//
// The numbers come from the row; the address of a page comes from the one who knows what is
// listed. The first page never has `page/1/`.

import SiteAuthoring

/// Links to the previous and the next page of a list.
struct Pagination: Component {
    static let styles: CSS? = """
        .pages {
            display: grid;
            grid-template-columns: 1fr auto 1fr;
            align-items: baseline;
            margin-top: clamp(3rem, 6vw, 5rem);
            padding-top: 0.9rem;
            border-top: 1px solid var(--rule);
        }
        .pages > :last-child { text-align: end; }
        """

    let page: Int
    let pages: Int
    /// The address of a page of the list.
    let address: @Sendable (Int) -> PagePath

    var view: HTML {
        if pages > 1 {
            nav(.cls("pages plain figures"), .aria("label", "Pages of this list")) {
                span {
                    if page > 1 { a(.href(address(page - 1)), .rel("prev")) { "Page \(page - 1)" } }
                }
                span(.cls("soft")) { "\(page) of \(pages)" }
                span {
                    if page < pages {
                        a(.href(address(page + 1)), .rel("next")) { "Page \(page + 1)" }
                    }
                }
            }
        }
    }
}
