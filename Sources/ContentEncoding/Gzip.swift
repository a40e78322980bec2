// Whole gzip files, made and read with zlib.
//
// The header has no time and no name, so equal bytes give equal files. The decoder takes exactly
// one member: browsers show only the first of several, so several are an error here.

/// The gzip format (RFC 1952).
package enum Gzip {
    /// The ten bytes every file begins with: deflate, no flags, no time, best compression, no
    /// operating system.
    package static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 0xFF]

    /// A final block of nothing, which ends deflate data that stopped at a byte boundary.
    static let emptyBlock: [UInt8] = [3, 0]

    /// The bytes behind the deflate data: CRC-32 and length, four bytes each, little-endian.
    static let trailerBytes = 8

    /// Compresses bytes into one member.
    ///
    /// - Parameters:
    ///   - bytes: at most `EncodingLimits.inputMax`.
    ///   - level: 1 (fast) to 9 (small).
    /// - Returns: a whole file.
    /// - Throws: `.inputTooLarge`, `.parameterOutOfRange`, `.libraryFailed`.
    package static func compress(_ bytes: [UInt8], level: Int = 9) throws(EncodingError) -> [UInt8]
    {
        guard bytes.count <= EncodingLimits.inputMax else {
            throw .inputTooLarge(bytes: bytes.count, limit: EncodingLimits.inputMax)
        }
        var file = header
        var stream = try DeflateStream(level: level)
        try stream.write(bytes[...], .finish, to: &file)
        appendTrailer(crc: Checksum.crc32(bytes.span), length: bytes.count, to: &file)
        return file
    }

    /// Reads one member and checks its checksum and length.
    ///
    /// - Parameters:
    ///   - file: one member and nothing else.
    ///   - limit: the most bytes it may give.
    /// - Returns: the decoded bytes.
    /// - Throws: `.inputTooLarge`, `.truncated`, `.corrupt`, `.trailingBytes` or
    ///   `.outputTooLarge`.
    package static func decompress(_ file: [UInt8], limit: Int) throws(EncodingError) -> [UInt8] {
        guard file.count <= EncodingLimits.inputMax else {
            throw .inputTooLarge(bytes: file.count, limit: EncodingLimits.inputMax)
        }
        let stream = try InflateStream()
        return try stream.read(file, limit: limit)
    }

    static func appendTrailer(crc: UInt32, length: Int, to file: inout [UInt8]) {
        for value in [crc, UInt32(truncatingIfNeeded: length)] {
            for shift in stride(from: 0, to: 32, by: 8) {
                file.append(UInt8(truncatingIfNeeded: value >> UInt32(shift)))
            }
        }
    }
}
