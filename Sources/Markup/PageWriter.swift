internal import CRenderState

/// A handle to the page that the current thread renders.
@safe @usableFromInline
struct PageWriter {
    let state: UnsafeMutablePointer<PageState>

    init(state: UnsafeMutablePointer<PageState>) { unsafe self.state = unsafe state }

    /// The page that this thread renders; outside of `render` the program stops.
    @inline(__always) static var current: PageWriter {
        guard let raw = unsafe sitegen_render_state() else { stopOutsideRender() }
        return unsafe PageWriter(state: raw.assumingMemoryBound(to: PageState.self))
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

    /// The cursor, with `MarkupLimits.slackBytes` free behind it.
    @inline(__always) func room() -> Cursor {
        let cursor = unsafe state.pointee.cursor
        return unsafe cursor <= state.pointee.limit ? cursor : grow(0, cursor)
    }

    /// The cursor, with `count` bytes and `MarkupLimits.slackBytes` free behind it.
    @inline(__always) func room(_ count: Int, at cursor: Cursor) -> Cursor {
        unsafe state.pointee.limit - cursor >= count ? cursor : grow(count, cursor)
    }

    @inline(never) private func grow(_ count: Int, _ cursor: Cursor) -> Cursor {
        let used = unsafe cursor - state.pointee.start
        let capacity = unsafe state.pointee.limit - state.pointee.start
        if used + count > MarkupLimits.documentBytesMax {
            overflow()
            let start = unsafe state.pointee.start
            return unsafe state.pointee.limit - start < count ? grow(count, start) : start
        }
        let size = max(capacity * 2, used + count)
        let wider = Cursor.allocate(capacity: size + MarkupLimits.slackBytes)
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

    /// Writes a literal of at most `MarkupLimits.slackBytes` bytes as it is.
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
                let step = min(bytes.count - from, MarkupLimits.pieceBytesMax)
                let cursor = unsafe page.room(step, at: page.state.pointee.cursor)
                unsafe cursor.update(from: base + from, count: step)
                unsafe page.state.pointee.cursor = cursor + step
                from += step
            }
        }
    }
}
