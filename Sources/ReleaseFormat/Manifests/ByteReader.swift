// Numbers, texts and digests as bytes: the alphabet of the manifest's format.
//
// Numbers are little-endian. The reader checks every length before it believes it, so that any
// bytes at all give values or an error, never a trap and never a large allocation.

import Hashing

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
