// A file in memory: what is stored in it is in the system's page cache at once, and stays there
// when the process is killed.
//
// The whole range is mapped when the file is made, and space on disk is reserved behind it before
// it is touched: where the file system reserves (ext4, XFS), a full disk is an error of `reserve`
// and no signal.

import Glibc
import Groundwork
import Synchronization

/// Sole owner of a new file and its mapping.
@safe struct MappedFile: ~Copyable {
    /// What error texts call it.
    let path: String
    /// The bytes that are reserved on disk and may be stored to.
    private(set) var reserved = 0
    private let number: Int32
    private let base: UnsafeMutableRawPointer
    private let span: Int

    /// Makes a file that must not exist, locks it, and maps a range of it that may grow to `span`.
    init(making path: String, span: Int) throws(SpoolFault) {
        self.path = path
        self.span = span
        let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let number = unsafe open(path, flags, 0o600)
        guard number >= 0 else { throw .system(call: "create", file: path, code: errno) }
        let isLocked = flock(number, LOCK_EX | LOCK_NB) == 0
        guard isLocked,
            let base = unsafe mmap(nil, span, PROT_READ | PROT_WRITE, MAP_SHARED, number, 0),
            unsafe base != MAP_FAILED
        else {
            let code = errno
            unsafe unlink(path)
            close(number)
            throw .system(call: isLocked ? "mmap" : "flock", file: path, code: code)
        }
        self.number = number
        unsafe self.base = base
    }

    deinit {
        unsafe munmap(base, span)
        close(number)
    }

    /// Reserves space up to `count` bytes; the system's code, or 0.
    mutating func reserve(_ count: Int) -> Int32 {
        let count = min(count, span)
        guard count > reserved else { return 0 }
        var code: Int32
        repeat { code = posix_fallocate(number, reserved, count - reserved) } while code == EINTR
        if code == 0 { reserved = count }
        return code
    }

    /// Stores bytes.
    func store(_ bytes: [UInt8], at offset: Int) {
        precondition(offset >= 0 && offset + bytes.count <= reserved, "outside of what is reserved")
        unsafe bytes.withUnsafeBytes {
            guard let start = $0.baseAddress else { return }
            unsafe memcpy(base + offset, start, $0.count)
        }
    }

    /// Stores a number so that who reads it finds everything that was stored before.
    func publish(_ number: UInt32, at offset: Int) {
        precondition(offset >= 0 && offset + 4 <= reserved && offset & 3 == 0, "not aligned")
        let place = unsafe (base + offset).assumingMemoryBound(to: Atomic<UInt32>.self)
        unsafe place.pointee.store(number.littleEndian, ordering: .releasing)
    }

    /// Reads stored bytes.
    func read(_ range: Range<Int>) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= reserved, "outside")
        return unsafe Array(
            UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    /// Cuts the file off; nothing may be stored behind `count` any more.
    mutating func truncate(to count: Int) {
        reserved = min(reserved, count)
        _ = ftruncate(number, count)
    }

    /// Removes the file's name.
    func remove() { unsafe _ = unlink(path) }
}
