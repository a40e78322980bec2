// Files that nobody wrote: what an editor leaves beside the file that it saves, for a moment or
// until it is closed. Emacs, Vim, nano, Kate and the JetBrains editors call theirs like this.
//
// They are neither published nor watched; hidden files are a matter of their own.

/// Names of files that editors leave.
package enum EditorLeftover {
    private static let endings = [
        "~", ".swp", ".swo", ".swx", ".tmp", ".bak", ".orig", ".rej", "___jb_tmp___",
        "___jb_old___",
    ]

    /// The file by which Vim tries whether it may write into a folder.
    private static let trial = "4913"

    /// Whether a file of this name is one.
    package static func hasName(_ name: String) -> Bool {
        if name.hasPrefix(".#") || name.utf8.count > 1 && name.hasPrefix("#") && name.hasSuffix("#")
        {
            return true
        }
        return name == trial || endings.contains(where: name.hasSuffix)
    }
}
