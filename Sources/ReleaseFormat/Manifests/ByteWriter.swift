import Hashing

/// Appends values.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    mutating func append(_ value: UInt8) { bytes.append(value) }

    mutating func append(_ value: UInt16) {
        bytes.append(UInt8(truncatingIfNeeded: value))
        bytes.append(UInt8(truncatingIfNeeded: value >> 8))
    }

    mutating func append(_ value: UInt32) {
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    mutating func append(_ digest: SHA256Digest) { bytes.append(contentsOf: digest.bytes) }

    mutating func append(contentsOf more: [UInt8]) { bytes.append(contentsOf: more) }

    mutating func append(contentsOf more: ArraySlice<UInt8>) { bytes.append(contentsOf: more) }

    /// A text of at most 65,535 bytes, after its length in two.
    mutating func append(text: String) {
        append(UInt16(truncatingIfNeeded: text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    /// A text after its length in four bytes.
    mutating func append(longText: String) {
        append(UInt32(truncatingIfNeeded: longText.utf8.count))
        bytes.append(contentsOf: longText.utf8)
    }
}
