// The rows, the layout and the tags that the pages of docs/migrating speak of.

import SiteAuthoring

final class ArticlePageRow: SharedRow {
    let slug: String
    let title: String
    let body: String
    let tags: [TagLink]
    static let schema = ViewSchema(
        name: "article_page", key: ["slug"],
        columns: [
            .init("slug", "text"), .init("title", "text"), .init("body", "text"),
            .init("tags", "jsonb"),
        ], digest: "")
    var rowKey: String { slug }
    init(from row: borrowing RowReader) throws(RowError) {
        slug = try row.column(0, of: Self.self)
        title = try row.column(1, of: Self.self)
        body = try row.column(2, of: Self.self)
        tags = try row.json(3, of: Self.self)
    }
}

final class PostPageRow: SharedRow {
    let slug: String
    let title: String
    let day: String
    let dayInWords: String
    let html: String
    let next: TagLink?
    static let schema = ViewSchema(
        name: "post_page", key: ["slug"],
        columns: [
            .init("slug", "text"), .init("title", "text"), .init("day", "text"),
            .init("day_in_words", "text"), .init("html", "text"), .init("next", "jsonb"),
        ], digest: "")
    var rowKey: String { slug }
    init(from row: borrowing RowReader) throws(RowError) {
        slug = try row.column(0, of: Self.self)
        title = try row.column(1, of: Self.self)
        day = try row.column(2, of: Self.self)
        dayInWords = try row.column(3, of: Self.self)
        html = try row.column(4, of: Self.self)
        next = try row.optionalJSON(5, of: Self.self)
    }
}

struct PostCardRow: Sendable {
    let slug: String
    let title: String
    let isNew: Bool
    let tags: [String]
}

struct TagLink: Decodable, Sendable {
    let slug: String
    let name: String
}

enum TagPage {
    static func path(_ tag: TagLink) -> PagePath { "/tags/\(tag.slug)/" }
}

struct Layout: Component {
    let heading: String
    @HTMLBuilder let content: () -> HTML
    var view: HTML { html { body { content() } } }
}
