// Checks that a fragment's HTML stays inside its slot.
//
// A fragment is put into a page as it is, followed by a comment of padding. HTML that leaves a
// tag, an attribute or an element open would swallow that comment and the page after it, and an
// end tag too many would end an element of the page; a script or style is not in the page's
// Content-Security-Policy. `HTMLScan` reads the tags, and `FragmentNesting` follows what they open.

import Groundwork

/// The scan for faults.
package enum FragmentCheck {
    /// Elements with no place in a fragment: they run code, style the page, redirect its links or
    /// frames, or switch the tokenizer for good.
    private static let forbidden: Set<String> = [
        "script", "style", "base", "meta", "link", "iframe", "frame", "frameset", "object",
        "embed", "plaintext", "xmp", "noembed", "noframes", "noscript", "html", "head", "body",
        "title", "template",
    ]

    /// The first fault of a fragment's HTML; nil if it may be published and shown.
    package static func fault(in html: [UInt8]) -> FragmentFault? {
        guard html.count <= FragmentLimits.bytesMax else { return .tooLarge(bytes: html.count) }
        guard !html.contains(0), String(validating: html, as: UTF8.self) != nil else {
            return .notText
        }
        var scan = HTMLScan(html)
        var nesting = FragmentNesting()
        while let item = scan.next() {
            switch item {
            case .declaration: return .declaration
            case .comment(let isWhole): if !isWhole { return .unclosedComment }
            case .tag(let tag):
                if let fault = fault(of: tag) { return fault }
                if let fault = tag.isEnd ? nesting.end(tag.name) : nesting.begin(tag) {
                    return fault
                }
                if tag.name == "textarea", !tag.isEnd, scan.text(of: tag.name) == nil {
                    return .unclosedElement(tag.name)
                }
            }
        }
        return nesting.unclosed.map { .unclosedElement($0) }
    }

    /// What is wrong with a tag, wherever it stands.
    private static func fault(of tag: HTMLTag) -> FragmentFault? {
        if forbidden.contains(tag.name) { return .forbiddenElement(tag.name) }
        let handler = tag.attributes.first { $0.name.hasPrefix("on") && $0.name.utf8.count > 2 }
        if let handler { return .eventHandler(handler.name) }
        return tag.isWhole ? nil : .unclosedTag
    }
}
