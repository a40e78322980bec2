// Slots: the places of a page that are filled when it is served.
//
// A slot writes its fallback and notes the range; the page is complete without being filled. A
// filled slot is bytes put into a stream, so it cannot stand where a browser would read what pads
// or marks it as text, or move it elsewhere. The value of an attribute is a String, which no slot
// fits into.

/// Where the bytes of a slot's fragment stand in the answer.
public enum SlotPlacement: Hashable, Sendable {
    /// In the slot's place, so that every client sees it there.
    ///
    /// `capacity` is the most bytes that the slot takes in the page, the fragment and what pads
    /// it: 20 bytes more than the longest fragment, at most 65,536. nil derives it from the
    /// fallback: twice its length, at least 256 bytes.
    case inline(capacity: Int? = nil)
    /// Behind the page; the browser moves it into the slot's place, or a script does.
    ///
    /// It has no capacity. Who runs neither (a crawler, an old browser without scripts) sees the
    /// fallback.
    case tail
}

/// Whom the content of a slot is for.
public enum SlotScope: Hashable, Sendable {
    /// Everybody sees the same.
    case shared
    /// Each value of the cookie sees its own, which makes the page private.
    case perVisitor(cookie: String)
}

/// A place that is filled when the page is served.
///
/// It may stand where any element may, but not inside a head, title, textarea, select, template,
/// svg or another slot's fallback, not directly in a table, its sections or rows, not in an XML
/// document, and inside a pre only with the placement `.tail`, since spaces show there. Anything
/// else is a fault, and the fallback stays.
///
/// - Parameters:
///   - descriptor: what fills it.
///   - components: those that the filled fragment uses, so that the page carries their styles.
///   - fallback: what the page shows when the slot is not filled.
/// - Returns: the fallback, written.
public func slot(
    _ descriptor: SlotDescriptor, uses components: [any Component.Type] = [],
    @HTMLBuilder fallback: () -> HTML
) -> HTML {
    let page = PageWriter.current
    page.checkNothingPending()
    let outer = unsafe page.state.pointee.region
    let obstacle =
        outer.has(.xml) ? "an XML document" : outer.slotObstacle(descriptor.placement)
    if let obstacle { page.fault(.misplacedSlot(name: descriptor.name, inside: obstacle)) }
    for component in components { page.note(component) }
    let start = Int(page.offset)
    unsafe page.state.pointee.region = outer.entering(.fallback)
    _ = fallback()
    unsafe page.state.pointee.region = outer
    if unsafe obstacle == nil && !page.state.pointee.overflowed {
        if unsafe page.state.pointee.slots.count < MarkupLimits.slotsMax {
            let range = start..<Int(page.offset)
            unsafe page.state.pointee.slots.append(
                RenderedSlot(descriptor: descriptor, range: range))
        } else {
            page.fault(.tooManySlots)
        }
    }
    return page.ended()
}

extension Region {
    /// Why no slot can stand here, or nil if one can.
    fileprivate func slotObstacle(_ placement: SlotPlacement) -> String? {
        let place = subtracting(.named)
        if place.isEmpty || place == .pre && placement == .tail { return nil }
        if contains(.fallback) { return "another slot's fallback" }
        if contains(.tableParts) { return "a table outside of its cells" }
        if contains(.title) { return "a title" }
        if contains(.head) { return "the head" }
        if contains(.textarea) { return "a textarea" }
        if contains(.pre), placement != .tail { return "a pre" }
        if contains(.select) { return "a select" }
        if contains(.svg) { return "an svg" }
        return "a template or noscript"
    }
}
