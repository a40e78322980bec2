import NIOCore

/// The network that this machine is in.
package enum LocalNetwork {
    /// What the names of interfaces to machines within this one begin with.
    private static let inner = ["docker", "br-", "veth", "virbr", "podman", "cni"]

    /// The address at which other machines may reach this one; nil if there is none.
    ///
    /// IPv4 alone: it is typed and scanned. An address of a private network goes before others.
    package static func address() -> String? {
        let devices = (try? System.enumerateDevices()) ?? []
        let addresses = devices.filter { device in
            !inner.contains(where: device.name.hasPrefix)
        }.compactMap { device -> String? in
            guard case .v4 = device.address, let text = device.address?.ipAddress,
                !text.hasPrefix("127."), !text.hasPrefix("169.254.")
            else { return nil }
            return text
        }
        return addresses.first(where: isPrivate) ?? addresses.first
    }

    /// Whether an address is one of RFC 1918.
    private static func isPrivate(_ address: String) -> Bool {
        let parts = address.split(separator: ".").compactMap { Int($0) }
        guard parts.count == 4 else { return false }
        return parts[0] == 10 || parts[0] == 192 && parts[1] == 168
            || parts[0] == 172 && (16...31).contains(parts[1])
    }
}
