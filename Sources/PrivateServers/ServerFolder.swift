// The folder a private server lives in, and who may run a server in it.
//
// The owner holds an exclusive flock(2) on the file "lock" for as long as its server runs; the
// kernel drops it when the owner dies in whatever way. Only an owner makes, changes or starts a
// cluster. The file "running" names the socket's folder and counts only while the lock is held:
// after a crash both it and the server may still be there for a moment.

internal import Glibc

/// A prepared folder: it exists and the server's user can reach it.
struct ServerFolder {
    let path: String
    /// Set if `path` is not the folder that was asked for; tells the person at the terminal why.
    let note: String?

    var lock: String { "\(path)/lock" }
    var running: String { "\(path)/running" }
    var log: String { "\(path)/server.log" }

    /// Makes the folder, or a stand-in under /var/tmp when `user` cannot reach it.
    static func prepare(
        _ requested: String, for user: ServerUser, kind: String
    ) throws(PrivateServerError) -> ServerFolder {
        try makeFolders(requested)
        let path = absolutePath(requested)
        if try user.canReach(path, logPath: "\(path)/server.log") {
            return ServerFolder(path: path, note: nil)
        }
        let standIn = "/var/tmp/sitegen-\(geteuid())-\(kind)-\(fingerprint(path))"
        if unsafe mkdir(standIn, 0o700) == 0 {
            try user.own(standIn)
        } else if errno != EEXIST {
            throw .refused(operation: "Making", path: standIn, code: errno)
        }
        var status = stat()
        let isFolder =
            unsafe lstat(standIn, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        guard isFolder, status.st_uid == user.user, status.st_mode & 0o077 == 0 else {
            throw .unusableFolder(path: standIn, reason: "it belongs to somebody else")
        }
        return ServerFolder(
            path: standIn,
            note: """
                The unprivileged user that \(kind) runs as cannot reach \(path), \
                so its data is in \(standIn).
                """)
    }

    /// Who may run the server: us, or somebody who already does.
    enum Claim: ~Copyable {
        /// We hold the lock, so no other process runs or prepares a server here.
        case owner(lock: Descriptor)
        /// Another owner's server answers in this folder of sockets.
        case running(socketFolder: String)
    }

    /// Waits until the folder is ours or its owner's server answers.
    func claim(server: String, socketName: String) throws(PrivateServerError) -> Claim {
        let deadline = ContinuousClock.now + .seconds(PrivateServerLimits.startSecondsMax)
        repeat {
            let lock = try Descriptor.open(lock, O_RDWR | O_CREAT)
            if lock.tryLock() {
                unsafe unlink(running)
                return .owner(lock: lock)
            }
            if let socketFolder = fileText(running),
                accepts(socket: "\(socketFolder)/\(socketName)")
            {
                return .running(socketFolder: socketFolder)
            }
            pauseBriefly()
        } while ContinuousClock.now < deadline
        throw .notReady(
            server: server, seconds: PrivateServerLimits.startSecondsMax, log: logTail(log))
    }
}

/// Makes a new empty folder with a random name for sockets, mode 0700.
///
/// It is under /tmp and not beside the data, because a socket's path holds 107 bytes at most and a
/// project's path may be longer.
func makeSocketFolder(for user: ServerUser) throws(PrivateServerError) -> String {
    var template = Array("/tmp/sitegen-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else {
        throw .refused(operation: "Making", path: "/tmp/sitegen-XXXXXX", code: errno)
    }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    try user.own(path)
    return path
}

/// Makes a folder and the folders above it, as far as they are missing.
private func makeFolders(_ path: String) throws(PrivateServerError) {
    var prefix = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
        prefix += (prefix.isEmpty || prefix.hasSuffix("/") ? "" : "/") + part
        if unsafe mkdir(prefix, 0o755) != 0 && errno != EEXIST {
            throw .refused(operation: "Making", path: prefix, code: errno)
        }
    }
}

/// The path from the root, without links; `path` itself if the system cannot tell.
private func absolutePath(_ path: String) -> String {
    guard let resolved = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
}

/// A short name for a path, stable but no secret: FNV-1a, 64 bits.
private func fingerprint(_ text: String) -> String {
    let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { hash, byte in
        (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    return String(hash, radix: 16)
}
