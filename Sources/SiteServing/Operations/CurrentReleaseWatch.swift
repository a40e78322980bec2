// Waits until another release may be current: the kernel tells of the rename (inotify(7)).
//
// Where the kernel cannot tell (some network file systems) the link is looked at every second, so
// nothing depends on it. It only says that looking is worth while, never what is there.

import Glibc
import NIOPosix

/// A watch on an output folder.
final class CurrentReleaseWatch: Sendable {
    private let descriptor: Int32

    /// How long one wait takes at most, and how often it is looked without the kernel, in ms.
    static let waitMilliseconds: Int32 = 1_000

    init(_ folder: String) {
        descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        if descriptor >= 0 { _ = unsafe inotify_add_watch(descriptor, folder, UInt32(IN_MOVED_TO)) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Returns when something was renamed in the folder, or after `waitMilliseconds`.
    ///
    /// It waits on a thread for waiting, never on one that serves.
    func wait() async {
        try? await NIOThreadPool.singleton.runIfActive { [self] in block() }
    }

    private func block() {
        guard descriptor >= 0 else {
            usleep(UInt32(Self.waitMilliseconds) * 1_000)
            return
        }
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&entry, 1, Self.waitMilliseconds) > 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while unsafe read(descriptor, &buffer, buffer.count) > 0 {}
    }
}
