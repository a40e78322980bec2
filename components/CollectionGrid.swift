// Collections side by side: three to a row, two on tablets, one on phones.
//
// `early` pictures of the first row are fetched at once, the others when the reader comes near.
// The grid has no heading; whoever uses it gives one.

import SiteAuthoring

/// A grid of collections.
struct CollectionGrid: Component {
    static let styles: CSS? = """
        .stories {
            display: grid;
            grid-template-columns: repeat(3, minmax(0, 1fr));
            gap: clamp(2.5rem, 5vw, 5rem) var(--gap);
        }
        @media (max-width: 60rem) { .stories { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
        @media (max-width: 40rem) { .stories { grid-template-columns: 1fr; } }
        """

    let collections: [CollectionCard]
    var early = 0

    var view: HTML {
        ul(.cls("stories")) {
            for (index, collection) in collections.enumerated() {
                li {
                    CollectionTile(
                        collection: collection, arrival: index < early ? .early : .late)
                }
            }
        }
    }
}
