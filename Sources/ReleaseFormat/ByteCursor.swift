// Numbers, texts and digests as bytes: the alphabet of the manifest's format.
//
// Numbers are little-endian. The reader checks every length before it believes it, so that any
// bytes at all give values or an error, never a trap and never a large allocation.

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

/// Reads values from a part of some bytes.
struct ByteReader {
    let bytes: [UInt8]
    private(set) var position: Int
    let end: Int

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    /// The bytes not read yet.
    var left: Int { end - position }

    mutating func byte() throws(ReleaseError) -> UInt8 {
        let start = try take(1)
        return bytes[start]
    }

    mutating func short() throws(ReleaseError) -> UInt16 {
        let start = try take(2)
        return UInt16(bytes[start]) | UInt16(bytes[start + 1]) << 8
    }

    mutating func word() throws(ReleaseError) -> UInt32 {
        let start = try take(4)
        return UInt32(bytes[start]) | UInt32(bytes[start + 1]) << 8
            | UInt32(bytes[start + 2]) << 16 | UInt32(bytes[start + 3]) << 24
    }

    mutating func digest() throws(ReleaseError) -> SHA256Digest {
        let start = try take(SHA256Digest.byteCount)
        guard let digest = SHA256Digest(bytes: bytes[start..<position]) else {
            throw .manifestInvalid(reason: "a digest is not whole")
        }
        return digest
    }

    /// Passes over the first bytes of a file, which say what it is and in which version.
    mutating func expect(_ magic: [UInt8], version: UInt32) throws(ReleaseError) {
        for byte in magic {
            guard try self.byte() == byte else {
                throw .manifestInvalid(reason: "it is another kind of file")
            }
        }
        let found = try word()
        guard found == version else {
            throw .manifestInvalid(reason: "it has version \(found), not \(version)")
        }
    }

    /// A text of a length read before; must be UTF-8 and within the limit of texts.
    mutating func text(count: Int) throws(ReleaseError) -> String {
        guard count <= ReleaseLimits.textBytesMax else {
            throw .manifestInvalid(reason: "a text is longer than its limit")
        }
        let start = try take(count)
        guard let text = String(validating: bytes[start..<position], as: UTF8.self) else {
            throw .manifestInvalid(reason: "a text is not UTF-8")
        }
        return text
    }

    /// A text after its length in two bytes.
    mutating func text() throws(ReleaseError) -> String {
        let count = Int(try short())
        return try text(count: count)
    }

    /// Passes over bytes and gives the position of the first.
    mutating func take(_ count: Int) throws(ReleaseError) -> Int {
        guard count >= 0, count <= left else {
            throw .manifestInvalid(reason: "it ends inside a value")
        }
        position += count
        return position - count
    }
}
