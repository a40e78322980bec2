// Every limit of this module, with its name.
//
// They keep the written site readable: what is beyond them is named in its README, and can be had
// by hand. No limit loses anything silently.

/// The limits of what is written.
enum ScaffoldingLimits {
    /// The most tables that get pages unless they are named.
    static let tablesUnasked = 60
    /// The most tables that get pages; view files end at `ViewLimits.viewsMax`, three a table.
    static let tablesMax = 300
    /// The most columns of a table that its page shows as facts.
    static let factsMax = 40
    /// The most running texts of a page.
    static let textsMax = 4
    /// The most lists of other tables' rows on a page.
    static let listsMax = 12
    /// The most numbers of other tables' rows on a page.
    static let countsMax = 12
    /// The most links in a list on a page of something else.
    static let linksPerList = 50
    /// How many links a page of a list has.
    static let linksPerPage = 24
    /// How many links the front page shows of a section.
    static let linksPerSection = 6
    /// How many sections the navigation names; the front page has all.
    static let sectionsInNavigation = 6
    /// The longest label, in characters.
    static let labelCharacters = 200
    /// The longest part of an address that is made from a label, in characters.
    static let slugCharacters = 60
    /// The longest text that is part of an address as it is, in characters.
    static let plainSlugCharacters = 100
    /// The longest text that may be a row's key, in bytes.
    static let keyTextBytes = 1_000
    /// How many rows of a table are looked at for the keys of JSON objects.
    static let jsonRows = 100
    /// The most keys of a JSON object that a page shows.
    static let jsonKeys = 12
}
