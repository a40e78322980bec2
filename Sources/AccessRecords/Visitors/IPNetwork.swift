/// A network: an address and how many of its bits count.
package struct IPNetwork: Hashable, Sendable {
    private let address: IPAddress
    private let bits: Int

    /// Reads `10.0.0.0/8`, `2001:db8::/32`, or one address; nil for all else.
    package init?(text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(text: Array(parts[0].utf8)) else {
            return nil
        }
        // A port is no part of a network.
        let colons = parts[0].utf8.count { $0 == UInt8(ascii: ":") }
        guard colons != 1, !parts[0].hasPrefix("[") else { return nil }
        let whole = address.isIPv4 ? 32 : 128
        guard let bits = parts.count == 1 ? whole : Int(parts[1]), (0...whole).contains(bits) else {
            return nil
        }
        self.address = address.network(bits)
        self.bits = bits
    }

    /// Whether an address is in it.
    package func holds(_ other: IPAddress) -> Bool {
        other.isIPv4 == address.isIPv4 && other.network(bits) == address
    }
}

extension IPAddress {
    /// Networks whose addresses are no client's of the Internet (RFC 1918, 6598, 4193, 4291).
    private static let privateNetworks = [
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16",
        "100.64.0.0/10", "fc00::/7", "fe80::/10", "::1/128",
    ].compactMap { IPNetwork(text: $0) }

    /// Whether it is an address of one of these.
    package var isPrivate: Bool { Self.privateNetworks.contains { $0.holds(self) } }
}
