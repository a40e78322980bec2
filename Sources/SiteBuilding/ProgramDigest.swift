// The digest of a program's file: what makes pages may have changed when this has.
//
// The whole file is hashed, so a program that was compiled again to the same bytes is the same. It
// is read in pieces: a mapped file would count as memory of the build.

import Glibc
import Hashing

/// Tells programs apart.
package enum ProgramDigest {
    private static let pieceBytes = 1 << 16

    /// The digest of a file, 32 hexadecimal digits; nil when it cannot be read.
    package static func of(file: String) -> String? {
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
        return String(hasher.finish().hex.prefix(32))
    }
}
