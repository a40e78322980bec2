// The one hash of this module: SHA-256 of text, as the hexadecimal words that are compared between
// view files, the database and compiled rows. It protects nothing; it only tells texts apart.

import Hashing

enum Digest {
    /// 64 hexadecimal digits.
    static func hexadecimal(of text: String) -> String { SHA256Digest(of: Array(text.utf8)).hex }
}
