// Rendering: from components to the bytes of a document.
//
// The page is found through a thread-local pointer, so a rendering inside another saves and
// restores it. Nothing is read but the components and the environment.

internal import CRenderState

/// What kind of document is written.
public enum DocumentKind: Hashable, Sendable {
    /// A page; `<!DOCTYPE html>` comes first.
    case html
    /// A feed, a sitemap, an SVG file; the XML declaration comes first, and elements without
    /// content close themselves.
    case xml
    /// A part of a page; nothing comes first.
    case fragment
}

/// What a rendering may ask of its surroundings.
public protocol RenderEnvironment: AnyObject, Sendable {
    /// Where the document will be reached: scheme and host, without a slash at the end.
    var origin: String { get }
    /// The fingerprinted path, as text, of a file under `public/`, or nil if there is no such file.
    func assetPath(_ path: String) -> String?
    /// A clock with which components are measured; nil, as usual, measures nothing.
    var clock: (@Sendable () -> UInt64)? { get }
}

extension RenderEnvironment {
    /// Nothing is measured.
    public var clock: (@Sendable () -> UInt64)? { nil }
}

/// Renders a document.
///
/// The content is evaluated once, on the calling thread. Faults do not stop it: they are listed in
/// the result, and what they are about is left out or made harmless. See `MarkupLimits`.
///
/// - Parameters:
///   - kind: decides what is written first and how elements without content end.
///   - environment: answers `asset()`; without one, paths stay as they are.
///   - content: the document.
/// - Returns: the bytes, and what a build has to know of them.
public func render(
    _ kind: DocumentKind = .html, in environment: (any RenderEnvironment)? = nil,
    @HTMLBuilder _ content: () -> HTML
) -> RenderedDocument {
    let state = UnsafeMutablePointer<PageState>.allocate(capacity: 1)
    unsafe state.initialize(to: PageState(kind, environment))
    let page = unsafe PageWriter(state: state)
    switch kind {
    case .html: page.write("<!DOCTYPE html>")
    case .xml: page.write("<?xml version=\"1.0\" encoding=\"utf-8\"?>")
    case .fragment: break
    }
    unsafe state.pointee.contentStart = Int(page.offset)
    let outer = unsafe sitegen_render_state()
    unsafe sitegen_set_render_state(state)
    _ = content()
    unsafe sitegen_set_render_state(outer)
    let document = unsafe RenderedDocument(state.pointee)
    unsafe state.pointee.deallocate()
    unsafe state.deinitialize(count: 1)
    unsafe state.deallocate()
    return document
}

/// The fingerprinted URL of a file under `public/`, given by its path from there.
///
/// An unknown path is a fault, and its own address comes back; so it does, without a fault, if the
/// rendering has no environment.
public func asset(_ path: String) -> PageURL {
    let page = PageWriter.current
    guard let environment = unsafe page.state.pointee.environment else { return PagePath(path).url }
    if let known = environment.assetPath(path) {
        unsafe page.state.pointee.assets.insert(known)
        return PagePath(known).url
    }
    page.fault(.unknownAsset)
    return PagePath(path).url
}

/// An address of this site as a whole URL, for feeds, canonical links and social cards.
///
/// It comes back without scheme and host if the rendering has no environment.
public func absoluteURL(_ address: some SiteAddress) -> String {
    let text = address.url.text
    guard let environment = unsafe PageWriter.current.state.pointee.environment else { return text }
    return environment.origin + text
}

/// A path of this site, as text, as a whole URL; what is encoded already is a `PageURL`.
public func absoluteURL(_ path: String) -> String { absoluteURL(PagePath(path)) }
