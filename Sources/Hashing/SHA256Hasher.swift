// The incremental SHA-256 of this project, over libcrypto (OpenSSL's assembly).
//
// libcrypto is named in this file alone, so that another implementation can take its place. Its
// state is a value without pointers: nothing is allocated, looked up or read from a file.

internal import CCrypto

/// Hashes bytes that arrive in pieces; how they are cut does not change the digest.
package struct SHA256Hasher: Sendable {
    private var state = SHA256_CTX()

    /// Starts with no bytes.
    package init() { unsafe SHA256_Init(&state) }

    /// Adds bytes after those given before.
    package mutating func update(_ bytes: [UInt8]) { update(bytes.span) }

    /// Adds bytes after those given before.
    package mutating func update(_ bytes: ArraySlice<UInt8>) { update(bytes.span) }

    /// Adds bytes after those given before.
    package mutating func update(_ bytes: borrowing Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { buffer in
            _ = unsafe SHA256_Update(&state, buffer.baseAddress, buffer.count)
        }
    }

    /// The digest of all the bytes; the hasher may be given more afterwards.
    package func finish() -> SHA256Digest {
        var last = state
        var bytes = [UInt8](repeating: 0, count: SHA256Digest.byteCount)
        unsafe SHA256_Final(&bytes, &last)
        guard let value = SHA256Digest(bytes: bytes[...]) else {
            preconditionFailure("SHA-256 gives 32 bytes")
        }
        return value
    }
}
