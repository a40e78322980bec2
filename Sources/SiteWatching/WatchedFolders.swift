// The folders that the system watches for us (inotify(7)), and what an event in one of them means.
//
// A folder that comes is watched with all that is in it before anybody looks there, so nothing
// falls between; one that goes is forgotten, since its watch would go with it to another name.

import Glibc
import LocalFiles

/// Folders below the root of a site, by the numbers of their watches.
struct WatchedFolders {
    /// What a watched folder is to the site.
    private struct Place {
        /// Its path from the root, "" for the root; nil if it is elsewhere.
        var folder: String?
        /// The links of the site that lead to files in it.
        var links: Set<String> = []
    }

    private let root: String
    private let descriptor: Int32
    private var places: [Int32: Place] = [:]
    /// Whether the system tells of all that somebody has to look for.
    private(set) var isTold = true

    /// The folders of a site with files to watch.
    static let tops = ["site", "components", "Sources", "public"]

    /// What may change a folder's files; an opened file counts once it is closed.
    private static let changes =
        UInt32(IN_CLOSE_WRITE) | UInt32(IN_MOVED_TO) | UInt32(IN_MOVED_FROM) | UInt32(IN_DELETE)
        | UInt32(IN_CREATE)

    /// Nothing is watched yet.
    init(root: String, descriptor: Int32) { (self.root, self.descriptor) = (root, descriptor) }

    /// Watches every folder that has something to watch; one that is watched already stays so.
    ///
    /// - Returns: whether the system will tell of every change.
    mutating func watchAll() -> Bool {
        isTold = descriptor >= 0 && !SilentFileSystems.hold(root)
        watch("")
        for top in Self.tops { watchAll(top) }
        return isTold
    }

    private mutating func watchAll(_ folder: String) {
        let parts = folder.split(separator: "/").count
        guard parts <= WatchingLimits.depthMax,
            let entries = try? LocalFolder.entries(
                of: "\(root)/\(folder)", followsLinks: parts == 1)
        else { return }
        watch(folder)
        if parts == 1, SilentFileSystems.hold("\(root)/\(folder)") { isTold = false }
        for entry in entries {
            guard let name = entry.text else { continue }
            let path = "\(folder)/\(name)"
            switch entry.kind {
            case .folder: if Self.isWatched(path) { watchAll(path) }
            case .link: watchTarget(of: path)
            case .regular, .pipe, .socket, .device: break
            }
        }
    }

    /// Whether a folder of a path from the root may have something to watch in it.
    private static func isWatched(_ folder: String) -> Bool {
        let parts = folder.split(separator: "/")
        guard let top = parts.first, tops.contains(String(top)) else { return false }
        let shown = folder.hasPrefix("public/.well-known") ? parts.dropFirst(2) : parts[...]
        return !shown.contains { $0.hasPrefix(".") }
    }

    /// Watches a folder, by its path from the root.
    private mutating func watch(_ folder: String) {
        guard let number = watch(path: "\(root)/\(folder)") else { return }
        places[number, default: Place()].folder = folder
    }

    private mutating func watch(path: String) -> Int32? {
        let number = unsafe inotify_add_watch(descriptor, path, Self.changes)
        // One that has gone meanwhile is told by its own folder.
        if number < 0, errno != ENOENT, errno != ENOTDIR { isTold = false }
        return number < 0 ? nil : number
    }

    /// Watches the folder of the file that a link stands for: an editor renames another over it.
    private mutating func watchTarget(of link: String) {
        let kind = FileWatcher.kind(of: link)
        guard kind != nil, kind != .publicFile,
            let target = unsafe realpath("\(root)/\(link)", nil)
        else { return }
        defer { unsafe free(target) }
        let path = unsafe String(cString: target)
        guard FileStamp.of(path) != nil, let slash = path.lastIndex(of: "/"),
            let number = watch(path: String(path[..<slash]) + "/")
        else { return }
        places[number, default: Place()].links.insert(link)
    }

    // MARK: Events

    /// Takes an event, and notes where somebody has to look.
    mutating func take(_ event: FolderEvent, _ signs: inout FileSigns) {
        if event.isOverflow {
            _ = watchAll()
            signs.add(.everything)
            return
        }
        guard let place = places[event.watch] else { return }
        if event.isEnd {
            places[event.watch] = nil
            return
        }
        for link in place.links { signs.note(file: link) }
        guard let folder = place.folder, let name = event.name else { return }
        let path = folder.isEmpty ? name : "\(folder)/\(name)"
        if event.isFolder {
            guard Self.isWatched(path) else { return }
            event.isGone ? forget(path) : watchAll(path)
            signs.note(folder: path)
        } else if FileWatcher.kind(of: path) != nil {
            if !event.isGone, FileWatcher.isLink("\(root)/\(path)") { watchTarget(of: path) }
            signs.note(file: path)
        }
    }

    /// Watches a folder and those in it no more.
    private mutating func forget(_ folder: String) {
        for (number, place) in places {
            guard let known = place.folder, known == folder || known.hasPrefix("\(folder)/")
            else { continue }
            guard place.links.isEmpty else {
                places[number]?.folder = nil
                continue
            }
            inotify_rm_watch(descriptor, number)
            places[number] = nil
        }
    }
}
