// The files of public/: served under their own names, and as assets under names with a fingerprint.
//
// `public/fonts/a.woff2` is `/fonts/a.woff2`, to be asked for again and again, and
// `/assets/fonts/a-1f3c….woff2`, which a browser keeps for a year: its content cannot change;
// `public/x/index.html` is `/x/`, as any server of files has it. Files are read to know their
// digests, and once more where the last release does not have them; none is kept in memory.

import Hashing
import LocalFiles
import Markup

/// All files of public/, by name.
struct PublicFiles: Sendable {
    /// The files, sorted by name.
    package let files: [PublicFile]
    /// What stands in the folder and is not published, each with its reason, a line for each.
    let omissions: [String]
    private let assetPaths: [String: String]
    private let folderLength: Int

    /// Reads the folder; a folder that does not exist has no files.
    ///
    /// - Parameters:
    ///   - folder: the folder.
    ///   - basePath: the folder of the site on its host; empty for none.
    ///   - filesMax: the most files.
    /// - Throws: `.publicFile` for a file that cannot be read or is over a limit.
    package init(
        folder: String, under basePath: String = "", filesMax: Int = BuildLimits.publicFilesMax
    ) throws {
        var walk = PublicFolder(folder, filesMax: filesMax)
        try walk.read()
        var files: [PublicFile] = []
        for name in walk.names.sorted() {
            let file = "\(folder)/\(name)"
            let digest = try reading("public/\(name)") { () throws(FileFault) in
                try LocalFile(file, followsLinks: false)
                    .digest(limit: BuildLimits.publicFileBytesMax)
            }
            files.append(PublicFile(name: name, digest: digest, file: file, under: basePath))
        }
        self.files = files
        omissions = walk.omissions
        var assetPaths: [String: String] = [:]
        for file in files {
            // Swift compares by canonical equivalence, the file system by bytes.
            guard assetPaths.updateValue(file.assetPath, forKey: file.name) == nil else {
                throw BuildError.publicFile(
                    name: "public/\(file.name)",
                    reason: "another file has its name in other Unicode bytes (NFC and NFD)")
            }
        }
        self.assetPaths = assetPaths
        folderLength = basePath.utf8.count
    }

    /// The fingerprinted address of a file, without the folder of the site; nil if there is none of
    /// that name.
    package func assetPath(of name: String) -> String? {
        assetPaths[name.hasPrefix("/") ? String(name.dropFirst()) : name].map {
            String(decoding: $0.utf8.dropFirst(folderLength), as: UTF8.self)
        }
    }
}

/// Runs `work`; what keeps a file from being read becomes an error that names it.
func reading<T>(
    _ name: String, _ work: () throws(FileFault) -> T
) throws -> T {
    do throws(FileFault) {
        return try work()
    } catch {
        throw BuildError.publicFile(name: name, reason: "\(error)")
    }
}
