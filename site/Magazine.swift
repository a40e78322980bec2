// The magazine's own facts: its name, where it lives, and the addresses of its pages.
//
// Every link of the site is made here, so a page that moves is one edit. Slugs come from the
// database, where a check keeps them to letters, digits and hyphens.

/// Names and addresses of the magazine.
enum Magazine {
    static let name = "Placket"
    static let line = "A magazine of clothes, and of the people who cut them"

    /// How many looks a page of a list shows; the views cut their pages by the same number.
    static let looksPerPage = 24

    static func look(_ slug: String) -> String { "/looks/\(slug)/" }

    static func collection(_ slug: String, page: Int = 1) -> String {
        paged("/collections/\(slug)/", page)
    }

    static func collections(page: Int = 1) -> String { paged("/collections/", page) }

    static func person(_ slug: String, page: Int = 1) -> String { paged("/people/\(slug)/", page) }

    static func house(_ slug: String, page: Int = 1) -> String { paged("/houses/\(slug)/", page) }

    static func season(_ slug: String, page: Int = 1) -> String { paged("/seasons/\(slug)/", page) }

    /// A name that stays when the site moves, for feeds; RFC 4151.
    static func permanentName(_ path: String) -> String { "tag:placket.example,2026:\(path)" }

    /// The first page of a list has the bare address; the second is `page/2/`.
    private static func paged(_ path: String, _ page: Int) -> String {
        page > 1 ? "\(path)page/\(page)/" : path
    }
}
