// A SHA-256 digest as a value: 32 bytes held inline, so that a hundred thousand of them in a
// manifest cost no allocation each.
//
// Equality is not constant-time: digests here name public bytes, they are never secrets.

import Groundwork

/// The SHA-256 of some bytes (FIPS 180-4).
///
/// The order is the order of the 32 bytes, the same as that of the hexadecimal text.
package struct SHA256Digest: Hashable, Comparable, Sendable {
    /// The number of bytes in a digest.
    package static let byteCount = 32

    // Big-endian words: the digest's first byte is the top byte of `a`.
    private let a: UInt64
    private let b: UInt64
    private let c: UInt64
    private let d: UInt64

    /// Takes a digest's 32 bytes; nil when there are more or fewer.
    package init?(bytes: ArraySlice<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        let start = bytes.startIndex
        a = Self.word(bytes, at: start)
        b = Self.word(bytes, at: start + 8)
        c = Self.word(bytes, at: start + 16)
        d = Self.word(bytes, at: start + 24)
    }

    /// 32 zeros: what stands for a digest until there is one.
    package static var zero: SHA256Digest { SHA256Digest() }

    private init() { (a, b, c, d) = (0, 0, 0, 0) }

    /// Eight bytes, the first on top.
    private static func word(_ bytes: ArraySlice<UInt8>, at start: Int) -> UInt64 {
        var word: UInt64 = 0
        for place in start..<start + 8 { word = word << 8 | UInt64(bytes[place]) }
        return word
    }

    /// Hashes bytes that are all in memory.
    package init(of bytes: [UInt8]) {
        var hasher = SHA256Hasher()
        hasher.update(bytes)
        self = hasher.finish()
    }

    /// Reads 64 hexadecimal digits, lower or upper case; nil for anything else.
    package init?(hex: some StringProtocol) {
        guard let bytes = Base16.bytes(of: hex) else { return nil }
        self.init(bytes: bytes[...])
    }

    /// The 32 bytes, first to last.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        for word in [a, b, c, d] {
            for place in 0..<8 {
                bytes.append(UInt8(truncatingIfNeeded: word &>> UInt64(56 - 8 * place)))
            }
        }
        return bytes
    }

    /// 64 lower-case hexadecimal digits.
    package var hex: String { Base16.text(of: bytes) }

    /// 44 characters of standard base64 with padding, as a CSP hash source wants it.
    package var base64: String { Base64.text(of: bytes) }

    /// The first characters of the unpadded URL-safe base64 form (RFC 4648 section 5).
    ///
    /// - Parameter characters: 1 to 43; 22 hold 128 bits, 11 hold 64.
    /// - Returns: that many characters.
    package func base64URL(prefix characters: Int = 43) -> String {
        precondition((1...43).contains(characters), "a digest has 1 to 43 base64url characters")
        return String(Base64.urlText(of: bytes).prefix(characters))
    }

    /// Compares byte by byte, first to last.
    package static func < (one: SHA256Digest, other: SHA256Digest) -> Bool {
        (one.a, one.b, one.c, one.d) < (other.a, other.b, other.c, other.d)
    }
}

extension SHA256Digest: CustomStringConvertible {
    /// The hexadecimal form.
    package var description: String { hex }
}
