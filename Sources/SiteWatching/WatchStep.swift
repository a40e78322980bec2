/// Something to do.
package enum WatchStep: Int, Sendable, Hashable, CaseIterable {
    /// Install the view files.
    case applyViews
    /// Write the row types.
    case generateRows
    /// Compile the site.
    case compile
    /// Load sample data, install the views, bring their rows up to date.
    case prepareDatabase
    /// Start a renderer and end the one before.
    case startRenderer
    /// Have the renderer read public/ and the styles again.
    case reloadFiles
    /// Render the open pages and tell their tabs.
    case renderPages

    /// Whether it only shows what is there.
    var shows: Bool { self == .reloadFiles || self == .renderPages }

    /// The files it depends on.
    var kinds: Set<WatchedKind> {
        switch self {
        case .applyViews, .generateRows: [.view]
        case .compile, .prepareDatabase: [.swift, .view]
        case .reloadFiles: [.style, .publicFile]
        // A renderer reads all files when it begins.
        case .startRenderer, .renderPages: Set(WatchedKind.allCases)
        }
    }
}
