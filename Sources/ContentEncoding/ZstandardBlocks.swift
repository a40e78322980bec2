// The zstd blocks that are written by hand (RFC 8878 section 3.1.1).
//
// A copy is a compressed block without literals and with one sequence whose three codes are given
// as such, so there are no tables; the bits behind them are read from the last byte backwards.

/// Blocks of one frame without content size or checksum.
enum ZstandardBlocks {
    /// The most bytes that one block makes.
    static let blockMax = 128 << 10

    /// A last, empty raw block: the end of a frame.
    static let emptyLast = 1

    /// Magic number, no flags, a window of 4 MB.
    static var frameHeader: BitRun {
        var bits = BitRun()
        bits.append(0xFD2F_B528, 32)
        bits.append(0, 8)
        bits.append((22 - 10) << 3, 8)
        return bits
    }

    /// The header of a block of `count` bytes as they are, up to `blockMax`.
    static func rawHeader(_ count: Int) -> BitRun {
        var bits = BitRun()
        bits.append(count << 3, 24)
        return bits
    }

    /// A block that copies `length` bytes, 3 to `blockMax`, from `distance` bytes before.
    static func copy(length: Int, distance: Int) -> BitRun {
        let match = matchCode(length)
        let offset = distance + 3
        let offsetCode = Int.bitWidth - 1 - offset.leadingZeroBitCount
        var sequence = BitRun()
        sequence.append(match.extra, match.bits)
        sequence.append(offset & (1 << offsetCode - 1), offsetCode)
        sequence.append(1, 1)
        var bits = BitRun()
        bits.append((headCount + sequence.byteCount) << 3 | 2 << 1, 24)
        bits.append(0, 8)  // no literals
        bits.append(1, 8)  // one sequence
        bits.append(0b0101_0100, 8)  // three codes, one byte each
        bits.append(0, 8)  // no literals before the match
        bits.append(offsetCode, 8)
        bits.append(match.code, 8)
        bits.append(sequence)
        return bits
    }

    /// The bytes of a copy's block before the bits of its sequence.
    private static let headCount = 6

    /// RFC 8878 section 3.1.1.3.2.1.1.
    private static func matchCode(_ length: Int) -> (code: Int, extra: Int, bits: Int) {
        if length <= 34 { return (length - 3, 0, 0) }
        var code = 0
        while code < 20, matchBases[code + 1] <= length { code += 1 }
        return (32 + code, length - matchBases[code], matchBits[code])
    }

    private static let matchBases: InlineArray<21, Int> = [
        35, 37, 39, 41, 43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027, 2051, 4099, 8195, 16387,
        32771, 65539,
    ]
    private static let matchBits: InlineArray<21, Int> = [
        1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
    ]
}
