import ContentEncoding
import Hashing

/// Where an entry came from: what tells whether it has to be made again, and `sitegen why`.
package struct EntrySource: Sendable, Hashable {
    /// The view, or the component or folder when there is no row.
    package internal(set) var view: String
    /// The key of the row; empty when there is no row.
    package internal(set) var key: String
    /// The author's page type; empty for what no page type makes.
    package var route = ""
    /// What PostgreSQL computed over the row's columns; nil when there is no row.
    package var row: RowDigest?
    /// When the page last changed, for the site map; nil when the author does not say.
    package var modified: EntryDate?
    /// Whether the page stands in the site map.
    package var isListed = false
    /// The paths of the assets that the builder put into the page: they stay as long as it does.
    package var assets: [String] = []
    /// The paths of the files of public/ that the page names, with the fingerprints of their bytes.
    package var reads: [String] = []

    /// Names a row of a view.
    package init(view: String, key: String) {
        self.view = view
        self.key = key
    }
}
