// The digests of programs: without the one that renders and the one that minifies, no page would be
// the same. A program is read in pieces, since a mapped one would count as memory of the build.
// One that was compiled again to the same bytes is the same.

import Hashing
import LocalFiles

/// Tells programs apart.
package enum FileDigest {
    /// The digest of a program's file, 32 hexadecimal digits; nil when it cannot be read.
    package static func of(program file: String) -> String? {
        guard let digest = try? LocalFile(file).digest() else { return nil }
        return String(digest.hex.prefix(32))
    }
}
