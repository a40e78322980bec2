// A folder for one test, deleted when the value goes.
//
// Deleting follows no link, so a test may point one anywhere.

import Glibc

/// A new empty folder under /tmp with a random name.
public struct TemporaryFolder: ~Copyable {
    /// Its absolute path.
    public let path: String

    /// Makes the folder; readable by everybody, as a project's folder usually is.
    public init() throws {
        var template = Array("/tmp/sitegen-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TemporaryFolderError(code: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        chmod(path, 0o755)
    }

    /// Writes a file below the folder, with the folders above it.
    public func write(_ text: String, to relativePath: String) throws {
        var parent = path
        for name in relativePath.split(separator: "/").dropLast() {
            parent += "/\(name)"
            guard mkdir(parent, 0o755) == 0 || errno == EEXIST else {
                throw TemporaryFolderError(code: errno)
            }
        }
        guard let file = fopen("\(path)/\(relativePath)", "w") else {
            throw TemporaryFolderError(code: errno)
        }
        let written = fputs(text, file)
        guard fclose(file) == 0, written >= 0 else { throw TemporaryFolderError(code: errno) }
    }

    deinit { removeTree(path) }
}

/// The system refused a temporary folder.
public struct TemporaryFolderError: Error {
    /// The `errno`.
    public let code: Int32
}

/// Deletes a file or a folder with everything in it; follows no link.
private func removeTree(_ path: String) {
    if let stream = opendir(path), unlink(path) != 0 {
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        closedir(stream)
        for name in names where name != "." && name != ".." { removeTree("\(path)/\(name)") }
    }
    remove(path)
}
