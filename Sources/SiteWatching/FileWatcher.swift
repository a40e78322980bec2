// Finds out which files of a site have changed, by looking at them again and again.
//
// A look compares size, modification time and inode of every watched file, which costs about a
// microsecond a file; when any differs, the content decides: saving a file unchanged is no change.
// Looking works on every file system, also on those that send no events to a container.

import FoundationEssentials

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

/// The files of a site as they were at one moment.
package struct FileWatcher {
    private let root: String
    private var known: [String: Stamp] = [:]

    /// What is compared first.
    private struct Stamp: Equatable {
        var size: String
        var modified: Double
        var inode: String
        var contentHash: Int
    }

    /// Takes a first look at the site below `root`.
    package init(root: String) {
        self.root = root
        known = look(comparedWith: [:])
    }

    /// The kinds of files that were made, changed or removed since the last look.
    package mutating func changes() -> Set<WatchedKind> {
        let now = look(comparedWith: known)
        var changed: Set<WatchedKind> = []
        for (path, stamp) in now where known[path]?.contentHash != stamp.contentHash {
            if let kind = Self.kind(of: path) { changed.insert(kind) }
        }
        for path in known.keys where now[path] == nil {
            if let kind = Self.kind(of: path) { changed.insert(kind) }
        }
        known = now
        return changed
    }

    /// What kind of file a path below the root is; nil for files that no one watches.
    package static func kind(of path: String) -> WatchedKind? {
        let parts = path.split(separator: "/")
        guard let first = parts.first, !parts.contains(where: { $0.hasPrefix(".") }) else {
            return nil
        }
        if first == "public" { return .publicFile }
        if path.hasPrefix("site/database/") {
            return parts.count == 3 && path.hasSuffix(".sql") ? .view : nil
        }
        if path.hasPrefix("site/Styles/") { return path.hasSuffix(".css") ? .style : nil }
        let isSource = ["site", "components", "Sources"].contains(first)
        return path.hasSuffix(".swift") && (isSource || path == "Package.swift") ? .swift : nil
    }

    private func look(comparedWith old: [String: Stamp]) -> [String: Stamp] {
        let manager = FileManager.default
        var found: [String: Stamp] = [:]
        for top in ["site", "components", "Sources", "public"] {
            for name in (try? manager.subpathsOfDirectory(atPath: "\(root)/\(top)")) ?? [] {
                add("\(top)/\(name)", to: &found, comparedWith: old)
            }
        }
        add("Package.swift", to: &found, comparedWith: old)
        return found
    }

    private func add(
        _ path: String, to found: inout [String: Stamp], comparedWith old: [String: Stamp]
    ) {
        guard Self.kind(of: path) != nil,
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(root)/\(path)"),
            attributes[.type] as? FileAttributeType == .typeRegular
        else { return }
        var stamp = Stamp(
            size: attributes[.size].map { "\($0)" } ?? "",
            modified: (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0,
            inode: attributes[.systemFileNumber].map { "\($0)" } ?? "",
            contentHash: old[path]?.contentHash ?? 0)
        if stamp != old[path] {
            stamp.contentHash =
                FileManager.default.contents(atPath: "\(root)/\(path)")?.hashValue ?? 0
        }
        found[path] = stamp
    }
}
