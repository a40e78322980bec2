import Hashing

/// Appends values.
package struct ByteWriter {
    /// What was appended.
    package private(set) var bytes: [UInt8] = []

    /// Begins with no bytes.
    package init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    /// Begins again.
    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// One byte.
    package mutating func append(_ value: UInt8) { bytes.append(value) }

    /// A number, little-endian.
    mutating func append<Number: FixedWidthInteger & UnsignedInteger>(_ value: Number) {
        for place in 0..<Number.bitWidth / 8 {
            bytes.append(UInt8(truncatingIfNeeded: value &>> Number(8 * place)))
        }
    }

    mutating func append(_ digest: SHA256Digest) { bytes.append(contentsOf: digest.bytes) }

    /// Bytes as they are.
    package mutating func append(contentsOf more: [UInt8]) { bytes.append(contentsOf: more) }

    /// Bytes as they are.
    package mutating func append(contentsOf more: ArraySlice<UInt8>) {
        bytes.append(contentsOf: more)
    }

    /// A text of at most 65,535 bytes, after its length in two.
    package mutating func append(text: String) {
        append(UInt16(truncatingIfNeeded: text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    /// A text after its length in four bytes.
    mutating func append(longText: String) {
        append(UInt32(truncatingIfNeeded: longText.utf8.count))
        bytes.append(contentsOf: longText.utf8)
    }
}
