internal import Groundwork

/// Something wrong with a rendered document.
///
/// It names the component, never a value of a row, unless that is an address of the site.
public struct RenderFault: Hashable, Sendable {
    /// What can be wrong.
    public enum Reason: Hashable, Sendable {
        /// A URL with a scheme other than http, https, mailto and tel was replaced by
        /// `about:blank#blocked`; `attribute` is such as `a href`.
        case blockedURL(attribute: String)
        /// `asset()` was asked for a file that is not under `public/`; the path was kept.
        case unknownAsset(String)
        /// A slot stands where it cannot be filled; its fallback was kept as static content.
        case misplacedSlot(name: String, inside: String)
        /// There are more slots than `MarkupLimits.slotsMax`; the rest were kept as static content.
        case tooManySlots
        /// An element stands inside a `title` or `textarea`, which hold text only.
        case elementInText(String)
        /// The document passed `MarkupLimits.documentBytesMax` and was thrown away.
        case documentTooLong
        /// Elements are nested deeper than `MarkupLimits.nestingDepthMax`; the content was left
        /// out.
        case nestedTooDeep
        /// A number that JSON has no notation for was written as `null`.
        case notANumber
    }

    /// What was wrong.
    public var reason: Reason
    /// The component being written, with its module; nil outside of any.
    public var component: String?
}

extension RenderFault: CustomStringConvertible {
    /// What happened and what to change, in one line.
    public var description: String { "\(component ?? "the document"): \(reason)" }
}

extension RenderFault.Reason: CustomStringConvertible {
    /// What happened and what to change, in one line.
    public var description: String {
        switch self {
        case .blockedURL(let attribute):
            "the URL in `\(attribute)` has a scheme that is not allowed; "
                + "use http, https, mailto, tel or none"
        case .unknownAsset(let path):
            "`asset()` names `\(PrintableText.of(path))`, which is no file under public/; "
                + "add the file or correct the path"
        case .misplacedSlot(let name, let inside):
            "slot `\(name)` stands inside \(inside), where it cannot be filled; "
                + (inside == "a pre" ? "place it `.tail` or move it outside" : "move it outside")
        case .tooManySlots:
            "the document has more than \(MarkupLimits.slotsMax) slots; join some of them"
        case .elementInText(let tag):
            "\(tag) stands inside a title or textarea, which hold text only; move it outside"
        case .documentTooLong:
            "the document is longer than \(MarkupLimits.documentBytesMax) bytes; split it"
        case .nestedTooDeep:
            "elements are nested deeper than \(MarkupLimits.nestingDepthMax); "
                + "look for a component that contains itself"
        case .notANumber:
            "`json()` holds a number that is infinite or not a number; give it a value"
        }
    }
}
