// What stands in a folder: every name, also those that are no text, with what it stands for.
//
// Nothing is left out here and no link is followed; what is of no use is the caller's to tell.

import Glibc

/// One name in a folder.
package struct FolderEntry: Sendable, Hashable {
    /// The bytes of the name.
    package let name: [UInt8]
    /// What it stands for.
    package let kind: FileKind

    /// The name as text; nil when it is not UTF-8.
    package var text: String? { String(validating: name, as: UTF8.self) }
    /// Whether the name begins with a dot.
    package var isHidden: Bool { name.first == UInt8(ascii: ".") }
}

/// Reads folders.
package enum LocalFolder {
    /// The names in a folder, in the order of their bytes, without `.` and `..`.
    ///
    /// - Parameters:
    ///   - path: the folder.
    ///   - followsLinks: whether `path` itself may be a link to a folder.
    /// - Returns: the names; nil when there is nothing of that name.
    /// - Throws: `.refused`.
    package static func entries(
        of path: String, followsLinks: Bool = false
    ) throws(FileFault) -> [FolderEntry]? {
        let links = followsLinks ? 0 : O_NOFOLLOW
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | links)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .refused(code: errno)
        }
        guard let stream = unsafe fdopendir(descriptor) else {
            let code = errno
            close(descriptor)
            throw .refused(code: code)
        }
        defer { unsafe closedir(stream) }
        var entries: [FolderEntry] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(stream) else { break }
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
                unsafe field.withMemoryRebound(to: UInt8.self, capacity: 256) { start in
                    unsafe Array(
                        UnsafeBufferPointer(
                            start: start,
                            count: strlen(
                                UnsafeRawPointer(start)
                                    .assumingMemoryBound(to: CChar.self))))
                }
            }
            if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) { continue }
            // One that has gone since is none.
            guard let kind = kind(of: name, in: descriptor) else { continue }
            entries.append(FolderEntry(name: name, kind: kind))
        }
        guard errno == 0 else { throw .refused(code: errno) }
        return entries.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    private static func kind(of name: [UInt8], in folder: Int32) -> FileKind? {
        var info = stat()
        let text = name.map { CChar(bitPattern: $0) } + [0]
        guard unsafe fstatat(folder, text, &info, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        return FileKind(mode: info.st_mode)
    }
}
