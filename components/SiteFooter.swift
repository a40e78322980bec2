// The end of every page: name, sections, feed and colophon.
//
// It is the same on every page, to the byte, which keeps pages alike for the compressor.
// Never holds a slot.

import SiteAuthoring

/// The end of a page.
struct SiteFooter: Component {
    static let styles: CSS? = """
        .foot {
            display: grid;
            grid-template-columns: minmax(0, 2fr) repeat(2, minmax(8rem, 1fr));
            gap: 2rem var(--gap);
            margin-top: clamp(5rem, 11vw, 10rem);
            padding-block: 2.5rem 3.5rem;
            border-top: 1px solid var(--ink);
        }
        .foot-name { font: 400 var(--large)/0.9 var(--display); letter-spacing: -0.03em; }
        .foot p { max-width: 26rem; margin-top: 1rem; }
        .foot li { padding-block: 0.2rem; }
        @media (max-width: 44rem) {
            .foot { grid-template-columns: 1fr 1fr; }
            .foot > :first-child { grid-column: 1 / -1; }
        }
        """

    var view: HTML {
        Markup.footer(.cls("foot wide plain")) {
            div {
                p(.cls("foot-name")) { Magazine.name }
                p(.cls("soft")) { "\(Magazine.line). Drawn, not photographed." }
            }
            nav(.aria("label", "All sections")) {
                ul {
                    for section in SiteSection.allCases {
                        li { a(.href(section.path)) { section.label } }
                    }
                }
            }
            ul {
                li { a(.href("/feed.atom")) { "Atom feed" } }
                li { a(.href("/bag/")) { "Your bag" } }
                li { a(.href("#main")) { "Back to the top" } }
            }
        }
    }
}
