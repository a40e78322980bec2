import ContentEncoding
import Groundwork
import Hashing

/// A digest over the columns of one row: equal rows have equal ones.
package struct RowDigest: Sendable, Hashable, CustomStringConvertible {
    /// The number of bytes in a digest.
    package static let byteCount = 16

    private let high: UInt64
    private let low: UInt64

    /// The two halves.
    package var halves: (high: UInt64, low: UInt64) { (high, low) }

    /// Joins the two halves.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Takes 16 bytes; nil when there are more or fewer.
    package init?(bytes: ArraySlice<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The 16 bytes, first to last.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        for word in [high, low] {
            for place in 0..<8 {
                bytes.append(UInt8(truncatingIfNeeded: word &>> UInt64(56 - 8 * place)))
            }
        }
        return bytes
    }

    /// 32 lower-case hexadecimal digits.
    package var description: String { Base16.text(of: bytes) }
}
