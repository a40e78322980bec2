// The row types of the views in site/database, one class per view.
//
// Written by `sitegen db generate` from the view files and what PostgreSQL says about their
// columns. Do not edit: change a view's file, then run `sitegen db apply` and `sitegen db
// generate`.

import SiteAuthoring

/// A room with everything in it, kept by affected key: a change of one bed computes its rooms
/// again.
///
/// Root first, one sub-select a part: so `WHERE id = ANY (…)` reaches every index, and a room
/// without windows is one row with an empty list.
final class RoomRow: SharedRow {
    /// `id`, bigint.
    let id: Int
    /// `name`, character varying(30).
    let name: String
    /// `width`, double precision.
    let width: Double
    /// `length`, double precision.
    let length: Double
    /// `height`, double precision.
    let height: Double
    /// `type`, character varying(5).
    let type: String
    /// `door`, json.
    let door: Piece
    /// `decoration`, json.
    let decoration: Decoration?
    /// `windows`, json.
    let windows: [Window]
    /// `chairs`, json.
    let chairs: [Piece]
    /// `beds`, json.
    let beds: [Piece]
    /// `tables`, json.
    let tables: [Piece]

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "room",
        key: ["id"],
        columns: [
            .init("id", "bigint"),
            .init("name", "character varying(30)"),
            .init("width", "double precision"),
            .init("length", "double precision"),
            .init("height", "double precision"),
            .init("type", "character varying(5)"),
            .init("door", "json"),
            .init("decoration", "json"),
            .init("windows", "json"),
            .init("chairs", "json"),
            .init("beds", "json"),
            .init("tables", "json"),
        ],
        digest: "4f049965a96227cb1c5150ce19afc14c2b05c445b68ade2c749df1cd80849292"
    )

    /// The text of the row's key.
    var rowKey: String {
        "\(id)"
    }

    /// A row of these values, for previews and tests.
    init(
        id: Int,
        name: String,
        width: Double,
        length: Double,
        height: Double,
        type: String,
        door: Piece,
        decoration: Decoration? = nil,
        windows: [Window],
        chairs: [Piece],
        beds: [Piece],
        tables: [Piece]
    ) {
        self.id = id
        self.name = name
        self.width = width
        self.length = length
        self.height = height
        self.type = type
        self.door = door
        self.decoration = decoration
        self.windows = windows
        self.chairs = chairs
        self.beds = beds
        self.tables = tables
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        id = try row.column(0, of: Self.self)
        name = try row.column(1, of: Self.self)
        width = try row.column(2, of: Self.self)
        length = try row.column(3, of: Self.self)
        height = try row.column(4, of: Self.self)
        type = try row.column(5, of: Self.self)
        door = try row.json(6, of: Self.self)
        decoration = try row.optionalJSON(7, of: Self.self)
        windows = try row.json(8, of: Self.self)
        chairs = try row.json(9, of: Self.self)
        beds = try row.json(10, of: Self.self)
        tables = try row.json(11, of: Self.self)
    }
}

/// The same rooms, computed as a whole and only when somebody refreshes them.
///
/// For pages that may be an hour late.
final class RoomLateRow: SharedRow {
    /// `id`, bigint.
    let id: Int
    /// `name`, character varying(30).
    let name: String
    /// `width`, double precision.
    let width: Double
    /// `length`, double precision.
    let length: Double
    /// `height`, double precision.
    let height: Double
    /// `type`, character varying(5).
    let type: String
    /// `door`, json.
    let door: Piece
    /// `decoration`, json.
    let decoration: Decoration?
    /// `windows`, json.
    let windows: [Window]
    /// `chairs`, json.
    let chairs: [Piece]
    /// `beds`, json.
    let beds: [Piece]
    /// `tables`, json.
    let tables: [Piece]

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "room_late",
        key: ["id"],
        columns: [
            .init("id", "bigint"),
            .init("name", "character varying(30)"),
            .init("width", "double precision"),
            .init("length", "double precision"),
            .init("height", "double precision"),
            .init("type", "character varying(5)"),
            .init("door", "json"),
            .init("decoration", "json"),
            .init("windows", "json"),
            .init("chairs", "json"),
            .init("beds", "json"),
            .init("tables", "json"),
        ],
        digest: "7b4cefd06964cbffcde06e2f008a86091ed84faf5418ea509ffb69a482810dbb"
    )

    /// The text of the row's key.
    var rowKey: String {
        "\(id)"
    }

    /// A row of these values, for previews and tests.
    init(
        id: Int,
        name: String,
        width: Double,
        length: Double,
        height: Double,
        type: String,
        door: Piece,
        decoration: Decoration? = nil,
        windows: [Window],
        chairs: [Piece],
        beds: [Piece],
        tables: [Piece]
    ) {
        self.id = id
        self.name = name
        self.width = width
        self.length = length
        self.height = height
        self.type = type
        self.door = door
        self.decoration = decoration
        self.windows = windows
        self.chairs = chairs
        self.beds = beds
        self.tables = tables
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        id = try row.column(0, of: Self.self)
        name = try row.column(1, of: Self.self)
        width = try row.column(2, of: Self.self)
        length = try row.column(3, of: Self.self)
        height = try row.column(4, of: Self.self)
        type = try row.column(5, of: Self.self)
        door = try row.json(6, of: Self.self)
        decoration = try row.optionalJSON(7, of: Self.self)
        windows = try row.json(8, of: Self.self)
        chairs = try row.json(9, of: Self.self)
        beds = try row.json(10, of: Self.self)
        tables = try row.json(11, of: Self.self)
    }
}

/// The same rooms, computed at every read: always true, and paid for by the reader.
final class RoomLiveRow: SharedRow {
    /// `id`, bigint.
    let id: Int
    /// `name`, character varying(30).
    let name: String
    /// `width`, double precision.
    let width: Double
    /// `length`, double precision.
    let length: Double
    /// `height`, double precision.
    let height: Double
    /// `type`, character varying(5).
    let type: String
    /// `door`, json.
    let door: Piece
    /// `decoration`, json.
    let decoration: Decoration?
    /// `windows`, json.
    let windows: [Window]
    /// `chairs`, json.
    let chairs: [Piece]
    /// `beds`, json.
    let beds: [Piece]
    /// `tables`, json.
    let tables: [Piece]

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "room_live",
        key: ["id"],
        columns: [
            .init("id", "bigint"),
            .init("name", "character varying(30)"),
            .init("width", "double precision"),
            .init("length", "double precision"),
            .init("height", "double precision"),
            .init("type", "character varying(5)"),
            .init("door", "json"),
            .init("decoration", "json"),
            .init("windows", "json"),
            .init("chairs", "json"),
            .init("beds", "json"),
            .init("tables", "json"),
        ],
        digest: "5af8ccd5202b0f92ba1cc2ef4ea033c7bc9f92c0786438aeeb30b74708c99d06"
    )

    /// The text of the row's key.
    var rowKey: String {
        "\(id)"
    }

    /// A row of these values, for previews and tests.
    init(
        id: Int,
        name: String,
        width: Double,
        length: Double,
        height: Double,
        type: String,
        door: Piece,
        decoration: Decoration? = nil,
        windows: [Window],
        chairs: [Piece],
        beds: [Piece],
        tables: [Piece]
    ) {
        self.id = id
        self.name = name
        self.width = width
        self.length = length
        self.height = height
        self.type = type
        self.door = door
        self.decoration = decoration
        self.windows = windows
        self.chairs = chairs
        self.beds = beds
        self.tables = tables
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        id = try row.column(0, of: Self.self)
        name = try row.column(1, of: Self.self)
        width = try row.column(2, of: Self.self)
        length = try row.column(3, of: Self.self)
        height = try row.column(4, of: Self.self)
        type = try row.column(5, of: Self.self)
        door = try row.json(6, of: Self.self)
        decoration = try row.optionalJSON(7, of: Self.self)
        windows = try row.json(8, of: Self.self)
        chairs = try row.json(9, of: Self.self)
        beds = try row.json(10, of: Self.self)
        tables = try row.json(11, of: Self.self)
    }
}
