// Makes releases in an output folder: stores files, writes the manifest, goes live.
//
// Order is everything here: data is on disk before the manifest, the manifest before the link,
// and the link is replaced by one rename(2). A reader sees the old release or the new, whole.
// A finished release is never touched again, only removed whole.

import Hashing
package import Spooling
import Synchronization

/// The one writer of an output folder, from `open` until it is released.
package final class ReleaseWriter: Sendable {
    /// Where what is made for a release, and does not fit in memory, is put aside.
    package let spools: SpoolFolder
    let root: Descriptor
    let blobs: Descriptor
    /// The stored files of this folder.
    package let stored: BlobStore
    let releases: Descriptor
    let temporary: Descriptor
    private let lock: Descriptor
    private let nextName = Atomic<UInt64>(0)
    /// Whether something may be stored that no release names.
    private let isUnfinished = Atomic(true)

    /// Opens or creates the output folder, takes its lock and sweeps what a killed build left.
    ///
    /// - Parameters:
    ///   - output: the output folder.
    ///   - isNewAllowed: whether there may be no release in it yet.
    /// - Returns: the folder's one writer.
    /// - Throws: `.locked` when another writer has the folder; `.system` when it cannot be made;
    ///   `.releaseMissing` when there is no release and none is allowed for.
    package static func open(
        _ output: String, isNewAllowed: Bool = true
    ) throws(ReleaseError) -> ReleaseWriter {
        if !isNewAllowed { _ = try ReleaseReader.currentID(output) }
        try Descriptor.makeFolders(atPath: output)
        let root = try Descriptor.folder(atPath: output)
        let lock = try root.appendable(ReleaseLayout.lock)
        guard try lock.lock() else { throw .locked(output: output) }
        for name in [ReleaseLayout.blobs, ReleaseLayout.releases, ReleaseLayout.temporary] {
            try root.makeFolder(name)
        }
        let blobs = try root.folder(ReleaseLayout.blobs)
        let releases = try root.folder(ReleaseLayout.releases)
        let temporary = try root.folder(ReleaseLayout.temporary)
        let writer = ReleaseWriter(
            spools: SpoolFolder(path: root.path(ReleaseLayout.temporary)),
            stored: BlobStore(try root.folder(ReleaseLayout.blobs)), root: root,
            blobs: blobs, releases: releases, temporary: temporary, lock: lock)
        if try !writer.temporary.names().isEmpty { try writer.sweep() }
        try writer.temporary.write([], to: ReleaseLayout.unfinished, isDurable: true)
        try writer.temporary.sync()
        writer.isUnfinished.store(false, ordering: .relaxed)
        return writer
    }

    private init(
        spools: SpoolFolder, stored: BlobStore, root: consuming Descriptor,
        blobs: consuming Descriptor, releases: consuming Descriptor,
        temporary: consuming Descriptor, lock: consuming Descriptor
    ) {
        self.spools = spools
        self.stored = stored
        self.root = root
        self.blobs = blobs
        self.releases = releases
        self.temporary = temporary
        self.lock = lock
    }

    deinit {
        // What was stored and never finished is left with its mark, for the next `open`.
        if !isUnfinished.load(ordering: .relaxed) {
            try? temporary.remove(ReleaseLayout.unfinished)
        }
        lock.unlock()
    }

    /// Stores bytes under their digest; bytes that are stored already are not written again.
    ///
    /// May be called from several threads at once, but not while `finish` or `prune` runs.
    ///
    /// - Throws: `.limitExceeded` or `.system`; a partly written file is never left under its
    ///   digest.
    package func store(_ bytes: [UInt8]) throws(ReleaseError) -> BlobID {
        guard bytes.count <= ReleaseLimits.blobBytesMax else {
            throw .limitExceeded(
                name: "bytes in one file", value: bytes.count, limit: ReleaseLimits.blobBytesMax)
        }
        let blob = BlobID(of: bytes)
        isUnfinished.store(true, ordering: .relaxed)
        let file = ReleaseLayout.file(of: blob)
        if blobs.length(of: file) != bytes.count {
            let name = temporaryName()
            do throws(ReleaseError) {
                try temporary.write(bytes, to: name, isDurable: false)
                try blobs.makeFolder(ReleaseLayout.folder(of: blob))
                try temporary.rename(name, to: blobs, file)
            } catch {
                try? temporary.remove(name)
                throw error
            }
        }
        return blob
    }

    /// Takes a stored file over from another output folder: as a second name of the same file
    /// where that is possible, else as a copy.
    ///
    /// - Throws: `.blobInvalid` when it is missing or is not what the manifest says, `.system`.
    package func adopt(
        _ form: Representation, from other: BlobStore
    ) throws(ReleaseError) {
        isUnfinished.store(true, ordering: .relaxed)
        let file = ReleaseLayout.file(of: form.blob)
        guard blobs.length(of: file) != form.length else { return }
        try blobs.makeFolder(ReleaseLayout.folder(of: form.blob))
        let code = other.link(form, to: blobs)
        guard code == 0, blobs.length(of: file) == form.length else {
            _ = try store(try other.bytes(of: form, verified: true))
            return
        }
    }

    /// Writes the release and goes live with it.
    ///
    /// - Parameters:
    ///   - manifest: names only bytes that were stored; with `hasTree` its files are linked.
    ///   - state: which state of the database it shows, if that is known.
    ///   - checked: a release of this folder whose stored files are taken to be there.
    ///   - keeping: the releases that stay, this one included; nil removes nothing now.
    /// - Returns: the manifest as it is stored; an equal release that exists already is used again.
    /// - Throws: `.blobInvalid` when a file of the manifest is not stored, `.treeConflict`, or
    ///   `.system`: in all these cases what was live still is. `.notPruned` when the release is
    ///   live and an older one could not be removed.
    @discardableResult
    package func finish(
        _ manifest: StoredManifest, state: DatabaseState? = nil,
        trusting checked: StoredManifest? = nil,
        keeping: ReleaseKeeping? = ReleaseKeeping(count: ReleaseLimits.releasesKept)
    ) throws(ReleaseError) -> StoredManifest {
        try checkStored(manifest, trusting: checked)
        try restore(manifest)
        let finished = try manifest.moved(to: stored)
        let folder = manifest.id.description
        let file = "\(folder)/\(ReleaseLayout.manifest)"
        if releases.length(of: file) == nil {
            try write(finished, state: state, in: folder)
        } else {
            let bytes = try releases.read(file, limit: ReleaseLimits.manifestBytesMax)
            guard bytes == manifest.bytes else {
                throw .manifestInvalid(reason: "another release has the same name")
            }
            if let state { try note(state, in: folder) }
        }
        try switchCurrent(to: manifest.id)
        isUnfinished.store(false, ordering: .relaxed)
        if let keeping {
            do throws(ReleaseError) {
                try prune(keeping: keeping)
            } catch {
                throw .notPruned(manifest.id, reason: "\(error)")
            }
        }
        return finished
    }

    /// Goes live with a release that exists, for rollback.
    ///
    /// - Throws: `.releaseMissing`, `.manifestInvalid`, or `.system`; what was live still is.
    package func activate(_ id: ReleaseID) throws(ReleaseError) {
        _ = try StoredManifest(id, from: releases, stored)
        try switchCurrent(to: id)
    }

    /// A name that no other file in `tmp` has.
    func temporaryName() -> String {
        "\(nextName.wrappingAdd(1, ordering: .relaxed).newValue)"
    }

    /// Every file that the manifest names is there, with its length; its segments are stored.
    private func checkStored(
        _ manifest: StoredManifest, trusting checked: StoredManifest?
    ) throws(ReleaseError) {
        let trusted = Set((checked?.segments ?? []).map(\.reference.digest))
        for segment in manifest.segments where !trusted.contains(segment.reference.digest) {
            let bytes = try segment.verifiedBytes()
            _ = try store(bytes)
            let loaded = try ManifestSegment(checked: bytes, digest: segment.reference.digest)
            try loaded.forEachOutline { (outline) throws(ReleaseError) in
                for form in outline.representations { try checkStored(form) }
            }
        }
    }

    /// A stored file is there, with its length.
    func checkStored(_ form: Representation) throws(ReleaseError) {
        guard blobs.length(of: ReleaseLayout.file(of: form.blob)) == form.length else {
            throw .blobInvalid(form.blob, reason: "it is not stored")
        }
    }

    private func write(
        _ manifest: StoredManifest, state: DatabaseState?, in folder: String
    ) throws(ReleaseError) {
        try releases.removeAll(folder)
        try releases.makeFolder(folder)
        let release = try releases.folder(folder)
        do throws(ReleaseError) {
            if manifest.hasTree { try linkTree(of: manifest, into: release) }
            if let state {
                try release.write(
                    state.bytes, to: ReleaseLayout.databaseState, isDurable: false)
            }
            try root.syncAll()
            let name = temporaryName()
            try temporary.write(manifest.bytes, to: name, isDurable: true)
            try temporary.rename(name, to: release, ReleaseLayout.manifest)
            try release.sync()
            try releases.sync()
        } catch {
            try? releases.removeAll(folder)
            throw error
        }
    }

    /// Makes the tree, with the styles and scripts that the last releases showed.
    private func linkTree(
        of manifest: StoredManifest, into release: borrowing Descriptor
    ) throws(ReleaseError) {
        try ReleaseTree.link(manifest, from: blobs, into: release)
        var earlier: [ReleaseID] = []
        for line in try ReleaseHistory.lines(in: root).reversed() {
            guard earlier.count < ReleaseLimits.releasesKept else { break }
            if !earlier.contains(line.id), isFinished(line.id) { earlier.append(line.id) }
        }
        for id in earlier {
            guard let old = try? StoredManifest(id, from: releases, stored, knowing: manifest)
            else { continue }
            try ReleaseTree.linkAssets(of: old, from: blobs, into: release)
        }
    }

    /// Notes that a finished release shows a later state of the database, too.
    private func note(_ state: DatabaseState, in folder: String) throws(ReleaseError) {
        let release = try releases.folder(folder)
        let name = temporaryName()
        try temporary.write(state.bytes, to: name, isDurable: true)
        try temporary.rename(name, to: release, ReleaseLayout.databaseState)
    }

    private func switchCurrent(to id: ReleaseID) throws(ReleaseError) {
        guard try currentID() != id else { return }
        try ReleaseHistory.shorten(in: root, temporary)
        let name = temporaryName()
        try ReleaseHistory.recording(id, in: root) { () throws(ReleaseError) in
            try temporary.makeLink(name, to: ReleaseLayout.folder(of: id))
            do throws(ReleaseError) {
                try temporary.rename(name, to: root, ReleaseLayout.current)
            } catch {
                try? temporary.remove(name)
                throw error
            }
        }
        try root.sync()
    }

    /// The release that is live now; nil before the first.
    package func currentID() throws(ReleaseError) -> ReleaseID? {
        try root.target(ofLink: ReleaseLayout.current).flatMap(ReleaseLayout.release(ofLink:))
    }
}
