// The incremental SHA-256 of this project, over swift-crypto (BoringSSL's assembly).
//
// swift-crypto is named in this file alone, so that another implementation can take its place.
// It takes bytes as they come and never buffers more than one block of them.

import Crypto

/// Hashes bytes that arrive in pieces; how they are cut does not change the digest.
package struct SHA256Hasher: Sendable {
    private var state = SHA256()

    /// Starts with no bytes.
    package init() {}

    /// Adds bytes after those given before.
    package mutating func update(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { unsafe state.update(bufferPointer: $0) }
    }

    /// Adds bytes after those given before.
    package mutating func update(_ bytes: borrowing Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe state.update(bufferPointer: $0) }
    }

    /// Adds bytes after those given before.
    package mutating func update(_ bytes: ArraySlice<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe state.update(bufferPointer: $0) }
    }

    /// The digest of all the bytes; the hasher may be given more afterwards.
    package func finish() -> SHA256Digest {
        let digest = state.finalize()
        let bytes = unsafe digest.withUnsafeBytes { unsafe [UInt8]($0) }
        guard let value = SHA256Digest(bytes: bytes[...]) else {
            preconditionFailure("SHA-256 gives 32 bytes")
        }
        return value
    }
}
