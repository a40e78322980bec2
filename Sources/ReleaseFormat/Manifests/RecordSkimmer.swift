// Passes over a record: what is small is read, texts are places, and the slots are counted.
//
// The record was checked when the manifest was loaded, so nothing here can fail.

import ContentEncoding
import Hashing

/// Reads the small fields of a record, and finds the texts that an outline may be asked for.
struct RecordSkimmer: RecordVisitor {
    typealias Failure = Never

    private let bytes: [UInt8]
    private var place: Int

    private(set) var path = 0..<0
    private(set) var key = 0..<0
    /// The numbers of pooled texts.
    private(set) var view = 0
    private(set) var route = 0
    /// Where the numbers of pooled texts are.
    private(set) var assets = 0..<0
    private(set) var reads = 0..<0
    private(set) var slotCount = 0

    init(_ bytes: [UInt8], at place: Int) {
        self.bytes = bytes
        self.place = place
    }

    /// A number of four bytes.
    static func word(_ bytes: [UInt8], at place: Int) -> Int {
        Int(bytes[place]) | Int(bytes[place + 1]) << 8 | Int(bytes[place + 2]) << 16
            | Int(bytes[place + 3]) << 24
    }

    /// The entry, but for its texts, header block and slots.
    mutating func entry() -> Entry {
        var entry = Entry.blank
        entry.fields(&self)
        return entry
    }

    mutating func number<Number: FixedWidthInteger & UnsignedInteger>(_ value: inout Number) {
        value = 0
        for shift in 0..<Number.bitWidth / 8 {
            value |= Number(truncatingIfNeeded: bytes[place + shift]) &<< Number(8 * shift)
        }
        place += Number.bitWidth / 8
    }

    mutating func code<Value: RecordCode>(_ value: inout Value) {
        if let read = Value(code: bytes[place]) { value = read }
        place += 1
    }

    mutating func digest(_ value: inout SHA256Digest) {
        let end = place + SHA256Digest.byteCount
        if let read = SHA256Digest(bytes: bytes[place..<end]) { value = read }
        place = end
    }

    mutating func digest(_ value: inout RowDigest) {
        let end = place + RowDigest.byteCount
        if let read = RowDigest(bytes: bytes[place..<end]) { value = read }
        place = end
    }

    mutating func text(_ value: inout String, _ field: RecordText) {
        let start = place + 2
        place = start + (Int(bytes[place]) | Int(bytes[place + 1]) << 8)
        switch field {
        case .path: path = start..<place
        case .key: key = start..<place
        default: break
        }
    }

    mutating func pooled(_ value: inout String, _ field: RecordText) {
        switch field {
        case .view: view = Self.word(bytes, at: place)
        case .route: route = Self.word(bytes, at: place)
        default: break
        }
        place += 4
    }

    mutating func pooled(_ values: inout [String], count: Int, _ field: RecordText) {
        let numbers = place..<place + 4 * count
        switch field {
        case .assets: assets = numbers
        case .reads: reads = numbers
        default: break
        }
        place = numbers.upperBound
    }

    mutating func pooled(_ value: inout String?, _ field: RecordText) { place += 4 }

    mutating func pooled(_ value: inout HeaderBlock) { place += 4 }

    /// Counts them; nothing follows.
    mutating func slots(_ value: inout SlotTable?) {
        var head = SlotHead(nil)
        head.fields(&self)
        slotCount = Int(head.count) + Int(head.tailCount)
    }
}
