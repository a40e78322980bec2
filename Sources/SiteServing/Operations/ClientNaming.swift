package import AccessRecords

/// Whom a server takes for its clients.
package struct ClientNaming: Sendable {
    /// The field in which proxies name them; nil where the peer is the client.
    package var field: ForwardedField?
    /// The proxies whose field counts.
    package var trusted: [IPNetwork] = []

    /// Every peer is a client.
    package init() {}

    /// Whether a peer speaks for others: a proxy, or a program of this machine by a Unix socket.
    func trusts(_ peer: IPAddress?) -> Bool {
        guard field != nil else { return false }
        guard let peer else { return true }
        return trusted.contains { $0.holds(peer) }
    }

    /// The client of a request.
    func client(of head: RequestHead, _ client: JournalClient) -> IPAddress? {
        guard client.isTrusted, let field, let value = head.forwarded else { return client.peer }
        return field.client(in: value, trusted: trusted) ?? client.peer
    }
}
