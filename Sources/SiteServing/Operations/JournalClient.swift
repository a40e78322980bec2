// What the journal knows of one connection, and keeps from one request to the next: most requests
// of a connection come from one browser, on one page. It is the event loop's own, and goes with
// the connection; nothing of it is written anywhere.

import AccessRecords
import NIOCore

/// The client at the other end of a connection; its streams share it.
final class JournalClient {
    /// The peer's address; nil for a client of this machine, by a Unix socket.
    let peer: IPAddress?
    /// Whether the peer speaks for others.
    let isTrusted: Bool
    /// Whether it speaks TLS to this server.
    let isSecure: Bool
    /// Whether the peer has an address of a network of its own, as a proxy beside the server has.
    let isPrivate: Bool
    /// What lines of the log say of the peer.
    let text: [UInt8]

    /// The last User-Agent and what it is classed as.
    var agentBytes: [UInt8] = []
    var agent: JournalAgent?
    /// The last visitor, and what the hash was made of.
    var visitor = KnownVisitor()
    /// The last source of a request with a Referer.
    var source = KnownSource.none
    /// The last Accept-Language.
    var languageBytes: [UInt8] = []
    var language = ""

    init(_ address: SocketAddress?, _ journal: AccessJournal) {
        let peer = address.flatMap { IPAddress($0) }
        self.peer = peer
        isPrivate = peer?.isPrivate ?? true
        isTrusted = journal.options.clients.trusts(peer)
        isSecure = journal.options.isSecure
        text = journal.options.loggedAddress.text(peer)
    }
}

/// A User-Agent's class, and its number in the open frame of the spool.
final class JournalAgent {
    let verdict: ClassifiedAgent
    let known: KnownAgent

    init(_ bytes: ArraySlice<UInt8>) {
        verdict = ClassifiedAgent(bytes)
        known = KnownAgent(verdict.agent)
    }
}

/// A visitor's hash.
struct KnownVisitor {
    var hash: UInt64 = 0
    /// The key that it was made with, by the number of the key; 0 for none.
    var key = 0
    var address: IPAddress?
    var host: [UInt8] = []
}

extension IPAddress {
    /// The address of a socket; nil for one that has none.
    init?(_ address: SocketAddress) {
        guard address.protocol == .inet || address.protocol == .inet6 else { return nil }
        // sockaddr_in has its address at 4, sockaddr_in6 at 8 (ip(7), ipv6(7)).
        let range = address.protocol == .inet ? 4..<8 : 8..<24
        let bytes = unsafe address.withSockAddr { start, count in
            unsafe Array(UnsafeRawBufferPointer(start: start, count: count)[range])
        }
        self.init(bytes: bytes)
    }
}
