// What becomes of tables: pages, links, lists, counts, and what is left out with its reason.

import Testing

@testable import SiteScaffolding

private let artist = table(1, "artist", column(1, "id", "int4"), column(2, "name"))
private let album = table(
    2, "album", column(1, "id", "int4"), column(2, "title"), column(3, "artist_id", "int4"),
    column(4, "note?"))

@Suite("Inference") struct InferenceTests {
    @Test func `a table with a key and a name has pages, and links along its foreign keys`() throws
    {
        let outline = outline([artist, album], [key(2, 3, to: 1)])
        let page = try #require(outline.page("album"))
        #expect(page.folder == "/album/")
        #expect(page.label.map(\.name) == ["title"])
        let link = try #require(page.facts.first)
        #expect(link.kind == .link(PageReference(base: "artist")))
        #expect((link.term, link.alias) == ("Artist", "artist"))
        #expect(!link.isNullable)
        #expect(page.texts.map(\.alias) == [])
        #expect(page.facts.map(\.alias) == ["artist", "note"])
        let list = try #require(outline.page("artist")?.lists.first)
        #expect(
            (list.heading, list.alias, list.countAlias) == ("Album", "album_list", "album_count"))
        #expect(outline.missingIndexes == ["CREATE INDEX ON public.album (artist_id);"])
    }

    @Test func `a link may be missing unless its key always holds and every row is shown`() throws {
        let hidden = table(
            1, "artist", column(1, "id", "int4"), column(2, "name"),
            column(3, "deleted_at?", "timestamptz"))
        for (tables, foreign) in [
            ([artist, album], key(2, 3, to: 1, isAlwaysTrue: false)),
            ([hidden, album], key(2, 3, to: 1)),
        ] {
            let page = try #require(outline(tables, [foreign]).page("album"))
            #expect(page.facts.first?.isNullable == true)
        }
    }

    @Test func `a table of two keys and nothing else links both sides`() throws {
        var both = table(
            3, "artist_album", column(1, "artist_id", "int4"), column(2, "album_id", "int4"),
            column(3, "created_at", "timestamptz"))
        both.primaryKey = [1, 2]
        both.uniqueKeys = [[1, 2]]
        let outline = outline([artist, album, both], [key(3, 1, to: 1), key(3, 2, to: 2)])
        #expect(outline.outcome("artist_album").contains("links two tables"))
        #expect(outline.page("artist")?.lists.map(\.heading) == ["Album"])
        #expect(outline.page("album")?.lists.map(\.heading) == ["Artist"])
    }

    @Test func `two keys to one table keep the names of their columns`() throws {
        let film = table(
            2, "film", column(1, "id", "int4"), column(2, "title"),
            column(3, "language_id", "int4"), column(4, "original_language_id?", "int4"))
        let language = table(1, "language", column(1, "id", "int4"), column(2, "name"))
        let outline = outline([language, film], [key(2, 3, to: 1), key(2, 4, to: 1)])
        #expect(outline.page("film")?.facts.map(\.term) == ["Language", "Original language"])
        #expect(
            outline.page("language")?.lists.map(\.heading)
                == ["Film: language", "Film: original language"])
    }

    @Test func `rows without a name are counted, people are not even that`() throws {
        let sale = table(3, "sale", column(1, "id", "int4"), column(2, "album_id", "int4"))
        let fan = table(
            4, "fan", column(1, "id", "int4"), column(2, "name"), column(3, "email"),
            column(4, "album_id", "int4"))
        let keys = [key(3, 2, to: 2), key(4, 4, to: 2)]
        let unasked = outline([album, sale, fan], keys)
        #expect(unasked.page("album")?.counts.map(\.alias) == ["sale_count"])
        #expect(unasked.page("album")?.lists == [])
        #expect(unasked.decisions.filter(\.isPersonal).map(\.table) == ["public.fan"])
        #expect(unasked.outcome("fan").contains("(email)"))
        let asked = outline([album, sale, fan], keys, named: [2, 4])
        #expect(asked.page("fan")?.facts.map(\.term) == ["Album"], "the address stays out")
        #expect(asked.omissions.contains { $0.hasPrefix("public.fan.email") })
    }

    @Test func `what hides rows is a rule, and no fact`() throws {
        let post = table(
            1, "post", column(1, "id", "int4"), column(2, "title"), column(3, "is_draft?", "bool"),
            column(4, "deleted_at?", "timestamptz"), column(5, "published_at?", "timestamp"),
            column(6, "expires_at?", "timestamptz"), column(7, "updated_at", "timestamptz"),
            column(8, "active", "bool"), column(9, "body"))
        let page = try #require(outline([post]).page("post"))
        #expect(
            page.rules.conditions == [
                "t.is_draft IS NOT TRUE", "t.deleted_at IS NULL", "t.active",
            ])
        #expect(page.rules.from?.name == "published_at")
        #expect(page.rules.until?.name == "expires_at")
        #expect(page.modified?.name == "updated_at")
        #expect(page.facts == [])
        #expect(page.texts.map(\.alias) == ["body"])
        let card = SiteViews().card(page)
        #expect(card.headers == ["publish-at: shown_from", "expire-at: shown_until"])
        #expect(card.text.contains("(t.published_at AT TIME ZONE 'UTC') AS shown_from"))
    }

    @Test(
        "what a table cannot have pages for is said",
        arguments: [
            (DatabaseTable.Obstacle.rowSecurity, "row level security"), (.unlogged, "UNLOGGED"),
            (.noRights, "may not read"), (.hasHeirs, "inherit"), (.isHeir, "inherits"),
        ])
    func obstacles(obstacle: DatabaseTable.Obstacle, words: String) {
        let table = DatabaseTable(
            oid: 1, name: "x", columns: artist.columns, primaryKey: [1], obstacle: obstacle)
        let outline = outline([table])
        #expect(outline.pages.isEmpty)
        #expect(outline.outcome("x").contains(words))
    }

    @Test func `tables that Swift or sitegen would call alike get other names`() {
        let names = ["item", "Item", "item_list", "home", "v", "def_x", "not_found"]
        let tables = names.enumerated().map { place, name in
            table(place + 1, name, column(1, "id", "int4"), column(2, "name"))
        }
        let other = table(9, "item", schema: "shop", column(1, "id", "int4"), column(2, "name"))
        let bases = outline(tables + [other]).pages.map(\.base)
        #expect(
            bases == [
                "item", "item_2", "item_list_2", "home_2", "table_v", "table_def_x", "not_found_2",
                "shop_item",
            ])
    }
}

@Suite("Limits of what is written") struct ScaffoldingLimitTests {
    @Test func `a page shows so many columns, and the rest is counted`() throws {
        let columns = (1...60).map { number in
            number == 1 ? column(1, "id", "int4") : column(number, "name\(number)")
        }
        let wide = DatabaseTable(
            oid: 1, name: "wide", columns: columns + [column(61, "title")], primaryKey: [1],
            uniqueKeys: [[1]])
        let outline = outline([wide])
        #expect(outline.page("wide")?.facts.count == ScaffoldingLimits.factsMax)
        #expect(
            outline.omissions == [
                "public.wide: \(59 - ScaffoldingLimits.factsMax) columns more than the page shows"
            ])
    }

    @Test func `a page has so many lists and counts of other tables`() throws {
        var tables = [artist]
        var keys: [ForeignKey] = []
        for number in 2...40 {
            tables.append(
                number.isMultiple(of: 2)
                    ? table(
                        number, "fan_\(number)", column(1, "id", "int4"), column(2, "name"),
                        column(3, "artist_id", "int4"))
                    : table(
                        number, "fan_\(number)", column(1, "id", "int4"), column(2, "x", "int4"),
                        column(3, "artist_id", "int4")))
            keys.append(key(number, 3, to: 1))
        }
        let outline = outline(tables, keys)
        let page = try #require(outline.page("artist"))
        #expect(page.lists.count == ScaffoldingLimits.listsMax)
        #expect(page.counts.count == ScaffoldingLimits.countsMax)
        #expect(
            outline.omissions.contains("public.artist: rows of 15 tables more than the page shows"))
    }

    @Test func `of many tables those that others lead to have pages, and named ones up to a limit`()
        throws
    {
        let tables = (1...ScaffoldingLimits.tablesMax + 1).map { number in
            table(number, "t\(number)", column(1, "id", "int4"), column(2, "name"))
        }
        let unasked = outline(tables, [key(1, 2, to: 200)])
        #expect(unasked.pages.count == ScaffoldingLimits.tablesUnasked)
        #expect(unasked.page("t200") != nil)
        #expect(unasked.outcome("t100").contains("--tables"))
        var catalogue = CatalogueReader.Catalogue()
        catalogue.tables = tables
        #expect(throws: ScaffoldingError.tooManyTables(count: tables.count)) {
            try TableChoice.named(tables.map(\.name), in: catalogue)
        }
    }

    @Test func `a page shows so many running texts`() {
        let post = table(
            1, "post", column(1, "id", "int4"), column(2, "title"), column(3, "body"),
            column(4, "text"), column(5, "summary"), column(6, "notes"), column(7, "story"))
        let page = outline([post]).page("post")
        #expect(page?.texts.count == ScaffoldingLimits.textsMax)
        #expect(page?.facts.map(\.alias) == ["story"])
    }
}
