// Finds out which files of a site have changed, by looking where there are signs of it, or at all.
//
// The digest of all bytes decides: saving a file unchanged is no change. A look at everything
// reads those files of which the system says something else than before, or something so young
// that a later change could look the same. A program may also write through memory without moving
// any time, so such a look reads a share of the other files, too, in turn. It works on every file
// system, also on those that send no events to a container.

import Glibc
import Hashing
import LocalFiles

/// What an author can change.
package enum WatchedKind: Sendable, Hashable, CaseIterable {
    /// Swift sources and Package.swift.
    case swift
    /// View files: `site/database/*.sql`.
    case view
    /// Style sheets of the site: `site/Styles/*.css`.
    case style
    /// Files of `public/`.
    case publicFile
}

/// The limits of watching.
package enum WatchingLimits {
    /// The bytes of files with an old stamp that one look reads, besides one file in any case.
    static let rereadBytesPerLook = 1 << 20
    /// A stamp younger than this may come twice: clocks of file systems have steps of up to 2 s.
    static let youngNanoseconds = 3_000_000_000
    /// The deepest folder that is looked into.
    package static let depthMax = 64
}

/// The files of a site as they were at one moment.
package struct FileWatcher {
    private let root: String
    private var known: [String: Seen] = [:]
    /// The paths, from the root, that the last call of `changes` found, sorted.
    package private(set) var changedPaths: [String] = []
    /// The last file that was read although its stamp was old.
    private var reread = ""

    /// What is known of a file.
    private struct Seen {
        var stamp: FileStamp
        /// Whether the stamp was old enough, when the bytes were read, that a change would move it.
        var isSettled: Bool
        /// nil when the bytes could not be read.
        var digest: SHA256Digest?
    }

    private let youngNanoseconds: Int

    /// Takes a first look at the site below `root`.
    ///
    /// - Parameters:
    ///   - root: the site's folder.
    ///   - youngNanoseconds: for how long a change may leave a file's stamp as it is.
    package init(root: String, youngNanoseconds: Int = WatchingLimits.youngNanoseconds) {
        self.root = root
        self.youngNanoseconds = youngNanoseconds
        known = look()
    }

    /// The kinds of files that were made, changed or removed since the last look.
    ///
    /// - Parameter signs: where to look.
    /// - Returns: the kinds; `changedPaths` are the files.
    package mutating func changes(_ signs: FileSigns = .everything) -> Set<WatchedKind> {
        var now = signs.isEverything ? look() : [:]
        let paths: Set<String>
        if signs.isEverything {
            paths = Set(now.keys).union(known.keys)
        } else {
            paths = self.paths(signs)
            for path in paths where isFile(path) { now[path] = read(path) }
        }
        let changed = paths.filter { path in
            let (old, new) = (known[path], now[path])
            return (old == nil) != (new == nil) || old?.digest != new?.digest
        }
        for path in paths { known[path] = now[path] }
        changedPaths = changed.sorted()
        return Set(changed.compactMap { Self.kind(of: $0) })
    }

    /// The files that signs are about, those that are gone among them.
    private func paths(_ signs: FileSigns) -> Set<String> {
        var paths: [String] = []
        for folder in signs.folders {
            find(in: folder, depth: folder.split(separator: "/").count, &paths)
            paths += known.keys.filter { $0.hasPrefix("\(folder)/") }
        }
        return signs.files.filter { Self.kind(of: $0) != nil }.union(paths)
    }

    /// Whether there is a file of a watched name: a link counts, but not in public/.
    private func isFile(_ path: String) -> Bool {
        Self.kind(of: path) != .publicFile || !Self.isLink("\(root)/\(path)")
    }

    /// Whether a path is that of a link.
    static func isLink(_ path: String) -> Bool {
        var info = stat()
        return unsafe lstat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFLNK
    }

    /// The paths of the site's own sources, from the root.
    package var sources: [String] {
        known.keys.filter { Self.kind(of: $0) == .swift && !$0.hasPrefix("Sources/") }
    }

    /// What kind of file a path below the root is; nil for files that no one watches.
    package static func kind(of path: String) -> WatchedKind? {
        let parts = path.split(separator: "/")
        guard let first = parts.first else { return nil }
        let shown = path.hasPrefix("public/.well-known/") ? parts.dropFirst(2) : parts[...]
        guard !shown.contains(where: { $0.hasPrefix(".") }) else { return nil }
        if first == "public" {
            return parts.last.map { EditorLeftover.hasName(String($0)) } == true ? nil : .publicFile
        }
        if path.hasPrefix("site/database/") {
            return parts.count == 3 && path.hasSuffix(".sql") ? .view : nil
        }
        // A build reads neither the views nor the styles of folders in there.
        if path.hasPrefix("site/Styles/") {
            return parts.count == 3 && path.hasSuffix(".css") ? .style : nil
        }
        let isSource = WatchedFolders.tops.contains(String(first))
        return path.hasSuffix(".swift") && (isSource || path == "Package.swift") ? .swift : nil
    }

    private mutating func look() -> [String: Seen] {
        var paths = ["Package.swift"]
        for top in WatchedFolders.tops { find(in: top, depth: 1, &paths) }
        var found: [String: Seen] = [:]
        var settled: [String] = []
        for path in paths {
            guard let stamp = FileStamp.of("\(root)/\(path)") else { continue }
            if let old = known[path], old.isSettled, old.stamp == stamp {
                found[path] = old
                settled.append(path)
            } else {
                found[path] = read(path)
            }
        }
        rereadSome(of: settled, &found)
        return found
    }

    /// Reads the next ones of the files whose stamps say that nothing happened.
    private mutating func rereadSome(of settled: [String], _ found: inout [String: Seen]) {
        let sorted = settled.sorted()
        let start = sorted.firstIndex { $0 > reread } ?? 0
        var left = WatchingLimits.rereadBytesPerLook
        for path in sorted[start...] + sorted[..<start] {
            left -= found[path]?.stamp.size ?? 0
            found[path] = read(path)
            reread = path
            guard left > 0 else { return }
        }
    }

    /// Reads a file; nil when it is gone.
    private func read(_ path: String) -> Seen? {
        guard let stamp = FileStamp.of("\(root)/\(path)") else { return nil }
        var clock = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &clock)
        let age = clock.tv_sec * 1_000_000_000 + clock.tv_nsec - stamp.changed
        return Seen(
            stamp: stamp, isSettled: age >= youngNanoseconds,
            digest: try? LocalFile("\(root)/\(path)").digest())
    }

    /// Adds the watched files below a folder, by their paths from the root.
    private func find(in folder: String, depth: Int, _ paths: inout [String]) {
        guard depth <= WatchingLimits.depthMax,
            let entries = try? LocalFolder.entries(
                of: "\(root)/\(folder)", followsLinks: depth == 1)
        else { return }
        for entry in entries {
            guard let name = entry.text else { continue }
            let path = "\(folder)/\(name)"
            switch entry.kind {
            case .folder:
                if !entry.isHidden || path == "public/.well-known" {
                    find(in: path, depth: depth + 1, &paths)
                }
            // A link to a style sheet is built, one in public/ is not.
            case .link where Self.kind(of: path) == .publicFile: break
            case .regular, .link: if Self.kind(of: path) != nil { paths.append(path) }
            case .pipe, .socket, .device: break
            }
        }
    }
}
