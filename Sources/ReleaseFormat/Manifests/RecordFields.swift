// The fields of a record, which is one entry of a segment, in the order of their bytes.
//
// This is the one place that says them. A field that is added here is read, written, passed over
// by outlines, and collected and limited if it is a text; `ManifestFormat.version` says that
// segments have it. Flags and counts stand before what they speak of.

import ContentEncoding
import Hashing

extension Entry {
    /// Lends every field to a visitor, and takes what it puts in their places.
    mutating func fields<Visitor: RecordVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        // `RecordHead` knows these two.
        try visitor.text(&path, .path)
        try visitor.code(&kind)
        try visitor.code(&cachePolicy)
        try visitor.pooled(&contentType, .contentType)
        try visitor.pooled(&headers)
        try visitor.digest(&digest)
        if case .redirect(var target, let status) = kind {
            try visitor.text(&target, .target)
            kind = .redirect(to: target, status: status)
        }
        var forms = UInt8(representations.count)
        try visitor.number(&forms)
        try visitor.list(&representations, count: Int(forms))
        try sourceFields(&visitor)
        try visitor.slots(&slots)
    }

    private mutating func sourceFields<Visitor: RecordVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.pooled(&source.view, .view)
        try visitor.text(&source.key, .key)
        try visitor.pooled(&source.route, .route)
        var flags = SourceFlags(self)
        try visitor.code(&flags)
        source.isListed = flags.contains(.isListed)
        isProvisional = flags.contains(.isProvisional)
        if flags.contains(.hasRow) {
            var row = source.row ?? RowDigest(high: 0, low: 0)
            try visitor.digest(&row)
            source.row = row
        }
        if flags.contains(.hasDate) {
            var bits = UInt64(bitPattern: source.modified?.microseconds ?? 0)
            try visitor.number(&bits)
            source.modified = EntryDate(
                microseconds: Int64(bitPattern: bits), hasZone: flags.contains(.hasZone))
        }
        var assets = UInt8(source.assets.count)
        try visitor.number(&assets)
        try visitor.pooled(&source.assets, count: Int(assets), .assets)
        var reads = UInt16(source.reads.count)
        try visitor.number(&reads)
        try visitor.pooled(&source.reads, count: Int(reads), .reads)
    }
}

/// What is said of an entry, and of its source, by one bit each.
private struct SourceFlags: OptionSet, RecordCode {
    static let hasRow = Self(rawValue: 1)
    static let hasDate = Self(rawValue: 2)
    static let isListed = Self(rawValue: 4)
    /// Of a date.
    static let hasZone = Self(rawValue: 8)
    static let isProvisional = Self(rawValue: 16)

    static var unknown: String { "a source has unknown flags" }
    let rawValue: UInt8

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init?(code: UInt8) {
        guard code < 32 else { return nil }
        self.init(rawValue: code)
    }

    init(_ entry: Entry) {
        self = []
        if entry.source.row != nil { insert(.hasRow) }
        if entry.source.modified != nil { insert(.hasDate) }
        if entry.source.isListed { insert(.isListed) }
        if entry.source.modified?.hasZone == true { insert(.hasZone) }
        if entry.isProvisional { insert(.isProvisional) }
    }
}

extension Representation: RecordPart {
    static var blank: Self {
        Representation(coding: .identity, blob: .zero, length: 0)
    }

    mutating func fields<Visitor: RecordVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.code(&coding)
        try visitor.digest(&blob)
        var bytes = UInt32(length)
        try visitor.number(&bytes)
        length = Int(bytes)
    }
}

extension SlotTable {
    static var blank: Self {
        let layout = SlottedLayout(length: 0, crcOfBlank: 0, slots: [], identity: [], gzip: [])
        return SlotTable(layout: layout, bindings: [])
    }

    mutating func fields<Visitor: RecordVisitor>(
        behind head: SlotHead, _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        let count = Int(head.count)
        layout.takesTail = head.flags.contains(.takesTail)
        try visitor.number(&layout.length)
        try visitor.number(&layout.crcOfBlank)
        try visitor.list(&layout.slots, count: count)
        try visitor.list(&bindings, count: count + Int(head.tailCount))
        try visitor.list(&layout.gzip, count: count + 1)
        if head.flags.contains(.hasBrotli) {
            var runs = layout.brotli ?? []
            try visitor.list(&runs, count: count + 1)
            layout.brotli = runs
        }
        if layout.identity.isEmpty { layout.identity = Self.staticRuns(layout) }
    }

    /// What lies between the slots of the page; no record has it.
    private static func staticRuns(_ layout: SlottedLayout) -> [Range<UInt32>] {
        var start: UInt32 = 0
        var runs: [Range<UInt32>] = []
        for slot in layout.slots {
            // A slot out of order is refused by `SlottedLayout.validate`; here it must not trap.
            runs.append(start..<max(start, slot.start))
            start = slot.start &+ slot.capacity
        }
        runs.append(start..<max(start, layout.length))
        return runs
    }
}

extension SlotGeometry: RecordPart {
    /// A slot is filled up behind its fragment by `<!--` and spaces; there is no other form.
    static var form: UInt8 { 0 }

    static var blank: Self { SlotGeometry(start: 0, capacity: 0, fallbackCRC: 0) }

    mutating func fields<Visitor: RecordVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.number(&start)
        try visitor.number(&capacity)
        try visitor.number(&fallbackCRC)
        var form = Self.form
        try visitor.number(&form)
        try visitor.require(form == Self.form, "a form of slot is unknown")
    }
}

extension SlotBinding: RecordPart {
    static var blank: Self { SlotBinding(name: "", key: "", scope: .shared) }

    mutating func fields<Visitor: RecordVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.pooled(&name, .slot)
        try visitor.text(&key, .slotKey)
        var cookie = scope.cookie
        try visitor.pooled(&cookie, .cookie)
        scope = cookie.map { .perVisitor(cookie: $0) } ?? .shared
    }
}

extension Range: RecordPart where Bound == UInt32 {
    static var blank: Self { 0..<0 }

    mutating func fields<Visitor: RecordVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        var (lower, upper) = (lowerBound, upperBound)
        try visitor.number(&lower)
        try visitor.number(&upper)
        try visitor.require(lower <= upper, "a range is reversed")
        self = lower..<upper
    }
}

extension CachePolicy: RecordCode {
    static var unknown: String { "a cache policy is unknown" }
}

extension Coding: RecordCode {
    static var unknown: String { "a coding is unknown" }
}
