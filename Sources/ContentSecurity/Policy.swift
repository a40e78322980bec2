// A page's Content-Security-Policy: what it may load, and nothing else.
//
// It starts from nothing allowed. The text is a function of what was allowed, whatever the order:
// pages with the same needs share one header block, and a release stays the same byte for byte.

package import Hashing

/// A Content-Security-Policy.
package struct Policy: Sendable, Hashable {
    /// What each directive allows; an empty set is `'none'`.
    private var sources: [SourceDirective: Set<SourceExpression>]
    /// Whether strings may become scripts only through a trusted type.
    private let requiresTrustedTypes: Bool
    /// Whether a script of the page may say how to make trusted types; none does otherwise.
    private var allowsTrustedTypes = false
    /// Whether browsers ask for `http:` resources over TLS.
    private let upgradesInsecureRequests: Bool

    /// The header's name.
    package static let headerName = "content-security-policy"

    /// The policy of a page without scripts or styles.
    ///
    /// Images, fonts and `fetch` may use the page's own origin, forms may be sent to it, images
    /// may be in the page itself; nothing may frame the page, and no plug-in runs.
    ///
    /// - Parameter isHTTPS: whether the site is served over TLS alone.
    /// - Returns: a policy to add sources to.
    package static func strict(isHTTPS: Bool) -> Policy {
        Policy(
            sources: [
                .defaultSource: [], .script: [], .style: [], .image: [.self, .data],
                .font: [.self], .connect: [.self], .object: [], .base: [], .formAction: [.self],
                .frameAncestors: [],
            ], requiresTrustedTypes: true, upgradesInsecureRequests: isHTTPS)
    }

    /// Allows the page's scripts to make trusted types by policies of their own.
    package mutating func allowTrustedTypes() { allowsTrustedTypes = true }

    /// Allows a directive one more source.
    ///
    /// - Precondition: a digest or `strictDynamic` goes with scripts or styles alone.
    package mutating func allow(_ source: SourceExpression, in directive: SourceDirective) {
        switch source {
        case .sha256:
            precondition(directive.takesHashes, "a digest allows inline scripts and styles only")
        case .strictDynamic:
            precondition(directive == .script, "'strict-dynamic' is about scripts")
        default: break
        }
        sources[directive, default: []].insert(source)
    }

    /// Allows an inline script or style by the digest of exactly its bytes.
    package mutating func allow(inline digest: SHA256Digest, in directive: SourceDirective) {
        allow(.sha256(digest), in: directive)
    }

    /// The header's value: directives in a fixed order, sources sorted, no line breaks.
    package var text: String {
        var directives = SourceDirective.allCases.compactMap { directive -> String? in
            guard let allowed = sources[directive] else { return nil }
            let texts = allowed.isEmpty ? ["'none'"] : allowed.map(\.text).sorted()
            return "\(directive.rawValue) \(texts.joined(separator: " "))"
        }
        if requiresTrustedTypes {
            if !allowsTrustedTypes { directives.append("trusted-types 'none'") }
            directives.append("require-trusted-types-for 'script'")
        }
        if upgradesInsecureRequests { directives.append("upgrade-insecure-requests") }
        return directives.joined(separator: "; ")
    }
}
