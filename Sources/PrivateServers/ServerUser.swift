// Whom a private server runs as.
//
// Normally that is us. PostgreSQL refuses to run as root, and nothing should: as root we hand the
// server to an unprivileged user through setpriv(1), which ends as the server itself, so that the
// process id we know is the server's.

internal import Glibc

/// The user a server runs as, and the words in front of its command that make it so.
struct ServerUser {
    /// Numbers for chown(2).
    let user: uid_t
    let group: gid_t
    /// `setpriv …` when we are root, otherwise empty.
    let prefix: [String]

    var isOther: Bool { !prefix.isEmpty }

    /// Us, or when we are root the first of `candidates` that exists.
    static func current(
        candidates: [String], search: ProgramSearch
    ) throws(PrivateServerError) -> ServerUser {
        guard geteuid() == 0 else {
            return ServerUser(user: geteuid(), group: getegid(), prefix: [])
        }
        for name in candidates {
            guard let (user, group) = numbers(of: name), user != 0 else { continue }
            let setpriv = try search.program("setpriv", package: "util-linux")
            return ServerUser(
                user: user, group: group,
                prefix: [
                    setpriv, "--reuid=\(user)", "--regid=\(group)", "--clear-groups",
                    "--no-new-privs", "--",
                ])
        }
        throw .noUnprivilegedUser(tried: candidates)
    }

    private static func numbers(of name: String) -> (uid_t, gid_t)? {
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: PrivateServerLimits.smallFileBytesMax)
        guard unsafe getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0,
            unsafe found != nil
        else { return nil }
        return unsafe (entry.pw_uid, entry.pw_gid)
    }

    /// Gives a file or folder to the user, if it is not us.
    func own(_ path: String) throws(PrivateServerError) {
        guard isOther else { return }
        guard unsafe lchown(path, user, group) == 0 else {
            throw .refused(operation: "Changing the owner of", path: path, code: errno)
        }
    }

    /// Whether the user can reach a folder: asked of the system, which knows of access lists too.
    func canReach(_ folder: String, logPath: String) throws(PrivateServerError) -> Bool {
        guard isOther else { return true }
        let test = prefix + ["/bin/sh", "-c", "cd \"$1\"", "sh", folder]
        return try ChildProcess.run(test, logPath: logPath).status == 0
    }
}
