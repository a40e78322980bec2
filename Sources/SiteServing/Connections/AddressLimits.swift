// How much one client address may ask of the server: connections at a time, requests a second.
//
// Both are off unless they are set, since behind a proxy every client has the proxy's address. An
// IPv6 client is its /64, which is what one customer gets; an IPv4 client of an IPv6 socket is its
// IPv4 address. The table is bounded and shared by all event loops; an address that was quiet for
// long is forgotten first, and then begins anew.

import Groundwork
import NIOCore
import Synchronization

/// The counts of all client addresses.
final class AddressLimits: Sendable {
    private struct Account {
        var connections = 0
        /// Requests that may still come at once.
        var tokens: Double
        var filled: NIODeadline
    }

    private struct Accounts: Sendable {
        var known: LRUCache<ClientAddress, Account>
    }

    private let connectionsMax: Int
    private let requestsPerSecond: Double
    private let burst: Double
    private let accounts: Mutex<Accounts>

    /// The addresses that are kept.
    static let addressesMax = 65_536

    init(_ limits: ServingLimits) {
        connectionsMax = limits.connectionsPerAddressMax
        requestsPerSecond = limits.requestsPerAddressRate
        burst = limits.requestsPerAddressBurst
        accounts = Mutex(Accounts(known: LRUCache(costMax: Self.addressesMax)))
    }

    /// Limits of requests alone.
    init(requestsPerSecond: Double, burst: Double) {
        connectionsMax = 0
        self.requestsPerSecond = requestsPerSecond
        self.burst = burst
        accounts = Mutex(Accounts(known: LRUCache(costMax: Self.addressesMax)))
    }

    /// Whether anything is limited.
    var isOn: Bool { connectionsMax > 0 || requestsPerSecond > 0 }

    /// Whether requests are.
    var limitsRequests: Bool { requestsPerSecond > 0 }

    /// Counts a new connection; false if there are too many, which is then not counted.
    func open(_ address: ClientAddress, _ now: NIODeadline) -> Bool {
        accounts.withLock { accounts in
            var account = accounts.known.value(address) ?? Account(tokens: burst, filled: now)
            if connectionsMax > 0, account.connections >= connectionsMax { return false }
            account.connections += 1
            accounts.known.insert(account, for: address, cost: 1)
            return true
        }
    }

    /// Counts the end of a connection that was counted.
    func close(_ address: ClientAddress) {
        accounts.withLock { accounts in
            guard var account = accounts.known.value(address) else { return }
            account.connections = max(0, account.connections - 1)
            accounts.known.insert(account, for: address, cost: 1)
        }
    }

    /// Counts a request; false if it comes too soon.
    func take(_ address: ClientAddress, _ now: NIODeadline) -> Bool {
        accounts.withLock { accounts in
            var account = accounts.known.value(address) ?? Account(tokens: burst, filled: now)
            let seconds = Double((now - account.filled).nanoseconds) / 1e9
            account.tokens = min(burst, account.tokens + max(0, seconds) * requestsPerSecond)
            account.filled = now
            let isAllowed = account.tokens >= 1
            if isAllowed { account.tokens -= 1 }
            accounts.known.insert(account, for: address, cost: 1)
            return isAllowed
        }
    }
}
