// Starts programs with posix_spawn: no fork of our own, so it is safe in a threaded process.
//
// A child gets a small fixed environment (nothing of ours leaks into a server: no PGHOST, no
// PGOPTIONS, no locale), default signal handling, and only the descriptors named here. Waiting is
// always for one process id; `waitpid(-1)` would steal the children of the rest of the program.

internal import CLinux
internal import Glibc
import Groundwork

/// A started program; whoever starts it also waits for it.
struct ChildProcess {
    let id: pid_t

    /// The whole environment of every program started here.
    static let environment = [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/",
        "LC_ALL=C.UTF-8", "TZ=UTC",
    ]

    /// Starts `arguments[0]`, a path.
    ///
    /// `input` becomes the child's standard input (-1 gives it `/dev/null`), `output` its standard
    /// output and standard error. With `ownSession` the keys of our terminal, such as Ctrl-C, do
    /// not reach it.
    static func start(
        _ arguments: [String], input: Int32 = -1, output: Int32, ownSession: Bool = false
    ) throws(PrivateServerError) -> ChildProcess {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        if input >= 0 {
            unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 2)
        // A server that held a connection of this process would keep it from ending.
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3)

        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        unsafe sigfillset(&signals)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        var flags = Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)
        if ownSession { flags |= 0x80 }  // POSIX_SPAWN_SETSID, hidden behind _GNU_SOURCE.
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))

        var id: pid_t = 0
        let code = unsafe withCStrings(arguments) { arguments in
            unsafe withCStrings(environment) { environment in
                guard let program = unsafe arguments[0] else { return EINVAL }
                return unsafe posix_spawn(
                    &id, program, &actions, &attributes, arguments, environment)
            }
        }
        guard code == 0 else {
            throw .refused(operation: "Starting", path: arguments.first ?? "", code: code)
        }
        return ChildProcess(id: id)
    }

    /// The exit status if the child has ended; 128 + n if signal n ended it.
    ///
    /// An ended child is forgotten by the system after the first answer; later ones are -1.
    func statusIfEnded(waiting: Bool = false) -> Int32? {
        var status: Int32 = 0
        let (answer, _) = SystemCall.uninterrupted {
            unsafe Int(waitpid(id, &status, waiting ? 0 : WNOHANG))
        }
        if answer <= 0 { return answer == 0 ? nil : -1 }
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal
    }

    /// Runs a program to its end; gives its status and the end of what it printed to `logPath`.
    static func run(
        _ arguments: [String], input: Int32 = -1, logPath: String
    ) throws(PrivateServerError) -> (status: Int32, output: String) {
        let log = try Descriptor.open(logPath, O_WRONLY | O_CREAT | O_TRUNC)
        let child = try start(arguments, input: input, output: log.number)
        let status = child.statusIfEnded(waiting: true) ?? -1
        return (status, logTail(logPath))
    }
}

/// Lends `strings` as the null-terminated array that C's `argv` is.
private func withCStrings<R>(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> R
) -> R {
    var pointers: [UnsafeMutablePointer<CChar>?] = unsafe strings.map { unsafe strdup($0) }
    unsafe pointers.append(nil)
    defer { unsafe pointers.forEach { unsafe free($0) } }
    return unsafe pointers.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("an empty argument list") }
        return unsafe body(base)
    }
}
