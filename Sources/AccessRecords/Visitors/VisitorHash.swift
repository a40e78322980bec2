internal import Hashing

/// Tells visitors of one day apart, and nobody anything else.
package enum VisitorHash {
    /// The hash of a visitor; never 0.
    ///
    /// - Parameters:
    ///   - key: the key of the day.
    ///   - address: where the request came from; nil for a client of this machine.
    ///   - agent: the User-Agent.
    ///   - host: the host that was asked for.
    /// - Returns: 64 bits.
    package static func of(
        _ key: VisitorKey, address: IPAddress?, agent: ArraySlice<UInt8>, host: ArraySlice<UInt8>
    ) -> UInt64 {
        var hash = SipHash(key.key)
        hash.update(address.map { $0.isIPv4 ? 4 : 6 } ?? 0)
        hash.update(word: address?.customer ?? 0)
        // The length stands before it, so no other pair has the same bytes.
        hash.update(word: UInt64(agent.count))
        hash.update(agent)
        hash.update(host)
        let value = hash.finish()
        return value == 0 ? 1 : value
    }
}
