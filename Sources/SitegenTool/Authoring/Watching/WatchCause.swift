import SiteWatching

/// Something that changed, as a line of the terminal names it.
struct WatchCause: Hashable, Sendable {
    /// The file, from the root, or the view.
    let name: String
    /// What kind of thing it is: `style`, `rows`.
    let kind: String
    /// Whether the name is that of a file.
    let isFile: Bool

    /// A file of the site.
    init(file: String) {
        name = file
        kind = FileWatcher.kind(of: file)?.word ?? "file"
        isFile = true
    }

    /// The styles of a component, in its file.
    init(styleIn file: String) { (name, kind, isFile) = (file, "style", true) }

    /// Rows of a view.
    init(rowsOf view: String) { (name, kind, isFile) = (view, "rows", false) }
}

extension WatchedKind {
    /// What a line calls such a file.
    fileprivate var word: String {
        switch self {
        case .swift: "Swift"
        case .view: "view"
        case .style: "style"
        case .publicFile: "public file"
        }
    }
}
