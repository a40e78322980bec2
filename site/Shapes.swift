// What the JSON columns of the views hold.
//
// Each type is named in the `json:` line of a view's header; its properties are the keys that the
// view builds. A key that is missing or of another type stops the build with the row's key.

/// A picture and its size in pixels.
struct Picture: Decodable, Sendable {
    let file: String
    let alt: String
    let width: Int
    let height: Int
}

/// Something with a page of its own.
struct NamedLink: Decodable, Sendable {
    let slug: String
    let name: String
}

/// A look in a grid.
struct LookCard: Decodable, Sendable {
    let slug: String
    let name: String
    /// Its place in the collection, from 1.
    let number: Int
    let brand: String
    let image: Picture?
}

/// A collection in a list.
struct CollectionCard: Decodable, Sendable {
    let slug: String
    let title: String
    let subtitle: String?
    let brand: String
    let season: String
    let author: String
    let date: String
    let cover: Picture
}

/// A line of an index: a house, a person or a season.
struct IndexEntry: Decodable, Sendable {
    let slug: String
    let name: String
    let note: String
    let count: Int
    let picture: Picture?
}

/// A collection in the feed.
struct FeedEntry: Decodable, Sendable {
    let slug: String
    let title: String
    let summary: String
    let brand: String
    let author: String
    let published: String
    let updated: String
}

/// A look that a visitor put aside.
struct BagItem: Decodable, Sendable {
    let slug: String
    let name: String
    let quantity: Int
}
