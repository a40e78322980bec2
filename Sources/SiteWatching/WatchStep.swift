/// Something to do.
package enum WatchStep: Int, Sendable, Hashable, CaseIterable {
    /// Install the view files.
    case applyViews
    /// Bring rows up to date that nobody follows.
    case refreshViews
    /// Write the row types.
    case generateRows
    /// Compile the site.
    case compile
    /// Load sample data, install the views.
    case prepareDatabase
    /// Start a renderer and end the one before.
    case startRenderer
    /// Have the renderer read public/ and the styles again.
    case reloadFiles
    /// Render the open pages and tell their tabs.
    case renderPages

    /// Steps of one lane are done one after the other, beside those of the others.
    enum Lane: CaseIterable {
        /// Brings views up to date that a renderer shows from their files meanwhile.
        case installs
        /// Shows what is there.
        case shows
        /// Makes another renderer.
        case makes
    }

    /// Where it is done.
    var lane: Lane {
        switch self {
        case .applyViews, .refreshViews: .installs
        case .reloadFiles, .renderPages: .shows
        case .generateRows, .compile, .prepareDatabase, .startRenderer: .makes
        }
    }

    /// The files it depends on.
    var kinds: Set<WatchedKind> {
        switch self {
        case .applyViews, .refreshViews, .generateRows: [.view]
        case .compile, .prepareDatabase: [.swift, .view]
        case .reloadFiles: [.style, .publicFile]
        // A renderer reads all files when it begins.
        case .startRenderer, .renderPages: Set(WatchedKind.allCases)
        }
    }
}
