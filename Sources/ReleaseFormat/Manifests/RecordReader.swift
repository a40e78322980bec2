// Reads records. Whatever the bytes are, what comes is an entry or an error: see `ByteReader`.
//
// Whether the parts of an entry agree is not its business; that is `Entry.check`.

import Hashing

/// Reads the records of one segment.
struct RecordReader: RecordVisitor {
    private var bytes: ByteReader
    private let texts: [String]
    private let blocks: [HeaderBlock]

    /// Begins at the beginning of a range, with what numbers stand for.
    init(_ bytes: [UInt8], _ range: Range<Int>, texts: [String], blocks: [HeaderBlock]) {
        self.bytes = ByteReader(bytes, range)
        self.texts = texts
        self.blocks = blocks
    }

    /// Where the next record begins.
    var position: Int { bytes.position }

    /// The bytes not read yet.
    var left: Int { bytes.left }

    /// Reads one record.
    mutating func entry() throws(ReleaseError) -> Entry {
        var entry = Entry.blank
        try entry.fields(&self)
        return entry
    }

    mutating func number<Number: FixedWidthInteger & UnsignedInteger>(
        _ value: inout Number
    ) throws(ReleaseError) {
        value = try bytes.number()
    }

    mutating func code<Value: RecordCode>(_ value: inout Value) throws(ReleaseError) {
        guard let read = Value(code: try bytes.byte()) else {
            throw .manifestInvalid(reason: Value.unknown)
        }
        value = read
    }

    mutating func digest(_ value: inout SHA256Digest) throws(ReleaseError) {
        value = try bytes.digest()
    }

    mutating func digest(_ value: inout RowDigest) throws(ReleaseError) {
        value = try bytes.rowDigest()
    }

    mutating func text(_ value: inout String, _ field: RecordText) throws(ReleaseError) {
        value = try bytes.text()
    }

    mutating func pooled(_ value: inout String, _ field: RecordText) throws(ReleaseError) {
        value = try text(numbered: try bytes.word())
    }

    mutating func pooled(_ value: inout String?, _ field: RecordText) throws(ReleaseError) {
        let number = try bytes.word()
        value = number == ManifestFormat.noText ? nil : try text(numbered: number)
    }

    mutating func pooled(_ value: inout HeaderBlock) throws(ReleaseError) {
        let number = try bytes.word()
        guard number < blocks.count else {
            throw .manifestInvalid(reason: "a header block is missing")
        }
        value = blocks[Int(number)]
    }

    mutating func require(
        _ holds: Bool, _ fault: @autoclosure () -> String
    ) throws(ReleaseError) {
        guard holds else { throw .manifestInvalid(reason: fault()) }
    }

    private func text(numbered number: UInt32) throws(ReleaseError) -> String {
        guard number < texts.count else { throw .manifestInvalid(reason: "a text is missing") }
        return texts[Int(number)]
    }
}
