// The names that a server answers to.
//
// A page of any other site can have its own name resolve to 127.0.0.1 and then read what a server
// of this machine shows (DNS rebinding): the request comes from the visitor's own browser, and
// only its Host says for whom. So a server that is meant for this machine answers to its own
// names alone, and takes nothing from pages of others.

import AccessRecords

/// Names to answer to; the port never matters, since a rebound name keeps the port.
package struct ServedHosts: Sendable, Equatable {
    private var names: Set<String>
    /// Whether a page of another site may ask: its browser says so in Origin.
    private let takesForeignPages: Bool
    /// The option of the command line that names more of them.
    private var option = "--host"

    /// Any name.
    package static let any = ServedHosts([], takesForeignPages: true)

    /// These names alone, without ports; none means any.
    package static func only(_ names: some Sequence<String>) -> ServedHosts {
        ServedHosts(names, takesForeignPages: true)
    }

    /// The names without port and `www.`, as referrers are compared with them.
    var ownNames: Set<String> {
        Set(names.compactMap { RefererSource.hostName(Array($0.utf8)[...]) })
    }

    /// The names of this machine for itself, and these.
    package static func loopback(and names: [String] = []) -> ServedHosts {
        let own = ["localhost", "127.0.0.1", "[::1]"]
        return ServedHosts(own + names, takesForeignPages: false)
    }

    private init(_ names: some Sequence<String>, takesForeignPages: Bool) {
        self.names = Set(names.map { $0.lowercased() })
        self.takesForeignPages = takesForeignPages
    }

    /// What a listener of operations answers to: any name unless only this machine reaches it.
    static func operations(on address: ListenAddress, and names: [String]) -> ServedHosts {
        guard case .tcp(let host, _) = address, address.isOfThisMachine else {
            return names.isEmpty ? .any : .only(names)
        }
        var hosts = loopback(and: names + [host.contains(":") ? "[\(host)]" : host])
        hosts.option = "--operations-host"
        return hosts
    }

    /// The status to refuse a request with; nil if it may be answered.
    func refusal(of head: RequestHead) -> Int? {
        guard !names.isEmpty else { return nil }
        guard let host = head.host else { return 400 }
        guard isServed(host) else { return 421 }
        guard !takesForeignPages, let origin = head.origin else { return nil }
        return isOwn(origin: origin) ? nil : 403
    }

    /// One line for a person who meets the refusal; nil if the status says enough.
    func explanation(of status: Int) -> String? {
        guard !takesForeignPages else { return nil }
        return switch status {
        case 421:
            "This server answers to \(names.sorted().joined(separator: ", ")); "
                + "\(option) adds a name."
        case 403: "This server answers no pages of other sites."
        default: nil
        }
    }

    private func isServed(_ host: ArraySlice<UInt8>) -> Bool {
        let text = String(decoding: host, as: UTF8.self)
        if names.contains(text) { return true }
        // The port is the listener's own business: compare without it, too.
        guard let colon = text.lastIndex(of: ":"), !text.hasSuffix("]"),
            text[text.index(after: colon)...].utf8.allSatisfy(Byte.isDigit)
        else { return false }
        return names.contains(String(text[..<colon]))
    }

    /// Whether `scheme://host:port` names this server; `null` is a page without an origin.
    private func isOwn(origin: ArraySlice<UInt8>) -> Bool {
        let origin = origin.map(Byte.lowercased)
        for scheme in ["http://", "https://"] where origin.starts(with: scheme.utf8) {
            return isServed(origin.dropFirst(scheme.utf8.count))
        }
        return false
    }
}
