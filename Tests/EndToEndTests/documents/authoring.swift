// The rows that docs/authoring.md speaks of, as the generator would write them.

import SiteAuthoring

struct AlbumCardRow: Sendable {
    let id: Int
    let slug: String
    let name: String
    let note: String?
    let tags: [String]
}

struct AlbumListRow: Sendable {
    let page: Int
    let pages: Int
    let total: Int
    let changed: Timestamp
}

final class AlbumPageRow: SharedRow {
    let slug: String
    let name: String
    static let schema = ViewSchema(
        name: "album_page", key: ["slug"], columns: [.init("slug", "text"), .init("name", "text")],
        digest: "")
    var rowKey: String { slug }
    init(from row: borrowing RowReader) throws(RowError) {
        slug = try row.column(0, of: Self.self)
        name = try row.column(1, of: Self.self)
    }
}

final class SearchRow: SharedRow {
    let entries: String
    static let schema = ViewSchema(
        name: "search", key: ["entries"], columns: [.init("entries", "text")], digest: "")
    var rowKey: String { "" }
    init(from row: borrowing RowReader) throws(RowError) {
        entries = try row.column(0, of: Self.self)
    }
}

final class MovedRow: SharedRow {
    let oldPath: String
    let target: String?
    static let schema = ViewSchema(
        name: "moved", key: ["old_path"],
        columns: [.init("old_path", "text"), .init("target", "text")], digest: "")
    var rowKey: String { oldPath }
    init(from row: borrowing RowReader) throws(RowError) {
        oldPath = try row.column(0, of: Self.self)
        target = try row.column(1, of: Self.self)
    }
}

final class BestSellersRow: SharedRow {
    let albums: [NamedLink]
    static let schema = ViewSchema(
        name: "best_sellers", key: ["albums"], columns: [.init("albums", "jsonb")], digest: "")
    var rowKey: String { "" }
    init(from row: borrowing RowReader) throws(RowError) {
        albums = try row.json(0, of: Self.self)
    }
}

final class BasketRow: PrivateRow {
    let token: String
    let count: Int
    static let schema = ViewSchema(
        name: "basket", key: ["token"],
        columns: [.init("token", "text"), .init("count", "bigint")], digest: "")
    var rowKey: String { token }
    init(from row: borrowing RowReader) throws(RowError) {
        token = try row.column(0, of: Self.self)
        count = try row.column(1, of: Self.self)
    }
}

struct NamedLink: Decodable, Sendable {
    let slug: String
    let name: String
}
