// The heading of a part of a page: a numeral, a title, and perhaps a way on.
//
// The numeral is decoration and hidden from screen readers, who have the order already.
// A link's `slug` is its whole address here.

import SiteAuthoring

/// The heading of a part of a page.
struct SectionHeading: Component {
    static let styles: CSS? = """
        .part {
            display: flex;
            align-items: baseline;
            gap: 0.9rem;
            margin-block: clamp(4.5rem, 9vw, 8.5rem) clamp(1.5rem, 3vw, 2.75rem);
            padding-top: 0.9rem;
            border-top: 1px solid var(--rule);
        }
        .part h2 { font-size: var(--middle); }
        .part-number { font: italic 400 var(--middle)/1 var(--display); color: var(--mark); }
        .part a { margin-inline-start: auto; white-space: nowrap; }
        """

    var number: Int?
    let heading: String
    var link: (path: PagePath, name: String)?

    var view: HTML {
        div(.cls("part")) {
            if let number {
                span(.cls("part-number"), .aria("hidden", true)) { number }
            }
            h2 { heading }
            if let link { a(.cls("plain"), .href(link.path)) { link.name } }
        }
    }
}
