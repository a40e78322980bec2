/// A file of a site that is written.
package struct WrittenFile: Equatable, Sendable {
    /// The path from the site's folder.
    package let path: String
    /// What it holds.
    package let text: String

    /// A file; its text ends in a line break.
    package init(_ path: String, _ text: String) {
        self.path = path
        self.text = text.hasSuffix("\n") ? text : text + "\n"
    }
}
