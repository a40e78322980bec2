// The access log: one line of text for each answer, for people and other programs. Statistics are
// not made from it: those have the spool, which is exact and knows no address. How much of an
// address a line has is the operator's choice.

/// The form of a line.
package enum AccessLogFormat: String, CaseIterable, Sendable {
    /// One JSON object.
    case json
    /// NCSA combined, as Apache and nginx write it, with the slots behind it.
    case combined
}

/// How much of a client's address a line has.
package enum LoggedAddress: String, CaseIterable, Sendable {
    /// Nothing: `-`.
    case none
    /// Its network: the /24 of an IPv4 address, the /48 of an IPv6 address.
    case network
    /// All of it.
    case full

    /// What a line says of an address.
    package func text(_ address: IPAddress?) -> [UInt8] {
        guard let address else { return Array("-".utf8) }
        switch self {
        case .none: return Array("-".utf8)
        case .network: return Array(address.network(address.isIPv4 ? 24 : 48).text.utf8)
        case .full: return Array(address.text.utf8)
        }
    }
}
