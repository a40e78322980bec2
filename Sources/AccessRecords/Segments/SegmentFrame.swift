// Where things are in a segment: frames of at most 64 KiB, each of which stands alone.
//
// A frame begins at every multiple of 64 KiB, the first behind the segment's header, so that a
// damaged one hides no other.
//
//      0  length of the body so far (u32), stored last, with release order
//      4  CRC-32C of what follows it (u32); 0 while the frame is open, ~0 for a sum of 0
//      8  wall clock, microseconds since 2000 (i64)
//     16  monotonic clock, nanoseconds (u64)
//     24  body: records

internal import Hashing

/// The head of a frame.
struct SegmentFrame: Equatable {
    /// Its place in the segment, counted from 0.
    var index: Int
    var length: Int
    var sum: UInt32
    var wall: Int64
    var monotonic: UInt64

    static let headBytes = 24

    /// The frame that holds an offset.
    static func index(of offset: Int) -> Int { offset / AccessLimits.frameBytes }

    /// Where a frame begins.
    static func start(_ index: Int) -> Int {
        index == 0 ? SegmentHeader.byteCount : index * AccessLimits.frameBytes
    }

    /// Where its body begins.
    static func body(_ index: Int) -> Int { start(index) + headBytes }

    /// How long its body may become.
    static func room(_ index: Int) -> Int { (index + 1) * AccessLimits.frameBytes - body(index) }

    /// The checksum as it is stored, of the clocks and the body behind them.
    static func storedSum(of bytes: borrowing Span<UInt8>) -> UInt32 {
        let sum = CRC32C.of(bytes)
        return sum == 0 ? ~0 : sum
    }

    /// The bytes of the clocks, which stand before the body and are summed with it.
    static let clockBytes = 16

    /// Where the body's last byte is followed.
    var end: Int { Self.body(index) + length }

    /// Whether anything was written.
    var isBegun: Bool { wall != 0 || monotonic != 0 }

    /// What the head's bytes say; nil if they cannot be a head.
    init?(_ bytes: [UInt8], index: Int) {
        guard bytes.count == Self.headBytes else { return nil }
        self.index = index
        length = Int(UInt32(truncatingIfNeeded: Self.integer(bytes[0..<4])))
        sum = UInt32(truncatingIfNeeded: Self.integer(bytes[4..<8]))
        wall = Int64(bitPattern: Self.integer(bytes[8..<16]))
        monotonic = Self.integer(bytes[16..<24])
        guard length <= Self.room(index) else { return nil }
    }

    /// A little-endian integer.
    static func integer(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The bytes of a little-endian integer.
    static func bytes(_ integer: some FixedWidthInteger) -> [UInt8] {
        (0..<(integer.bitWidth / 8)).map { UInt8(truncatingIfNeeded: integer >> (8 * $0)) }
    }
}
