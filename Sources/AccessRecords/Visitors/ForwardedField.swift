// Whom a proxy speaks for: a field that everybody can send, so it counts from trusted peers alone,
// and is read from its end. What stands before the first address that is not trusted may have been
// written by the client.

/// The field in which proxies name their clients.
package enum ForwardedField: Hashable, Sendable {
    /// `X-Forwarded-For`: addresses, each behind the ones before.
    case xForwardedFor
    /// `Forwarded` (RFC 7239).
    case forwarded
    /// A field with one address.
    case named(String)

    /// The field's name in lower case.
    package var name: String {
        switch self {
        case .xForwardedFor: "x-forwarded-for"
        case .forwarded: "forwarded"
        case .named(let name): name
        }
    }

    /// The proxies of a list that are looked at.
    private static let hopsMax = 32

    /// The client that a trusted peer speaks for.
    ///
    /// - Parameters:
    ///   - value: the field, with a comma between the values of several.
    ///   - trusted: the networks of proxies.
    /// - Returns: the last address that is no proxy's; nil if the field names none.
    package func client(in value: ArraySlice<UInt8>, trusted: [IPNetwork]) -> IPAddress? {
        var rest = value
        var last: IPAddress?
        for _ in 0..<Self.hopsMax {
            let comma = rest.lastIndex(of: UInt8(ascii: ","))
            let hop = comma.map { rest[($0 + 1)...] } ?? rest
            guard let address = address(hop) else { return last }
            last = address
            guard trusted.contains(where: { $0.holds(address) }), let comma else { return address }
            if case .named = self { return address }
            rest = rest[..<comma]
        }
        return last
    }

    private func address(_ hop: ArraySlice<UInt8>) -> IPAddress? {
        guard self == .forwarded else { return IPAddress(text: Self.trimmed(hop)) }
        for pair in hop.split(separator: UInt8(ascii: ";")) {
            let pair = Self.trimmed(pair)
            guard pair.count > 4, pair.prefix(3).map({ $0 | 0x20 }).elementsEqual("for".utf8),
                pair[pair.startIndex + 3] == UInt8(ascii: "=")
            else {
                continue
            }
            let value = pair.dropFirst(4).filter { $0 != UInt8(ascii: "\"") }
            return IPAddress(text: value)
        }
        return nil
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var text = text.drop { $0 == 0x20 || $0 == 0x09 }
        while let last = text.last, last == 0x20 || last == 0x09 { text.removeLast() }
        return text
    }
}
