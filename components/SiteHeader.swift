// The small bar on top of every page: name, sections, bag.
//
// It sticks while the page scrolls. On narrow screens the sections move to a line of their own
// that scrolls sideways and does not stick. The bag's number is a private slot, so only pages
// where one shops have it; elsewhere the bag is a plain link.

import SiteAuthoring

/// The bar on top.
struct SiteHeader: Component {
    static let styles: CSS? = """
        .bar {
            position: sticky;
            top: 0;
            z-index: 5;
            display: flex;
            align-items: baseline;
            gap: 1.25rem clamp(1rem, 3vw, 3rem);
            padding-block: 0.7rem;
            background: var(--paper);
            border-bottom: 1px solid var(--ink);
        }
        .bar a { text-decoration: none; }
        .bar-name {
            font: 400 1.625rem/1 var(--display);
            letter-spacing: -0.02em;
            margin-inline-end: auto;
        }
        .bar nav ul { display: flex; gap: clamp(0.9rem, 2vw, 2rem); }
        .bar nav a { padding-block: 0.4rem; }
        .bar nav [aria-current] { box-shadow: inset 0 -2px 0 var(--mark); }
        .bar-bag { white-space: nowrap; }
        @media (max-width: 44rem) {
            .bar { display: grid; grid-template-columns: 1fr auto; row-gap: 0.35rem; top: -2.6rem; }
            .bar nav { grid-row: 2; grid-column: 1 / -1; overflow-x: auto; scrollbar-width: none; }
            .bar nav ul { justify-content: space-between; min-width: max-content; }
        }
        """

    let current: SiteSection?
    let isPrivate: Bool
    let isFront: Bool

    var view: HTML {
        Markup.header(.cls("bar wide")) {
            a(.cls("bar-name"), .href("/"), isFront ? .aria("current", "page") : .none) {
                Magazine.name
            }
            nav(.cls("plain"), .aria("label", "Sections")) {
                ul {
                    for section in SiteSection.allCases {
                        li {
                            a(
                                .href(section.path),
                                section == current ? .aria("current", "true") : .none
                            ) { section.label }
                        }
                    }
                }
            }
            a(.cls("bar-bag plain figures"), .href("/bag/")) {
                "Bag"
                if isPrivate {
                    span(.data("fragment", "bag")) {
                        Slot(BagCount.self, placement: .inline(capacity: 64)) { "" }
                    }
                }
            }
        }
    }
}
