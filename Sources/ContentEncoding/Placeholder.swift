// What holds a slot's place while brotli compresses the page around it.
//
// Three things make the text behind a slot independent of what fills it: no text can refer into
// the slot, since its bytes occur nowhere else; the encoder's last four distances behind it are
// the ones that the pad sets (or, for a neutral slot, the ones before it); and the two bytes
// before the text are known. No two slots may look alike, or one would be coded as a copy of the
// other, and the distances would be wrong.

/// Makes the placeholders of one page.
struct Placeholder {
    /// The smallest capacity that a placeholder can set the distances in.
    static let canonicalMin = 64

    /// Bytes that the page does not have, none of them in brotli's dictionary.
    private let symbols: [UInt8]

    /// Collects the free bytes of a page.
    ///
    /// - Throws: `.tooFewFreeBytes`: it is no text.
    init(page: [UInt8]) throws(EncodingError) {
        var isUsed = [Bool](repeating: false, count: 256)
        for byte in page { isUsed[Int(byte)] = true }
        let controls = Array(0x01...0x08) + [0x0B] + Array(0x0E...0x1F) + [0x7F]
        let neverInUTF8 = [0xC0, 0xC1] + Array(0xF5...0xFF)
        symbols = (controls + neverInUTF8).filter { !isUsed[$0] }.map { UInt8($0) }
        guard symbols.count >= Self.symbolsMin else {
            throw .tooFewFreeBytes(count: symbols.count, needed: Self.symbolsMin)
        }
    }

    /// Leaves 5, 6, 7, 8 as the last distances and ends in two spaces.
    func canonical(capacity: Int, seed: UInt64) -> [UInt8] {
        precondition(capacity >= Self.canonicalMin, "a canonical placeholder has 64 bytes")
        var random = SplitMix64(seed: seed)
        var free = symbols[...]
        free = (symbols.shuffled(using: &random))[...]
        let filler = free.removeFirst()
        var bytes = [UInt8](repeating: filler, count: capacity - Self.canonicalMin)
        for period in [8, 7, 6, 5] {
            let group = free.prefix(period)
            free.removeFirst(period)
            // Nine bytes more than the group: one copy of nine bytes from `period` before.
            for index in 0..<(period + 9) { bytes.append(group[group.startIndex + index % period]) }
        }
        return bytes + [0x20, 0x20]
    }

    /// Gives the encoder nothing to copy: no pair of bytes occurs twice.
    ///
    /// - Parameters:
    ///   - capacity: less than `canonicalMin`.
    ///   - seed: another seed gives other bytes.
    /// - Returns: `capacity` bytes.
    func neutral(capacity: Int, seed: UInt64) -> [UInt8] {
        precondition(capacity < Self.canonicalMin, "a neutral slot is small")
        var random = SplitMix64(seed: seed)
        let order = symbols.shuffled(using: &random).prefix(Self.symbolsMin)
        return DistinctPairs.walk(Array(order), count: capacity)
    }

    private static let symbolsMin = 32
}

/// A small generator whose numbers depend on its seed alone, so that builds can be repeated.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
