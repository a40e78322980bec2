import Hashing
import LocalFiles
import Markup

/// Names of assets: the fingerprint stands before the ending.
package enum AssetName {
    private static let folder = "/assets/"

    /// `/fonts/a.woff2` for `/assets/fonts/a-1f3c5d7e9a.woff2`; nil for what has no fingerprint.
    package static func plainPath(of path: String) -> String? {
        guard path.hasPrefix(folder) else { return nil }
        let name = path.dropFirst(folder.count)
        let nameStart = name.lastIndex(of: "/").map(name.index(after:)) ?? name.startIndex
        let dot = name[nameStart...].lastIndex(of: ".").flatMap { $0 > nameStart ? $0 : nil }
        let stem = name[..<(dot ?? name.endIndex)]
        guard let dash = stem[nameStart...].lastIndex(of: "-") else { return nil }
        let digits = stem[stem.index(after: dash)...]
        guard digits.utf8.count == BuildLimits.fingerprintDigits,
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        return "/" + stem[..<dash] + (dot.map { name[$0...] } ?? "")
    }

    /// Whether a path is of the file that somebody names.
    ///
    /// A file is named by the path itself, by its name in public/, or by `/assets/` with that name.
    /// A name with a fingerprint means those bytes alone.
    package static func isPath(_ path: String, of named: String) -> Bool {
        if path == named { return true }
        guard plainPath(of: named) == nil else { return false }
        var plain = [named]
        if named.hasPrefix(folder) { plain.append("/" + named.dropFirst(folder.count)) }
        return plain.contains(path) || plainPath(of: path).map(plain.contains) == true
    }

    /// `/assets/fonts/a-1f3c5d7e9a.woff2` for `fonts/a.woff2`.
    package static func path(for name: String, content: [UInt8]) -> String {
        path(for: name, digest: SHA256Digest(of: content))
    }

    /// The same, for content of which the digest is known.
    static func path(for name: String, digest: SHA256Digest) -> String {
        let fingerprint = digest.hex.prefix(BuildLimits.fingerprintDigits)
        let folderEnd = name.lastIndex(of: "/").map(name.index(after:)) ?? name.startIndex
        guard let dot = name[folderEnd...].lastIndex(of: "."), dot > folderEnd else {
            return "/assets/\(name)-\(fingerprint)"
        }
        return "/assets/\(name[..<dot])-\(fingerprint)\(name[dot...])"
    }
}
