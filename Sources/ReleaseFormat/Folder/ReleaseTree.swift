// The plain tree of a release: the same files under their paths, as hard links, for nginx, Caddy
// or a CDN.
//
// A link costs no space and cannot be half written. Redirects are not files and are left out.
// Styles and scripts of the last releases stay in the tree, for the pages that browsers and caches
// still show.

import ContentEncoding
import Glibc

/// Makes the tree of a release.
enum ReleaseTree {
    /// Links every file of a manifest into `tree` inside a release's folder.
    static func link(
        _ manifest: StoredManifest, from blobs: borrowing Descriptor,
        into release: borrowing Descriptor
    ) throws(ReleaseError) {
        try release.makeFolder(ReleaseLayout.tree)
        let tree = try release.folder(ReleaseLayout.tree)
        var made = ""
        for number in manifest.segments.indices {
            let segment = try manifest.segment(number)
            for index in 0..<segment.count {
                try link(segment.entry(at: index), from: blobs, to: tree, made: &made)
            }
        }
    }

    /// Links the files of an earlier release whose paths name their bytes, unless there is a file
    /// of that name already.
    static func linkAssets(
        of earlier: StoredManifest, from blobs: borrowing Descriptor,
        into release: borrowing Descriptor
    ) throws(ReleaseError) {
        let tree = try release.folder(ReleaseLayout.tree)
        var made = ""
        try earlier.forEachOutline { (outline) throws(ReleaseError) in
            // What an author's route makes keeps its path when its bytes change.
            guard !outline.isMadeByRoute, outline.cachePolicy == .immutable else { return }
            do throws(ReleaseError) {
                try link(outline.entry, from: blobs, to: tree, made: &made)
            } catch .treeConflict {
                // The new release has it, or something else in its place.
            } catch .system(call: "link", _, code: ENOENT) {
                // Removed from the stored files by hand: nothing that this release names.
            }
        }
    }

    /// Removes the files of a path from the tree in a release's folder; `entry` is what the release
    /// has there, nil for the file of an earlier one.
    static func remove(
        _ path: String, _ entry: Entry?, from release: borrowing Descriptor
    ) throws(ReleaseError) {
        let tree = try release.folder(ReleaseLayout.tree)
        let name = entry.map(ReleaseLayout.treeFile) ?? String(path.dropFirst())
        for coding in Coding.allCases {
            do throws(ReleaseError) {
                try tree.remove(name + coding.fileSuffix)
            } catch .system(_, _, code: ENOTDIR) {
                // The release has a file where the path's folder was.
            } catch .system(_, _, code: EISDIR) {
                // Or a folder where the file was.
            }
        }
    }

    private static func link(
        _ entry: Entry, from blobs: borrowing Descriptor, to tree: borrowing Descriptor,
        made: inout String
    ) throws(ReleaseError) {
        let name = ReleaseLayout.treeFile(of: entry)
        for form in entry.representations {
            try makeFolders(of: name, in: tree, made: &made, path: entry.path)
            try link(form, from: blobs, to: tree, name + form.coding.fileSuffix, entry.path)
        }
    }

    private static func link(
        _ form: Representation, from blobs: borrowing Descriptor, to tree: borrowing Descriptor,
        _ name: String, _ path: String
    ) throws(ReleaseError) {
        let blob = ReleaseLayout.file(of: form.blob)
        switch blobs.link(blob, to: tree, name) {
        case 0: return
        case EEXIST, ENOTDIR, EISDIR: throw .treeConflict(path: path)
        case EMLINK:
            // The file system counts no more links of this file: a copy will do.
            try tree.write(
                try blobs.read(blob, limit: ReleaseLimits.blobBytesMax), to: name,
                isDurable: false)
        case let code: throw .system(call: "link", file: tree.path(name), code: code)
        }
    }

    /// Makes the folders of a file; `made` is the last one that was made.
    private static func makeFolders(
        of name: String, in tree: borrowing Descriptor, made: inout String, path: String
    ) throws(ReleaseError) {
        guard let slash = name.utf8.lastIndex(of: UInt8(ascii: "/")) else { return }
        let folder = String(name[..<slash])
        guard folder != made else { return }
        var prefix = ""
        for part in folder.utf8.split(separator: UInt8(ascii: "/")) {
            prefix += prefix.isEmpty ? "" : "/"
            prefix += String(decoding: part, as: UTF8.self)
            do throws(ReleaseError) {
                try tree.makeFolder(prefix)
            } catch .system(_, _, code: ENOTDIR) {
                throw .treeConflict(path: path)
            }
        }
        made = folder
    }
}
