// Why a private server could not be found, prepared or started.
//
// Every description says what happened first and what to change last. Quoted log lines are the
// server's own words about its start; they hold no row, since no client has spoken to it yet.

import Groundwork

/// Why a private PostgreSQL or Redis is not running.
package enum PrivateServerError: Error, Equatable {
    /// A program is nowhere in `searched`; `package` is the Debian package that brings it.
    case programMissing(program: String, searched: [String], package: String)
    /// The cluster in `folder` was made by PostgreSQL `version`, whose programs are missing.
    case versionMissing(version: String, folder: String)
    /// The operating system refused; `code` is an `errno`.
    case refused(operation: String, path: String, code: Int32)
    /// The folder cannot be used, for example because it belongs to another user.
    case unusableFolder(path: String, reason: String)
    /// Run as root, and none of these users, which a server could run as, exists.
    case noUnprivilegedUser(tried: [String])
    /// A step before the start (`initdb`, `createdb`) failed.
    case stepFailed(step: String, status: Int32, output: String)
    /// The server ended before it answered.
    case ended(server: String, status: Int32, log: String)
    /// The server did not answer within `seconds`.
    case notReady(server: String, seconds: Int, log: String)
}

extension PrivateServerError: CustomStringConvertible {
    /// What happened, then what to change.
    package var description: String {
        switch self {
        case .programMissing(let program, let searched, let package):
            """
            The program \(program) was not found in \(searched.joined(separator: ", ")).
            Install it with `apt install \(package)`, or give the URL of a running server.
            """
        case .versionMissing(let version, let folder):
            """
            The cluster in \(folder) was made by PostgreSQL \(version), which is not installed.
            Run `apt install postgresql-\(version)`, or delete the folder to begin with an empty \
            one.
            """
        case .refused(let operation, let path, let code):
            """
            \(operation) \(path) failed: \(SystemCall.text(of: code)).
            Check the owner and the permissions of that path and the free space of its disk.
            """
        case .unusableFolder(let path, let reason):
            """
            The folder \(path) cannot hold a private server: \(reason).
            Delete it or choose another folder.
            """
        case .noUnprivilegedUser(let tried):
            """
            A database must not run as root, and none of the users \
            \(tried.joined(separator: ", ")) exists.
            Run as another user, or create one of them.
            """
        case .stepFailed(let step, let status, let output):
            """
            \(step) failed with status \(status):
            \(output)
            Correct what it names, then try again.
            """
        case .ended(let server, let status, let log):
            """
            \(server) ended with status \(status) before it answered. The end of its log:
            \(log)
            Correct what it names, then try again.
            """
        case .notReady(let server, let seconds, let log):
            """
            \(server) did not answer within \(seconds) s. The end of its log:
            \(log)
            Another process may hold the folder, or the machine is overloaded; try again.
            """
        }
    }
}
