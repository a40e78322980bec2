// Writes tags and attributes into the page.
//
// A start tag with up to four attributes goes through one cursor that stays in a register: behind
// it there is always room for the tag, the names and the short values, and only a long value asks
// for more. In XML, and where something may be wrong, another and slower way is taken.

internal import CRenderState

extension PageWriter {
    // MARK: Elements

    /// Writes a start tag up to its last fixed attribute.
    @inline(never) @usableFromInline static func begin(
        _ tag: Padded, _ a: Attribute, _ b: Attribute, _ c: Attribute, _ d: Attribute
    ) -> PageWriter {
        let page = current
        if unsafe page.state.pointee.region.has(.unusual) {
            page.beginSlowly(tag, a, b, c, d)
            return page
        }
        var cursor = unsafe tag.put(at: page.room())
        unsafe page.put(a, at: &cursor)
        unsafe page.put(b, at: &cursor)
        unsafe page.put(c, at: &cursor)
        unsafe page.put(d, at: &cursor)
        unsafe page.state.pointee.cursor = unsafe cursor
        return page
    }

    /// Writes four more attributes.
    @inline(never) @usableFromInline func write(
        _ a: Attribute, _ b: Attribute, _ c: Attribute, _ d: Attribute
    ) {
        if isXML {
            for attribute in [a, b, c, d] { write(attribute) }
            return
        }
        var cursor = unsafe room()
        unsafe put(a, at: &cursor)
        unsafe put(b, at: &cursor)
        unsafe put(c, at: &cursor)
        unsafe put(d, at: &cursor)
        unsafe state.pointee.cursor = unsafe cursor
    }

    @inline(never) private func beginSlowly(
        _ tag: Padded, _ a: Attribute, _ b: Attribute, _ c: Attribute, _ d: Attribute
    ) {
        checkNothingPending()
        if unsafe state.pointee.region.has(.textOnly) {
            fault(.elementInText(tag.text + ">"))
        }
        unsafe state.pointee.cursor = tag.put(at: room())
        if unsafe state.pointee.region.has(.named) { writeComponentName() }
        for attribute in [a, b, c, d] { write(attribute) }
    }

    /// Says in an element which component wrote it, if it is one of its outermost.
    private func writeComponentName() {
        guard unsafe state.pointee.depth == state.pointee.topDepth,
            unsafe !state.pointee.region.has([.head, .fallback]),
            let component = unsafe state.pointee.component
        else { return }
        let id = ObjectIdentifier(component)
        // Without the types that it was specialised for.
        let name =
            unsafe state.pointee.typeNames[id] ?? String(typeName(component).prefix { $0 != "<" })
        unsafe state.pointee.typeNames[id] = name
        writeRaw(" data-sitegen-at=\"\(name)\"")
    }

    /// Writes one attribute.
    @inline(never) func write(_ attribute: Attribute) {
        let cursor = unsafe room()
        unsafe state.pointee.cursor =
            attribute.key == 0 ? cursor : putOther(attribute, at: cursor)
    }

    /// Writes the attributes past the fourth.
    @inline(never) @usableFromInline func write<Tag>(more attributes: [Attr<Tag>]) {
        for attribute in attributes { write(attribute.item) }
    }

    /// Ends a start tag, writes the content and the end tag.
    @inline(never) @usableFromInline func finish(
        _ endTag: Padded, _ region: Region, _ content: () -> HTML
    ) -> HTML {
        let outer = writeContent(region, content)
        unsafe state.pointee.cursor = endTag.put(at: room())
        return ended(outer)
    }

    /// Ends a start tag and writes the content; returns the region outside.
    @inline(__always) func writeContent(_ region: Region, _ content: () -> HTML) -> Region {
        // Whatever writes attributes leaves room for this.
        unsafe state.pointee.cursor.pointee = 0x3e
        unsafe state.pointee.cursor += 1
        let outer = unsafe state.pointee.region
        unsafe state.pointee.region = outer.entering(region)
        if enter() {
            _ = content()
            leave()
        }
        return outer
    }

    /// An element ended here, in a region, and waits for a builder to place it.
    @inline(__always) func ended(_ outer: Region) -> HTML {
        unsafe state.pointee.region = Region(rawValue: outer.rawValue | Region.pending.rawValue)
        return HTML(end: offset)
    }

    /// Ends the tag of an element that has no content.
    @inline(never) @usableFromInline func finishVoid() -> HTML {
        if isXML { write("/>") } else { write(byte: 0x3e) }
        return ended()
    }

    /// Goes one level down, unless that is too deep.
    @inline(__always) func enter() -> Bool {
        let depth = unsafe state.pointee.depth
        if depth >= MarkupLimits.nestingDepthMax {
            fault(.nestedTooDeep)
            return false
        }
        unsafe state.pointee.depth = depth &+ 1
        return true
    }

    @inline(__always) func leave() { unsafe state.pointee.depth &-= 1 }

    /// Writes a component's view, noting what it needs.
    @inline(__always) func write<C: Component>(_ component: C) {
        let outer = unsafe state.pointee.component
        unsafe state.pointee.component = C.self
        note(C.self)
        unsafe sitegen_enter_component(Self.address(of: C.self))
        if unsafe state.pointee.isObserved {
            observe(component)
        } else if enter() {
            place(component.view)
            leave()
        }
        sitegen_leave_component()
        unsafe state.pointee.component = outer
    }

    /// The same, noting how deep it is, and measured if there is a clock.
    @inline(never) private func observe<C: Component>(_ component: C) {
        guard enter() else { return }
        let outerTop = unsafe state.pointee.topDepth
        unsafe state.pointee.topDepth = state.pointee.depth
        if let clock = unsafe state.pointee.clock {
            measure(component, clock)
        } else {
            place(component.view)
        }
        unsafe state.pointee.topDepth = outerTop
        leave()
    }

    private func measure<C: Component>(_ component: C, _ clock: () -> UInt64) {
        let outer = unsafe state.pointee.costs.begin()
        let (start, time) = (offset, clock())
        place(component.view)
        let taken = clock() &- time
        unsafe state.pointee.costs.end(
            C.self, bytes: Int(offset - start), time: taken, outer: outer)
    }

    // MARK: Attributes

    /// Puts an attribute to where `MarkupLimits.slackBytes` are free for four; `.none` is nothing.
    @inline(__always) private func put(_ attribute: Attribute, at cursor: inout Cursor) {
        if attribute.kind == .text {
            unsafe cursor = copyPadded(attribute.name, attribute.length, to: cursor)
            unsafe cursor = putValue(attribute.value, at: cursor)
        } else if attribute.key != 0 {
            unsafe cursor = putOther(attribute, at: cursor)
        }
    }

    /// Puts an attribute of any kind, in any document.
    @inline(never) private func putOther(_ attribute: Attribute, at start: Cursor) -> Cursor {
        var cursor = unsafe start
        var kind = attribute.kind
        if kind.rawValue >= AttributeKind.named.rawValue {
            kind = checkedKind(attribute)
            unsafe putPrefix(of: kind, &cursor)
            unsafe cursor = copyName(attribute.name, attribute.length, to: cursor)
            unsafe putWord(0x223d, 2, &cursor)
        } else {
            unsafe cursor = copyPadded(attribute.name, attribute.length, to: cursor)
        }
        switch kind {
        case .url, .namedURL, .urls, .namedURLs:
            let isList = kind == .urls || kind == .namedURLs
            let base = unsafe state.pointee.basePath
            guard !base.isEmpty else {
                return unsafe putURL(attribute.value, isList: isList, at: cursor)
            }
            let value = attribute.value
            return unsafe putURL(
                isList ? listInFolder(base, value) : inFolder(base, value), isList: isList,
                at: cursor)
        case .flag:
            if isXML { unsafe putWord(0x22_223d, 3, &cursor) }
            return unsafe cursor
        default: break
        }
        if isXML {
            unsafe cursor = putLong(attribute.value, at: cursor, InXMLQuotes.self)
            unsafe putWord(0x22, 1, &cursor)
            return unsafe cursor
        }
        return unsafe putValue(attribute.value, at: cursor)
    }

    /// What stands before the name that an author gave.
    @inline(__always) private func putPrefix(of kind: AttributeKind, _ cursor: inout Cursor) {
        switch kind {
        case .data: unsafe putWord(0x2d_6174_6164_20, 6, &cursor)  // data-
        case .aria: unsafe putWord(0x2d_6169_7261_20, 6, &cursor)  // aria-
        default: unsafe putWord(0x20, 1, &cursor)
        }
    }

    /// Copies a name of up to `MarkupLimits.nameBytesMax` bytes.
    @inline(__always) private func copyName(
        _ start: UInt, _ count: Int, to target: Cursor
    ) -> Cursor {
        guard let from = unsafe UnsafePointer<UInt8>(bitPattern: start) else {
            return unsafe target
        }
        if count > 16 {
            unsafe target.update(from: from, count: count)
        } else {
            let to = UnsafeMutableRawPointer(target)
            unsafe to.storeBytes(of: tail(from, count), as: Vector.self)
        }
        return unsafe target + count
    }

    /// The kind of an attribute named by its author, its name having been checked.
    @inline(__always) private func checkedKind(_ attribute: Attribute) -> AttributeKind {
        let hash = (attribute.key &* 0x9e37_79b9_7f4a_7c15) >> 58
        let entry = unsafe state.pointee.names + Int(truncatingIfNeeded: hash)
        if unsafe entry.pointee.key != attribute.key {
            unsafe entry.pointee = KnownName(
                key: attribute.key, kind: checkName(of: attribute))
        }
        return unsafe entry.pointee.kind
    }

    /// Puts what stands for a URL that is not allowed.
    @inline(never) func putBlocked(at cursor: Cursor) -> Cursor {
        unsafe fault(.blockedURL(attribute: attributeBeingWritten(before: cursor)))
        var end = unsafe copy(blockedURL, to: cursor)
        unsafe putWord(0x22, 1, &end)
        return unsafe end
    }

    /// The tag and attribute at the end of the page, as `a href`; values have no `<` in them.
    private func attributeBeingWritten(before cursor: Cursor) -> String {
        var from = unsafe cursor
        while unsafe from > state.pointee.start && from[-1] != 0x3c { unsafe from -= 1 }
        let open = unsafe UnsafeBufferPointer(start: from, count: cursor - from)
        let tag = unsafe String(decoding: open.prefix { $0 != 0x20 }, as: UTF8.self)
        let lastSpace = unsafe open.lastIndex(of: 0x20) ?? 0
        let name = unsafe open[(lastSpace + 1)...].prefix { $0 != 0x3d }
        return unsafe "\(tag) \(String(decoding: name, as: UTF8.self))"
    }
}
