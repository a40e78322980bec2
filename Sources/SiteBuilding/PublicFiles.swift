// The files of public/: served under their own names, and as assets under names with a fingerprint.
//
// `public/fonts/a.woff2` is `/fonts/a.woff2`, to be asked for again and again, and
// `/assets/fonts/a-1f3c….woff2`, which a browser keeps for a year: its content cannot change;
// `public/x/index.html` is `/x/`, as any server of files has it. Files are read to know their
// digests, and once more where the last release does not have them; none is kept in memory.

package import Hashing
import LocalFiles
import Markup

/// One file of public/.
package struct PublicFile: Sendable {
    /// The name below public/, without a leading slash.
    package let name: String
    /// The digest of the content.
    package let digest: SHA256Digest
    /// The address that changes with the content.
    package let assetPath: String
    /// What the file is.
    package let type: MediaType
    private let file: String

    fileprivate init(name: String, digest: SHA256Digest, file: String) {
        self.name = name
        self.digest = digest
        self.file = file
        assetPath = PagePath(AssetName.path(for: name, digest: digest)).text
        type = .of(fileNamed: name)
    }

    /// The address that stays when the content changes.
    package var path: String {
        let isIndex = name == "index.html" || name.hasSuffix("/index.html")
        return PagePath("/\(isIndex ? name.dropLast("index.html".count) : name[...])").text
    }

    /// The content.
    ///
    /// - Throws: `.publicFile` when it cannot be read, or is another than before.
    package func bytes() throws(BuildError) -> [UInt8] {
        let bytes = try reading("public/\(name)") { () throws(FileFault) in
            try LocalFile(file, followsLinks: false).bytes(limit: BuildLimits.publicFileBytesMax)
        }
        guard SHA256Digest(of: bytes) == digest else {
            throw .publicFile(
                name: "public/\(name)", reason: "it was changed during the build; build again")
        }
        return bytes
    }
}

/// All files of public/, by name.
package struct PublicFiles: Sendable {
    /// The files, sorted by name.
    package let files: [PublicFile]
    /// What stands in the folder and is not published, each with its reason, a line for each.
    package let omissions: [String]
    private let assetPaths: [String: String]

    /// Reads the folder; a folder that does not exist has no files.
    ///
    /// - Parameters:
    ///   - folder: the folder.
    ///   - filesMax: the most files.
    /// - Throws: `.publicFile` for a file that cannot be read or is over a limit.
    package init(
        folder: String, filesMax: Int = BuildLimits.publicFilesMax
    ) throws(BuildError) {
        var walk = PublicFolder(folder, filesMax: filesMax)
        try walk.read()
        var files: [PublicFile] = []
        for name in walk.names.sorted() {
            let file = "\(folder)/\(name)"
            let digest = try reading("public/\(name)") { () throws(FileFault) in
                try LocalFile(file, followsLinks: false)
                    .digest(limit: BuildLimits.publicFileBytesMax)
            }
            files.append(PublicFile(name: name, digest: digest, file: file))
        }
        self.files = files
        omissions = walk.omissions
        var assetPaths: [String: String] = [:]
        for file in files {
            // Swift compares by canonical equivalence, the file system by bytes.
            guard assetPaths.updateValue(file.assetPath, forKey: file.name) == nil else {
                throw .publicFile(
                    name: "public/\(file.name)",
                    reason: "another file has its name in other Unicode bytes (NFC and NFD)")
            }
        }
        self.assetPaths = assetPaths
    }

    /// The fingerprinted address of a file, or nil if there is none of that name.
    package func assetPath(of name: String) -> String? {
        assetPaths[name.hasPrefix("/") ? String(name.dropFirst()) : name]
    }
}

/// Runs `work`; what keeps a file from being read becomes an error that names it.
func reading<T>(
    _ name: String, _ work: () throws(FileFault) -> T
) throws(BuildError) -> T {
    do throws(FileFault) {
        return try work()
    } catch {
        throw .publicFile(name: name, reason: "\(error)")
    }
}

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
