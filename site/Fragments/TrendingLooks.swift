// What is read most just now: one fragment, shared by every page that has a place for it.
//
// The order is that of the traffic's scores, which readers change as they read. A page shows it
// through `TrendingStrip`, heading and fallback included, so that no page repeats either.

import SiteAuthoring

/// Five looks, numbered.
struct TrendingLooks: SharedFragment {
    static let name = "trending-looks"
    static let lifetimeSeconds = 900
    /// The most bytes five looks take, with long names.
    static let capacity = 4096

    static let styles: CSS? = """
        .trend {
            display: grid;
            grid-template-columns: repeat(5, minmax(9.5rem, 1fr));
            gap: var(--gap);
            overflow-x: auto;
            scroll-snap-type: x proximity;
        }
        .trend li { position: relative; scroll-snap-align: start; }
        .trend a { display: block; text-decoration: none; margin-top: 0.7rem; }
        .trend a::after { content: ""; position: absolute; inset: 0; }
        .trend li:hover a { text-decoration: underline; }
        .trend-number {
            position: absolute;
            inset: 0 auto auto 0;
            padding: 0.15em 0.4em 0.2em;
            background: var(--paper);
            font: italic 400 1.5rem/1 var(--display);
        }
        .trend-none { padding-block: 1rem; }
        """

    let row: TrendingLooksRow

    var view: HTML {
        ol(.cls("trend")) {
            for (index, look) in row.looks.enumerated() {
                li {
                    if let image = look.image { PictureView(picture: image, isDecorative: true) }
                    span(.cls("trend-number"), .aria("hidden", true)) { index + 1 }
                    a(.cls("plain"), .href(Magazine.look(look.slug))) { look.name }
                    p(.cls("plain soft")) { look.brand }
                }
            }
        }
    }
}

/// The place of the trending looks, with its heading.
struct TrendingStrip: Component {
    let number: Int?

    var view: HTML {
        section(.cls("wide"), .aria("label", "Most read")) {
            SectionHeading(number: number, heading: "Most read this hour")
            div(.data("fragment", "trending")) {
                Slot(TrendingLooks.self, placement: .inline(capacity: TrendingLooks.capacity)) {
                    p(.cls("trend-none soft")) {
                        "Nobody is reading over anybody’s shoulder just now. "
                        a(.href(Magazine.collections())) { "See the newest collections." }
                    }
                }
            }
        }
    }
}
