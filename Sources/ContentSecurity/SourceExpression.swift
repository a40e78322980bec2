// The sources of a Content-Security-Policy, each made so that it cannot say more than it should.
//
// There is no way to make one from unchecked text: a host is validated, a hash comes from a
// digest, the rest are cases. `'unsafe-inline'`, `'unsafe-eval'` and nonces do not exist here:
// stored pages cannot have nonces, and the other two give up what the policy is for.

package import Hashing

/// A place that a page may load something from (CSP Level 3, section 2.3.1).
package enum SourceExpression: Sendable, Hashable {
    /// The page's own origin.
    case `self`
    /// Bytes in the page itself, `data:`.
    case data
    /// Every origin of a scheme.
    case scheme(Scheme)
    /// One origin, or the subdomains of one.
    case host(Host)
    /// An inline script or style with this digest.
    case sha256(SHA256Digest)
    /// Scripts that an allowed script loads.
    case strictDynamic

    /// A scheme that pages may load from.
    package enum Scheme: String, Sendable, Hashable, CaseIterable {
        /// Anything over TLS.
        case https
        /// WebSockets over TLS.
        case wss
        /// Bytes that a script made.
        case blob
    }

    /// A host of a source, checked to be nothing else.
    package struct Host: Sendable, Hashable {
        /// The host as the policy says it, with its scheme and port if it has any.
        package let text: String

        /// Reads `cdn.example.com`, `*.example.com`, `https://example.com` or `example.com:8443`.
        ///
        /// - Returns: nil for anything else, a path, a lone `*` or a quoted word among them.
        package init?(_ text: String) {
            var rest = text[...]
            for scheme in ["https://", "wss://", "http://"] where rest.hasPrefix(scheme) {
                rest = rest.dropFirst(scheme.count)
                break
            }
            let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
            guard let name = parts.first, parts.count <= 2, Self.isHostName(name) else {
                return nil
            }
            if parts.count == 2 {
                guard let port = UInt16(parts[1]), port > 0,
                    parts[1].utf8.allSatisfy({ Self.isDigit($0) })
                else { return nil }
            }
            self.text = text.lowercased()
        }

        private static func isHostName(_ name: Substring) -> Bool {
            let plain = name.hasPrefix("*.") ? name.dropFirst(2) : name
            guard (1...253).contains(plain.utf8.count) else { return false }
            return plain.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
                (1...63).contains($0.utf8.count) && !$0.hasPrefix("-") && !$0.hasSuffix("-")
                    && $0.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
            }
        }

        private static func isDigit(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }

        private static func isLetter(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
    }

    /// How the policy says it.
    package var text: String {
        switch self {
        case .self: "'self'"
        case .data: "data:"
        case .scheme(let scheme): "\(scheme.rawValue):"
        case .host(let host): host.text
        case .sha256(let digest): "'sha256-\(digest.base64)'"
        case .strictDynamic: "'strict-dynamic'"
        }
    }
}
