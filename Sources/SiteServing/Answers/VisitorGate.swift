/// Lets in who knows a token: by an address that ends in `?token=…`, from then on by a cookie.
///
/// Others get 403 for every path, whatever there is. The token is the secret of a preview, not of a
/// person: who has the address has the site.
package struct VisitorGate: Sendable {
    /// The fewest bytes of a token.
    package static let tokenBytesMin = 16
    /// What is behind a gate; the raw value is the name of the command that prints the address.
    package enum Kind: String, Sendable {
        /// What is not public yet.
        case preview
        /// An author's machine, for others in its network.
        case watch
    }

    private let token: [UInt8]
    private let kind: Kind

    /// Makes a gate; nil for a token that is short, or has other characters than letters, digits,
    /// hyphens and underscores.
    package init?(token: String, kind: Kind = .preview) {
        self.kind = kind
        guard token.utf8.count >= Self.tokenBytesMin, token.utf8.count <= 256,
            token.utf8.allSatisfy(Self.isLetter)
        else { return nil }
        self.token = Array(token.utf8)
    }

    /// The name of the cookie: ports of one host share theirs.
    var cookie: String { "sitegen-\(kind.rawValue)" }

    private var explanation: String {
        switch kind {
        case .preview: "This is a preview. Open the address that `sitegen preview` has printed."
        case .watch: "Open the address that `sitegen watch` has printed for other machines."
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        Byte.isDigit(byte) || (0x61...0x7A).contains(Byte.lowercased(byte))
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    /// What is answered at the gate; nil lets the request in.
    func answer(_ head: RequestHead, _ maker: AnswerMaker) -> Answer? {
        if let query = head.query, let rest = admitted(query) {
            var location = PathText.encoded(head.path)
            if !rest.isEmpty { location += [UInt8(ascii: "?")] + rest }
            let cookie =
                Array("Set-Cookie: \(cookie)=".utf8) + token
                + Array("; Path=/; HttpOnly; SameSite=Lax\r\nReferrer-Policy: no-referrer\r\n".utf8)
            return maker.redirect(303, to: location, headers: cookie, caching: "no-store")
        }
        if let given = head.cookieValue(cookie), isToken(given) { return nil }
        return maker.error(403, because: explanation)
    }

    /// The query without the token; nil if it is not in there.
    private func admitted(_ query: ArraySlice<UInt8>) -> [UInt8]? {
        let parts = query.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
        let name = Array("token=".utf8)
        guard
            let place = parts.firstIndex(where: {
                $0.starts(with: name) && isToken($0.dropFirst(name.count))
            })
        else { return nil }
        var rest = parts
        rest.remove(at: place)
        return Array(rest.joined(separator: [UInt8(ascii: "&")]))
    }

    /// Compares without telling by its time how much was right.
    private func isToken(_ given: ArraySlice<UInt8>) -> Bool {
        guard given.count == token.count else { return false }
        return zip(given, token).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
