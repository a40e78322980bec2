import Fragments
import MaterializedViews
import Minification
import Postgres
import Redis
import ReleaseFormat

/// Why one page or fragment could not be made.
package struct PageProblem: Sendable, Hashable, Comparable {
    /// The author's page type.
    package let route: String
    /// The view and the row's key, or the page's path when there is no row.
    package let place: String
    /// What is wrong, then what to change.
    package let reason: String
    /// Whether a row breaks what its view promises, as opposed to a mistake of the site's code.
    package let isBadData: Bool

    /// The most characters of a row's key in a message.
    private static let keyCharactersMax = 200

    /// Describes a problem; `place` is shortened and made printable.
    package init(route: String, place: String, reason: String, isBadData: Bool = false) {
        self.route = route
        self.place = Self.printable(place)
        self.reason = reason
        self.isBadData = isBadData
    }

    /// A row that could not be read into its type.
    init(route: String, row error: RowError) {
        var shown = error
        shown.key = error.key.map(Self.printable)
        self.init(route: route, place: error.view, reason: "\(shown)", isBadData: true)
    }

    /// A key on one line: whatever a row holds, it moves no cursor and fills no screen.
    static func printable(_ key: String) -> String {
        let scalars = key.unicodeScalars
        var text = ""
        for scalar in scalars.prefix(keyCharactersMax) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: text += "?"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return scalars.count > keyCharactersMax ? text + "…" : text
    }

    /// By route, then by place.
    package static func < (one: PageProblem, other: PageProblem) -> Bool {
        (one.route, one.place, one.reason) < (other.route, other.place, other.reason)
    }
}
