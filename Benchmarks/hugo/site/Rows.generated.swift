// The row types of the views in site/database, one class per view.
//
// Written by `sitegen db generate` from the view files and what PostgreSQL says about their
// columns. Do not edit: change a view's file, then run `sitegen db apply` and `sitegen db
// generate`.

import SiteAuthoring

/// Cards on a page.
final class ListingRow: SharedRow {
    /// `slug`, text.
    let slug: String
    /// `title`, text.
    let title: String
    /// `intro`, text.
    let intro: String
    /// `cards`, json.
    let cards: [Card]

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "listing",
        key: ["slug"],
        columns: [
            .init("slug", "text"),
            .init("title", "text"),
            .init("intro", "text"),
            .init("cards", "json"),
        ],
        digest: "fea63fe93f56de927e6a4a39d55b1e0b2c40c828499b6da069b35cff87c2622a"
    )

    /// The text of the row's key.
    var rowKey: String {
        slug
    }

    /// A row of these values, for previews and tests.
    init(
        slug: String,
        title: String,
        intro: String,
        cards: [Card]
    ) {
        self.slug = slug
        self.title = title
        self.intro = intro
        self.cards = cards
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        slug = try row.column(0, of: Self.self)
        title = try row.column(1, of: Self.self)
        intro = try row.column(2, of: Self.self)
        cards = try row.json(3, of: Self.self)
    }
}
