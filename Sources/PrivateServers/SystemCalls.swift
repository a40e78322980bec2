// The few system calls that the private servers need, with Swift values in and out.
//
// Every descriptor is opened with O_CLOEXEC: a child that inherited the lifeline or the lock of a
// server would keep that server alive after us. A reader may miss that O_NOFOLLOW is deliberate
// too: as root we write into a folder that the server's unprivileged user owns.

internal import Glibc
internal import Groundwork

/// One open file descriptor, closed when the value goes.
struct Descriptor: ~Copyable {
    let number: Int32

    init(owning number: Int32) { self.number = number }

    deinit { close(number) }

    /// Opens `path`, creating it with `mode` if `flags` hold O_CREAT.
    static func open(
        _ path: String, _ flags: Int32, mode: mode_t = 0o600
    ) throws(PrivateServerError) -> Descriptor {
        let number = unsafe Glibc.open(path, flags | O_CLOEXEC | O_NOFOLLOW, mode)
        guard number >= 0 else { throw .refused(operation: "Opening", path: path, code: errno) }
        return Descriptor(owning: number)
    }

    /// Takes the exclusive lock of the file, unless somebody else holds it; flock(2).
    borrowing func tryLock() -> Bool { flock(number, LOCK_EX | LOCK_NB) == 0 }
}

/// A pipe, both ends closed in every program that is started.
///
/// Really a pair of sockets: they can be made close-on-exec at once, and Glibc hides `pipe2`.
struct Pipe: ~Copyable {
    let reading: Descriptor
    let writing: Descriptor

    init() throws(PrivateServerError) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw .refused(operation: "Making", path: "a pipe", code: errno)
        }
        reading = Descriptor(owning: ends[0])
        writing = Descriptor(owning: ends[1])
    }

    /// Closes the writing end, so that the reader sees the end, and hands over the other.
    consuming func closingWritingEnd() -> Descriptor { reading }
}

/// Waits for one poll interval; used only where nothing can be waited for.
func pauseBriefly() {
    var time = timespec(tv_sec: 0, tv_nsec: PrivateServerLimits.pollMilliseconds * 1_000_000)
    unsafe nanosleep(&time, nil)
}

/// The last `bytesMax` bytes of a file as text, or nil if it cannot be read.
func fileText(_ path: String, bytesMax: Int = PrivateServerLimits.smallFileBytesMax) -> String? {
    guard let file = try? Descriptor.open(path, O_RDONLY) else { return nil }
    let size = lseek(file.number, 0, SEEK_END)
    if size > bytesMax {
        lseek(file.number, off_t(size) - off_t(bytesMax), SEEK_SET)
    } else {
        lseek(file.number, 0, SEEK_SET)
    }
    var bytes = [UInt8](repeating: 0, count: bytesMax)
    let filled = SystemCall.whole(bytesMax) { done in
        unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe read(file.number, buffer.baseAddress.map { unsafe $0 + done }, bytesMax - done)
        }
    }.done
    return String(decoding: bytes[..<filled], as: UTF8.self)
}

/// The last lines of a log, for an error.
func logTail(_ path: String) -> String {
    let text = fileText(path, bytesMax: PrivateServerLimits.logBytesRead) ?? ""
    let lines = text.split(separator: "\n").suffix(PrivateServerLimits.logLinesQuoted)
    return lines.isEmpty ? "(the log is empty)" : lines.joined(separator: "\n")
}

/// Writes a small file so that a reader sees all of it or none.
func writeFile(_ path: String, _ text: String) throws(PrivateServerError) {
    let draft = path + ".draft"
    unsafe unlink(draft)
    do {
        let file = try Descriptor.open(draft, O_WRONLY | O_CREAT | O_EXCL)
        var text = text
        let written = text.withUTF8 { unsafe write(file.number, $0.baseAddress, $0.count) }
        guard written == text.utf8.count else {
            throw .refused(operation: "Writing", path: draft, code: errno)
        }
    }
    guard unsafe rename(draft, path) == 0 else {
        throw .refused(operation: "Renaming", path: draft, code: errno)
    }
}

/// Whether something accepts connections at a Unix socket.
func accepts(socket path: String) -> Bool {
    guard path.utf8.count <= PrivateServerLimits.socketPathBytesMax else { return false }
    let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { return false }
    let descriptor = Descriptor(owning: number)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { target in
        for (index, byte) in path.utf8.enumerated() { unsafe target[index] = byte }
    }
    return unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
            unsafe connect(descriptor.number, generic, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    } == 0
}
