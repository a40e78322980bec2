// The row types of the views in site/database, one class per view.
//
// Written by `sitegen db generate` from the view files and what PostgreSQL says about their
// columns. Do not edit: change a view's file, then run `sitegen db apply` and `sitegen db
// generate`.

import SiteAuthoring

/// The page of a floor, with its rooms.
final class FloorPageRow: SharedRow {
    /// `id`, bigint.
    let id: Int
    /// `name`, text.
    let name: String
    /// `rooms`, json.
    let rooms: [RoomLink]

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "floor_page",
        key: ["id"],
        columns: [
            .init("id", "bigint"),
            .init("name", "text"),
            .init("rooms", "json"),
        ],
        digest: "83d0dbf75c14ecbc218de3b8baf409bb65cc66fdfedfb034236c0ab99bc8f5d2"
    )

    /// The text of the row's key.
    var rowKey: String {
        "\(id)"
    }

    /// A row of these values, for previews and tests.
    init(
        id: Int,
        name: String,
        rooms: [RoomLink]
    ) {
        self.id = id
        self.name = name
        self.rooms = rooms
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        id = try row.column(0, of: Self.self)
        name = try row.column(1, of: Self.self)
        rooms = try row.json(2, of: Self.self)
    }
}

/// The page of a room.
final class RoomPageRow: SharedRow {
    /// `id`, bigint.
    let id: Int
    /// `slug`, text.
    let slug: String
    /// `name`, text.
    let name: String
    /// `words`, text.
    let words: String
    /// `opens`, timestamp with time zone.
    let opens: Timestamp
    /// `closes`, timestamp with time zone.
    let closes: Timestamp?
    /// `floor`, text.
    let floor: String
    /// `tags`, json.
    let tags: [TagName]

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "room_page",
        key: ["id"],
        columns: [
            .init("id", "bigint"),
            .init("slug", "text"),
            .init("name", "text"),
            .init("words", "text"),
            .init("opens", "timestamp with time zone"),
            .init("closes", "timestamp with time zone"),
            .init("floor", "text"),
            .init("tags", "json"),
        ],
        digest: "ec5e242388790c38ccee42cf5e05d7911a898b1855a87157155acf8e31654071"
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
        words: String,
        opens: Timestamp,
        closes: Timestamp? = nil,
        floor: String,
        tags: [TagName]
    ) {
        self.id = id
        self.slug = slug
        self.name = name
        self.words = words
        self.opens = opens
        self.closes = closes
        self.floor = floor
        self.tags = tags
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        id = try row.column(0, of: Self.self)
        slug = try row.column(1, of: Self.self)
        name = try row.column(2, of: Self.self)
        words = try row.column(3, of: Self.self)
        opens = try row.column(4, of: Self.self)
        closes = try row.column(5, of: Self.self)
        floor = try row.column(6, of: Self.self)
        tags = try row.json(7, of: Self.self)
    }
}
