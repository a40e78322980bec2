// Removes what is no longer needed: old releases, files that no release names, and whatever a
// killed build left behind.
//
// A file is removed only after every kept manifest was read and none names it: one that cannot be
// read stops the removal. Releases leave by a rename first, so that none is ever half there.

import Hashing
import Synchronization

extension ReleaseWriter {
    /// Removes all but the last releases of the history, and the stored files nobody names.
    ///
    /// The current release always stays. Not while `store` runs: files that belong to no release
    /// yet are removed, too.
    ///
    /// - Parameter count: at least 1.
    /// - Throws: `.manifestInvalid` when a kept release cannot be read, or `.system`.
    package func prune(keeping count: Int) throws(ReleaseError) {
        precondition(count >= 1, "the current release stays")
        var kept: [ReleaseID] = []
        if let current = try currentID() { kept.append(current) }
        for line in try ReleaseHistory.lines(in: root).reversed() {
            if kept.count >= count { break }
            if !kept.contains(line.id), isFinished(line.id) { kept.append(line.id) }
        }
        var isSomethingRemoved = false
        for name in try releases.names() where !kept.contains(where: { $0.description == name }) {
            let aside = temporaryName()
            try releases.rename(name, to: temporary, aside)
            try temporary.removeAll(aside)
            isSomethingRemoved = true
        }
        if isSomethingRemoved { try removeUnnamedBlobs(kept) }
    }

    /// Removes what a killed build left: temporary files, releases without a manifest, files that
    /// no release names, and the history's line of a switch that did not happen.
    func sweep() throws(ReleaseError) {
        // The mark goes last: a sweep that is killed is done again.
        for name in try temporary.names() where name != ReleaseLayout.unfinished {
            try temporary.removeAll(name)
        }
        var finished: [ReleaseID] = []
        for name in try releases.names() {
            if let id = ReleaseID(name), isFinished(id) {
                finished.append(id)
            } else {
                try releases.removeAll(name)
            }
        }
        try removeUnnamedBlobs(finished)
        try ReleaseHistory.mend(in: root, temporary, current: try currentID())
        try temporary.remove(ReleaseLayout.unfinished)
    }

    private func isFinished(_ id: ReleaseID) -> Bool {
        releases.length(of: "\(id)/\(ReleaseLayout.manifest)") != nil
    }

    private func removeUnnamedBlobs(_ kept: [ReleaseID]) throws(ReleaseError) {
        var named: Set<BlobID> = []
        for id in kept {
            let manifest = try Manifest.load(id, from: releases)
            for index in 0..<manifest.count {
                for form in manifest.entry(at: index).representations { named.insert(form.blob) }
            }
        }
        for folderName in try blobs.names() {
            let folder = try blobs.folder(folderName)
            for name in try folder.names() {
                if let blob = BlobID(hex: name), named.contains(blob) { continue }
                try folder.removeAll(name)
            }
        }
        session.withLock { $0.known.formIntersection(named) }
    }
}
