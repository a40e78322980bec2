// The other stories of an issue: two large ones that do not align, then lines with small pictures.
//
// Fewer stories make a shorter list; with one the second column stays empty. On phones all of it
// is one column.

import SiteAuthoring

/// The stories of an issue after the lead.
struct Contents: Component {
    static let styles: CSS? = """
        .contents { display: grid; grid-template-columns: repeat(12, minmax(0, 1fr)); }
        .contents { gap: var(--gap); }
        .contents > :nth-child(1) { grid-column: 1 / 8; }
        .contents > :nth-child(2) { grid-column: 9 / -1; margin-top: clamp(0rem, 9vw, 9rem); }
        .contents-rest { grid-column: 3 / -1; margin-top: clamp(1.5rem, 4vw, 4rem); }
        .contents-line {
            position: relative;
            display: grid;
            grid-template-columns: 9rem 1fr auto;
            gap: var(--gap);
            align-items: center;
            padding-block: 1rem;
            border-top: 1px solid var(--rule);
        }
        .contents-line h3 { font-size: var(--middle); }
        .contents-line a { text-decoration: none; }
        .contents-line a::after { content: ""; position: absolute; inset: 0; }
        .contents-line:hover a { text-decoration: underline; text-decoration-thickness: 1px; }
        @media (max-width: 52rem) {
            .contents > * { grid-column: 1 / -1 !important; margin-top: 0; }
            .contents-line { grid-template-columns: 6rem 1fr; }
            .contents-line > :last-child { grid-column: 2; margin-top: -0.75rem; }
        }
        """

    let stories: [CollectionCard]

    var view: HTML {
        div(.cls("contents")) {
            for story in stories.prefix(2) { CollectionTile(collection: story) }
            div(.cls("contents-rest")) {
                for story in stories.dropFirst(2) {
                    article(.cls("contents-line")) {
                        PictureView(picture: story.cover, isDecorative: true)
                        h3 { a(.href(Magazine.collection(story.slug))) { story.title } }
                        p(.cls("plain soft")) { "\(story.brand), \(story.season)" }
                    }
                }
            }
        }
    }
}
