// The row types of the views in site/database, one class per view.
//
// Written by `sitegen db generate` from the view files and what PostgreSQL says about their
// columns. Do not edit: change a view's file, then run `sitegen db apply` and `sitegen db
// generate`.

import SiteAuthoring

/// What an album is called and where its page is; everything that lists albums reads it.
final class AlbumCardRow: SharedRow {
    /// `id`, integer.
    let id: Int
    /// `slug`, text.
    let slug: String
    /// `title`, text.
    let title: String
    /// `artist_id`, integer.
    let artistId: Int
    /// `released`, date.
    let released: PostgresDate
    /// `published`, timestamp with time zone.
    let published: Timestamp?
    /// `is_draft`, boolean.
    let isDraft: Bool

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "album_card",
        key: ["id"],
        columns: [
            .init("id", "integer"),
            .init("slug", "text"),
            .init("title", "text"),
            .init("artist_id", "integer"),
            .init("released", "date"),
            .init("published", "timestamp with time zone"),
            .init("is_draft", "boolean"),
        ],
        digest: "ae9511b41b83cb69dbe5c1ef14c0bb5ca9ad696901f864cb463b640aa7b34830"
    )

    /// The text of the row's key.
    var rowKey: String {
        "\(id)"
    }

    /// A row of these values, for previews and tests.
    init(
        id: Int,
        slug: String,
        title: String,
        artistId: Int,
        released: PostgresDate,
        published: Timestamp? = nil,
        isDraft: Bool
    ) {
        self.id = id
        self.slug = slug
        self.title = title
        self.artistId = artistId
        self.released = released
        self.published = published
        self.isDraft = isDraft
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        id = try row.column(0, of: Self.self)
        slug = try row.column(1, of: Self.self)
        title = try row.column(2, of: Self.self)
        artistId = try row.column(3, of: Self.self)
        released = try row.column(4, of: Self.self)
        published = try row.column(5, of: Self.self)
        isDraft = try row.column(6, of: Self.self)
    }
}

/// All albums, four a page.
final class AlbumListRow: SharedRow {
    /// `page`, integer.
    let page: Int
    /// `pages`, integer.
    let pages: Int
    /// `total`, integer.
    let total: Int
    /// `entries`, json.
    let entries: [AlbumEntry]

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "album_list",
        key: ["page"],
        columns: [
            .init("page", "integer"),
            .init("pages", "integer"),
            .init("total", "integer"),
            .init("entries", "json"),
        ],
        digest: "7e0168dd01efd6cc8dce82c339ba6e152931bbd633d3fe6d95fb962d1c3410b2"
    )

    /// The text of the row's key.
    var rowKey: String {
        "\(page)"
    }

    /// A row of these values, for previews and tests.
    init(
        page: Int,
        pages: Int,
        total: Int,
        entries: [AlbumEntry]
    ) {
        self.page = page
        self.pages = pages
        self.total = total
        self.entries = entries
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        page = try row.column(0, of: Self.self)
        pages = try row.column(1, of: Self.self)
        total = try row.column(2, of: Self.self)
        entries = try row.json(3, of: Self.self)
    }
}

/// The page of an album with its songs.
final class AlbumPageRow: SharedRow {
    /// `id`, integer.
    let id: Int
    /// `slug`, text.
    let slug: String
    /// `title`, text.
    let title: String
    /// `released`, date.
    let released: PostgresDate
    /// `price`, numeric(8,2).
    let price: Numeric
    /// `artist`, json.
    let artist: Link
    /// `songs`, json.
    let songs: [String]

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "album_page",
        key: ["id"],
        columns: [
            .init("id", "integer"),
            .init("slug", "text"),
            .init("title", "text"),
            .init("released", "date"),
            .init("price", "numeric(8,2)"),
            .init("artist", "json"),
            .init("songs", "json"),
        ],
        moved: "slug",
        digest: "76351127fea4828c087d2d209f5b52775ba628c6111b55f9ef4d3f91224c6c19"
    )

    /// The text of the row's key.
    var rowKey: String {
        "\(id)"
    }

    /// A row of these values, for previews and tests.
    init(
        id: Int,
        slug: String,
        title: String,
        released: PostgresDate,
        price: Numeric,
        artist: Link,
        songs: [String]
    ) {
        self.id = id
        self.slug = slug
        self.title = title
        self.released = released
        self.price = price
        self.artist = artist
        self.songs = songs
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        id = try row.column(0, of: Self.self)
        slug = try row.column(1, of: Self.self)
        title = try row.column(2, of: Self.self)
        released = try row.column(3, of: Self.self)
        price = try row.column(4, of: Self.self)
        artist = try row.json(5, of: Self.self)
        songs = try row.json(6, of: Self.self)
    }
}

/// The page of an artist with the albums and their number.
final class ArtistPageRow: SharedRow {
    /// `id`, integer.
    let id: Int
    /// `slug`, text.
    let slug: String
    /// `name`, text.
    let name: String
    /// `count`, bigint.
    let count: Int
    /// `albums`, json.
    let albums: [Link]

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "artist_page",
        key: ["id"],
        columns: [
            .init("id", "integer"),
            .init("slug", "text"),
            .init("name", "text"),
            .init("count", "bigint"),
            .init("albums", "json"),
        ],
        digest: "37402982c6be1618aa687deebbdb0f1129d8ef4c8d240f7fce207ea288996255"
    )

    /// The text of the row's key.
    var rowKey: String {
        "\(id)"
    }

    /// A row of these values, for previews and tests.
    init(
        id: Int,
        slug: String,
        name: String,
        count: Int,
        albums: [Link]
    ) {
        self.id = id
        self.slug = slug
        self.name = name
        self.count = count
        self.albums = albums
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        id = try row.column(0, of: Self.self)
        slug = try row.column(1, of: Self.self)
        name = try row.column(2, of: Self.self)
        count = try row.column(3, of: Self.self)
        albums = try row.json(4, of: Self.self)
    }
}

/// How much is in a visitor's basket.
final class BasketCountRow: PrivateRow {
    /// `token`, text.
    let token: String
    /// `quantity`, integer.
    let quantity: Int

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "basket_count",
        key: ["token"],
        columns: [
            .init("token", "text"),
            .init("quantity", "integer"),
        ],
        digest: "d59e900a3f03d2ecb39c0be46b6b8aeaa2c78b7aae516223dd31d1ae1c391be1"
    )

    /// The text of the row's key.
    var rowKey: String {
        token
    }

    /// A row of these values, for previews and tests.
    init(
        token: String,
        quantity: Int
    ) {
        self.token = token
        self.quantity = quantity
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        token = try row.column(0, of: Self.self)
        quantity = try row.column(1, of: Self.self)
    }
}

/// What is sold most, for a place that is filled when a page is sent.
final class BestSellersRow: SharedRow {
    /// `edition`, integer.
    let edition: Int
    /// `albums`, json.
    let albums: [Link]

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "best_sellers",
        key: ["edition"],
        columns: [
            .init("edition", "integer"),
            .init("albums", "json"),
        ],
        digest: "2060571f9bb7de8d5515bc47acd7df305b603e621063cdbdac8b6028b075c68e"
    )

    /// The text of the row's key.
    var rowKey: String {
        "\(edition)"
    }

    /// A row of these values, for previews and tests.
    init(
        edition: Int,
        albums: [Link]
    ) {
        self.edition = edition
        self.albums = albums
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        edition = try row.column(0, of: Self.self)
        albums = try row.json(1, of: Self.self)
    }
}

/// The front page: how many albums there are, and the newest.
final class HomeRow: SharedRow {
    /// `edition`, integer.
    let edition: Int
    /// `count`, bigint.
    let count: Int
    /// `newest`, json.
    let newest: [Link]

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "home",
        key: ["edition"],
        columns: [
            .init("edition", "integer"),
            .init("count", "bigint"),
            .init("newest", "json"),
        ],
        digest: "50f92735e74e2ca9f60d294ecef2ef413da765d6a036fff4b2924ce8c15e9eb7"
    )

    /// The text of the row's key.
    var rowKey: String {
        "\(edition)"
    }

    /// A row of these values, for previews and tests.
    init(
        edition: Int,
        count: Int,
        newest: [Link]
    ) {
        self.edition = edition
        self.count = count
        self.newest = newest
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        edition = try row.column(0, of: Self.self)
        count = try row.column(1, of: Self.self)
        newest = try row.json(2, of: Self.self)
    }
}

/// Addresses of the site that was here before.
final class OldPathRow: SharedRow {
    /// `path`, text.
    let path: String
    /// `target`, text.
    let target: String?

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "old_path",
        key: ["path"],
        columns: [
            .init("path", "text"),
            .init("target", "text"),
        ],
        digest: "aec0d48f0e0aaa772d7675b98ff64027e7c687d46ebee674a695999c9a47f3bb"
    )

    /// The text of the row's key.
    var rowKey: String {
        path
    }

    /// A row of these values, for previews and tests.
    init(
        path: String,
        target: String? = nil
    ) {
        self.path = path
        self.target = target
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        path = try row.column(0, of: Self.self)
        target = try row.column(1, of: Self.self)
    }
}

/// Names and addresses of all albums, for a search in the browser.
final class SearchRow: SharedRow {
    /// `edition`, integer.
    let edition: Int
    /// `albums`, json.
    let albums: [Link]

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "search",
        key: ["edition"],
        columns: [
            .init("edition", "integer"),
            .init("albums", "json"),
        ],
        digest: "c6a51a65e7f64bee7a54e136ca24088913612259a72e8f6ed65ace9a38c12439"
    )

    /// The text of the row's key.
    var rowKey: String {
        "\(edition)"
    }

    /// A row of these values, for previews and tests.
    init(
        edition: Int,
        albums: [Link]
    ) {
        self.edition = edition
        self.albums = albums
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        edition = try row.column(0, of: Self.self)
        albums = try row.json(1, of: Self.self)
    }
}
