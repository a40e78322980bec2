// An address of the Internet, as bytes: for the hash of a visitor, for networks that are trusted,
// and for logs. An IPv4 address of an IPv6 socket is its IPv4 address. Nothing resolves a name,
// and no record has an address.

import Glibc

/// An IPv4 or IPv6 address.
package struct IPAddress: Hashable, Sendable {
    /// The 16 bytes as two numbers; of an IPv4 address, `high` is 0.
    private let high: UInt64
    private let low: UInt64
    /// Whether it is an IPv4 address.
    package let isIPv4: Bool

    /// Takes 4 or 16 bytes in the order in which they are sent; nil for any other number of them.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        isIPv4 = bytes.count == 4 || bytes.starts(with: Self.mapped)
        high = isIPv4 ? 0 : bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes.suffix(isIPv4 ? 4 : 8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// What an IPv4 address of an IPv6 socket begins with (RFC 4291, section 2.5.5.2).
    private static let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]

    /// Reads `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1` or `[2001:db8::1]:80`; nil for all else.
    package init?(text: some Collection<UInt8>) {
        guard text.count <= Self.textBytesMax else { return nil }
        var name = Array(text)
        if name.first == UInt8(ascii: "[") {
            guard let end = name.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            name = Array(name[1..<end])
        } else if name.count(where: { $0 == UInt8(ascii: ":") }) == 1 {
            name = Array(name.prefix { $0 != UInt8(ascii: ":") })
        }
        let family = name.contains(UInt8(ascii: ":")) ? AF_INET6 : AF_INET
        var bytes = [UInt8](repeating: 0, count: family == AF_INET ? 4 : 16)
        let string = name.map { CChar(bitPattern: $0) } + [0]
        guard unsafe inet_pton(family, string, &bytes) == 1 else { return nil }
        self.init(bytes: bytes)
    }

    private static let textBytesMax = 64

    /// The bytes in the order in which they are sent: 4 or 16.
    package var bytes: [UInt8] {
        let words = isIPv4 ? [low << 32] : [high, low]
        let all = words.flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
        }
        return isIPv4 ? Array(all.prefix(4)) : all
    }

    /// What a customer has: of an IPv6 address, its /64.
    package var customer: UInt64 { isIPv4 ? low : high }

    /// The address with all but its first bits 0.
    package func network(_ bits: Int) -> IPAddress {
        let bytes = self.bytes.enumerated().map { place, byte in
            byte & UInt8(truncatingIfNeeded: ~(0xFF >> min(max(bits - place * 8, 0), 8)))
        }
        return IPAddress(bytes: bytes) ?? self
    }

    /// The usual text.
    package var text: String {
        let family = isIPv4 ? AF_INET : AF_INET6
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard unsafe inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else {
            return "-"
        }
        return String(
            decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
