// The first 64 bytes of a segment: who wrote it, when it was begun, whether it is closed.
//
//      0  magic `73 67 73 31`, version (u32)      40  began (i64), 8 bytes of zero
//      8  server, 16 bytes                        56  CRC-32C of the bytes before it (u32)
//     24  segment, 16 random bytes                60  1 once it is closed, else 0 (u32)
//
// Integers are little-endian. Times are microseconds since 2000-01-01 00:00 UTC.

internal import Hashing

/// What a segment says of itself.
package struct SegmentHeader: Hashable, Sendable {
    /// The server that wrote it.
    package let server: SpoolID
    /// Which segment it is: a copy of it has the same.
    package let id: SpoolID
    /// When it was begun.
    package let began: Int64
    /// Whether nothing is to come.
    package var isClosed = false

    /// The header of a segment that is begun.
    package init(server: SpoolID, id: SpoolID, began: Int64) {
        self.server = server
        self.id = id
        self.began = began
    }

    /// Its length in bytes, which is where records may begin.
    package static let byteCount = 64

    /// The version that this module writes and reads.
    static let version = 1
    private static let magic: [UInt8] = [0x73, 0x67, 0x73, 0x31]
    /// Where it says whether the segment is closed.
    static let closedOffset = 60

    /// The bytes.
    var bytes: [UInt8] {
        var bytes = Self.magic + SegmentFrame.bytes(UInt32(Self.version)) + server.bytes + id.bytes
        bytes += SegmentFrame.bytes(began) + SegmentFrame.bytes(UInt64(0))
        bytes += SegmentFrame.bytes(CRC32C.of(bytes.span))
        return bytes + SegmentFrame.bytes(UInt32(isClosed ? 1 : 0))
    }

    /// What the bytes of a file's beginning say.
    ///
    /// - Throws: what is wrong with them; `.notBegun` if nothing stands there yet.
    init(_ bytes: [UInt8], file: String) throws(SpoolFault) {
        guard bytes.contains(where: { $0 != 0 }) else { throw .notBegun(file: file) }
        guard bytes.count == Self.byteCount, bytes.starts(with: Self.magic) else {
            throw .notASegment(file: file)
        }
        let version = Int(SegmentFrame.integer(bytes[4..<8]))
        guard version <= Self.version else { throw .newerVersion(file: file, version: version) }
        let summed = Array(bytes[..<56])
        guard version == Self.version,
            SegmentFrame.integer(bytes[56..<60]) == UInt64(CRC32C.of(summed.span)),
            let server = SpoolID(bytes: bytes[8..<24]), let id = SpoolID(bytes: bytes[24..<40])
        else { throw .notASegment(file: file) }
        self.server = server
        self.id = id
        began = Int64(bitPattern: SegmentFrame.integer(bytes[40..<48]))
        guard AccessLimits.times.contains(began) else { throw .notASegment(file: file) }
        isClosed = SegmentFrame.integer(bytes[60..<64]) == 1
    }
}
