// The page being written: a growing buffer and what is noted beside it.
//
// It lives behind a pointer and not in a class, because checking a class's fields for exclusive
// access took a third of the rendering time. Only the thread that renders ever sees it, through
// the thread-local pointer in CRenderState; rendering is synchronous, so it cannot change threads.

internal import CRenderState

/// The names of attributes written lately, by address, so that each is checked once.
struct KnownName {
    var key: UInt64 = 0
    var kind = AttributeKind.absent
}

/// A place in the page's buffer.
typealias Cursor = UnsafeMutablePointer<UInt8>

/// Everything that is known of a page while it is written.
@unsafe
struct PageState {
    var start: UnsafeMutablePointer<UInt8>
    var cursor: UnsafeMutablePointer<UInt8>
    /// The end of what may be used; `MarkupLimits.slackBytes` more are there for wide stores.
    var limit: UnsafeMutablePointer<UInt8>
    var depth: Int32 = 0
    var region: Region
    /// The page passed its limit: what is written from now on is thrown away.
    var overflowed = false
    var headEnd = -1
    var bodyEnd = -1
    /// Where content begins, behind the doctype.
    var contentStart = 0
    var component: (any Component.Type)?
    /// Types met lately, by a hash of their address; spares the registry's lock.
    var seen: UnsafeMutablePointer<UInt>
    /// Names of attributes that were found sound.
    var names: UnsafeMutablePointer<KnownName>
    var components = ComponentSet()
    var slots: [RenderedSlot] = []
    var faults: [RenderFault] = []
    /// The paths that `asset()` gave.
    var assets: Set<String> = []
    let environment: (any RenderEnvironment)?
    /// The folder of the site on its host; empty for none.
    let basePath: String
    /// Measures components; nil does not.
    let clock: (@Sendable () -> UInt64)?
    var costs = CostSheet()
    /// Whether each component is looked at: measured, or named in its elements.
    let isObserved: Bool
    /// How deep the outermost elements of the component that is being written are.
    var topDepth: Int32 = -1
    /// The names of the types that elements have had.
    var typeNames: [ObjectIdentifier: String] = [:]

    static let seenCount = 32
    static let namesCount = 64

    init(_ kind: DocumentKind, _ environment: (any RenderEnvironment)?) {
        let capacity = MarkupLimits.firstBufferBytes
        unsafe start = .allocate(capacity: capacity + MarkupLimits.slackBytes)
        unsafe cursor = unsafe start
        unsafe limit = unsafe start + capacity
        unsafe seen = .allocate(capacity: Self.seenCount)
        unsafe seen.initialize(repeating: 0, count: Self.seenCount)
        unsafe names = .allocate(capacity: Self.namesCount)
        unsafe names.initialize(repeating: KnownName(), count: Self.namesCount)
        unsafe region = kind == .xml ? .xml : .flow
        unsafe self.environment = environment
        unsafe basePath = environment?.basePath ?? ""
        unsafe clock = environment?.clock
        let names = kind == .html && environment?.namesComponents ?? false
        if names { unsafe region.insert(.named) }
        unsafe isObserved = names || clock != nil
    }

    /// Gives back the memory; nothing may be used afterwards.
    func deallocate() {
        unsafe start.deallocate()
        unsafe seen.deallocate()
        unsafe names.deallocate()
    }
}
