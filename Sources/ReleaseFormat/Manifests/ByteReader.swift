// Numbers, texts and digests as bytes: the alphabet of the manifest's format.
//
// Numbers are little-endian. The reader checks every length before it believes it, so that any
// bytes at all give values or an error, never a trap and never a large allocation.

import Hashing

/// Reads values from a part of some bytes.
package struct ByteReader {
    let bytes: [UInt8]
    /// Where the next value begins.
    package private(set) var position: Int
    let end: Int

    /// Begins at the beginning of a range.
    package init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    /// The bytes not read yet.
    var left: Int { end - position }

    mutating func byte() throws(ReleaseError) -> UInt8 { try number() }
    mutating func short() throws(ReleaseError) -> UInt16 { try number() }
    mutating func word() throws(ReleaseError) -> UInt32 { try number() }

    mutating func number<Number: FixedWidthInteger & UnsignedInteger>()
        throws(ReleaseError) -> Number
    {
        let count = Number.bitWidth / 8
        let start = try take(count)
        var number: Number = 0
        for place in 0..<count {
            number |= Number(truncatingIfNeeded: bytes[start + place]) &<< Number(8 * place)
        }
        return number
    }

    mutating func digest() throws(ReleaseError) -> SHA256Digest {
        let start = try take(SHA256Digest.byteCount)
        guard let digest = SHA256Digest(bytes: bytes[start..<position]) else {
            throw .manifestInvalid(reason: "a digest is not whole")
        }
        return digest
    }

    mutating func rowDigest() throws(ReleaseError) -> RowDigest {
        let start = try take(RowDigest.byteCount)
        guard let digest = RowDigest(bytes: bytes[start..<position]) else {
            throw .manifestInvalid(reason: "a row's digest is not whole")
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
    ///
    /// - Throws: `.manifestInvalid`.
    package mutating func text() throws(ReleaseError) -> String {
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
