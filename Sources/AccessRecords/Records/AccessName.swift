// What was answered with: the path, and the row that made it.
//
// Statistics of pages follow the row, so they survive a new address of it.

/// The name of what was answered with.
package struct AccessName: Hashable, Sendable {
    /// The path of the entry; of a path that leads nowhere, what `MissingPath` leaves of it.
    package var path: String
    /// The view of its row, or the component or folder that made it; empty for what nothing made.
    package var view: String
    /// The key of its row; empty if there is none.
    package var key: String

    /// A name.
    package init(path: String, view: String = "", key: String = "") {
        self.path = path
        self.view = view
        self.key = key
    }
}
