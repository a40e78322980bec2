// The digests of files that are too large to be read at once, or of which only the digest matters:
// programs, without which no page would be the same, and the files of public/.
//
// A file is read in pieces: a mapped one would count as memory of the build.

import Glibc
package import Hashing

/// Tells files apart.
package enum FileDigest {
    private static let pieceBytes = 1 << 16

    /// The digest of a file's bytes; nil when it cannot be read.
    package static func of(file: String) -> SHA256Digest? {
        let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var hasher = SHA256Hasher()
        var piece = [UInt8](repeating: 0, count: pieceBytes)
        while true {
            let count = unsafe read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            guard count > 0 else { break }
            hasher.update(piece[..<count])
        }
        return hasher.finish()
    }

    /// The digest of a program's file, 32 hexadecimal digits; nil when it cannot be read.
    ///
    /// A program that was compiled again to the same bytes is the same.
    package static func of(program file: String) -> String? {
        of(file: file).map { String($0.hex.prefix(32)) }
    }
}
