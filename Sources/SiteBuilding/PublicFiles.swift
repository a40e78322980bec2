// The files of public/: served under their own names, and as assets under names with a fingerprint.
//
// `public/fonts/a.woff2` is `/fonts/a.woff2`, to be asked for again and again, and
// `/assets/fonts/a-1f3c….woff2`, which a browser keeps for a year: its content cannot change.
// Hidden files (a name that begins with a dot) and links are left out, but for `.well-known` (RFC
// 8615). Files are read to know their
// digests, and once more where the last release does not have them; none is kept in memory.

import FoundationEssentials
package import Hashing

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
    private let path: String

    fileprivate init(name: String, digest: SHA256Digest, path: String) {
        self.name = name
        self.digest = digest
        self.path = path
        assetPath = AssetName.path(for: name, digest: digest)
        type = .of(fileNamed: name)
    }

    /// The content.
    ///
    /// - Throws: `.publicFile` when it cannot be read, or is another than before.
    package func bytes() throws(BuildError) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .publicFile(name: name, reason: "it cannot be read")
        }
        let bytes = [UInt8](data)
        guard SHA256Digest(of: bytes) == digest else {
            throw .publicFile(name: name, reason: "it was changed during the build; build again")
        }
        return bytes
    }
}

/// All files of public/, by name.
package struct PublicFiles: Sendable {
    /// The files, sorted by name.
    package let files: [PublicFile]
    private let assetPaths: [String: String]

    /// Reads the folder; a folder that does not exist has no files.
    ///
    /// - Throws: `.publicFile` for a file that cannot be read or is over a limit.
    package init(folder: String) throws(BuildError) {
        var files: [PublicFile] = []
        for name in try Self.names(in: folder) {
            files.append(try Self.read(name, in: folder))
        }
        self.files = files
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

    private static func names(in folder: String) throws(BuildError) -> [String] {
        let manager = FileManager.default
        guard manager.fileExists(atPath: folder) else { return [] }
        guard let all = try? manager.subpathsOfDirectory(atPath: folder) else {
            throw .publicFile(name: folder, reason: "the folder cannot be read")
        }
        let shown = all.filter { name in
            !name.split(separator: "/").enumerated().contains { place, part in
                part.hasPrefix(".") && !(place == 0 && part == ".well-known")
            }
        }
        guard shown.count <= BuildLimits.publicFilesMax else {
            throw .publicFile(name: folder, reason: "more than \(BuildLimits.publicFilesMax) files")
        }
        return shown.sorted().filter { isRegularFile("\(folder)/\($0)") }
    }

    private static func isRegularFile(_ path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return attributes?[.type] as? FileAttributeType == .typeRegular
    }

    private static func read(_ name: String, in folder: String) throws(BuildError) -> PublicFile {
        let path = "\(folder)/\(name)"
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let size = attributes?[.size] as? Int ?? 0
        guard size <= BuildLimits.publicFileBytesMax else {
            throw .publicFile(
                name: name, reason: "it has more than \(BuildLimits.publicFileBytesMax) bytes")
        }
        guard let digest = FileDigest.of(file: path) else {
            throw .publicFile(name: name, reason: "it cannot be read")
        }
        return PublicFile(name: name, digest: digest, path: path)
    }
}

/// Names of assets: the fingerprint stands before the ending.
package enum AssetName {
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
