// Hears from the system where files of a site may have changed (inotify(7)).
//
// An event says only that somebody should look there: which content changed is `FileWatcher`'s to
// find. Where the system tells nothing (network drives, folders of another machine, too many
// watches) somebody looks everywhere by the clock; elsewhere that happens too, but so seldom that
// it costs next to nothing: a program may change a file through memory without a word.

import Glibc
import Groundwork
import LocalFiles
import Synchronization

/// Waits for signs of changes.
package final class FileEvents: Sendable {
    private let descriptor: Int32
    private let isStopped = Atomic(false)
    private let signs = Mutex(FileSigns.none)
    private let folders: Mutex<WatchedFolders>
    /// How long a look at everything took, in microseconds.
    private let lookMicroseconds = Atomic(0)

    /// How long no event may come before somebody looks everywhere at the earliest.
    static let lookInterval = Duration.seconds(2)
    /// The same where the system tells nothing.
    static let blindInterval = Duration.milliseconds(500)
    /// How many times as long as a look takes there is none.
    static let lookRest = 1_000
    /// The bytes of events that are read at once.
    private static let bufferBytes = 1 << 16

    /// Begins to listen below `root`.
    package init(root: String) {
        descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        folders = Mutex(WatchedFolders(root: root, descriptor: descriptor))
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Where files may have changed since this was asked last.
    package func take() -> FileSigns {
        signs.withLock { signs in
            defer { signs = .none }
            return signs
        }
    }

    /// Notes how long a look at everything took.
    package func noteLook(_ time: Duration) {
        lookMicroseconds.store(Int(time / .microseconds(1)), ordering: .relaxed)
    }

    /// Calls `touched` at each sign, on the calling thread, until `stop`.
    package func listen(_ touched: () -> Void) {
        // What changed before anybody listened was told to nobody.
        var lastLook = lookEverywhere()
        while !isStopped.load(ordering: .relaxed) {
            if signs.withLock({ !$0.isEmpty }) { touched() }
            let isTold = folders.withLock { $0.isTold }
            let look = Duration.microseconds(lookMicroseconds.load(ordering: .relaxed))
            let left = lastLook + Self.interval(isTold: isTold, look: look) - .now
            guard left > .zero else {
                lastLook = lookEverywhere()
                continue
            }
            let milliseconds = min(left / .milliseconds(1), 1_000).rounded(.up)
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if unsafe poll(&waiting, 1, Int32(milliseconds)) > 0 { note(drain()) }
        }
    }

    private func lookEverywhere() -> ContinuousClock.Instant {
        _ = folders.withLock { $0.watchAll() }
        note(.everything)
        return .now
    }

    /// Ends `listen` within a second.
    package func stop() { isStopped.store(true, ordering: .relaxed) }

    private func note(_ more: FileSigns) { signs.withLock { $0.add(more) } }

    /// How long there is no look at everything.
    ///
    /// - Parameters:
    ///   - isTold: whether the system tells of changes.
    ///   - look: how long such a look takes.
    /// - Returns: the time between two of them.
    static func interval(isTold: Bool, look: Duration) -> Duration {
        isTold ? max(look * lookRest, lookInterval) : max(look, blindInterval)
    }

    /// Reads all events that there are.
    private func drain() -> FileSigns {
        var found = FileSigns.none
        var bytes = [UInt8](repeating: 0, count: Self.bufferBytes)
        let size = bytes.count
        while true {
            let count = SystemCall.uninterrupted { unsafe read(descriptor, &bytes, size) }.result
            guard count > 0 else { return found }
            var rest = bytes[..<count]
            while let event = FolderEvent(&rest) {
                folders.withLock { $0.take(event, &found) }
            }
        }
    }
}
