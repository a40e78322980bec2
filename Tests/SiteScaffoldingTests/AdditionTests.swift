// What is added to a site: between marks only, once, and with an answer to what is wrong.

import MaterializedViews
import Postgres
import TestSupport
import Testing

@testable import SiteScaffolding

@Suite("Marked places") struct MarkedTextTests {
    private let text = """
        let a = [
            // sitegen:routes
            one,
            // sitegen:end
            mine
        ]
        """

    @Test func `lines come before the end of their place, once`() throws {
        let added = try #require(MarkedText.adding(["two,", "three,"], to: text, at: "routes"))
        #expect(added.contains("    one,\n    two,\n    three,\n    // sitegen:end\n    mine\n]"))
        #expect(MarkedText.adding(["two,", "three,"], to: added, at: "routes") == added)
        #expect(MarkedText.adding(["one,"], to: text, at: "routes") == text)
    }

    @Test func `a file without the mark is left to its author`() {
        #expect(MarkedText.adding(["two,"], to: text, at: "facts") == nil)
        #expect(MarkedText.adding(["two,"], to: "// sitegen:facts\n", at: "facts") == nil)
    }
}

@Suite("Additions") struct AdditionTests {
    private static let tables = """
        CREATE TABLE artist (id int PRIMARY KEY, name text NOT NULL);
        CREATE TABLE album (id int PRIMARY KEY, title text NOT NULL, year int,
            updated_at timestamptz, artist_id int NOT NULL REFERENCES artist, secret_hash bytea);
        INSERT INTO artist VALUES (1, 'A & B');
        INSERT INTO album VALUES (1, 'First', 1999, '2026-01-01', 1);
        """

    /// A written and installed site of albums alone.
    private func site(
        in folder: borrowing TemporaryFolder, on connection: borrowing Connection
    ) throws -> ExistingSite {
        try connection.run(Self.tables)
        let request = SiteScaffold.Request(
            identity: SiteIdentity(
                folder: "shop", title: nil, origin: "http://a", source: .folder("/x")),
            tables: ["album"])
        let path = "\(folder.path)/shop"
        try SiteFolder.write(SiteScaffold.make(request, on: connection).files, to: path)
        return try apply(path, on: connection)
    }

    private func apply(
        _ path: String, on connection: borrowing Connection
    ) throws -> ExistingSite {
        let definitions = try ViewDefinition.load(directory: "\(path)/site/database")
        _ = try ViewInstaller.apply(definitions, on: connection)
        return try ExistingSite(root: path)
    }

    @Test func `each addition writes once, and a second run nothing`() throws {
        let folder = try TemporaryFolder()
        let connection = try Connection(to: ThrowAwayPostgres.database())
        var site = try site(in: folder, on: connection)
        try connection.run(
            "ALTER TABLE album ADD COLUMN label text; "
                + "CREATE TABLE \"Old Paths\" (\"from\" text PRIMARY KEY, goes varchar(90))")
        for kind in ["page", "list", "feed", "column", "json", "redirects", "fragment"] {
            func addition(_ site: ExistingSite) throws -> SiteAddition {
                switch kind {
                case "page": try .page(of: "artist", to: site, on: connection)
                case "list":
                    try .list(of: "album_page", by: "year", size: 5, to: site, on: connection)
                case "feed":
                    try .feed(of: "album_page", by: "modified", to: site, on: connection)
                case "json": try .json(of: "album_card", to: site, on: connection)
                case "redirects":
                    try .redirects(
                        of: "Old Paths", from: "from", to: "goes", in: site, on: connection)
                case "column": try .column("label", of: "album_page", to: site, on: connection)
                default:
                    try .fragment(
                        "facts", of: "album_page", cookie: nil, to: site, on: connection)
                }
            }
            let first = try addition(site)
            #expect(!first.isEmpty, "\(kind)")
            #expect(!first.lines.contains { $0.contains("has no //") }, "\(kind)")
            try first.write()
            site = try apply("\(folder.path)/shop", on: connection)
            #expect(try addition(site).isEmpty, "\(kind)")
        }
        let page = try #require(site.text(of: "site/Pages/AlbumPage.swift"))
        #expect(page.contains("Fact(\"Label\", row.label),"))
        #expect(site.views["album_page"]?.nullable.contains("label") == true)
        let artist = try #require(site.views["artist_page"])
        #expect(artist.json["album_list"]?.text == "[NamedLink]", "albums keep their pages")
    }

    @Test func `made-up rows get a column that is never NULL, and no test comes twice`() throws {
        let folder = try TemporaryFolder()
        let connection = try Connection(to: ThrowAwayPostgres.database())
        var site = try site(in: folder, on: connection)
        try connection.run("ALTER TABLE album ADD COLUMN stock int NOT NULL DEFAULT 0")
        let addition = try SiteAddition.column(
            "stock", of: "album_page", to: site, on: connection)
        #expect(addition.lines.contains("added to Tests/SiteTests.swift: a value of it"))
        try addition.write()
        site = try apply("\(folder.path)/shop", on: connection)
        let tests = try #require(site.text(of: "Tests/SiteTests.swift"))
        #expect(tests.contains("name: text,\n            stock: 12_345)) })"))
        let again = try SiteAddition.page(of: "album", to: site, on: connection)
        #expect(again.lines.contains("Tests/SiteTests.swift has albumPage already"))
    }

    @Test func `what is wrong has one answer, and nothing is written`() throws {
        let folder = try TemporaryFolder()
        let connection = try Connection(to: ThrowAwayPostgres.database())
        let site = try site(in: folder, on: connection)
        func failure(_ add: () throws(ScaffoldingError) -> SiteAddition) -> String {
            do throws(ScaffoldingError) {
                _ = try add()
                return ""
            } catch {
                return "\(error)"
            }
        }
        let page = "album_page"
        #expect(
            failure { () throws(ScaffoldingError) in
                try .list(of: "albun_page", by: "year", size: 5, to: site, on: connection)
            }.contains("Did you mean album_page?"))
        #expect(
            failure { () throws(ScaffoldingError) in
                try .list(of: page, by: "yeer", size: 5, to: site, on: connection)
            }.contains("has no column yeer"))
        #expect(
            failure { () throws(ScaffoldingError) in
                try .feed(of: page, by: "name", to: site, on: connection)
            }.contains("no point in time"))
        #expect(
            failure { () throws(ScaffoldingError) in
                try .redirects(of: "album", from: "year", to: "title", in: site, on: connection)
            }.contains("public.album.year holds no text"))
        #expect(
            failure { () throws(ScaffoldingError) in
                try .redirects(of: "album", from: "titel", to: "title", in: site, on: connection)
            }.contains("has no column titel"))
        #expect(
            failure { () throws(ScaffoldingError) in
                try .column("secret_hash", of: page, to: site, on: connection)
            }.contains("cannot be shown"))
        #expect(
            failure { () throws(ScaffoldingError) in
                try .fragment("No", of: page, cookie: nil, to: site, on: connection)
            }.contains("cannot be a fragment's name"))
        #expect(throws: ScaffoldingError.noSite(path: "/nowhere")) {
            try ExistingSite(root: "/nowhere")
        }
    }

    @Test(
        "a slot has room for half as much again; what is too long stands behind the page",
        arguments: [
            (0, ".inline(capacity: 64)"), (44, ".inline(capacity: 128)"),
            (43_690, ".inline(capacity: 65536)"), (43_692, ".tail"),
        ])
    func capacities(bytes: Int, placement: String) {
        #expect(SiteAddition.placement(bytes) == placement)
    }
}
