// A file that is open for reading, with a limit that holds while it is read.
//
// The size is asked of the open file, so it is the one of the bytes that are read; a file that
// grows meanwhile is refused where it passes the limit. Nothing that could wait for ever is opened:
// what is no regular file is refused by its kind. A file is read in pieces, since a mapped one
// would count as memory of the process.

import Glibc
import Groundwork
package import Hashing

/// Sole owner of a regular file that is open for reading.
package struct LocalFile: ~Copyable {
    private let descriptor: Int32
    /// What the system said of the file when it was opened.
    package let stamp: FileStamp

    private static let pieceBytes = 1 << 16

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: where it is.
    ///   - followsLinks: whether a symbolic link stands for the file that it leads to.
    /// - Throws: `.notRegular`, or `.refused`; never waits for a pipe.
    package init(_ path: String, followsLinks: Bool = true) throws(FileFault) {
        let links = followsLinks ? 0 : O_NOFOLLOW
        let opened = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | links)
        guard opened >= 0 else {
            switch errno {
            case ELOOP where !followsLinks: throw .notRegular(.link)
            case ENXIO: throw .notRegular(.socket)
            case let code: throw .refused(code: code)
            }
        }
        var info = stat()
        guard unsafe fstat(opened, &info) == 0 else {
            let code = errno
            close(opened)
            throw .refused(code: code)
        }
        let kind = FileKind(mode: info.st_mode)
        guard kind == .regular else {
            close(opened)
            throw .notRegular(kind)
        }
        descriptor = opened
        stamp = FileStamp(info)
    }

    deinit { close(descriptor) }

    /// All bytes.
    ///
    /// - Throws: `.tooLong` before anything is read where the size says so, else while reading.
    package func bytes(limit: Int) throws(FileFault) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(limit, stamp.size))
        try forEachPiece(limit: limit) { bytes += $0 }
        return bytes
    }

    /// The digest of all bytes.
    ///
    /// - Throws: as `bytes`.
    package func digest(limit: Int = .max) throws(FileFault) -> SHA256Digest {
        var hasher = SHA256Hasher()
        try forEachPiece(limit: limit) { hasher.update($0) }
        return hasher.finish()
    }

    private func forEachPiece(
        limit: Int, _ take: (ArraySlice<UInt8>) -> Void
    ) throws(FileFault) {
        guard stamp.size <= limit else { throw .tooLong(limit: limit) }
        var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
        var left = limit
        while true {
            let (count, code) = SystemCall.uninterrupted {
                unsafe read(descriptor, &piece, piece.count)
            }
            guard code == 0 else { throw .refused(code: code) }
            guard count > 0 else { return }
            guard count <= left else { throw .tooLong(limit: limit) }
            left -= count
            take(piece[..<count])
        }
    }
}
