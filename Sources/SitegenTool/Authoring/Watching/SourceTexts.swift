// The texts of the site's own sources, as they were when somebody looked last.
//
// With the text before, it can be said of a change what it is: an edit of styles alone is shown
// before the compiler has read it.

import SiteWatching
import SitegenCommands

/// The sources of a site, as texts.
struct SourceTexts {
    private let root: String
    private var texts: [String: String] = [:]

    /// How many sources are kept; changes of others are the compiler's alone.
    private static let countMax = 5_000

    /// Reads the sources.
    ///
    /// - Parameters:
    ///   - paths: their paths from the root.
    ///   - root: the site's folder, absolute.
    init(_ paths: [String], root: String) {
        self.root = root
        for path in paths.prefix(Self.countMax) {
            texts[path] = WatchedPath.text(of: "\(root)/\(path)")
        }
    }

    /// The edit of a component's styles that a changed file is, if it is nothing else.
    ///
    /// - Parameter path: the file's path from the root.
    /// - Returns: the styles; nil for any other change.
    mutating func change(of path: String) -> StyleLiteral? {
        guard FileWatcher.kind(of: path) == .swift else { return nil }
        let old = texts[path]
        let new = WatchedPath.text(of: "\(root)/\(path)")
        if texts.count < Self.countMax || old != nil { texts[path] = new }
        guard let old, let new else { return nil }
        return StyleLiteral.change(from: old, to: new)
    }
}
