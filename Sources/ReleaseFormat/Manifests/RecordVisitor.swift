// What goes over the fields of a record: the reader, the writer, the outline, and whoever looks at
// its texts.
//
// The fields and their order are said once, in `RecordFields.swift`. A visitor is lent each value
// as far as it is known: one that reads puts what it read in its place, any other leaves it. Both
// are specialised where they meet, so that a list of fields costs nothing.

import Hashing

/// Goes over the fields of a record, in the order of their bytes.
protocol RecordVisitor {
    /// What stops it; `Never` for all that do not read bytes of which nothing is known.
    associatedtype Failure: Error

    /// A number, little-endian.
    mutating func number<Number: FixedWidthInteger & UnsignedInteger>(
        _ value: inout Number
    ) throws(Failure)

    /// One of few values, as a number in one byte.
    mutating func code<Value: RecordCode>(_ value: inout Value) throws(Failure)

    mutating func digest(_ value: inout SHA256Digest) throws(Failure)

    mutating func digest(_ value: inout RowDigest) throws(Failure)

    /// A text that stands in the record, behind its length in two bytes.
    mutating func text(_ value: inout String, _ field: RecordText) throws(Failure)

    /// A text that the segment has once, as its number in four bytes.
    mutating func pooled(_ value: inout String, _ field: RecordText) throws(Failure)

    /// The same, or `ManifestFormat.noText`.
    mutating func pooled(_ value: inout String?, _ field: RecordText) throws(Failure)

    /// So many of them.
    mutating func pooled(
        _ values: inout [String], count: Int, _ field: RecordText
    ) throws(Failure)

    /// A header block that the segment has once, as its number in four bytes.
    mutating func pooled(_ value: inout HeaderBlock) throws(Failure)

    /// The end of a record.
    mutating func slots(_ value: inout SlotTable?) throws(Failure)

    /// Refuses values that were read, unless this holds.
    mutating func require(_ holds: Bool, _ fault: @autoclosure () -> String) throws(Failure)
}

/// The texts of a record, for visitors that look for some.
enum RecordText {
    case path, contentType, target, view, key, route, assets, reads, slot, slotKey, cookie
}

/// A part of a record of which there may be several.
protocol RecordPart {
    /// What a reader begins with.
    static var blank: Self { get }

    mutating func fields<Visitor: RecordVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure)
}

/// One of few values that a record has as a number.
protocol RecordCode {
    /// Why bytes with another number are refused.
    static var unknown: String { get }
    var code: UInt8 { get }
    init?(code: UInt8)
}

extension RecordCode where Self: RawRepresentable, RawValue == UInt8 {
    var code: UInt8 { rawValue }
    init?(code: UInt8) { self.init(rawValue: code) }
}

extension RecordVisitor {
    /// So many parts; those that are not known yet follow the others.
    mutating func list<Part: RecordPart>(
        _ parts: inout [Part], count: Int
    ) throws(Failure) {
        for place in 0..<count {
            var part = place < parts.count ? parts[place] : Part.blank
            try part.fields(&self)
            if place == parts.count { parts.append(part) }
        }
    }

    mutating func pooled(
        _ values: inout [String], count: Int, _ field: RecordText
    ) throws(Failure) {
        for place in 0..<count {
            var value = place < values.count ? values[place] : ""
            try pooled(&value, field)
            if place == values.count { values.append(value) }
        }
    }

    mutating func slots(_ value: inout SlotTable?) throws(Failure) {
        var head = SlotHead(value)
        try head.fields(&self)
        guard head.flags.contains(.isSlotted) else { return }
        var table = value ?? .blank
        try table.fields(behind: head, &self)
        value = table
    }
}

extension RecordVisitor where Failure == Never {
    mutating func require(_ holds: Bool, _ fault: @autoclosure () -> String) {}
}

/// Looks at the texts of an entry, and at nothing else.
protocol RecordTextVisitor: RecordVisitor where Failure == Never {
    mutating func visit(_ text: String)
}

extension RecordTextVisitor {
    mutating func number<Number: FixedWidthInteger & UnsignedInteger>(_ value: inout Number) {}
    mutating func code<Value: RecordCode>(_ value: inout Value) {}
    mutating func digest(_ value: inout SHA256Digest) {}
    mutating func digest(_ value: inout RowDigest) {}
    mutating func text(_ value: inout String, _ field: RecordText) { visit(value) }
    mutating func pooled(_ value: inout String, _ field: RecordText) { visit(value) }
    mutating func pooled(_ value: inout String?, _ field: RecordText) {
        if let value { visit(value) }
    }
    mutating func pooled(_ value: inout HeaderBlock) {}
}
