// Exact decimals and UUIDs, as PostgreSQL keeps them.
//
// A numeric is digits to the base 10,000 with a weight and a display scale; it is never turned
// into a Double unless asked. Two numerics are equal when they print alike, so 1.0 is not 1.00.

import Groundwork

/// A UUID, sixteen bytes.
public struct PostgresUUID: Hashable, Sendable {
    /// The first eight bytes.
    public var high: UInt64
    /// The last eight bytes.
    public var low: UInt64

    /// Wraps the two halves.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

extension PostgresUUID: CustomStringConvertible, LosslessStringConvertible, PostgresDecodable {
    /// Lower-case hexadecimal digits in groups of 8, 4, 4, 4 and 12; RFC 9562, section 4.
    public var description: String {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: high)
        bytes.append(bigEndian: low)
        let all = Array(Base16.text(of: bytes).utf8)
        let groups = [all[0..<8], all[8..<12], all[12..<16], all[16..<20], all[20..<32]]
        return String(decoding: Array(groups.joined(separator: "-".utf8)), as: UTF8.self)
    }

    /// Reads 32 hexadecimal digits with hyphens where `description` has them.
    public init?(_ text: String) {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        guard groups.map(\.utf8.count) == [8, 4, 4, 4, 12],
            groups.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isHexDigit } }),
            let high = UInt64(groups[0] + groups[1] + groups[2], radix: 16),
            let low = UInt64(groups[3] + groups[4], radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }

    /// `uuid`.
    public static func accepts(_ type: PostgresType) -> Bool { type == .uuid }
    /// Sixteen bytes.
    public init?(postgres bytes: Span<UInt8>, type: PostgresType) {
        guard bytes.count == 16 else { return nil }
        self.init(high: UInt64(bigEndian: bytes), low: UInt64(bigEndian: bytes, at: 8))
    }
}
