// Writes records: the other side of `RecordReader`.
//
// Texts and header blocks are written as numbers. Who writes a segment has numbered them before,
// who puts entries aside numbers them as they come.

import Hashing

/// Stands for the texts and header blocks of records by numbers.
protocol EntryNumbers: Sendable {
    mutating func number(of text: String) -> UInt32
    mutating func number(of block: HeaderBlock) -> UInt32
}

/// Writes records, one behind the other.
struct RecordWriter<Numbers: EntryNumbers>: RecordVisitor, Sendable {
    typealias Failure = Never

    private var writer: ByteWriter
    private(set) var numbers: Numbers

    /// Begins with no bytes.
    init(_ numbers: Numbers, capacity: Int = 0) {
        self.numbers = numbers
        writer = ByteWriter(capacity: capacity)
    }

    /// What was written.
    var bytes: [UInt8] { writer.bytes }

    /// Begins again; the numbers stay.
    mutating func removeAll() { writer.removeAll() }

    /// Writes a byte that is no part of a record.
    mutating func append(_ byte: UInt8) { writer.append(byte) }

    /// Writes a record.
    mutating func append(_ entry: Entry) {
        var entry = entry
        entry.fields(&self)
    }

    mutating func number<Number: FixedWidthInteger & UnsignedInteger>(_ value: inout Number) {
        writer.append(value)
    }

    mutating func code<Value: RecordCode>(_ value: inout Value) { writer.append(value.code) }

    mutating func digest(_ value: inout SHA256Digest) { writer.append(value) }

    mutating func digest(_ value: inout RowDigest) { writer.append(contentsOf: value.bytes) }

    mutating func text(_ value: inout String, _ field: RecordText) { writer.append(text: value) }

    mutating func pooled(_ value: inout String, _ field: RecordText) {
        writer.append(numbers.number(of: value))
    }

    mutating func pooled(_ value: inout String?, _ field: RecordText) {
        writer.append(value.map { numbers.number(of: $0) } ?? ManifestFormat.noText)
    }

    mutating func pooled(_ value: inout HeaderBlock) { writer.append(numbers.number(of: value)) }
}
