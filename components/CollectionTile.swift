// A collection in a list: cover, title, a sentence, house and season.
//
// The title is the link, stretched over the tile; the cover is decorative beside it.
// A collection without a subtitle has no empty line in its place.

import SiteAuthoring

/// A collection in a list.
struct CollectionTile: Component {
    static let styles: CSS? = """
        .story { position: relative; display: grid; gap: 1rem; align-content: start; }
        .story h3 { font-size: var(--middle); line-height: 1.08; }
        .story a { text-decoration: none; }
        .story a::after { content: ""; position: absolute; inset: 0; }
        .story:hover a { text-decoration: underline; text-decoration-thickness: 1px; }
        .story-sub { margin-top: 0.5rem; max-width: 32rem; line-height: 1.45; }
        .story-meta { margin-top: 0.6rem; }
        """

    let collection: CollectionCard
    var arrival = Arrival.late

    var view: HTML {
        article(.cls("story")) {
            PictureView(picture: collection.cover, arrival: arrival, isDecorative: true)
            div {
                h3 { a(.href(Magazine.collection(collection.slug))) { collection.title } }
                if let subtitle = collection.subtitle { p(.cls("story-sub")) { subtitle } }
                p(.cls("story-meta plain soft")) { "\(collection.brand), \(collection.season)" }
            }
        }
    }
}
