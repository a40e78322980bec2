// Files that are not web pages: the Atom feed and the drawings.
//
// Both are XML. A drawing is the one place where markup is trusted, and the reason stands there;
// everything in the feed is escaped text.

import SiteAuthoring

/// The newest collections as a feed; RFC 4287.
struct FeedFile: XMLFile {
    static let contentType = "application/atom+xml; charset=utf-8"

    let row: FeedRow

    static func path(_ row: FeedRow) -> String { "/feed.atom" }

    var view: HTML {
        element("feed", .attr("xmlns", "http://www.w3.org/2005/Atom"), .attr("xml:lang", "en")) {
            element("id") { Magazine.permanentName("/") }
            element("title") { Magazine.name }
            element("subtitle") { Magazine.line }
            element("updated") { row.updated }
            element(
                "link", .attr("rel", "self"), .attr("type", "application/atom+xml"),
                .attr("href", absoluteURL("/feed.atom")))
            element("link", .attr("rel", "alternate"), .attr("href", absoluteURL("/")))
            for entry in row.entries { FeedItem(entry: entry) }
        }
    }
}

/// A collection in the feed.
struct FeedItem: Component {
    let entry: FeedEntry

    var view: HTML {
        element("entry") {
            element("id") { Magazine.permanentName(Magazine.collection(entry.slug)) }
            element("title") { "\(entry.title), \(entry.brand)" }
            element(
                "link", .attr("rel", "alternate"),
                .attr("href", absoluteURL(Magazine.collection(entry.slug))))
            element("published") { entry.published }
            element("updated") { entry.updated }
            element("author") { element("name") { entry.author } }
            element("summary") { entry.summary }
        }
    }
}

/// One drawing.
///
/// Its markup is made of numbers, colours and words of the folder Artwork, and of nothing that a
/// row holds as text: that is why it may be trusted.
struct ArtworkFile: XMLFile {
    static let contentType = "image/svg+xml"

    let row: ArtworkRow

    static func path(_ row: ArtworkRow) -> String { row.file }

    var view: HTML {
        raw(
            TrustedHTML(
                trusting: Artwork.drawing(
                    kind: row.kind, seed: Int64(row.seed), palette: row.palette)))
    }
}
