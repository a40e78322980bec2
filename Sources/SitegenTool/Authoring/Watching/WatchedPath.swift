import Glibc
import LocalFiles

/// Files of the watched site, by names that came from a compiler or a browser.
enum WatchedPath {
    /// The largest file of which lines are shown.
    private static let bytesMax = 4 << 20

    /// The absolute path of a file below the root; nil for names that lead out of it.
    static func absolute(_ file: String, below root: String) -> String? {
        let parts = file.split(separator: "/", omittingEmptySubsequences: false)
        guard !file.isEmpty, !file.utf8.contains(0),
            parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." })
        else { return nil }
        return "\(root)/\(file)"
    }

    /// The text of a file; nil if it cannot be read.
    static func text(of path: String) -> String? {
        (try? LocalFile(path).bytes(limit: bytesMax)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// A folder's path from the root of the file system; nil if it is not there.
    static func real(_ path: String) -> String? {
        unsafe realpath(path, nil).map { text in
            defer { unsafe free(text) }
            return unsafe String(cString: text)
        }
    }
}
