// The digest of a program's file: what makes pages may have changed when this has.
//
// The whole file is hashed, so a program that was compiled again to the same bytes is the same.

import FoundationEssentials
import Hashing

/// Tells programs apart.
package enum ProgramDigest {
    /// The digest of a file, 32 hexadecimal digits; nil when it cannot be read.
    package static func of(file: String) -> String? {
        guard let data = try? Data(contentsOf: URL(filePath: file), options: .mappedIfSafe) else {
            return nil
        }
        var hasher = SHA256Hasher()
        hasher.update(data.span)
        return String(hasher.finish().hex.prefix(32))
    }
}
