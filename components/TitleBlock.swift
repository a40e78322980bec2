// The large title of a page, with what stands above and below it.
//
// This is the page's only h1, unless the page brings a lead story or a profile instead.
// An empty line above is left out, not set as an empty paragraph.

import SiteAuthoring

/// The title of a page.
struct TitleBlock: Component {
    static let styles: CSS? = """
        .head { padding-block: clamp(2.25rem, 5vw, 5rem) clamp(1.75rem, 4vw, 3.5rem); }
        .head h1 { font-size: var(--large); max-width: 18ch; margin-inline-start: -0.04em; }
        .head-above { margin-bottom: 1rem; }
        .head-below {
            font: 400 clamp(1.15rem, 1.7vw, 1.5rem)/1.4 var(--text);
            max-width: 34rem;
            margin-top: 1.25rem;
        }
        """

    let heading: String
    var above = ""
    var below: String?

    var view: HTML {
        div(.cls("head")) {
            if !above.isEmpty { p(.cls("head-above plain soft")) { above } }
            h1 { heading }
            if let below { p(.cls("head-below")) { below } }
        }
    }
}
