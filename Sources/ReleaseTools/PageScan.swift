// The start tags of a finished page, for checking: addresses, texts, styles and scripts.
//
// `HTMLScan` knows the grammar; here character references are resolved, and what is malformed is
// passed over, since the pages are this project's own.

import Groundwork

/// A start tag with its attributes, and the text inside where only text can be.
struct PageTag {
    /// The name in lower case.
    let name: String
    /// Names in lower case, values with character references resolved.
    let attributes: [(name: String, value: String)]
    /// What stands inside a script, style, title or textarea; empty for others.
    let text: ArraySlice<UInt8>

    /// The value of an attribute; nil when it is not there.
    subscript(_ name: String) -> String? { attributes.first { $0.name == name }?.value }
}

/// Goes through the start tags of a page.
struct PageScan {
    private var scan: HTMLScan
    /// The paragraphs up to here.
    private(set) var paragraphs = ParagraphScan()
    private static let textElements: Set<String> = ["script", "style", "title", "textarea"]

    init(_ bytes: [UInt8]) { scan = HTMLScan(bytes) }

    /// The next start tag; nil at the end.
    mutating func next() -> PageTag? {
        while let item = scan.next() {
            guard case .tag(let tag) = item, tag.isWhole else { continue }
            paragraphs.take(tag)
            guard !tag.isEnd else { continue }
            let holdsText = Self.textElements.contains(tag.name)
            return PageTag(
                name: tag.name,
                attributes: tag.attributes.map {
                    ($0.name, CharacterReferences.resolved($0.value))
                },
                text: holdsText ? scan.text(of: tag.name) ?? [] : [])
        }
        return nil
    }
}
