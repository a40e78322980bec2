// The name of a release: 16 hexadecimal digits from the digest of its manifest.
//
// The same input gives the same name, so a name says what is in a release, not when it was made.

package import Hashing

/// The name of a release.
package struct ReleaseID: Sendable, Hashable, CustomStringConvertible {
    /// 16 lower-case hexadecimal digits.
    package let description: String

    /// Takes a name; nil unless it is 16 lower-case hexadecimal digits.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == 16,
            text.utf8.allSatisfy({ byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
            })
        else { return nil }
        description = String(text)
    }

    /// Names the release whose manifest has this digest.
    package init(manifestDigest digest: SHA256Digest) {
        description = String(digest.hex.prefix(16))
    }
}
