// Single keys, heard from a terminal without a key for the end of a line.
//
// The terminal's modes are changed for as long as somebody listens and this process is the one in
// front; they are restored by `stop`, and when the process exits in any way that runs its ends.
// Ctrl-C and Ctrl-Z go on doing what they do.

import Glibc
import Synchronization

/// Hears keys.
final class TerminalKeys: Sendable {
    /// The modes as they were; nil while they are as they were.
    private static let modes = Mutex<termios?>(nil)
    /// How often somebody looks whether this process is in front, in milliseconds.
    private static let lookMilliseconds: Int32 = 300

    private let isStopped = Atomic(false)

    /// Keys can be heard where input and output are a terminal.
    init?() {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { return nil }
        atexit { TerminalKeys.restore() }
    }

    /// Calls `pressed` with each key, on the calling thread, until `stop` or the end of the input.
    func listen(_ pressed: (Character) -> Void) {
        defer { Self.restore() }
        while !isStopped.load(ordering: .relaxed) {
            guard tcgetpgrp(STDIN_FILENO) == getpgrp() else {
                usleep(UInt32(Self.lookMilliseconds) * 1_000)
                continue
            }
            change()
            var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&input, 1, Self.lookMilliseconds) > 0 else { continue }
            var byte: UInt8 = 0
            let count = unsafe read(STDIN_FILENO, &byte, 1)
            if count == 0 { return }
            if count > 0 { pressed(Character(UnicodeScalar(byte))) }
            if count < 0, errno != EINTR, errno != EAGAIN { return }
        }
    }

    /// Ends `listen`, and restores the terminal at once.
    func stop() {
        isStopped.store(true, ordering: .relaxed)
        Self.restore()
    }

    /// Has keys come one by one and unseen; a shell that was in front may have undone that.
    private func change() {
        Self.modes.withLock { saved in
            guard !isStopped.load(ordering: .relaxed) else { return }
            var now = termios()
            guard unsafe tcgetattr(STDIN_FILENO, &now) == 0 else { return }
            let bits = tcflag_t(ICANON | ECHO)
            guard now.c_lflag & bits != 0 else { return }
            if saved == nil { saved = now }
            now.c_lflag &= ~bits
            unsafe tcsetattr(STDIN_FILENO, TCSANOW, &now)
        }
    }

    private static func restore() {
        modes.withLock { saved in
            guard var modes = saved else { return }
            unsafe tcsetattr(STDIN_FILENO, TCSANOW, &modes)
            saved = nil
        }
    }
}
