// What a rendering yields: bytes, and what is to be known of them.
//
// One run of bytes holds the whole page with every slot's fallback in place; slots are ranges of
// it. Styles and scripts are not in it yet: `headEnd` and `bodyEnd` say where they belong.

/// A rendered document.
public struct RenderedDocument: Sendable {
    /// The document in UTF-8, with each slot's fallback in place, without collected styles and
    /// scripts.
    public var bytes: [UInt8]
    /// The slots in document order; they never overlap.
    public var slots: [RenderedSlot]
    /// The offset just before `</head>`, where styles go; nil if there is no head.
    public var headEnd: Int?
    /// The offset just before `</body>`, where scripts go; nil if there is no body.
    public var bodyEnd: Int?
    /// The components met that have styles or a script.
    public var components: ComponentSet
    /// The fingerprinted paths that `asset()` gave, as text, sorted: the files of public/ that the
    /// document depends on.
    public var assets: [String]
    /// What each component cost, by name; none unless the environment has a clock.
    public var costs: [ComponentCost]
    /// What was wrong, in order; a build fails on any.
    public var faults: [RenderFault]

    /// Where content begins, behind a doctype.
    private var contentStart: Int

    init(_ state: borrowing PageState) {
        let overflowed = unsafe state.overflowed
        let count = unsafe overflowed ? 0 : state.cursor - state.start
        let start = unsafe state.start
        unsafe bytes = Array(unsafeUninitializedCapacity: count) { buffer, filled in
            if let base = buffer.baseAddress { unsafe base.update(from: start, count: count) }
            filled = count
        }
        slots = unsafe overflowed ? [] : state.slots
        headEnd = unsafe overflowed || state.headEnd < 0 ? nil : state.headEnd
        bodyEnd = unsafe overflowed || state.bodyEnd < 0 ? nil : state.bodyEnd
        contentStart = unsafe overflowed ? 0 : state.contentStart
        components = unsafe state.components
        faults = unsafe state.faults
        assets = unsafe state.assets.sorted()
        costs = unsafe state.clock == nil ? [] : state.costs.all
    }

    /// The document with styles put in before `</head>` and scripts before `</body>`.
    ///
    /// A document without head gets the styles first of all, behind its doctype; one without body
    /// gets the scripts last of all. Slots and offsets move along; a second insertion goes behind
    /// the first.
    public consuming func inserting(headEnd head: [UInt8], bodyEnd body: [UInt8])
        -> RenderedDocument
    {
        if head.isEmpty && body.isEmpty { return self }
        let first = headEnd ?? contentStart
        let second = max(first, bodyEnd ?? bytes.count)
        var joined: [UInt8] = []
        joined.reserveCapacity(bytes.count + head.count + body.count)
        joined += bytes[..<first]
        joined += head
        joined += bytes[first..<second]
        joined += body
        joined += bytes[second...]
        bytes = joined
        for index in slots.indices {
            let range = slots[index].range
            let shift =
                (range.lowerBound >= first ? head.count : 0)
                + (range.lowerBound >= second ? body.count : 0)
            slots[index].range = (range.lowerBound + shift)..<(range.upperBound + shift)
        }
        if headEnd == nil { contentStart += head.count }
        headEnd = headEnd.map { $0 + head.count }
        bodyEnd = bodyEnd.map { $0 + head.count + body.count }
        return self
    }
}

/// A slot of a rendered document.
public struct RenderedSlot: Hashable, Sendable {
    /// What fills it.
    public var descriptor: SlotDescriptor
    /// Where its fallback stands in the document's bytes.
    public var range: Range<Int>
}

extension PageWriter {
    /// Notes that something is wrong with the page.
    @inline(never) func fault(_ reason: RenderFault.Reason) {
        guard unsafe state.pointee.faults.count < MarkupLimits.faultsMax else { return }
        let component = unsafe state.pointee.component.map { typeName($0) }
        unsafe state.pointee.faults.append(RenderFault(reason: reason, component: component))
    }
}
