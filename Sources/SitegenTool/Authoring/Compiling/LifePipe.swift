import Glibc
import Groundwork
import SitegenCommands
import SystemPackage

/// A pipe whose input ends when this process does, and not before.
enum LifePipe {
    private static let descriptors: (input: Int32, code: Int32) = {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { return (-1, errno) }
        // No program that is run keeps either; the other end is closed with this process.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], 0)
    }()

    /// The end that children are given.
    ///
    /// - Throws: a `CommandFailure` when the system has no pipe.
    static func input() throws(CommandFailure) -> FileDescriptor {
        guard descriptors.code == 0 else {
            throw CommandFailure(
                .failure,
                """
                No pipe can be opened: \(SystemCall.text(of: descriptors.code)).
                Close some files, or raise `ulimit -n`.
                """)
        }
        return FileDescriptor(rawValue: descriptors.input)
    }
}
