// A table whose rows become pages: its names, what decides whether a row is shown, and everything
// that a page shows of it.
//
// The parts are columns of the page's view: each has an alias there, which is a property in Swift.

/// A table whose rows become pages, and what these show.
struct PageTable: Equatable, Sendable {
    /// The table.
    let table: DatabaseTable
    /// What the names of its views, types and addresses are made of: `media_type`.
    let base: String
    /// What people call its rows: `Media type`.
    let heading: String
    /// The column that tells its rows apart.
    let key: DatabaseColumn
    /// The columns whose texts are a row's name; none where only its key can be.
    let label: [DatabaseColumn]
    /// The column whose text is a row's part of the address; nil where key and name are.
    let slug: DatabaseColumn?
    /// What decides whether a row is shown.
    let rules: VisibilityRules
    /// The column that says when a row was changed last; nil for none.
    let modified: DatabaseColumn?
    /// What a page shows of the row itself, in the order of the columns.
    var facts: [PageFact] = []
    /// Running texts of the row.
    var texts: [PageFact] = []
    /// Rows of other tables.
    var lists: [RelatedList] = []
    /// Numbers of rows of other tables.
    var counts: [RelatedCount] = []

    /// The beginning of the names of its types: `MediaType`.
    var typeName: String { TypeName.of(base) }
    /// Where its pages are: `/media-type/`.
    var folder: String {
        "/" + base.split(separator: "_").joined(separator: "-") + "/"
    }
    /// The view of names and addresses.
    var card: String { "\(base)_card" }
}

/// What decides whether the rows of a table are shown.
struct VisibilityRules: Equatable, Sendable {
    /// Conditions in SQL on the row `t`.
    var conditions: [String] = []
    /// The time from which a row is shown.
    var from: DatabaseColumn?
    /// The time until which a row is shown.
    var until: DatabaseColumn?

    /// Whether every row is shown.
    var isOpen: Bool { conditions.isEmpty && from == nil && until == nil }
}

/// A value of a JSON object.
struct JSONField: Equatable, Sendable {
    /// Its key in the database.
    let key: String
    /// Its name in Swift.
    let property: String
    /// What stands in front of the value.
    let term: String
}

/// A table of pages, as another table's views name it.
struct PageReference: Equatable, Sendable {
    /// `PageTable.base` of it.
    let base: String
    /// The beginning of the names of its types.
    var typeName: String { TypeName.of(base) }
    var card: String { "\(base)_card" }
}

/// Rows of another table on a page.
struct RelatedList: Equatable, Sendable {
    /// What stands above the list.
    let heading: String
    /// The name of the view's column with the links.
    let alias: String
    /// The name of the view's column with the number of all.
    let countAlias: String
    /// Whose rows they are.
    let target: PageReference
    /// FROM and WHERE of the rows, with their card as `c`.
    let table: DatabaseTable
    /// The column that leads to the page's row.
    let column: DatabaseColumn
    /// The column that leads to the card.
    let cardColumn: DatabaseColumn
}

/// The number of another table's rows on a page.
struct RelatedCount: Equatable, Sendable {
    /// What stands in front of the number.
    let term: String
    /// The name of the view's column.
    let alias: String
    let table: DatabaseTable
    let column: DatabaseColumn
    let conditions: [String]
}

/// Names of written types.
enum TypeName {
    /// `media_type` is `MediaType`.
    static func of(_ base: String) -> String {
        base.split(separator: "_").map { word in word.prefix(1).uppercased() + word.dropFirst() }
            .joined()
    }
}
