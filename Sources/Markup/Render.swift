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
    /// The folder of the site on its host, such as `/shop`; empty, as usual, for none.
    var basePath: String { get }
    /// The fingerprinted path, as text, of a file under `public/`, or nil if there is no such file;
    /// without the folder of the site.
    func assetPath(_ path: String) -> String?
    /// A clock with which components are measured; nil, as usual, measures nothing.
    var clock: (@Sendable () -> UInt64)? { get }
    /// Whether the outermost elements of each component in a page have its type's name in
    /// `data-sitegen-at`, as a tool for its author wants; not in heads and in fallbacks of slots,
    /// whose size counts.
    var namesComponents: Bool { get }
}

extension RenderEnvironment {
    /// The site has the host for itself.
    public var basePath: String { "" }
    /// Nothing is measured.
    public var clock: (@Sendable () -> UInt64)? { nil }
    /// Nothing is named.
    public var namesComponents: Bool { false }
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
    inEnvironment(environment, kind, content).document
}

/// Makes a value by code that may ask its surroundings as components do, such as for `asset()`.
///
/// - Parameters:
///   - environment: answers; without one, paths stay as they are.
///   - work: makes the value.
/// - Returns: the value, and a document of which only `assets` and `faults` say anything.
package func evaluate<Value>(
    in environment: (any RenderEnvironment)?, _ work: () -> Value
) -> (value: Value, document: RenderedDocument) {
    inEnvironment(environment, .fragment, work)
}

private func inEnvironment<Value>(
    _ environment: (any RenderEnvironment)?, _ kind: DocumentKind, _ work: () -> Value
) -> (value: Value, document: RenderedDocument) {
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
    let value = work()
    unsafe sitegen_set_render_state(outer)
    let document = unsafe RenderedDocument(state.pointee)
    unsafe state.pointee.deallocate()
    unsafe state.deinitialize(count: 1)
    unsafe state.deallocate()
    return (value, document)
}

/// The fingerprinted URL of a file under `public/`, given by its path from there.
///
/// An unknown path is a fault, and its own address comes back; so it does, without a fault, if the
/// rendering has no environment.
public func asset(_ path: String) -> PageURL {
    let page = PageWriter.current
    guard let environment = unsafe page.state.pointee.environment else { return PagePath(path).url }
    if let known = environment.assetPath(path) {
        unsafe page.state.pointee.assets.insert(environment.basePath + known)
        return PagePath(known).url
    }
    page.fault(.unknownAsset(path))
    return PagePath(path).url
}

/// An address of this site as a whole URL, for feeds, canonical links and social cards.
///
/// It comes back without scheme and host if the rendering has no environment.
public func absoluteURL(_ address: some SiteAddress) -> String {
    let text = address.url.text
    guard let environment = unsafe PageWriter.current.state.pointee.environment else { return text }
    return environment.origin + inFolder(environment.basePath, text)
}

/// An address of this site as a browser on any of its pages takes it, for places where nobody else
/// knows that it is one: `.data("index", siteURL("/search.json"))`; `href` and its like know it.
///
/// It comes back as it is if the site has its host for itself.
public func siteURL(_ address: some SiteAddress) -> String {
    let base = unsafe PageWriter.current.state.pointee.environment?.basePath ?? ""
    return inFolder(base, address.url.text)
}

/// A path of this site, as text, as a browser takes it; what is encoded already is a `PageURL`.
public func siteURL(_ path: String) -> String { siteURL(PagePath(path)) }

/// A path of this site, as text, as a whole URL; what is encoded already is a `PageURL`.
public func absoluteURL(_ path: String) -> String { absoluteURL(PagePath(path)) }
