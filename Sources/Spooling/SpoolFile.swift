// A file without a name: the only calls of the system that this module makes.
//
// Its bytes are written and read by place, so that a write that failed half way is done again. It
// is never synced: what is put aside is worth nothing without the process.

import Glibc
import Groundwork

/// Sole owner of an open file that no folder has; gone with the value, and with the process.
struct SpoolFile: ~Copyable, Sendable {
    private let number: Int32
    /// The folder that it was made in, for error texts.
    private let folder: String

    private init(owning number: Int32, folder: String) {
        self.number = number
        self.folder = folder
    }

    deinit { close(number) }

    /// Makes a file for this process alone and takes its name away; nil if there is one of it.
    static func make(_ path: String, in folder: String) throws(SpoolError) -> SpoolFile? {
        let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let number = unsafe open(path, flags, 0o600)
        guard number >= 0 else {
            if errno == EEXIST { return nil }
            throw SpoolError(call: "open", file: folder, code: errno)
        }
        let file = SpoolFile(owning: number, folder: folder)
        guard unsafe unlink(path) == 0 else {
            throw SpoolError(call: "unlink", file: path, code: errno)
        }
        return file
    }

    /// Writes all the bytes at a place.
    func write(_ bytes: [UInt8], at place: Int) throws(SpoolError) {
        let (done, code) = SystemCall.whole(bytes.count) { done in
            unsafe bytes.withUnsafeBytes { rest in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: rest[done...])
                return unsafe pwrite(number, rest.baseAddress, rest.count, place + done)
            }
        }
        guard done == bytes.count else {
            throw SpoolError(call: "write", file: folder, code: code == 0 ? EIO : code)
        }
    }

    /// The bytes at a place, all of them.
    func read(at place: Range<Int>) throws(SpoolError) -> [UInt8] {
        var code: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: place.count) { buffer, filled in
            let room = UnsafeMutableRawBufferPointer(buffer)
            (filled, code) = SystemCall.whole(place.count) { done in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: room[done..<place.count])
                return unsafe pread(number, rest.baseAddress, rest.count, place.lowerBound + done)
            }
        }
        guard code == 0, bytes.count == place.count else {
            throw SpoolError(call: "read", file: folder, code: code == 0 ? EIO : code)
        }
        return bytes
    }
}
