import Fragments
import Groundwork
import MaterializedViews
import Minification
import Postgres
import Redis
import ReleaseFormat

/// Why one page or fragment could not be made.
package struct PageProblem: Error, Hashable, Comparable {
    /// The author's page type.
    package let route: String
    /// The view and the row's key, or the page's path when there is no row.
    package let place: String
    /// What is wrong, then what to change.
    package let reason: String
    /// Whether a row breaks what its view promises, as opposed to a mistake of the site's code.
    package let isBadData: Bool
    /// The reason without what tells one row from another.
    private let kind: String

    /// Describes a problem; `place` is shortened and made printable.
    package init(route: String, place: String, reason: String, isBadData: Bool = false) {
        self.init(route: route, place: place, reason: reason, kind: reason, isBadData: isBadData)
    }

    private init(route: String, place: String, reason: String, kind: String, isBadData: Bool) {
        self.route = route
        self.place = PrintableText.of(place)
        self.reason = reason
        self.kind = kind
        self.isBadData = isBadData
    }

    /// A row that could not be read into its type.
    init(route: String, row error: RowError) {
        var shown = error
        shown.key = error.key.map(PrintableText.of)
        var kind = error
        kind.key = nil
        self.init(
            route: route, place: error.view, reason: "\(shown)", kind: "\(kind)", isBadData: true)
    }

    /// What it has in common with the same problem of other pages.
    var withoutPlace: PageProblem {
        PageProblem(route: route, place: "", reason: kind, isBadData: isBadData)
    }

    /// By route, then by place.
    package static func < (one: PageProblem, other: PageProblem) -> Bool {
        (one.route, one.place, one.reason) < (other.route, other.place, other.reason)
    }
}
