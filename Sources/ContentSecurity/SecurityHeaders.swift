// The security headers that every answer carries besides its policy.
//
// They are constants: nothing of a request or a row goes in. Strict-Transport-Security is sent
// for sites on TLS alone, since it would lock visitors out of any other.

/// The fixed security headers.
package enum SecurityHeaders {
    /// Names in lower case and values, in the order they are sent.
    ///
    /// - Parameter isHTTPS: whether the site's origin begins with `https:`.
    /// - Returns: each header once.
    package static func fixed(isHTTPS: Bool) -> [(name: String, value: String)] {
        var headers = [
            (name: "x-content-type-options", value: "nosniff"),
            (name: "referrer-policy", value: "strict-origin-when-cross-origin"),
            (name: "cross-origin-opener-policy", value: "same-origin"),
            (name: "permissions-policy", value: "camera=(), geolocation=(), microphone=()"),
        ]
        if isHTTPS {
            // Two years, as the preload list asks; subdomains stay the owner's choice.
            headers.append((name: "strict-transport-security", value: "max-age=63072000"))
        }
        return headers
    }
}
