// The row types of the views in site/database, one class per view.
//
// Written by `sitegen db generate` from the view files and what PostgreSQL says about their
// columns. Do not edit: change a view's file, then run `sitegen db apply` and `sitegen db
// generate`.

import SiteAuthoring

/// One drawing: the file it becomes, and what it is drawn from.
///
/// A look's drawings show only with the look.
final class ArtworkRow: SharedRow {
    /// `file`, text.
    let file: String
    /// `kind`, text.
    let kind: String
    /// `seed`, bigint.
    let seed: Int
    /// `palette`, integer.
    let palette: Int

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "artwork",
        key: ["file"],
        columns: [
            .init("file", "text"),
            .init("kind", "text"),
            .init("seed", "bigint"),
            .init("palette", "integer"),
        ],
        digest: "5da653da9cb133b98380003697a3061b5bbd1a5283382e62253ce55bc5e0f332"
    )

    /// The text of the row's key.
    var rowKey: String {
        file
    }

    /// A row of these values, for previews and tests.
    init(
        file: String,
        kind: String,
        seed: Int,
        palette: Int
    ) {
        self.file = file
        self.kind = kind
        self.seed = seed
        self.palette = palette
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        file = try row.column(0, of: Self.self)
        kind = try row.column(1, of: Self.self)
        seed = try row.column(2, of: Self.self)
        palette = try row.column(3, of: Self.self)
    }
}

/// What one visitor put aside; the key is the value of the visitor's bag cookie.
final class BagRow: PrivateRow {
    /// `token`, text.
    let token: String
    /// `quantity`, integer.
    let quantity: Int
    /// `items`, json.
    let items: [BagItem]

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "bag",
        key: ["token"],
        columns: [
            .init("token", "text"),
            .init("quantity", "integer"),
            .init("items", "json"),
        ],
        digest: "d642953e7b2b2b01ac70c9b12457625f085c6f24ae053fd8d40f2d610ca332b0"
    )

    /// The text of the row's key.
    var rowKey: String {
        token
    }

    /// A row of these values, for previews and tests.
    init(
        token: String,
        quantity: Int,
        items: [BagItem]
    ) {
        self.token = token
        self.quantity = quantity
        self.items = items
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        token = try row.column(0, of: Self.self)
        quantity = try row.column(1, of: Self.self)
        items = try row.json(2, of: Self.self)
    }
}

/// The index of all brands that have a collection to show, on one page.
final class BrandListRow: SharedRow {
    /// `edition`, text.
    let edition: String
    /// `entries`, json.
    let entries: [IndexEntry]

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "brand_list",
        key: ["edition"],
        columns: [
            .init("edition", "text"),
            .init("entries", "json"),
        ],
        digest: "d814b571e908c04cd836565148a8efa04205942be84930c3e8098d28293292e1"
    )

    /// The text of the row's key.
    var rowKey: String {
        edition
    }

    /// A row of these values, for previews and tests.
    init(
        edition: String,
        entries: [IndexEntry]
    ) {
        self.edition = edition
        self.entries = entries
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        edition = try row.column(0, of: Self.self)
        entries = try row.json(1, of: Self.self)
    }
}

/// The page of one brand: the newest collections, then all looks, 24 a page.
final class BrandPageRow: SharedRow {
    /// `slug`, text.
    let slug: String
    /// `page`, integer.
    let page: Int
    /// `pages`, integer.
    let pages: Int
    /// `total`, integer.
    let total: Int
    /// `previous_page`, integer.
    let previousPage: Int?
    /// `next_page`, integer.
    let nextPage: Int?
    /// `name`, character varying(60).
    let name: String
    /// `city`, text.
    let city: String
    /// `founded`, integer.
    let founded: Int
    /// `description`, text.
    let description: String
    /// `mark`, json.
    let mark: Picture
    /// `collections`, json.
    let collections: [CollectionCard]
    /// `looks`, json.
    let looks: [LookCard]

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "brand_page",
        key: ["slug", "page"],
        columns: [
            .init("slug", "text"),
            .init("page", "integer"),
            .init("pages", "integer"),
            .init("total", "integer"),
            .init("previous_page", "integer"),
            .init("next_page", "integer"),
            .init("name", "character varying(60)"),
            .init("city", "text"),
            .init("founded", "integer"),
            .init("description", "text"),
            .init("mark", "json"),
            .init("collections", "json"),
            .init("looks", "json"),
        ],
        digest: "953cd377b8a0b2d32e07c0ffb341b57ffe72f9dc2b554adc44eab8e651c9ef82"
    )

    /// The text of the row's key.
    var rowKey: String {
        RowKey.text(slug, "\(page)")
    }

    /// A row of these values, for previews and tests.
    init(
        slug: String,
        page: Int,
        pages: Int,
        total: Int,
        previousPage: Int? = nil,
        nextPage: Int? = nil,
        name: String,
        city: String,
        founded: Int,
        description: String,
        mark: Picture,
        collections: [CollectionCard],
        looks: [LookCard]
    ) {
        self.slug = slug
        self.page = page
        self.pages = pages
        self.total = total
        self.previousPage = previousPage
        self.nextPage = nextPage
        self.name = name
        self.city = city
        self.founded = founded
        self.description = description
        self.mark = mark
        self.collections = collections
        self.looks = looks
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        slug = try row.column(0, of: Self.self)
        page = try row.column(1, of: Self.self)
        pages = try row.column(2, of: Self.self)
        total = try row.column(3, of: Self.self)
        previousPage = try row.column(4, of: Self.self)
        nextPage = try row.column(5, of: Self.self)
        name = try row.column(6, of: Self.self)
        city = try row.column(7, of: Self.self)
        founded = try row.column(8, of: Self.self)
        description = try row.column(9, of: Self.self)
        mark = try row.json(10, of: Self.self)
        collections = try row.json(11, of: Self.self)
        looks = try row.json(12, of: Self.self)
    }
}

/// A collection as lists show it, while it is on the stands: part of other views.
final class CollectionCardRow: SharedRow {
    /// `id`, bigint.
    let id: Int
    /// `card`, json.
    let card: CollectionCard

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "collection_card",
        key: ["id"],
        columns: [
            .init("id", "bigint"),
            .init("card", "json"),
        ],
        digest: "e0af2c75a1a5dba2d429c99461533001e7a143f26571a98cde843244344dd5a5"
    )

    /// The text of the row's key.
    var rowKey: String {
        "\(id)"
    }

    /// A row of these values, for previews and tests.
    init(
        id: Int,
        card: CollectionCard
    ) {
        self.id = id
        self.card = card
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        id = try row.column(0, of: Self.self)
        card = try row.json(1, of: Self.self)
    }
}

/// The list of all collections, newest first, 24 a page; without any, one page that says so.
final class CollectionListRow: SharedRow {
    /// `page`, integer.
    let page: Int
    /// `pages`, integer.
    let pages: Int
    /// `total`, integer.
    let total: Int
    /// `previous_page`, integer.
    let previousPage: Int?
    /// `next_page`, integer.
    let nextPage: Int?
    /// `collections`, json.
    let collections: [CollectionCard]

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "collection_list",
        key: ["page"],
        columns: [
            .init("page", "integer"),
            .init("pages", "integer"),
            .init("total", "integer"),
            .init("previous_page", "integer"),
            .init("next_page", "integer"),
            .init("collections", "json"),
        ],
        digest: "ed425ac9f9990b7859a6247ff38f5531642509afa943c6c8dbe23dd1e3dc9016"
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
        previousPage: Int? = nil,
        nextPage: Int? = nil,
        collections: [CollectionCard]
    ) {
        self.page = page
        self.pages = pages
        self.total = total
        self.previousPage = previousPage
        self.nextPage = nextPage
        self.collections = collections
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        page = try row.column(0, of: Self.self)
        pages = try row.column(1, of: Self.self)
        total = try row.column(2, of: Self.self)
        previousPage = try row.column(3, of: Self.self)
        nextPage = try row.column(4, of: Self.self)
        collections = try row.json(5, of: Self.self)
    }
}

/// The page of one collection: its story, the album and all looks, 24 a page.
final class CollectionPageRow: SharedRow {
    /// `slug`, text.
    let slug: String
    /// `page`, integer.
    let page: Int
    /// `pages`, integer.
    let pages: Int
    /// `total`, integer.
    let total: Int
    /// `previous_page`, integer.
    let previousPage: Int?
    /// `next_page`, integer.
    let nextPage: Int?
    /// `title`, character varying(255).
    let title: String
    /// `subtitle`, text.
    let subtitle: String?
    /// `description`, text.
    let description: String
    /// `rating`, integer.
    let rating: Int
    /// `published`, text.
    let published: String
    /// `published_iso`, text.
    let publishedIso: String
    /// `brand`, json.
    let brand: NamedLink
    /// `season`, json.
    let season: NamedLink
    /// `author`, json.
    let author: NamedLink
    /// `cover`, json.
    let cover: Picture
    /// `social`, json.
    let social: Picture
    /// `album`, json.
    let album: [LookCard]
    /// `looks`, json.
    let looks: [LookCard]
    /// `older`, json.
    let older: NamedLink?
    /// `newer`, json.
    let newer: NamedLink?

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "collection_page",
        key: ["slug", "page"],
        columns: [
            .init("slug", "text"),
            .init("page", "integer"),
            .init("pages", "integer"),
            .init("total", "integer"),
            .init("previous_page", "integer"),
            .init("next_page", "integer"),
            .init("title", "character varying(255)"),
            .init("subtitle", "text"),
            .init("description", "text"),
            .init("rating", "integer"),
            .init("published", "text"),
            .init("published_iso", "text"),
            .init("brand", "json"),
            .init("season", "json"),
            .init("author", "json"),
            .init("cover", "json"),
            .init("social", "json"),
            .init("album", "json"),
            .init("looks", "json"),
            .init("older", "json"),
            .init("newer", "json"),
        ],
        digest: "8c2660bade8ff6cd9d7be7520c253c86308f7acfb4bb84f70bbfe4646e5e310e"
    )

    /// The text of the row's key.
    var rowKey: String {
        RowKey.text(slug, "\(page)")
    }

    /// A row of these values, for previews and tests.
    init(
        slug: String,
        page: Int,
        pages: Int,
        total: Int,
        previousPage: Int? = nil,
        nextPage: Int? = nil,
        title: String,
        subtitle: String? = nil,
        description: String,
        rating: Int,
        published: String,
        publishedIso: String,
        brand: NamedLink,
        season: NamedLink,
        author: NamedLink,
        cover: Picture,
        social: Picture,
        album: [LookCard],
        looks: [LookCard],
        older: NamedLink? = nil,
        newer: NamedLink? = nil
    ) {
        self.slug = slug
        self.page = page
        self.pages = pages
        self.total = total
        self.previousPage = previousPage
        self.nextPage = nextPage
        self.title = title
        self.subtitle = subtitle
        self.description = description
        self.rating = rating
        self.published = published
        self.publishedIso = publishedIso
        self.brand = brand
        self.season = season
        self.author = author
        self.cover = cover
        self.social = social
        self.album = album
        self.looks = looks
        self.older = older
        self.newer = newer
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        slug = try row.column(0, of: Self.self)
        page = try row.column(1, of: Self.self)
        pages = try row.column(2, of: Self.self)
        total = try row.column(3, of: Self.self)
        previousPage = try row.column(4, of: Self.self)
        nextPage = try row.column(5, of: Self.self)
        title = try row.column(6, of: Self.self)
        subtitle = try row.column(7, of: Self.self)
        description = try row.column(8, of: Self.self)
        rating = try row.column(9, of: Self.self)
        published = try row.column(10, of: Self.self)
        publishedIso = try row.column(11, of: Self.self)
        brand = try row.json(12, of: Self.self)
        season = try row.json(13, of: Self.self)
        author = try row.json(14, of: Self.self)
        cover = try row.json(15, of: Self.self)
        social = try row.json(16, of: Self.self)
        album = try row.json(17, of: Self.self)
        looks = try row.json(18, of: Self.self)
        older = try row.optionalJSON(19, of: Self.self)
        newer = try row.optionalJSON(20, of: Self.self)
    }
}

/// The Atom feed: the 20 newest collections.
///
/// RFC 4287 wants dates as RFC 3339 has them.
final class FeedRow: SharedRow {
    /// `edition`, text.
    let edition: String
    /// `name`, text.
    let name: String
    /// `updated`, text.
    let updated: String
    /// `entries`, json.
    let entries: [FeedEntry]

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "feed",
        key: ["edition"],
        columns: [
            .init("edition", "text"),
            .init("name", "text"),
            .init("updated", "text"),
            .init("entries", "json"),
        ],
        digest: "8e32b92ce501b826ce8f26033e8b85039edcc22e034d3b9881d42add30a59fbc"
    )

    /// The text of the row's key.
    var rowKey: String {
        edition
    }

    /// A row of these values, for previews and tests.
    init(
        edition: String,
        name: String,
        updated: String,
        entries: [FeedEntry]
    ) {
        self.edition = edition
        self.name = name
        self.updated = updated
        self.entries = entries
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        edition = try row.column(0, of: Self.self)
        name = try row.column(1, of: Self.self)
        updated = try row.column(2, of: Self.self)
        entries = try row.json(3, of: Self.self)
    }
}

/// The front page: the lead story with its album, then the newest collections, the best looks, the
/// seasons and the people of the edition.
final class HomeRow: SharedRow {
    /// `edition`, text.
    let edition: String
    /// `number`, integer.
    let number: Int
    /// `name`, text.
    let name: String
    /// `letter`, text.
    let letter: String
    /// `lead`, json.
    let lead: [CollectionCard]
    /// `lead_text`, text.
    let leadText: String?
    /// `lead_looks`, json.
    let leadLooks: [LookCard]
    /// `features`, json.
    let features: [CollectionCard]
    /// `looks`, json.
    let looks: [LookCard]
    /// `seasons`, json.
    let seasons: [IndexEntry]
    /// `people`, json.
    let people: [IndexEntry]

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "home",
        key: ["edition"],
        columns: [
            .init("edition", "text"),
            .init("number", "integer"),
            .init("name", "text"),
            .init("letter", "text"),
            .init("lead", "json"),
            .init("lead_text", "text"),
            .init("lead_looks", "json"),
            .init("features", "json"),
            .init("looks", "json"),
            .init("seasons", "json"),
            .init("people", "json"),
        ],
        digest: "6160d5aa9259947a023a8df3a26475d5103bdf64915c3a4d226204406caae052"
    )

    /// The text of the row's key.
    var rowKey: String {
        edition
    }

    /// A row of these values, for previews and tests.
    init(
        edition: String,
        number: Int,
        name: String,
        letter: String,
        lead: [CollectionCard],
        leadText: String? = nil,
        leadLooks: [LookCard],
        features: [CollectionCard],
        looks: [LookCard],
        seasons: [IndexEntry],
        people: [IndexEntry]
    ) {
        self.edition = edition
        self.number = number
        self.name = name
        self.letter = letter
        self.lead = lead
        self.leadText = leadText
        self.leadLooks = leadLooks
        self.features = features
        self.looks = looks
        self.seasons = seasons
        self.people = people
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        edition = try row.column(0, of: Self.self)
        number = try row.column(1, of: Self.self)
        name = try row.column(2, of: Self.self)
        letter = try row.column(3, of: Self.self)
        lead = try row.json(4, of: Self.self)
        leadText = try row.column(5, of: Self.self)
        leadLooks = try row.json(6, of: Self.self)
        features = try row.json(7, of: Self.self)
        looks = try row.json(8, of: Self.self)
        seasons = try row.json(9, of: Self.self)
        people = try row.json(10, of: Self.self)
    }
}

/// A look as lists show it, while it and its collection are on the stands: part of other views.
final class LookCardRow: SharedRow {
    /// `id`, bigint.
    let id: Int
    /// `card`, json.
    let card: LookCard

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "look_card",
        key: ["id"],
        columns: [
            .init("id", "bigint"),
            .init("card", "json"),
        ],
        digest: "8390c045ecc59b427a972bc4f766521c1bc3801e3380732fa48c73be23f007f1"
    )

    /// The text of the row's key.
    var rowKey: String {
        "\(id)"
    }

    /// A row of these values, for previews and tests.
    init(
        id: Int,
        card: LookCard
    ) {
        self.id = id
        self.card = card
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        id = try row.column(0, of: Self.self)
        card = try row.json(1, of: Self.self)
    }
}

/// The page of one look.
final class LookPageRow: SharedRow {
    /// `slug`, text.
    let slug: String
    /// `name`, character varying(120).
    let name: String
    /// `number`, integer.
    let number: Int
    /// `description`, text.
    let description: String
    /// `cloth`, text.
    let cloth: String
    /// `colour`, text.
    let colour: String
    /// `rating`, integer.
    let rating: Int
    /// `published`, text.
    let published: String
    /// `published_iso`, text.
    let publishedIso: String
    /// `collection`, json.
    let collection: NamedLink
    /// `brand`, json.
    let brand: NamedLink
    /// `season`, json.
    let season: NamedLink
    /// `author`, json.
    let author: NamedLink
    /// `images`, json.
    let images: [Picture]
    /// `previous`, json.
    let previous: NamedLink?
    /// `next`, json.
    let next: NamedLink?
    /// `related`, json.
    let related: [LookCard]

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "look_page",
        key: ["slug"],
        columns: [
            .init("slug", "text"),
            .init("name", "character varying(120)"),
            .init("number", "integer"),
            .init("description", "text"),
            .init("cloth", "text"),
            .init("colour", "text"),
            .init("rating", "integer"),
            .init("published", "text"),
            .init("published_iso", "text"),
            .init("collection", "json"),
            .init("brand", "json"),
            .init("season", "json"),
            .init("author", "json"),
            .init("images", "json"),
            .init("previous", "json"),
            .init("next", "json"),
            .init("related", "json"),
        ],
        digest: "6c50af8d74cc3c56821e415e07e3f95f24e5d9600f94aa6358c0af0cd69d450b"
    )

    /// The text of the row's key.
    var rowKey: String {
        slug
    }

    /// A row of these values, for previews and tests.
    init(
        slug: String,
        name: String,
        number: Int,
        description: String,
        cloth: String,
        colour: String,
        rating: Int,
        published: String,
        publishedIso: String,
        collection: NamedLink,
        brand: NamedLink,
        season: NamedLink,
        author: NamedLink,
        images: [Picture],
        previous: NamedLink? = nil,
        next: NamedLink? = nil,
        related: [LookCard]
    ) {
        self.slug = slug
        self.name = name
        self.number = number
        self.description = description
        self.cloth = cloth
        self.colour = colour
        self.rating = rating
        self.published = published
        self.publishedIso = publishedIso
        self.collection = collection
        self.brand = brand
        self.season = season
        self.author = author
        self.images = images
        self.previous = previous
        self.next = next
        self.related = related
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        slug = try row.column(0, of: Self.self)
        name = try row.column(1, of: Self.self)
        number = try row.column(2, of: Self.self)
        description = try row.column(3, of: Self.self)
        cloth = try row.column(4, of: Self.self)
        colour = try row.column(5, of: Self.self)
        rating = try row.column(6, of: Self.self)
        published = try row.column(7, of: Self.self)
        publishedIso = try row.column(8, of: Self.self)
        collection = try row.json(9, of: Self.self)
        brand = try row.json(10, of: Self.self)
        season = try row.json(11, of: Self.self)
        author = try row.json(12, of: Self.self)
        images = try row.json(13, of: Self.self)
        previous = try row.optionalJSON(14, of: Self.self)
        next = try row.optionalJSON(15, of: Self.self)
        related = try row.json(16, of: Self.self)
    }
}

/// The index of all people that have a collection to show, on one page.
final class PersonListRow: SharedRow {
    /// `edition`, text.
    let edition: String
    /// `entries`, json.
    let entries: [IndexEntry]

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "person_list",
        key: ["edition"],
        columns: [
            .init("edition", "text"),
            .init("entries", "json"),
        ],
        digest: "cbab38d75b492bd3029f213dc276722fa0e9d542e64ec48cc16fb8183fe5eb11"
    )

    /// The text of the row's key.
    var rowKey: String {
        edition
    }

    /// A row of these values, for previews and tests.
    init(
        edition: String,
        entries: [IndexEntry]
    ) {
        self.edition = edition
        self.entries = entries
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        edition = try row.column(0, of: Self.self)
        entries = try row.json(1, of: Self.self)
    }
}

/// The page of one person: the newest collections, then all looks, 24 a page.
final class PersonPageRow: SharedRow {
    /// `slug`, text.
    let slug: String
    /// `page`, integer.
    let page: Int
    /// `pages`, integer.
    let pages: Int
    /// `total`, integer.
    let total: Int
    /// `previous_page`, integer.
    let previousPage: Int?
    /// `next_page`, integer.
    let nextPage: Int?
    /// `name`, text.
    let name: String
    /// `role`, text.
    let role: String
    /// `city`, text.
    let city: String
    /// `biography`, text.
    let biography: String
    /// `portrait`, json.
    let portrait: Picture
    /// `collections`, json.
    let collections: [CollectionCard]
    /// `looks`, json.
    let looks: [LookCard]

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "person_page",
        key: ["slug", "page"],
        columns: [
            .init("slug", "text"),
            .init("page", "integer"),
            .init("pages", "integer"),
            .init("total", "integer"),
            .init("previous_page", "integer"),
            .init("next_page", "integer"),
            .init("name", "text"),
            .init("role", "text"),
            .init("city", "text"),
            .init("biography", "text"),
            .init("portrait", "json"),
            .init("collections", "json"),
            .init("looks", "json"),
        ],
        digest: "2f22921b112f8a7e5cc55535c6e0dcbb3dd3c27f4a25bfcee4aa6db4d9b6f880"
    )

    /// The text of the row's key.
    var rowKey: String {
        RowKey.text(slug, "\(page)")
    }

    /// A row of these values, for previews and tests.
    init(
        slug: String,
        page: Int,
        pages: Int,
        total: Int,
        previousPage: Int? = nil,
        nextPage: Int? = nil,
        name: String,
        role: String,
        city: String,
        biography: String,
        portrait: Picture,
        collections: [CollectionCard],
        looks: [LookCard]
    ) {
        self.slug = slug
        self.page = page
        self.pages = pages
        self.total = total
        self.previousPage = previousPage
        self.nextPage = nextPage
        self.name = name
        self.role = role
        self.city = city
        self.biography = biography
        self.portrait = portrait
        self.collections = collections
        self.looks = looks
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        slug = try row.column(0, of: Self.self)
        page = try row.column(1, of: Self.self)
        pages = try row.column(2, of: Self.self)
        total = try row.column(3, of: Self.self)
        previousPage = try row.column(4, of: Self.self)
        nextPage = try row.column(5, of: Self.self)
        name = try row.column(6, of: Self.self)
        role = try row.column(7, of: Self.self)
        city = try row.column(8, of: Self.self)
        biography = try row.column(9, of: Self.self)
        portrait = try row.json(10, of: Self.self)
        collections = try row.json(11, of: Self.self)
        looks = try row.json(12, of: Self.self)
    }
}

/// A photo as pages show it: part of other views.
final class PictureRow: SharedRow {
    /// `id`, bigint.
    let id: Int
    /// `picture`, json.
    let picture: Picture

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "picture",
        key: ["id"],
        columns: [
            .init("id", "bigint"),
            .init("picture", "json"),
        ],
        digest: "cdfee3dd706e5dd67a6d7c434d4ffaa104ffc591684e9307df36e63e04ee93c9"
    )

    /// The text of the row's key.
    var rowKey: String {
        "\(id)"
    }

    /// A row of these values, for previews and tests.
    init(
        id: Int,
        picture: Picture
    ) {
        self.id = id
        self.picture = picture
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        id = try row.column(0, of: Self.self)
        picture = try row.json(1, of: Self.self)
    }
}

/// The index of all seasons that have a collection to show, on one page.
final class SeasonListRow: SharedRow {
    /// `edition`, text.
    let edition: String
    /// `entries`, json.
    let entries: [IndexEntry]

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "season_list",
        key: ["edition"],
        columns: [
            .init("edition", "text"),
            .init("entries", "json"),
        ],
        digest: "d858b9d52155218509f0062821c590ba91e29a843ba0b1c83fe561c4fea38355"
    )

    /// The text of the row's key.
    var rowKey: String {
        edition
    }

    /// A row of these values, for previews and tests.
    init(
        edition: String,
        entries: [IndexEntry]
    ) {
        self.edition = edition
        self.entries = entries
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        edition = try row.column(0, of: Self.self)
        entries = try row.json(1, of: Self.self)
    }
}

/// The page of one season: the newest collections, then all looks, 24 a page.
final class SeasonPageRow: SharedRow {
    /// `slug`, text.
    let slug: String
    /// `page`, integer.
    let page: Int
    /// `pages`, integer.
    let pages: Int
    /// `total`, integer.
    let total: Int
    /// `previous_page`, integer.
    let previousPage: Int?
    /// `next_page`, integer.
    let nextPage: Int?
    /// `name`, character varying(50).
    let name: String
    /// `description`, text.
    let description: String
    /// `collections`, json.
    let collections: [CollectionCard]
    /// `looks`, json.
    let looks: [LookCard]

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "season_page",
        key: ["slug", "page"],
        columns: [
            .init("slug", "text"),
            .init("page", "integer"),
            .init("pages", "integer"),
            .init("total", "integer"),
            .init("previous_page", "integer"),
            .init("next_page", "integer"),
            .init("name", "character varying(50)"),
            .init("description", "text"),
            .init("collections", "json"),
            .init("looks", "json"),
        ],
        digest: "5a8990607724965017b090caa0e4f5030885cda2d368eccd10baefef38cc7175"
    )

    /// The text of the row's key.
    var rowKey: String {
        RowKey.text(slug, "\(page)")
    }

    /// A row of these values, for previews and tests.
    init(
        slug: String,
        page: Int,
        pages: Int,
        total: Int,
        previousPage: Int? = nil,
        nextPage: Int? = nil,
        name: String,
        description: String,
        collections: [CollectionCard],
        looks: [LookCard]
    ) {
        self.slug = slug
        self.page = page
        self.pages = pages
        self.total = total
        self.previousPage = previousPage
        self.nextPage = nextPage
        self.name = name
        self.description = description
        self.collections = collections
        self.looks = looks
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        slug = try row.column(0, of: Self.self)
        page = try row.column(1, of: Self.self)
        pages = try row.column(2, of: Self.self)
        total = try row.column(3, of: Self.self)
        previousPage = try row.column(4, of: Self.self)
        nextPage = try row.column(5, of: Self.self)
        name = try row.column(6, of: Self.self)
        description = try row.column(7, of: Self.self)
        collections = try row.json(8, of: Self.self)
        looks = try row.json(9, of: Self.self)
    }
}

/// What is read most just now: one shared fragment for every page.
///
/// The scores are those of the traffic (docs/traffic.md); looks that nobody has read follow by
/// their rating.
final class TrendingLooksRow: SharedRow {
    /// `edition`, text.
    let edition: String
    /// `looks`, json.
    let looks: [LookCard]

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "trending_looks",
        key: ["edition"],
        columns: [
            .init("edition", "text"),
            .init("looks", "json"),
        ],
        digest: "57784eb42caa153610b3ef125ef451a6dfd47eefe79dddcc2e3283d5ac4b4198"
    )

    /// The text of the row's key.
    var rowKey: String {
        edition
    }

    /// A row of these values, for previews and tests.
    init(
        edition: String,
        looks: [LookCard]
    ) {
        self.edition = edition
        self.looks = looks
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        edition = try row.column(0, of: Self.self)
        looks = try row.json(1, of: Self.self)
    }
}
