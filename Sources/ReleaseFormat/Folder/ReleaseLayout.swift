// The names of files inside an output folder: nobody else knows them.
//
//   current -> releases/<id>    replaced by one rename
//   releases/<id>/manifest      written last: without it a release does not exist
//   releases/<id>/database      which state of the database it shows; the one file that may change
//   releases/<id>/tree/         the same files by path, for other servers, when asked for
//   blobs/ab/<sha-256>          stored bytes, also segments of manifests; shared by releases
//   tmp/                        unfinished files, and a mark that says a build is under way
//   lock, history, withdrawn

import Hashing

/// File names of a release.
package enum ReleaseLayout {
    static let current = "current"
    static let releases = "releases"
    static let blobs = "blobs"
    static let temporary = "tmp"
    static let lock = "lock"
    static let history = "history"
    /// What was taken down; see `Withdrawals`.
    static let withdrawn = "withdrawn"
    static let manifest = "manifest"
    static let tree = "tree"
    static let databaseState = "database"
    /// In `tmp` from a writer's first moment until all it stored belongs to a release.
    static let unfinished = "unfinished"

    /// The folder of a blob inside `blobs`: two digits, so that no folder gets too large.
    static func folder(of blob: BlobID) -> String { String(blob.hex.prefix(2)) }

    /// A blob inside `blobs`.
    static func file(of blob: BlobID) -> String {
        let hex = blob.hex
        return "\(hex.prefix(2))/\(hex)"
    }

    /// A release's folder from the output folder, which is also what `current` points at.
    static func folder(of id: ReleaseID) -> String { "\(releases)/\(id)" }

    /// The release that a link's target names.
    static func release(ofLink target: String) -> ReleaseID? {
        guard target.hasPrefix("\(releases)/") else { return nil }
        return ReleaseID(target.dropFirst(releases.count + 1))
    }

    /// The file of an entry inside the tree, without a coding's suffix.
    ///
    /// `/looks/` is `looks/index.html`; a page `/looks` is `looks.html`; all else is itself.
    package static func treeFile(of entry: Entry) -> String {
        let path = String(entry.path.dropFirst())
        if path.isEmpty || path.hasSuffix("/") { return path + "index.html" }
        let name = path.utf8.split(separator: UInt8(ascii: "/")).last ?? path.utf8[...]
        let isBare = !name.contains(UInt8(ascii: "."))
        return entry.kind == .page && isBare ? path + ".html" : path
    }
}
