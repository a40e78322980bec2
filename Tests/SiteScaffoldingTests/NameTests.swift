// Names: of a database's tables and columns as words, headings, and names of views and properties.

import Testing

@testable import SiteScaffolding

@Suite("Names") struct NameTests {
    @Test(
        "words are told apart by underscores, spaces and capitals",
        arguments: [
            ("media_type", ["media", "type"]), ("MediaTypeId", ["media", "type", "id"]),
            ("First name", ["first", "name"]), ("HTMLPage", ["html", "page"]),
            ("x2Y", ["x2", "y"]),
            ("Straße", ["strasse"]), ("Größe", ["grosse"]), ("naïve", ["naive"]), ("名前", []),
            ("a\"b;c", ["a", "b", "c"]), ("__", []),
        ])
    func words(name: String, words: [String]) {
        #expect(NameWords.words(of: name) == words)
    }

    @Test(
        "a heading keeps letters that ASCII lacks, and abbreviations",
        arguments: [
            ("media_type", "Media type"), ("ISBN", "ISBN"), ("bookISBN", "Book ISBN"),
            ("Größe", "Größe"), ("名前", "名前"), ("", "Unnamed"), ("a\nb", "A b"),
            ("UnitPrice", "Unit price"),
        ])
    func headings(name: String, heading: String) {
        #expect(NameWords.heading(name) == heading)
    }

    @Test func `a name that begins with a digit, or has no letter, gets a word in front`() {
        #expect(NameWords.snake("2nd place", or: "column", bytes: 40) == "column_2nd_place")
        #expect(NameWords.snake("名前", or: "table", bytes: 40) == "table")
        #expect(NameWords.snake("a_very_long", or: "table", bytes: 7) == "a_very")
    }

    @Test(
        "an alias is a property without backticks",
        arguments: [
            ("class", "class_value"), ("any", "any_value"), ("rev", "rev_value"),
            ("title", "title"), ("Self", "self_value"), ("ÄRGER", "arger"), ("?", "column"),
        ])
    func aliases(name: String, alias: String) {
        #expect(ColumnAlias.name(name) == alias)
    }

    @Test func `names that Swift would write alike get numbers`() {
        var names = NameRegistry.columns(["id"])
        #expect(names.take("a_b") == "a_b")
        #expect(names.take("a_B") == "a_B_2")
        #expect(names.take("a_b") == "a_b_3")
        #expect(names.take("id") == "id_2")
    }

    @Test func `plain names stay as they are in SQL, others are quoted`() {
        #expect(SQLName.quoted("album_id") == "album_id")
        #expect(SQLName.quoted("order") == "\"order\"")
        #expect(SQLName.quoted("Album") == "\"Album\"")
        #expect(SQLName.quoted("a\"b") == "\"a\"\"b\"")
        #expect(SQLName.quoted("") == "\"\"")
    }

    @Test(
        "a target is named after its folder, unless the name is somebody else's",
        arguments: [
            ("shop", "shop", "Shop"), ("My Shop", "my-shop", "My shop"),
            ("2026", "site-2026", "2026"), ("店", "website", "店"), ("class", "class-site", "Class"),
            ("main", "main-site", "Main"), ("record-shop", "record-shop", "Record shop"),
        ])
    func targets(folder: String, target: String, title: String) {
        let identity = SiteIdentity(
            folder: folder, title: nil, origin: "http://a", source: .folder("/x"))
        #expect(identity.target == target)
        #expect(identity.title == title)
    }
}
