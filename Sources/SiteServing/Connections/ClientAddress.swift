import AccessRecords
import NIOCore

/// A client's address as the limits count it.
struct ClientAddress: Hashable, Sendable {
    private let network: UInt64
    private let isIPv4: Bool

    /// nil for a Unix socket, whose clients are this machine's own.
    init?(_ address: SocketAddress?) {
        guard let address = address.flatMap({ IPAddress($0) }) else { return nil }
        self.init(address)
    }

    /// What limits count of an address.
    init(_ address: IPAddress) {
        isIPv4 = address.isIPv4
        network = address.customer
    }
}
