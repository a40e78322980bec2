// Where a visitor came from, by Referer and `Sec-Fetch-Site`. Of another site the host is kept and
// nothing else. Hosts are compared without port, last dot and `www.`, in lower case, so that one
// site is one source however it is spelled.

/// Where a request came from; a page of this site by its path.
package enum RefererSource: Equatable, Sendable {
    /// Nothing is known.
    case none
    /// Typed, a bookmark, a new tab.
    case typed
    /// From another site, which is not named.
    case hidden
    /// From this site: the path as it was sent, without query.
    case inside(path: [UInt8])
    /// From another site.
    case elsewhere(host: String)

    /// Judges a request.
    ///
    /// - Parameters:
    ///   - referer: the field, if it was sent.
    ///   - host: the request's own host, as it was sent.
    ///   - otherHosts: what else the server answers to, lower case, without `www.`.
    ///   - signals: what the browser said.
    package init(
        referer: ArraySlice<UInt8>?, host: ArraySlice<UInt8>?, otherHosts: Set<String> = [],
        signals: RequestSignals
    ) {
        guard let referer, let (name, path) = Self.parts(referer) else {
            switch signals.site {
            case .none: self = .typed
            case .cross: self = .hidden
            case .absent, .same: self = .none
            }
            return
        }
        guard let name = Self.hostName(name) else {
            self = .hidden
            return
        }
        if let host, Self.hostName(host) == name || otherHosts.contains(name) {
            self = .inside(path: Array(path))
        } else {
            self = .elsewhere(host: name)
        }
    }

    /// Host and path of an address; nil if it has no host.
    private static func parts(
        _ address: ArraySlice<UInt8>
    ) -> (host: ArraySlice<UInt8>, path: ArraySlice<UInt8>)? {
        guard let colon = address.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let rest = address[(colon + 1)...]
        guard rest.starts(with: "//".utf8) else { return nil }
        let behind = rest.dropFirst(2)
        let end = behind.firstIndex { [0x2F, 0x3F, 0x23].contains($0) } ?? behind.endIndex
        var host = behind[..<end]
        if let at = host.lastIndex(of: UInt8(ascii: "@")) { host = host[(at + 1)...] }
        guard !host.isEmpty else { return nil }
        let path = behind[end...].prefix { $0 != 0x3F && $0 != 0x23 }
        return (host, path.isEmpty ? [UInt8(ascii: "/")] : path)
    }

    /// A host without port, last dot and `www.`, in lower case; nil if it can be none.
    package static func hostName(_ host: ArraySlice<UInt8>) -> String? {
        var name = host
        if name.first == UInt8(ascii: "[") {
            guard let end = name.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            name = name[...end]
        } else if let colon = name.firstIndex(of: UInt8(ascii: ":")) {
            name = name[..<colon]
        }
        if name.last == UInt8(ascii: ".") { name.removeLast() }
        let lower = name.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }[...]
        let bare = lower.starts(with: "www.".utf8) ? lower.dropFirst(4) : lower
        guard !bare.isEmpty, bare.count <= AccessLimits.hostBytesMax,
            bare.allSatisfy({ isHostByte($0) })
        else { return nil }
        return String(decoding: bare, as: UTF8.self)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"),
            UInt8(ascii: "["), UInt8(ascii: "]"):
            true
        default: false
        }
    }
}
