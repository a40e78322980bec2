// Folders and files by descriptor: the only file that calls the operating system.
//
// Everything is relative to a folder that is held open, so a release that is renamed or a link
// that is switched under a reader changes nothing for it. Every call that can be interrupted is
// repeated. It knows no name of a release.

internal import CLinux
import Glibc
import Groundwork

/// Sole owner of an open file or folder; closed when the value goes out of scope.
struct Descriptor: ~Copyable, Sendable {
    private let number: Int32
    /// What it is, for error texts.
    let name: String

    /// Takes over an open descriptor.
    init(owning number: Int32, name: String) {
        self.number = number
        self.name = name
    }

    deinit { close(number) }

    /// What an error text calls a file of this folder.
    func path(_ file: String) -> String { "\(name)/\(file)" }

    // MARK: Folders

    /// Opens a folder by its path.
    static func folder(atPath path: String) throws(ReleaseError) -> Descriptor {
        let number = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw .system(call: "open", file: path, code: errno) }
        return Descriptor(owning: number, name: path)
    }

    /// Makes a folder and those above it; an existing one is fine.
    static func makeFolders(atPath path: String) throws(ReleaseError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += made.isEmpty || made.hasSuffix("/") ? String(part) : "/\(part)"
            guard unsafe mkdir(made, 0o755) == 0 || errno == EEXIST else {
                throw .system(call: "mkdir", file: made, code: errno)
            }
        }
    }

    /// Opens a folder in this one, without following a link.
    func folder(_ file: String) throws(ReleaseError) -> Descriptor {
        let number = unsafe openat(
            self.number, file, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard number >= 0 else { throw failure("open", file) }
        return Descriptor(owning: number, name: path(file))
    }

    /// Makes a folder in this one; an existing one is fine.
    func makeFolder(_ file: String) throws(ReleaseError) {
        guard unsafe mkdirat(number, file, 0o755) == 0 || errno == EEXIST else {
            throw failure("mkdir", file)
        }
    }

    /// The names in this folder, sorted, without `.` and `..`.
    func names() throws(ReleaseError) -> [String] {
        let copy = unsafe openat(number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { throw failure("open", ".") }
        guard let stream = unsafe fdopendir(copy) else {
            close(copy)
            throw failure("opendir", ".")
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
                unsafe field.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes a file or link; a missing one is fine.
    func remove(_ file: String) throws(ReleaseError) {
        guard unsafe unlinkat(number, file, 0) == 0 || errno == ENOENT else {
            throw failure("unlink", file)
        }
    }

    /// Removes a file, link or folder with everything in it; a missing one is fine.
    func removeAll(_ file: String) throws(ReleaseError) {
        if unsafe unlinkat(number, file, 0) == 0 || errno == ENOENT { return }
        guard errno == EISDIR || errno == EPERM else { throw failure("unlink", file) }
        let inner = try folder(file)
        for name in try inner.names() { try inner.removeAll(name) }
        guard unsafe unlinkat(number, file, AT_REMOVEDIR) == 0 else { throw failure("rmdir", file) }
    }

    // MARK: Files

    /// Writes a file that must not exist yet; when `isDurable`, waits until its bytes are on disk.
    func write(_ bytes: [UInt8], to file: String, isDurable: Bool) throws(ReleaseError) {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let number = unsafe openat(self.number, file, flags, 0o644)
        guard number >= 0 else { throw failure("create", file) }
        let opened = Descriptor(owning: number, name: path(file))
        try opened.append(bytes)
        if isDurable { try opened.sync() }
    }

    /// Opens a file for appending, made when it is missing.
    func appendable(_ file: String) throws(ReleaseError) -> Descriptor {
        let flags = O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC
        let number = unsafe openat(self.number, file, flags, 0o644)
        guard number >= 0 else { throw failure("open", file) }
        return Descriptor(owning: number, name: path(file))
    }

    /// Writes all the bytes at the end of this file.
    func append(_ bytes: [UInt8]) throws(ReleaseError) {
        let (done, code) = SystemCall.whole(bytes.count) { done in
            unsafe bytes.withUnsafeBytes {
                let rest = unsafe UnsafeRawBufferPointer(rebasing: $0[done...])
                return unsafe Glibc.write(number, rest.baseAddress, rest.count)
            }
        }
        guard done == bytes.count else {
            throw .system(call: "write", file: name, code: code == 0 ? EIO : code)
        }
    }

    /// The length of a regular file in this folder; nil when there is no such file.
    func length(of file: String) -> Int? {
        var info = stat()
        guard unsafe fstatat(number, file, &info, AT_SYMLINK_NOFOLLOW) == 0,
            info.st_mode & S_IFMT == S_IFREG
        else { return nil }
        return Int(info.st_size)
    }

    /// The length of this file.
    func length() throws(ReleaseError) -> Int {
        var info = stat()
        guard unsafe fstat(number, &info) == 0 else {
            throw .system(call: "stat", file: name, code: errno)
        }
        return Int(info.st_size)
    }

    /// Shortens this file.
    func truncate(to length: Int) throws(ReleaseError) {
        guard ftruncate(number, length) == 0 else {
            throw .system(call: "truncate", file: name, code: errno)
        }
    }

    /// Opens a regular file below this folder; anything else is `EINVAL`.
    ///
    /// No link is followed on the way. It does not block: a pipe in the place of a file would
    /// otherwise wait for a writer.
    func file(_ file: String) throws(ReleaseError) -> Descriptor {
        if let slash = file.utf8.firstIndex(of: UInt8(ascii: "/")) {
            let folder = try folder(String(file[..<slash]))
            return try folder.file(String(file[file.utf8.index(after: slash)...]))
        }
        let number = unsafe openat(
            self.number, file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard number >= 0 else { throw failure("open", file) }
        let opened = Descriptor(owning: number, name: path(file))
        var info = stat()
        guard unsafe fstat(number, &info) == 0 else { throw failure("stat", file) }
        guard info.st_mode & S_IFMT == S_IFREG else {
            throw .system(call: "open", file: path(file), code: EINVAL)
        }
        return opened
    }

    /// The bytes of a file below this folder; `EFBIG` beyond `limit`.
    func read(_ file: String, limit: Int) throws(ReleaseError) -> [UInt8] {
        let opened = try self.file(file)
        let number = opened.number
        let length = try opened.length()
        guard length <= limit else { throw .system(call: "read", file: path(file), code: EFBIG) }
        let (bytes, code) = unsafe Self.read(length) { buffer, _ in
            unsafe Glibc.read(number, buffer.baseAddress, buffer.count)
        }
        guard code == 0 else { throw .system(call: "read", file: path(file), code: code) }
        return bytes
    }

    /// The bytes at a place of this file, all of them.
    func read(at place: Range<Int>) throws(ReleaseError) -> [UInt8] {
        let (bytes, code) = unsafe Self.read(place.count) { buffer, done in
            unsafe pread(number, buffer.baseAddress, buffer.count, place.lowerBound + done)
        }
        guard code == 0, bytes.count == place.count else {
            throw .system(call: "read", file: name, code: code == 0 ? EIO : code)
        }
        return bytes
    }

    /// Reads so many bytes by a call that is given room for the rest, and how many came; fewer
    /// where it gives none.
    private static func read(
        _ count: Int, _ call: (UnsafeMutableRawBufferPointer, Int) -> Int
    ) -> (bytes: [UInt8], code: Int32) {
        var code: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let room = UnsafeMutableRawBufferPointer(buffer)
            (filled, code) = SystemCall.whole(count) { done in
                unsafe call(UnsafeMutableRawBufferPointer(rebasing: room[done..<count]), done)
            }
        }
        return (bytes, code)
    }

    // MARK: Links and names

    /// Gives a file another place, in one step, replacing what is there.
    func rename(
        _ file: String, to folder: borrowing Descriptor, _ newFile: String
    ) throws(ReleaseError) {
        guard unsafe renameat(number, file, folder.number, newFile) == 0 else {
            throw folder.failure("rename", newFile)
        }
    }

    /// Gives a file a second name; the code of the failure, or 0.
    func link(_ file: String, to folder: borrowing Descriptor, _ newFile: String) -> Int32 {
        unsafe linkat(number, file, folder.number, newFile, 0) == 0 ? 0 : errno
    }

    /// Makes a symbolic link.
    func makeLink(_ file: String, to target: String) throws(ReleaseError) {
        guard unsafe symlinkat(target, number, file) == 0 else { throw failure("symlink", file) }
    }

    /// Where a symbolic link points; nil when there is none of that name.
    func target(ofLink file: String) throws(ReleaseError) -> String? {
        var code: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 256) { buffer, count in
            let got = unsafe buffer.withMemoryRebound(to: CChar.self) { text in
                guard let start = text.baseAddress else { return 0 }
                return unsafe readlinkat(number, file, start, text.count)
            }
            if got < 0 { code = errno }
            count = max(0, got)
        }
        if code == ENOENT { return nil }
        guard code == 0 else {
            throw .system(call: "readlink", file: path(file), code: code)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Locks and disks

    /// Takes the lock of this file for as long as it is open; false when another holds it.
    ///
    /// A build that was killed a moment ago may not have ended yet, so it is asked for a few times.
    func lock() throws(ReleaseError) -> Bool {
        var attempts = 0
        while case let code = SystemCall.uninterrupted({ Int(flock(number, LOCK_EX | LOCK_NB)) })
            .code,
            code != 0
        {
            guard code == EWOULDBLOCK else { throw .system(call: "lock", file: name, code: code) }
            attempts += 1
            if attempts == ReleaseLimits.lockAttemptsMax { return false }
            usleep(ReleaseLimits.lockPauseMicroseconds)
        }
        return true
    }

    /// Gives the lock up.
    ///
    /// Closing is not enough: a child that this process starts holds every open file between its
    /// fork and its exec, and with it the lock.
    func unlock() { _ = flock(number, LOCK_UN) }

    /// Waits until this file or folder is on disk.
    func sync() throws(ReleaseError) {
        guard fsync(number) == 0 else { throw .system(call: "fsync", file: name, code: errno) }
    }

    /// Waits until everything on this folder's file system is on disk.
    func syncAll() throws(ReleaseError) {
        guard syncfs(number) == 0 else { throw .system(call: "syncfs", file: name, code: errno) }
    }

    private func failure(_ call: String, _ file: String) -> ReleaseError {
        .system(call: call, file: path(file), code: errno)
    }
}
