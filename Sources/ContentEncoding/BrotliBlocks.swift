// The brotli metablocks that are written by hand, without the library (RFC 7932 section 9).
//
// Each begins and ends at a byte boundary: the last six bits of a compressed one are an empty
// metadata block. The pad also sets the four last distances to 5, 6, 7, 8, so that the text behind
// it finds the same decoder whatever stood before; the others leave the distances as they were.

/// Metablocks for the places between compressed runs.
enum BrotliBlocks {
    /// The whole end of a stream: a last, empty metablock.
    static let end: UInt8 = 0x03

    /// The bytes of a raw metablock's header.
    static func rawHeaderCount(_ length: Int) -> Int { length > 1 << 20 ? 4 : 3 }

    /// The header of `length` bytes that follow as they are, 1 to 16,777,216.
    static func rawHeader(_ length: Int) -> BitRun {
        var bits = BitRun()
        appendLength(length, to: &bits)
        bits.append(1, 1)
        bits.append(0, rawHeaderCount(length) * 8 - bits.count)
        return bits
    }

    /// A metablock of `count` spaces, 16 to 65,536, that sets the last distances.
    ///
    /// One insert and four copies of two spaces from 8, 7, 6 and 5 bytes before.
    static func pad(spaces count: Int) -> BitRun {
        var bits = BitRun()
        appendLength(count, to: &bits)
        appendSpaceLiterals(to: &bits)
        let insert = insertCode(count - 8)
        bits.append(0b0101, 4)  // simple, two symbols, one bit each
        bits.append(128, 10)  // no insert, copy 2, explicit distance: '0'
        bits.append(insertCommand(insert.code), 10)  // '1'
        bits.append(0b0001, 4)
        bits.append(18, 6)  // distances 5 to 8 with two extra bits
        bits.append(1, 1)
        bits.append(insert.extra, insert.bits)
        bits.append(3, 2)
        bits.append(2 << 1, 3)
        bits.append(1 << 1, 3)
        bits.append(0 << 1, 3)
        appendBoundary(to: &bits)
        return bits
    }

    /// A metablock of `count` spaces, 1 to 65,536, without any copy.
    static func neutralPad(spaces count: Int) -> BitRun {
        var bits = BitRun()
        appendLength(count, to: &bits)
        appendSpaceLiterals(to: &bits)
        let insert = insertCode(count)
        bits.append(0b0001, 4)
        bits.append(insertCommand(insert.code), 10)
        bits.append(0b0001, 4)
        bits.append(18, 6)
        bits.append(insert.extra, insert.bits)
        appendBoundary(to: &bits)
        return bits
    }

    /// A metablock that copies `length` bytes, 2 to `copyMax`, from `distance` bytes before.
    ///
    /// - Parameters:
    ///   - length: of the copy.
    ///   - distance: 1 to 16,777,216.
    /// - Returns: the whole metablock.
    static func copy(length: Int, distance: Int) -> BitRun {
        var bits = BitRun()
        appendLength(length, to: &bits)
        bits.append(0, 1 + 3 + 6 + 2 + 2)
        bits.append(0b0001, 4)
        bits.append(0, 8)  // the literal that never occurs
        let copy = copyCode(length)
        bits.append(0b0001, 4)
        bits.append(([128, 192, 384] as InlineArray<3, Int>)[copy.code >> 3] + copy.code & 7, 10)
        // RFC 7932 section 4, no postfix and no direct codes.
        let moved = distance + 3
        let extraBits = (Int.bitWidth - 1 - moved.leadingZeroBitCount) - 1
        let half = moved >> extraBits & 1
        bits.append(0b0001, 4)
        bits.append(16 + (extraBits - 1) << 1 + half, 6)
        bits.append(copy.extra, copy.bits)
        bits.append(moved & (1 << extraBits - 1), extraBits)
        appendBoundary(to: &bits)
        return bits
    }

    /// The longest copy whose metablock fits 128 bits.
    static let copyMax = 1 << 20

    /// The header of a stream, alone at a byte boundary.
    ///
    /// - Parameter window: the base-2 logarithm of the window, 16 to 24.
    /// - Returns: the header and an empty metadata block.
    static func streamHeader(window: Int) -> BitRun {
        var bits = BitRun()
        if window == 16 {
            bits.append(0, 1)
        } else if window == 17 {
            bits.append(1, 7)
        } else {
            bits.append((window - 17) << 1 | 1, 4)
        }
        appendBoundary(to: &bits)
        return bits
    }

    /// Not last, and the length of what the metablock makes.
    private static func appendLength(_ length: Int, to bits: inout BitRun) {
        precondition((1...1 << 24).contains(length), "a metablock makes 1 to 16,777,216 bytes")
        let nibbles = length > 1 << 20 ? 6 : length > 1 << 16 ? 5 : 4
        bits.append((nibbles - 4) << 1, 3)
        bits.append(length - 1, 4 * nibbles)
    }

    /// Not raw, one block type each, no context, and one literal that costs nothing: a space.
    private static func appendSpaceLiterals(to bits: inout BitRun) {
        bits.append(0, 1 + 3 + 6 + 2 + 2)
        bits.append(0b0001, 4)
        bits.append(0x20, 8)
    }

    /// An empty metadata block; what is left of its last byte is zero.
    private static func appendBoundary(to bits: inout BitRun) {
        bits.append(0b000110, 6)
    }

    /// The symbol of an insert with a copy of two bytes.
    private static func insertCommand(_ code: Int) -> Int {
        ([128, 256, 448] as InlineArray<3, Int>)[code >> 3] + (code & 7) << 3
    }

    private static func insertCode(_ length: Int) -> (code: Int, extra: Int, bits: Int) {
        var code = 0
        while code < 23, insertBases[code + 1] <= length { code += 1 }
        return (code, length - insertBases[code], insertBits[code])
    }

    private static func copyCode(_ length: Int) -> (code: Int, extra: Int, bits: Int) {
        var code = 0
        while code < 23, copyBases[code + 1] <= length { code += 1 }
        return (code, length - copyBases[code], copyBits[code])
    }

    // RFC 7932 section 5.
    private static let insertBases: InlineArray<24, Int> = [
        0, 1, 2, 3, 4, 5, 6, 8, 10, 14, 18, 26, 34, 50, 66, 98, 130, 194, 322, 578, 1090, 2114,
        6210, 22594,
    ]
    private static let insertBits: InlineArray<24, Int> = [
        0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 7, 8, 9, 10, 12, 14, 24,
    ]
    private static let copyBases: InlineArray<24, Int> = [
        2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 18, 22, 30, 38, 54, 70, 102, 134, 198, 326, 582, 1094,
        2118,
    ]
    private static let copyBits: InlineArray<24, Int> = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 7, 8, 9, 10, 24,
    ]
}
