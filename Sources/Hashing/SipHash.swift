// SipHash-2-4 (Aumasson and Bernstein, 2012): 64 bits under a key of 128. Who has no key learns
// nothing of what was hashed, and cannot make two inputs collide. It is short: two of some billion
// inputs may be equal by chance.

/// A keyed hash of bytes that come in pieces.
package struct SipHash: Sendable {
    /// A key of 128 bits.
    package struct Key: Hashable, Sendable {
        private let low: UInt64
        private let high: UInt64

        /// Takes 16 bytes; nil for any other number of them.
        package init?(bytes: some Collection<UInt8>) {
            guard bytes.count == 16 else { return nil }
            low = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
            high = bytes.suffix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }

        /// The 16 bytes.
        package var bytes: [UInt8] {
            [low, high].flatMap { word in
                (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
            }
        }

        fileprivate var words: (UInt64, UInt64) { (low, high) }
    }

    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64
    /// What has come of a word that is not whole.
    private var pending: UInt64 = 0
    private var count: UInt64 = 0

    /// Begins with no bytes.
    package init(_ key: Key) {
        let (low, high) = key.words
        v0 = low ^ 0x736f_6d65_7073_6575
        v1 = high ^ 0x646f_7261_6e64_6f6d
        v2 = low ^ 0x6c79_6765_6e65_7261
        v3 = high ^ 0x7465_6462_7974_6573
    }

    /// Adds a byte.
    package mutating func update(_ byte: UInt8) {
        pending |= UInt64(byte) << (8 * (count & 7))
        count &+= 1
        if count & 7 == 0 {
            take(pending)
            pending = 0
        }
    }

    /// Adds bytes.
    package mutating func update(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { update(byte) }
    }

    /// Adds bytes, whole words at a time.
    package mutating func update(_ bytes: ArraySlice<UInt8>) {
        var at = bytes.startIndex
        while at < bytes.endIndex, count & 7 != 0 || bytes.endIndex - at < 8 {
            update(bytes[at])
            at += 1
        }
        while bytes.endIndex - at >= 8 {
            var word: UInt64 = 0
            for place in 0..<8 { word |= UInt64(bytes[at + place]) << UInt64(8 * place) }
            take(word)
            count &+= 8
            at += 8
        }
        while at < bytes.endIndex {
            update(bytes[at])
            at += 1
        }
    }

    /// Adds eight bytes, the lowest first.
    package mutating func update(word: UInt64) {
        for place in 0..<8 { update(UInt8(truncatingIfNeeded: word >> UInt64(8 * place))) }
    }

    /// The hash of all the bytes.
    package func finish() -> UInt64 {
        var last = self
        last.take(pending | count << 56)
        last.v2 ^= 0xFF
        for _ in 0..<4 { last.round() }
        return last.v0 ^ last.v1 ^ last.v2 ^ last.v3
    }

    private mutating func take(_ word: UInt64) {
        v3 ^= word
        round()
        round()
        v0 ^= word
    }

    private mutating func round() {
        v0 &+= v1
        v1 = Self.rotate(v1, 13) ^ v0
        v0 = Self.rotate(v0, 32)
        v2 &+= v3
        v3 = Self.rotate(v3, 16) ^ v2
        v0 &+= v3
        v3 = Self.rotate(v3, 21) ^ v0
        v2 &+= v1
        v1 = Self.rotate(v1, 17) ^ v2
        v2 = Self.rotate(v2, 32)
    }

    private static func rotate(_ word: UInt64, _ bits: UInt64) -> UInt64 {
        word << bits | word >> (64 - bits)
    }
}
