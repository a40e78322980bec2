// The row types and view files of the tests' site, a small library, as `sitegen db generate` would
// have written them.
//
// The digests are computed from the view files' texts here, so that the two agree until a test
// changes one of them.

import Hashing
import SiteAuthoring

/// The tables of the library.
let librarySchema = """
    CREATE TABLE book (
        slug text, title text, blurb text, link text, cover text, author jsonb,
        changed timestamptz);
    CREATE TABLE popular (genre text, label text);
    CREATE TABLE basket (token text, quantity int);
    INSERT INTO public.book VALUES
        ('emma', 'Emma', 'A novel about youth.', '/authors/', 'cover.svg',
            '{"name": "Jane Austen"}', '2024-05-06 07:08:09+00'),
        ('ulysses', 'Ulysses', 'One day in Dublin.', 'https://example.org/', 'cover.svg',
            '{"name": "James Joyce"}', NULL);
    INSERT INTO public.popular VALUES ('new', 'Emma'), ('old', 'Ulysses');
    INSERT INTO public.basket VALUES ('visitor-1', 3), ('no browser sends this', 1);
    """

/// The view files of the library, by the view's name.
let libraryViews = [
    "book": """
    -- A book.
    -- key: slug
    -- refresh: live
    -- nullable: changed
    -- json: author Author
    SELECT b.slug, b.title, b.blurb, b.link, b.cover, b.author, b.changed FROM public.book b
    """,
    "shelf": """
    -- All books on one page.
    -- key: name
    -- refresh: live
    -- json: books [ShelfBook]
    SELECT 'all'::text AS name,
        (SELECT coalesce(json_agg(json_build_object('slug', b.slug, 'title', b.title)
            ORDER BY b.slug), '[]') FROM public.book b) AS books
    """,
    "popular": """
    -- What is read most.
    -- key: genre
    -- refresh: live
    SELECT p.genre, p.label FROM public.popular p
    """,
    "basket": """
    -- What a visitor put aside.
    -- key: token
    -- refresh: live
    -- scope: private
    SELECT b.token, b.quantity FROM public.basket b
    """,
]

private func schema(_ view: String, key: String, _ columns: [ViewSchema.Column]) -> ViewSchema {
    ViewSchema(
        name: view, key: [key], columns: columns,
        digest: SHA256Digest(of: Array((libraryViews[view] ?? "").utf8)).hex)
}

struct Author: Decodable, Sendable { let name: String }
struct ShelfBook: Decodable, Sendable {
    let slug: String
    let title: String
}

final class BookRow: SharedRow {
    let slug: String
    let title: String
    let blurb: String
    let link: String
    let cover: String
    let author: Author
    let changed: Timestamp?

    static let schema = SiteBuildingTests.schema(
        "book", key: "slug",
        [
            .init("slug", "text"), .init("title", "text"), .init("blurb", "text"),
            .init("link", "text"), .init("cover", "text"), .init("author", "jsonb"),
            .init("changed", "timestamp with time zone"),
        ])
    var rowKey: String { slug }

    init(from row: borrowing RowReader) throws(RowError) {
        slug = try row.column(0, of: Self.self)
        title = try row.column(1, of: Self.self)
        blurb = try row.column(2, of: Self.self)
        link = try row.column(3, of: Self.self)
        cover = try row.column(4, of: Self.self)
        author = try row.json(5, of: Self.self)
        changed = try row.column(6, of: Self.self)
    }
}

final class ShelfRow: SharedRow {
    let name: String
    let books: [ShelfBook]

    static let schema = SiteBuildingTests.schema(
        "shelf", key: "name", [.init("name", "text"), .init("books", "json")])
    var rowKey: String { name }

    init(from row: borrowing RowReader) throws(RowError) {
        name = try row.column(0, of: Self.self)
        books = try row.json(1, of: Self.self)
    }
}

final class PopularRow: SharedRow {
    let genre: String
    let label: String

    static let schema = SiteBuildingTests.schema(
        "popular", key: "genre", [.init("genre", "text"), .init("label", "text")])
    var rowKey: String { genre }

    init(from row: borrowing RowReader) throws(RowError) {
        genre = try row.column(0, of: Self.self)
        label = try row.column(1, of: Self.self)
    }
}

final class BasketRow: PrivateRow {
    let token: String
    let quantity: Int

    static let schema = SiteBuildingTests.schema(
        "basket", key: "token", [.init("token", "text"), .init("quantity", "integer")])
    var rowKey: String { token }

    init(from row: borrowing RowReader) throws(RowError) {
        token = try row.column(0, of: Self.self)
        quantity = try row.column(1, of: Self.self)
    }
}
