// The magazine's own facts: its name, where it lives, and the addresses of its pages.
//
// Every link of the site is made here, so a page that moves is one edit. Slugs come from the
// database and are text: whatever stands in one, a `PagePath` is encoded where it is written.

import SiteAuthoring

/// Names and addresses of the magazine.
enum Magazine {
    static let name = "Placket"
    static let line = "A magazine of clothes, and of the people who cut them"

    /// How many looks a page of a list shows; the views cut their pages by the same number.
    static let looksPerPage = 24

    static func look(_ slug: String) -> PagePath { "/looks/\(slug)/" }

    static func collection(_ slug: String, page: Int = 1) -> PagePath {
        paged("/collections/\(slug)/", page)
    }

    static func collections(page: Int = 1) -> PagePath { paged("/collections/", page) }

    static func person(_ slug: String, page: Int = 1) -> PagePath {
        paged("/people/\(slug)/", page)
    }

    static func house(_ slug: String, page: Int = 1) -> PagePath { paged("/houses/\(slug)/", page) }

    static func season(_ slug: String, page: Int = 1) -> PagePath {
        paged("/seasons/\(slug)/", page)
    }

    /// A name that stays when the site moves, for feeds; RFC 4151.
    static func permanentName(_ path: PagePath) -> String {
        "tag:placket.example,2026:\(path.url)"
    }

    /// The first page of a list has the bare address; the second is `page/2/`.
    private static func paged(_ path: PagePath, _ page: Int) -> PagePath {
        page > 1 ? "\(path)page/\(page)/" : path
    }
}
