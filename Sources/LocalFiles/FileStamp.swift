import Glibc
import Hashing

/// What the system says of a file; two moments with the same stamp have most likely the same bytes.
///
/// Not certainly: a clock has steps, and writing to memory that is mapped from the file may move
/// no time at all.
package struct FileStamp: Sendable, Hashable {
    /// The number of bytes.
    package let size: Int
    /// When anything of the file last changed, in nanoseconds since 1970; no program can set it.
    package let changed: Int
    private let modified: Int
    private let device: dev_t
    private let inode: ino_t

    init(_ info: stat) {
        size = Int(info.st_size)
        changed = Self.nanoseconds(info.st_ctim)
        modified = Self.nanoseconds(info.st_mtim)
        device = info.st_dev
        inode = info.st_ino
    }

    private static func nanoseconds(_ time: timespec) -> Int {
        let (whole, isOver) = time.tv_sec.multipliedReportingOverflow(by: 1_000_000_000)
        return isOver ? 0 : whole &+ time.tv_nsec
    }
}

extension FileStamp {
    /// What the system says of a file now, links being followed; nil when there is no regular file
    /// of that name.
    package static func of(_ path: String) -> FileStamp? {
        var info = stat()
        guard unsafe stat(path, &info) == 0, FileKind(mode: info.st_mode) == .regular else {
            return nil
        }
        return FileStamp(info)
    }
}
