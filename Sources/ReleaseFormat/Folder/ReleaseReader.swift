// Reads a finished release: its manifest and its stored files.
//
// The reader holds the folder open, so it goes on reading its release after a switch; a file's
// name is always a digest, and symbolic links are not followed. It writes nothing and takes no
// lock.

import Glibc
import Hashing

/// One release, open for reading.
package final class ReleaseReader: Sendable {
    /// The release's table of paths.
    package let manifest: Manifest
    let store: BlobStore

    private init(manifest: Manifest, store: BlobStore) {
        self.manifest = manifest
        self.store = store
    }

    /// Opens a release and checks its manifest.
    ///
    /// - Parameters:
    ///   - output: the output folder, `dist` by default elsewhere.
    ///   - id: the release; nil means the current one.
    ///   - known: another release of the folder; what the two have in common is not read again.
    /// - Returns: a reader of that release, whatever becomes current later.
    /// - Throws: `.releaseMissing`, `.manifestInvalid`, `.blobInvalid`, or `.system`.
    package static func open(
        _ output: String, id: ReleaseID? = nil, reusing known: ReleaseReader? = nil
    ) throws(ReleaseError) -> ReleaseReader {
        let (manifest, store) = try opening(output, id) {
            (id, releases, store) throws(ReleaseError) in
            let stored = try StoredManifest(
                id, from: releases, store, knowing: known?.manifest.stored, isHeld: true)
            return (try Manifest(stored), store)
        }
        return ReleaseReader(manifest: manifest, store: store)
    }

    /// Finds a release and opens the folders that it is in.
    static func opening<Opened>(
        _ output: String, _ id: ReleaseID?,
        _ open: (ReleaseID, borrowing Descriptor, BlobStore) throws(ReleaseError) -> Opened
    ) throws(ReleaseError) -> Opened {
        let root = try folder(output)
        let chosen = if let id { id } else { try currentID(in: root) }
        let releases = try root.folder(ReleaseLayout.releases)
        return try open(chosen, releases, BlobStore(try root.folder(ReleaseLayout.blobs)))
    }

    /// The current release's name, by the link alone: cheap enough to ask every second.
    ///
    /// - Throws: `.releaseMissing` when nothing was released yet, or `.system`.
    package static func currentID(_ output: String) throws(ReleaseError) -> ReleaseID {
        let root = try folder(output)
        return try currentID(in: root)
    }

    /// The switches of an output folder, oldest first.
    package static func history(_ output: String) throws(ReleaseError) -> [HistoryLine] {
        let root = try folder(output)
        return try ReleaseHistory.lines(in: root)
    }

    private static func folder(_ output: String) throws(ReleaseError) -> Descriptor {
        do throws(ReleaseError) {
            return try Descriptor.folder(atPath: output)
        } catch .system(_, _, code: ENOENT) {
            throw .releaseMissing("in \(output)")
        }
    }

    /// The bytes of a stored file.
    ///
    /// - Parameters:
    ///   - representation: from an entry of this manifest.
    ///   - verified: whether to check the digest as well as the length.
    /// - Returns: exactly `representation.length` bytes.
    /// - Throws: `.blobInvalid` when the file is missing or is not what the manifest says.
    package func blob(_ representation: Representation, verified: Bool = false)
        throws(ReleaseError) -> [UInt8]
    {
        try store.bytes(of: representation, verified: verified)
    }

    private static func currentID(in root: borrowing Descriptor) throws(ReleaseError) -> ReleaseID {
        guard let target = try root.target(ofLink: ReleaseLayout.current),
            let id = ReleaseLayout.release(ofLink: target)
        else { throw .releaseMissing("in \(root.name)") }
        return id
    }
}

extension ManifestRoot {
    /// The bytes of a release's manifest file.
    static func file(
        of id: ReleaseID, in releases: borrowing Descriptor
    ) throws(ReleaseError) -> [UInt8] {
        do throws(ReleaseError) {
            return try releases.read(
                "\(id)/\(ReleaseLayout.manifest)", limit: ReleaseLimits.manifestBytesMax)
        } catch .system(_, _, code: ENOENT) {
            throw .releaseMissing("\(id)")
        } catch .system(_, _, code: let code) where [ELOOP, ENOTDIR, EINVAL].contains(code) {
            throw .manifestInvalid(reason: "it, or its folder, is a link or no regular file")
        }
    }
}
