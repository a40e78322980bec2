import ContentEncoding
import Hashing

/// A digest over the columns of one row: equal rows have equal ones.
package struct RowDigest: Sendable, Hashable, CustomStringConvertible {
    /// The number of bytes in a digest.
    package static let byteCount = 16

    private let high: UInt64
    private let low: UInt64

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
        [high, low].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) }
        }
    }

    /// 32 lower-case hexadecimal digits.
    package var description: String { Base16.text(of: bytes) }
}
