// CRC-32C (Castagnoli; RFC 3720, appendix B.4), eight bytes a step. It finds damage of a disk or a
// crash, not intent: who can write a file can write its checksum, too. What must not be forged has
// SHA-256.

/// The checksum of bytes.
package enum CRC32C {
    /// The checksum of all the bytes.
    package static func of(_ bytes: borrowing Span<UInt8>) -> UInt32 {
        let all = Self.tables
        let tables = all.span
        var crc = ~UInt32(0)
        var at = 0
        while at + 8 <= bytes.count {
            let low =
                crc
                ^ (UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]) << 16
                    | UInt32(bytes[at + 3]) << 24)
            crc =
                tables[7 << 8 | Int(low & 0xFF)] ^ tables[6 << 8 | Int(low >> 8 & 0xFF)]
                ^ tables[5 << 8 | Int(low >> 16 & 0xFF)] ^ tables[4 << 8 | Int(low >> 24)]
                ^ tables[3 << 8 | Int(bytes[at + 4])] ^ tables[2 << 8 | Int(bytes[at + 5])]
                ^ tables[1 << 8 | Int(bytes[at + 6])] ^ tables[Int(bytes[at + 7])]
            at += 8
        }
        while at < bytes.count {
            crc = crc >> 8 ^ tables[Int(UInt8(truncatingIfNeeded: crc) ^ bytes[at])]
            at += 1
        }
        return ~crc
    }

    /// Eight tables of 256: what a byte does that stands so many bytes before the end of a step.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var crc = UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
            tables[byte] = crc
        }
        for table in 1..<8 {
            for byte in 0..<256 {
                let before = tables[(table - 1) << 8 | byte]
                tables[table << 8 | byte] = before >> 8 ^ tables[Int(before & 0xFF)]
            }
        }
        return tables
    }()
}
