/// What is wrong with a fragment's HTML.
package enum FragmentFault: Equatable, Sendable {
    /// Larger than `FragmentLimits.bytesMax`; `bytes` is its size.
    case tooLarge(bytes: Int)
    /// An element that no fragment may hold, such as `script`.
    case forbiddenElement(String)
    /// An attribute that runs script, such as `onclick`.
    case eventHandler(String)
    /// A comment without `-->`.
    case unclosedComment
    /// `<!` that begins no comment, such as `<![CDATA[`, which ends elsewhere inside `svg`.
    case declaration
    /// An element whose text is markup inside `svg` or `math`, behind the start of one of them.
    case elementInForeignContent(String)
    /// A tag or a quoted attribute value without an end.
    case unclosedTag
    /// An element without its end tag.
    case unclosedElement(String)
    /// An end tag of an element that the fragment has not open.
    case strayEndTag(String)
    /// An end tag while another element is open inside of its own.
    case wrongNesting(outer: String, inner: String)
    /// An element where a browser would end another for it, or move or ignore it; `in` is what it
    /// stands in, empty for the fragment itself.
    case misplacedElement(String, in: String)
    /// Elements in elements beyond `FragmentLimits.nestingMax`.
    case tooDeep
    /// Bytes that are not UTF-8, or NUL.
    case notText
}

extension FragmentFault: CustomStringConvertible {
    /// What is wrong and what to change.
    package var description: String {
        switch self {
        case .tooLarge(let bytes):
            "It has \(bytes) bytes; write at most \(FragmentLimits.bytesMax)."
        case .forbiddenElement(let name): "It holds <\(name)>; move that into the page."
        case .eventHandler(let name): "It has the attribute \(name); move that into a script."
        case .unclosedComment: "It holds a comment without -->; close it."
        case .declaration: "It holds <! without --; write < as &lt; or leave it out."
        case .elementInForeignContent(let name):
            "It holds <\(name)> inside <svg> or <math>; move it out of them."
        case .unclosedTag: "It ends inside a tag; close the tag and its quotes."
        case .unclosedElement(let name): "It holds <\(name)> without </\(name)>; close it."
        case .strayEndTag(let name): "It holds </\(name)> without <\(name)>; leave it out."
        case .wrongNesting(let outer, let inner):
            "It holds </\(outer)> while <\(inner)> is open; close <\(inner)> before."
        case .misplacedElement(let name, in: let parent):
            "It holds <\(name)> \(parent.isEmpty ? "outside of its table" : "inside <\(parent)>"), "
                + "where browsers do not leave it; move it."
        case .tooDeep:
            "Its elements nest deeper than \(FragmentLimits.nestingMax); write it flatter."
        case .notText: "It is not UTF-8 text; encode it."
        }
    }
}
