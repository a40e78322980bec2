// The page being written: a growing buffer and what is noted beside it.
//
// It lives behind a pointer and not in a class, because checking a class's fields for exclusive
// access took a third of the rendering time. Only the thread that renders ever sees it, through
// the thread-local pointer in CRenderState; rendering is synchronous, so it cannot change threads.

internal import CRenderState

/// What is to be known before anything is written: where in a document the writing is, as far as
/// it decides what may stand there, and what needs more than the short way.
@usableFromInline struct Region: OptionSet, Sendable {
    @usableFromInline let rawValue: UInt16

    @inlinable init(rawValue: UInt16) { self.rawValue = rawValue }

    @inlinable static var head: Region { Region(rawValue: 1) }
    @inlinable static var pre: Region { Region(rawValue: 2) }
    @inlinable static var textarea: Region { Region(rawValue: 4) }
    @inlinable static var title: Region { Region(rawValue: 8) }
    @inlinable static var select: Region { Region(rawValue: 16) }
    @inlinable static var svg: Region { Region(rawValue: 32) }
    @inlinable static var fallback: Region { Region(rawValue: 64) }
    @inlinable static var inert: Region { Region(rawValue: 128) }
    /// Directly in a table, its sections or rows; the one that elements inside do not inherit.
    @inlinable static var tableParts: Region { Region(rawValue: 256) }
    /// The whole document is XML.
    @inlinable static var xml: Region { Region(rawValue: 512) }
    /// An element has ended that no builder has placed yet.
    @inlinable static var pending: Region { Region(rawValue: 1024) }

    @inlinable static var flow: Region { [] }
    static let textOnly: Region = [.title, .textarea]
    /// Where a start tag has to be looked at more closely.
    static let unusual: Region = [.title, .textarea, .xml, .pending]

    /// The region inside an element that brings `inner` with it.
    @inline(__always) func entering(_ inner: Region) -> Region {
        Region(rawValue: rawValue & ~Region.tableParts.rawValue | inner.rawValue)
    }

    @inline(__always) func has(_ any: Region) -> Bool { rawValue & any.rawValue != 0 }
}

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
    /// The end of what may be used; `Limits.slackBytes` more are there for wide stores.
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
    let environment: (any RenderEnvironment)?
    /// Measures components; nil does not.
    let clock: (@Sendable () -> UInt64)?
    var costs = CostSheet()

    static let seenCount = 32
    static let namesCount = 64

    init(_ kind: DocumentKind, _ environment: (any RenderEnvironment)?) {
        let capacity = Limits.firstBufferBytes
        unsafe start = .allocate(capacity: capacity + Limits.slackBytes)
        unsafe cursor = unsafe start
        unsafe limit = unsafe start + capacity
        unsafe seen = .allocate(capacity: Self.seenCount)
        unsafe seen.initialize(repeating: 0, count: Self.seenCount)
        unsafe names = .allocate(capacity: Self.namesCount)
        unsafe names.initialize(repeating: KnownName(), count: Self.namesCount)
        unsafe region = kind == .xml ? .xml : .flow
        unsafe self.environment = environment
        unsafe clock = environment?.clock
    }

    /// Gives back the memory; nothing may be used afterwards.
    func deallocate() {
        unsafe start.deallocate()
        unsafe seen.deallocate()
        unsafe names.deallocate()
    }
}

/// A handle to the page that the current thread renders.
@safe @usableFromInline
struct Page {
    let state: UnsafeMutablePointer<PageState>

    init(state: UnsafeMutablePointer<PageState>) { unsafe self.state = unsafe state }

    /// The page that this thread renders; outside of `render` the program stops.
    @inline(__always) static var current: Page {
        guard let raw = unsafe sitegen_render_state() else { stopOutsideRender() }
        return unsafe Page(state: raw.assumingMemoryBound(to: PageState.self))
    }

    @inline(never) private static func stopOutsideRender() -> Never {
        stop("An element or component was written outside of `render { }`. Call it inside.")
    }

    /// Bytes written so far.
    @inline(__always) var offset: Int32 {
        unsafe Int32(truncatingIfNeeded: state.pointee.cursor - state.pointee.start)
    }

    @inline(__always) var isXML: Bool { unsafe state.pointee.region.has(.xml) }

    // MARK: Misuse

    /// Takes an element that a builder block found; it must be the last thing written.
    @inline(__always) func place(_ element: HTML) {
        if element.end != offset { misplaced() }
        unsafe state.pointee.region.remove(.pending)
    }

    /// Something is about to be written: the element before it must have been placed.
    @inline(__always) func checkNothingPending() {
        if unsafe state.pointee.region.has(.pending) { misplaced() }
    }

    /// An element ended here, and waits for a builder to place it.
    @inline(__always) func ended() -> HTML {
        unsafe state.pointee.region.insert(.pending)
        return HTML(end: offset)
    }

    @inline(never) private func misplaced() {
        if unsafe state.pointee.overflowed { return }
        let name = unsafe state.pointee.component.map { " in \(typeName($0))" } ?? ""
        stop(
            "This element was written where it was made, not here\(name). "
                + "Make it in the place it belongs to; to pass content, pass a closure.")
    }

    // MARK: Room

    /// The cursor, with `Limits.slackBytes` free behind it.
    @inline(__always) func room() -> Cursor {
        let cursor = unsafe state.pointee.cursor
        return unsafe cursor <= state.pointee.limit ? cursor : grow(0, cursor)
    }

    /// The cursor, with `count` bytes and `Limits.slackBytes` free behind it.
    @inline(__always) func room(_ count: Int, at cursor: Cursor) -> Cursor {
        unsafe state.pointee.limit - cursor >= count ? cursor : grow(count, cursor)
    }

    @inline(never) private func grow(_ count: Int, _ cursor: Cursor) -> Cursor {
        let used = unsafe cursor - state.pointee.start
        let capacity = unsafe state.pointee.limit - state.pointee.start
        if used + count > Limits.documentBytesMax {
            overflow()
            let start = unsafe state.pointee.start
            return unsafe state.pointee.limit - start < count ? grow(count, start) : start
        }
        let size = max(capacity * 2, used + count)
        let wider = Cursor.allocate(capacity: size + Limits.slackBytes)
        unsafe wider.update(from: state.pointee.start, count: used)
        unsafe state.pointee.start.deallocate()
        unsafe state.pointee.start = wider
        unsafe state.pointee.cursor = wider + used
        unsafe state.pointee.limit = wider + size
        return unsafe wider + used
    }

    private func overflow() {
        if unsafe !state.pointee.overflowed { fault(.documentTooLong) }
        unsafe state.pointee.overflowed = true
        unsafe state.pointee.cursor = unsafe state.pointee.start
    }

    // MARK: Writing

    /// Writes a literal of at most `Limits.slackBytes` bytes as it is.
    @inline(__always) func write(_ literal: StaticString) {
        unsafe state.pointee.cursor = copy(literal, to: room())
    }

    @inline(__always) func write(byte: UInt8) {
        let cursor = unsafe room()
        unsafe cursor.pointee = byte
        unsafe state.pointee.cursor = cursor + 1
    }

    /// Writes a string as it is.
    func writeRaw(_ text: String) {
        let page = self
        var text = text
        text.withUTF8 { bytes in
            guard let base = bytes.baseAddress else { return }
            var from = 0
            while from < bytes.count {
                let step = min(bytes.count - from, Limits.pieceBytesMax)
                let cursor = unsafe page.room(step, at: page.state.pointee.cursor)
                unsafe cursor.update(from: base + from, count: step)
                unsafe page.state.pointee.cursor = cursor + step
                from += step
            }
        }
    }
}
