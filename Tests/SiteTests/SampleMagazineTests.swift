// The sample rows: deterministic, consistent, and different from each other.
//
// A notebook takes the rows instead of a database; what a constraint would refuse is asked of it.
// Sizes are small, since the generator does nothing different for large ones.

import SiteAuthoring
import Testing

@testable import Site

/// Keeps rows by table.
private struct Notebook: RowSink {
    var order: [String] = []
    var columns: [String: [String]] = [:]
    var rows: [String: [[SampleValue]]] = [:]

    mutating func table(_ name: String, columns: [String]) throws {
        order.append(name)
        self.columns[name] = columns
        rows[name] = []
    }

    mutating func row(_ values: [SampleValue]) throws {
        guard let last = order.last else { return }
        rows[last, default: []].append(values)
    }

    /// The values of one column of a table.
    func values(_ table: String, _ column: String) throws -> [SampleValue] {
        let place = try #require(columns[table]?.firstIndex(of: column))
        return try #require(rows[table]).map { row in row[place] }
    }
}

@Suite("Sample magazine") struct SampleMagazineTests {
    private func written(_ looks: Int, seed: UInt64 = 41) throws -> Notebook {
        var notebook = Notebook()
        try SampleMagazine(looks: looks, seed: seed).write(to: &notebook)
        return notebook
    }

    @Test func `the same size and seed give the same rows in the same order`() throws {
        let one = try written(300)
        let other = try written(300)
        #expect(one.order == other.order)
        #expect(one.rows == other.rows)
    }

    @Test func `another seed gives another magazine`() throws {
        let one = try written(60)
        let other = try written(60, seed: 42)
        #expect(one.rows["fashion.look"] != other.rows["fashion.look"])
    }

    @Test(arguments: [1, 2, 13, 800])
    func `there are as many looks as asked for, and every row is whole`(looks: Int) throws {
        let notebook = try written(looks)
        #expect(notebook.rows["fashion.look"]?.count == looks)
        for (table, rows) in notebook.rows {
            let width = try #require(notebook.columns[table]?.count)
            #expect(rows.allSatisfy { row in row.count == width }, "\(table)")
        }
    }

    @Test(arguments: [-3, 0])
    func `a size below one is taken for one`(looks: Int) throws {
        #expect(SampleMagazine(looks: looks).looks.count == 1)
    }

    @Test(arguments: [
        ("fashion.look", "slug"), ("fashion.collection", "slug"), ("fashion.person", "slug"),
        ("fashion.brand", "slug"), ("fashion.season", "slug"), ("fashion.image", "file"),
        ("fashion.look", "id"), ("fashion.view", "id"), ("fashion.collection", "album_id"),
    ])
    func `a key is never given twice`(table: String, column: String) throws {
        let values = try written(2_500).values(table, column)
        #expect(Set(values).count == values.count)
    }

    @Test func `no two looks have the same name and text`() throws {
        let notebook = try written(5_000)
        let names = try notebook.values("fashion.look", "name")
        let texts = try notebook.values("fashion.look", "description")
        let pairs = Set(zip(names, texts).map { pair in [pair.0, pair.1] })
        #expect(pairs.count == 5_000)
    }

    @Test func `slugs and files are plain letters, digits and hyphens`() throws {
        let notebook = try written(800)
        for table in ["look", "collection", "person", "brand", "season"] {
            for case .text(let slug) in try notebook.values("fashion." + table, "slug") {
                #expect(slug.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil, "\(slug)")
            }
        }
        for case .text(let file) in try notebook.values("fashion.image", "file") {
            #expect(file.wholeMatch(of: /\/artwork\/[a-z0-9-]+\.svg/) != nil, "\(file)")
        }
    }

    @Test func `no phrase keeps a brace, a bracket or a bar`() throws {
        let notebook = try written(800)
        let columns = [
            ("fashion.look", "name"), ("fashion.look", "description"),
            ("fashion.collection", "title"), ("fashion.collection", "subtitle"),
            ("fashion.collection", "description"), ("fashion.person", "biography"),
            ("fashion.brand", "description"), ("fashion.season", "description"),
        ]
        for (table, column) in columns {
            for case .text(let text) in try notebook.values(table, column) {
                #expect(!text.contains { "{}[]|".contains($0) }, "\(text)")
                #expect(!text.contains("  ") && !text.contains(" ."), "\(text)")
            }
        }
    }

    @Test func `references lead to rows that were written before`() throws {
        let notebook = try written(400)
        let references = [
            ("fashion.photo", "image_id", "fashion.image"),
            ("fashion.person", "photo_id", "fashion.photo"),
            ("fashion.brand", "photo_id", "fashion.photo"),
            ("fashion.collection", "brand_id", "fashion.brand"),
            ("fashion.collection", "season_id", "fashion.season"),
            ("fashion.collection", "author_id", "fashion.person"),
            ("fashion.collection", "album_id", "fashion.album"),
            ("fashion.look", "collection_id", "fashion.collection"),
            ("fashion.album_looks", "look_id", "fashion.look"),
            ("fashion.view", "photo_id", "fashion.photo"),
            ("fashion.bag_item", "look_id", "fashion.look"),
        ]
        for (table, column, target) in references {
            let known = Set(try notebook.values(target, "id"))
            #expect(try notebook.values(table, column).allSatisfy(known.contains), "\(column)")
            let from = try #require(notebook.order.firstIndex(of: table))
            let to = try #require(notebook.order.firstIndex(of: target))
            #expect(to < from, "\(target) comes before \(table)")
        }
    }

    @Test func `the caption speaks of the outfit that is drawn`() {
        let magazine = SampleMagazine(looks: 200)
        for look in magazine.looks {
            let palette = Palette.numbered(magazine.collections[look.collection].palette)
            let outfit = Outfit(seed: UInt64(look.seed), palette: palette)
            #expect(look.cloth == outfit.clothWords)
            #expect(look.alt.contains(outfit.garment))
        }
    }

    @Test func `some rows are not to be seen`() throws {
        let notebook = try written(4_000)
        #expect(try notebook.values("fashion.look", "date_published").contains(.null))
        for column in ["date_expired", "date_deleted"] {
            #expect(try notebook.values("fashion.look", column).contains { $0 != .null })
        }
    }

    @Test(arguments: [
        ("Žižek-Hill & Søn", "zizek-hill-son"), ("  Łódź  ", "lodz"), ("O’Neill", "oneill"),
        ("Crêpe de Chine!", "crepe-de-chine"), ("!!!", ""),
    ])
    func `slugs spell names in plain letters`(text: String, expected: String) {
        #expect(slug(text) == expected)
    }

    @Test func `choices nest and facts are filled in after them`() {
        var heard: Set<String> = []
        for seed in UInt64(0)..<64 {
            var voice = Phrasebook(seed: seed)
            heard.insert(voice.say(["[a|b[c|d]] {x}, {a x}, {X}, {none}"], ["x": "ochre"]))
        }
        let end = " ochre, an ochre, Ochre, {none}"
        #expect(heard == ["a" + end, "bc" + end, "bd" + end])
    }
}
