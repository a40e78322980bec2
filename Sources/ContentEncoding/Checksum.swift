// CRC-32 of bytes and of spaces, and the operators that move a CRC past bytes it has not seen.
//
// A CRC is linear: a change of some bytes changes it by an amount that depends only on the change
// and on how many bytes follow. An operator is that "how many bytes follow" (zlib's
// crc32_combine_gen), so a spliced page's checksum is never computed from its bytes.

internal import CZlib

/// The CRC-32 of gzip (RFC 1952 section 8).
package enum Checksum {
    /// The CRC of bytes.
    package static func crc32(_ bytes: Span<UInt8>) -> UInt32 {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            // zlib takes a null pointer as a question for the initial value, which is 0, too.
            unsafe UInt32(CZlib.crc32_z(0, buffer.baseAddress, buffer.count))
        }
    }

    /// The CRC of as many spaces, up to one slot's capacity.
    static func crc32(ofSpaces count: Int) -> UInt32 {
        let spaces = Padding.spaces
        return crc32(spaces.span.extracting(first: count))
    }

    /// The operator that moves a CRC past `count` bytes; costs about 140 ns.
    static func shift(over count: Int) -> UInt32 {
        UInt32(CZlib.crc32_combine_gen(count))
    }

    /// Moves a CRC with an operator made by `shift`.
    static func moved(_ crc: UInt32, by shift: UInt32) -> UInt32 {
        UInt32(CZlib.crc32_combine_op(UInt(crc), 0, UInt(shift)))
    }

    /// Moves a CRC past fewer than 65,536 bytes with two operators from tables.
    static func moved(_ crc: UInt32, over count: Int) -> UInt32 {
        precondition(count >> 16 == 0, "a pad is shorter than the largest capacity")
        return moved(moved(crc, by: lowShifts[count & 255]), by: highShifts[count >> 8])
    }

    private static let lowShifts = (0..<256).map { shift(over: $0) }
    private static let highShifts = (0..<256).map { shift(over: $0 << 8) }
}
