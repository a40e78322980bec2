// Writes the files of a new site into an empty folder.
//
// A folder that holds anything is left alone. What fails in the middle is taken back, so that a
// second try finds the folder as the first one did.

import FoundationEssentials

/// The folder of a new site.
package enum SiteFolder {
    /// Makes sure that a site can be written into a folder.
    ///
    /// - Throws: `.folderNotEmpty`, `.folderName`.
    package static func check(_ path: String) throws(ScaffoldingError) {
        let name = URL(filePath: path).standardizedFileURL.lastPathComponent
        guard !SiteIdentity.isPackageName(name) else { throw .folderName(name) }
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return }
        guard isFolder, let entries = try? FileManager.default.contentsOfDirectory(atPath: path),
            entries.isEmpty
        else { throw .folderNotEmpty(path: path) }
    }

    /// Writes files into a folder that is empty or not there yet.
    ///
    /// - Throws: `.folderNotEmpty`, `.notWritten`; nothing is left then.
    package static func write(_ files: [WrittenFile], to path: String) throws(ScaffoldingError) {
        try check(path)
        let manager = FileManager.default
        let wasThere = manager.fileExists(atPath: path)
        do throws(ScaffoldingError) {
            for file in files { try write(file, below: path) }
        } catch {
            if wasThere {
                for entry in (try? manager.contentsOfDirectory(atPath: path)) ?? [] {
                    try? manager.removeItem(atPath: "\(path)/\(entry)")
                }
            } else {
                try? manager.removeItem(atPath: path)
            }
            throw error
        }
    }

    /// Writes a file, with the folders above it.
    ///
    /// - Throws: `.notWritten`.
    static func write(
        _ file: WrittenFile, below path: String
    ) throws(ScaffoldingError) {
        let target = "\(path)/\(file.path)"
        do {
            try FileManager.default.createDirectory(
                at: URL(filePath: target).deletingLastPathComponent(),
                withIntermediateDirectories: true)
            try Data(file.text.utf8).write(to: URL(filePath: target), options: .atomic)
        } catch {
            throw .notWritten(path: target, reason: "the file system refused")
        }
    }
}
