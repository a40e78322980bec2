import Hashing
import LocalFiles
import Markup

/// Names of assets: the fingerprint stands before the ending.
package enum AssetName {
    private static let folder = "/assets/"

    /// `/fonts/a.woff2` for `/assets/fonts/a-1f3c5d7e9a.woff2`; nil for what has no fingerprint.
    ///
    /// - Parameters:
    ///   - path: the path of an entry.
    ///   - site: the folder of the site on its host; empty for none.
    /// - Returns: the path of the file that has it, in the same folder.
    static func plainPath(of path: String, under site: String) -> String? {
        guard path.hasPrefix(site + folder) else { return nil }
        let name = path.dropFirst(site.count + folder.count)
        let nameStart = name.lastIndex(of: "/").map(name.index(after:)) ?? name.startIndex
        let dot = name[nameStart...].lastIndex(of: ".").flatMap { $0 > nameStart ? $0 : nil }
        let stem = name[..<(dot ?? name.endIndex)]
        guard let dash = stem[nameStart...].lastIndex(of: "-") else { return nil }
        let digits = stem[stem.index(after: dash)...]
        guard digits.utf8.count == BuildLimits.fingerprintDigits,
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        return site + "/" + stem[..<dash] + (dot.map { name[$0...] } ?? "")
    }

    /// Whether a path is of the file that somebody names.
    ///
    /// A file is named by the path itself, by its name in public/, or by `/assets/` with that name.
    /// A name with a fingerprint means those bytes alone.
    ///
    /// - Parameters:
    ///   - path: the path of an entry.
    ///   - named: what somebody wrote.
    ///   - site: the folder of the site on its host; empty for none.
    /// - Returns: whether it is that one.
    package static func isPath(_ path: String, of named: String, under site: String) -> Bool {
        if path == named { return true }
        guard plainPath(of: named, under: site) == nil else { return false }
        var plain = [named]
        if named.hasPrefix(site + folder) {
            plain.append(site + "/" + named.dropFirst(site.count + folder.count))
        }
        return plain.contains(path) || plainPath(of: path, under: site).map(plain.contains) == true
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
