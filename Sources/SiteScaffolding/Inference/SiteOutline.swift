// What a site of a database is: which tables become pages, what they show, and what is left out.
//
// A pure function of the catalogue and of what was asked for. Two passes: first every table gets
// its part, then the pages get what leads to others. What a reader would get wrong: a table that
// has no pages is still counted on pages that its rows belong to, unless it is about people.

import MaterializedViews

/// A site as it will be written.
package struct SiteOutline: Equatable, Sendable {
    /// What became of a table, and why.
    package struct Decision: Equatable, Sendable {
        /// `schema.table`.
        package let table: String
        /// What became of it, such as `pages at /album/`.
        package let outcome: String
        /// Whether it has pages.
        package let hasPages: Bool
        /// Whether it has none only because its rows seem to be people.
        package let isPersonal: Bool
    }

    /// The tables with pages, in the order of their headings.
    var pages: [PageTable] = []
    /// What became of each table.
    package var decisions: [Decision] = []
    /// What is left out of pages, each with its reason.
    package var omissions: [String] = []
    /// Statements that make look-ups cheap.
    var missingIndexes: [String] = []
    /// All tables that the views read, for the rights that are needed.
    var readTables: [DatabaseTable] = []
    /// Whether texts are stored as UTF-8.
    var isUnicode = true

    /// Nothing yet.
    init() {}
}
