// The content codings that a stored page exists in (RFC 9110 section 8.4.1).
//
// The order of the cases is the order of every table in a release; the raw values are written
// into manifests, so they never change meaning.

/// How the bytes of a representation are coded.
package enum Coding: UInt8, Sendable, CaseIterable, Comparable {
    /// No coding: the bytes as rendered.
    case identity = 0
    /// One gzip member (RFC 1952).
    case gzip = 1
    /// One brotli stream (RFC 7932).
    case brotli = 2

    /// The token of `Content-Encoding` and `Accept-Encoding`; identity is never sent.
    package var token: String {
        switch self {
        case .identity: "identity"
        case .gzip: "gzip"
        case .brotli: "br"
        }
    }

    /// What is appended to a file's name, `.gz` for example; empty for identity.
    package var fileSuffix: String {
        switch self {
        case .identity: ""
        case .gzip: ".gz"
        case .brotli: ".br"
        }
    }

    /// The order of the raw values.
    package static func < (one: Coding, other: Coding) -> Bool { one.rawValue < other.rawValue }
}
