// A page for a client that holds its stored form as a dictionary: copy commands and fragments.
//
// The dictionary is the identity file, fallbacks and all (RFC 9842). Static text is copied from it,
// an unfilled slot with its pad, so only filled slots cost bytes. They need no fixed length here: a
// fragment is followed by `<!--` and the text's own `-->`, or by nothing in other forms.

/// How a delta is coded.
package enum DeltaCoding: Sendable, CaseIterable {
    /// Dictionary-compressed brotli.
    case brotli
    /// Dictionary-compressed zstd.
    case zstandard

    /// The token of `Content-Encoding` and `Accept-Encoding`.
    package var token: String { self == .brotli ? "dcb" : "dcz" }
}
