import NIOCore
import Synchronization

/// A client's address as the limits count it.
struct ClientAddress: Hashable, Sendable {
    private let network: UInt64
    private let isIPv4: Bool

    /// nil for a Unix socket, whose clients are this machine's own.
    init?(_ address: SocketAddress?) {
        guard let address, address.protocol == .inet || address.protocol == .inet6 else {
            return nil
        }
        // sockaddr_in has its address at 4, sockaddr_in6 at 8 (ip(7), ipv6(7)).
        let range = address.protocol == .inet ? 4..<8 : 8..<24
        let bytes = unsafe address.withSockAddr { start, count in
            unsafe Array(UnsafeRawBufferPointer(start: start, count: count)[range])
        }
        isIPv4 = bytes.count == 4 || bytes.starts(with: Self.mapped)
        network = (isIPv4 ? bytes.suffix(4) : bytes.prefix(8)).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// What an IPv4 address of an IPv6 socket begins with (RFC 4291, section 2.5.5.2).
    private static let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
}
