// Hears from the system that files of a site may have changed (inotify(7)).
//
// An event says only that somebody should look: which content changed is `FileWatcher`'s to find.
// Where the system tells nothing (network drives, too many watches), there are looks by the clock.

import Glibc
import Groundwork
import LocalFiles
import Synchronization

/// Waits for signs of changes.
package final class FileEvents: Sendable {
    private let root: String
    private let descriptor: Int32
    private let isStopped = Atomic(false)

    /// What may change a folder's files; an opened file counts once it is closed.
    private static let changes =
        UInt32(IN_CLOSE_WRITE) | UInt32(IN_MOVED_TO) | UInt32(IN_MOVED_FROM) | UInt32(IN_DELETE)
        | UInt32(IN_CREATE)

    /// How long no event may come before somebody looks anyway.
    private static let lookInterval: Int32 = 2_000
    /// The same where the system tells nothing.
    private static let blindInterval: Int32 = 500

    /// Begins to listen below `root`.
    package init(root: String) {
        self.root = root
        descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Calls `touched` at each sign, on the calling thread, until `stop`.
    package func listen(_ touched: () -> Void) {
        while !isStopped.load(ordering: .relaxed) {
            let isWatching = watchFolders()
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let count = unsafe poll(
                &waiting, 1, isWatching ? Self.lookInterval : Self.blindInterval)
            if count > 0 { drain() }
            touched()
        }
    }

    /// Ends `listen` at the next sign.
    package func stop() { isStopped.store(true, ordering: .relaxed) }

    private func drain() {
        var bytes = [UInt8](repeating: 0, count: 1 << 14)
        let size = bytes.count
        while SystemCall.uninterrupted({ unsafe read(descriptor, &bytes, size) }).result > 0 {}
    }

    /// Watches every folder that has something to watch; one that is watched already stays so.
    private func watchFolders() -> Bool {
        guard descriptor >= 0 else { return false }
        var isWhole = watch(root, UInt32(IN_CLOSE_WRITE) | UInt32(IN_MOVED_TO))
        for top in ["site", "components", "Sources", "public"] {
            isWhole = watchAll("\(root)/\(top)", depth: 1) && isWhole
        }
        return isWhole
    }

    private func watchAll(_ folder: String, depth: Int) -> Bool {
        guard depth <= WatchingLimits.depthMax,
            let entries = try? LocalFolder.entries(of: folder, followsLinks: depth == 1)
        else { return true }
        var isWhole = watch(folder, Self.changes)
        for entry in entries {
            guard let name = entry.text, !entry.isHidden || name == ".well-known" else { continue }
            let path = "\(folder)/\(name)"
            switch entry.kind {
            case .folder: isWhole = watchAll(path, depth: depth + 1) && isWhole
            case .link: isWhole = watchTarget(of: path) && isWhole
            case .regular, .pipe, .socket, .device: break
            }
        }
        return isWhole
    }

    /// Watches the folder of the file that a link stands for: an editor renames another over it.
    private func watchTarget(of link: String) -> Bool {
        let kind = FileWatcher.kind(of: String(link.dropFirst(root.count + 1)))
        guard kind != nil, kind != .publicFile, let target = unsafe realpath(link, nil) else {
            return true
        }
        defer { unsafe free(target) }
        let path = unsafe String(cString: target)
        guard FileStamp.of(path) != nil, let slash = path.lastIndex(of: "/") else { return true }
        return watch(String(path[..<slash]) + "/", Self.changes)
    }

    private func watch(_ folder: String, _ events: UInt32) -> Bool {
        unsafe inotify_add_watch(descriptor, folder, events) >= 0
    }
}
