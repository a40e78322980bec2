import Groundwork

/// Finds paragraphs that end earlier than they are written to (HTML standard, section 13.2.6.4.7).
///
/// A `p`, a list or any other block ends the paragraph that it stands in. Its end tag, where it is
/// written, then belongs to nothing and makes an empty paragraph. A paragraph without an end tag is
/// none of this: there it ends as it was meant to.
struct ParagraphScan {
    /// The first element that ended a paragraph which had an end tag behind it.
    private(set) var brokenBy: String?
    /// One for each element that shuts its content off, the outermost first.
    private var scopes = [Scope()]

    private struct Scope {
        var isOpen = false
        /// The last element in front of which a paragraph ended.
        var endedBy: String?
    }

    /// What ends a paragraph.
    private static let blocks: Set<String> = [
        "address", "article", "aside", "blockquote", "center", "details", "dialog", "dir", "div",
        "dl", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
        "h6", "header", "hgroup", "hr", "main", "menu", "nav", "ol", "p", "pre", "search",
        "section", "summary", "table", "ul",
    ]
    /// What shuts its content off from the paragraph around it.
    private static let shutting: Set<String> = [
        "button", "caption", "foreignobject", "object", "table", "td", "template", "th",
    ]

    /// Takes the next tag.
    mutating func take(_ tag: HTMLTag) {
        if tag.isEnd {
            end(tag.name)
        } else {
            begin(tag.name)
        }
    }

    private mutating func begin(_ name: String) {
        if Self.blocks.contains(name), scopes[scopes.count - 1].isOpen {
            scopes[scopes.count - 1] = Scope(isOpen: false, endedBy: name)
        }
        if name == "p" { scopes[scopes.count - 1].isOpen = true }
        if Self.shutting.contains(name) { scopes.append(Scope()) }
    }

    private mutating func end(_ name: String) {
        if Self.shutting.contains(name), scopes.count > 1 { scopes.removeLast() }
        guard name == "p" else { return }
        let scope = scopes[scopes.count - 1]
        if !scope.isOpen, brokenBy == nil { brokenBy = scope.endedBy }
        scopes[scopes.count - 1].isOpen = false
    }
}
