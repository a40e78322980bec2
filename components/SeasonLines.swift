// Seasons as lines of large type, each with a sentence and its number of collections.
//
// The number alone would say nothing to a screen reader, so it is labelled.
// The order is the caller's.

import SiteAuthoring

/// A list of seasons.
struct SeasonLines: Component {
    static let styles: CSS? = """
        .seasons li {
            position: relative;
            display: grid;
            grid-template-columns: minmax(0, 7fr) minmax(0, 4fr) auto;
            gap: 0.25rem var(--gap);
            align-items: baseline;
            padding-block: clamp(0.5rem, 1vw, 1rem);
            border-bottom: 1px solid var(--rule);
        }
        .seasons h3 { font-size: clamp(1.9rem, 4.6vw, 4.25rem); }
        .seasons a { text-decoration: none; }
        .seasons a::after { content: ""; position: absolute; inset: 0; }
        .seasons li:hover h3 { font-style: italic; }
        @media (max-width: 44rem) {
            .seasons li { grid-template-columns: 1fr auto; }
            .seasons p { grid-column: 1 / -1; grid-row: 2; }
        }
        """

    let seasons: [IndexEntry]

    var view: HTML {
        ul(.cls("seasons")) {
            for season in seasons {
                li {
                    h3 { a(.href(Magazine.season(season.slug))) { season.name } }
                    p(.cls("plain soft")) { season.note }
                    span(.cls("plain figures"), .aria("label", "\(season.count) collections")) {
                        season.count
                    }
                }
            }
        }
    }
}
