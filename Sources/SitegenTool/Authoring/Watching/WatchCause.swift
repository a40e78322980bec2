import SiteWatching

/// Something that changed, as a line of the terminal names it.
struct WatchCause: Hashable, Sendable {
    /// The file, from the root, or the view.
    let name: String
    /// What kind of thing it is: `style`, `rows`.
    let kind: String
    /// Whether the name is that of a file.
    let isFile: Bool

    /// Whether it is seen once the program has been compiled and started.
    let isCompiled: Bool

    /// A file of the site.
    init(file: String) {
        name = file
        let found = FileWatcher.kind(of: file)
        kind = found?.word ?? "file"
        isFile = true
        isCompiled = found == .swift || found == .view
    }

    /// The view that a file defines: its name without folder and ending.
    var viewName: String {
        String(name.split(separator: "/").last?.split(separator: ".").first ?? "")
    }

    /// The styles of a component, in its file.
    init(styleIn file: String) {
        (name, kind, isFile, isCompiled) = (file, "style", true, false)
    }

    /// Rows of a view.
    init(rowsOf view: String) {
        (name, kind, isFile, isCompiled) = (view, "rows", false, false)
    }
}

extension [WatchCause] {
    /// What changed, as a tab says it.
    var words: String {
        guard let first = first?.name else { return "the site" }
        return count == 1 ? first : "\(first) and \(count - 1) more"
    }
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
