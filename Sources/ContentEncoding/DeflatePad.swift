// A deflate block that makes n spaces: one literal, matches of 258, the rest, end of block.
//
// All pads begin with the same bits, so the long part is a prefix of one constant and only the
// last bytes are made for each length. The empty stored block behind ends at a byte boundary.

/// The run of spaces behind a fragment in a gzip file (RFC 1951 section 3.2.6).
struct DeflatePad {
    /// How many bytes of `DeflatePad.prefix` come first.
    let prefixCount: Int
    /// The bytes behind the prefix; the first `tailCount` count.
    let tail: InlineArray<12, UInt8>
    /// How many bytes of `tail` count.
    let tailCount: Int

    /// Makes the pad of `count` spaces, 1 to `EncodingLimits.capacityMax`.
    init(spaces count: Int) {
        precondition(
            (1...EncodingLimits.capacityMax).contains(count), "a pad has 1 to 65,536 spaces")
        let (matches, rest) = (count - 1).quotientAndRemainder(dividingBy: Self.matchMax)
        let prefixBits = Self.headBits + matches * Self.matchBits
        prefixCount = prefixBits >> 3
        var bits = BitWriter()
        let partial = prefixBits & 7
        if partial > 0 {
            bits.append(UInt64(Self.prefix[prefixCount]) & (1 << UInt64(partial) - 1), partial)
        }
        switch rest {
        case 0: break
        case 1, 2:
            for _ in 0..<rest { bits.append(Self.spaceCode, 8) }
        default:
            let code = Self.lengthCode(rest)
            bits.append(code.bits, code.count)
            bits.append(0, 5)  // distance 1
        }
        bits.append(0, 7 + 3)  // end of block; an empty stored block
        var bytes = InlineArray<12, UInt8>(repeating: 0)
        let whole = (bits.count + 7) >> 3
        for position in 0..<whole {
            bytes[position] = UInt8(truncatingIfNeeded: bits.value >> UInt64(8 * position))
        }
        bytes[whole + 2] = 0xFF
        bytes[whole + 3] = 0xFF
        tail = bytes
        tailCount = whole + 4
    }

    /// The number of bytes of the whole pad.
    var byteCount: Int { prefixCount + tailCount }

    /// The bits that every pad begins with: block header, one space, matches of 258.
    static let prefix: [UInt8] = {
        var bytes: [UInt8] = []
        var bits = BitWriter()
        bits.append(0b010, 3)  // not final, fixed codes
        bits.append(spaceCode, 8)
        for _ in 0..<(EncodingLimits.capacityMax / matchMax + 1) {
            bits.append(lengthCode(matchMax).bits, 8)
            bits.append(0, 5)
            while bits.count >= 8 { bytes.append(bits.takeByte()) }
        }
        bytes.append(bits.takeByte())
        return bytes
    }()

    private static let matchMax = 258
    private static let headBits = 3 + 8
    private static let matchBits = 8 + 5
    /// 0x50, the fixed code of a space, first bit lowest.
    private static let spaceCode = UInt64(0b0000_1010)

    /// The fixed Huffman code and extra bits of a match of 3 to 258 bytes.
    private static func lengthCode(_ length: Int) -> (bits: UInt64, count: Int) {
        if length == matchMax { return (reversed(0b1100_0101, 8), 8) }
        let offset = length - 3
        var extra = 0
        while offset >> extra >= 8 { extra += 1 }
        let symbol = extra == 0 ? 257 + offset : 257 + 4 * extra + offset >> extra
        let low = UInt64(offset & (1 << extra - 1))
        if symbol < 280 { return (reversed(symbol - 256, 7) | low << 7, 7 + extra) }
        return (reversed(0b1100_0000 + symbol - 280, 8) | low << 8, 8 + extra)
    }

    private static func reversed(_ code: Int, _ count: Int) -> UInt64 {
        (0..<count).reduce(0) { $0 << 1 | UInt64(code >> $1 & 1) }
    }
}

/// Up to 64 bits, filled from the lowest.
private struct BitWriter {
    var value: UInt64 = 0
    var count = 0

    mutating func append(_ bits: UInt64, _ more: Int) {
        value |= bits << UInt64(count)
        count += more
    }

    mutating func takeByte() -> UInt8 {
        defer {
            value >>= 8
            count = max(0, count - 8)
        }
        return UInt8(truncatingIfNeeded: value)
    }
}
