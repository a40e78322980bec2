/// A directive that takes sources (CSP Level 3, sections 6.1 to 6.4).
package enum SourceDirective: String, Sendable, Hashable, CaseIterable {
    /// What nothing else says.
    case defaultSource = "default-src"
    /// Scripts.
    case script = "script-src"
    /// Style sheets and style elements.
    case style = "style-src"
    /// Images.
    case image = "img-src"
    /// Fonts.
    case font = "font-src"
    /// `fetch`, WebSockets and beacons.
    case connect = "connect-src"
    /// Audio and video.
    case media = "media-src"
    /// Frames inside the page.
    case frame = "frame-src"
    /// The web application manifest.
    case manifest = "manifest-src"
    /// Workers and service workers.
    case worker = "worker-src"
    /// Plug-ins.
    case object = "object-src"
    /// The `base` element.
    case base = "base-uri"
    /// Where forms are sent.
    case formAction = "form-action"
    /// Who may show the page in a frame.
    case frameAncestors = "frame-ancestors"

    /// Whether the directive's sources may be digests of inline text.
    var takesHashes: Bool { self == .script || self == .style || self == .defaultSource }
}
