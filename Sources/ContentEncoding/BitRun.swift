// Up to 128 bits, filled from the lowest, as brotli and zstd streams are read.
//
// Every block that is written by hand fits one of these, so a request writes it into registers
// and never allocates.

/// A short run of bits that becomes at most 16 bytes.
struct BitRun {
    private var value: UInt128 = 0
    /// How many bits there are.
    private(set) var count = 0

    /// Appends the lowest `more` bits; the others must be 0.
    mutating func append(_ bits: Int, _ more: Int) {
        value |= UInt128(UInt64(bits)) << UInt128(count)
        count += more
    }

    /// Appends the bits of another run.
    mutating func append(_ other: BitRun) {
        value |= other.value << UInt128(count)
        count += other.count
    }

    /// The whole bytes, the last one padded with zeros.
    var byteCount: Int { (count + 7) >> 3 }

    /// The bytes; the first `byteCount` count.
    var bytes: InlineArray<16, UInt8> {
        precondition(count <= 128, "a hand-written block has at most 128 bits")
        return InlineArray { UInt8(truncatingIfNeeded: value >> UInt128(8 * $0)) }
    }

    /// Hands the bytes to a closure, unless there are none.
    func emit(to emit: (Span<UInt8>) -> Void) {
        guard count > 0 else { return }
        let bytes = bytes
        emit(bytes.span.extracting(first: byteCount))
    }

    /// Appends the bytes to an array.
    func append(to output: inout [UInt8]) {
        let bytes = bytes
        for index in 0..<byteCount { output.append(bytes[index]) }
    }
}
