// Removes what is no longer needed: old releases, files that no release names, and whatever a
// killed build left behind.
//
// A file is removed only after every kept manifest was read and none names it: one that cannot be
// read stops the removal. Releases leave by a rename first, so that none is ever half there.

import Hashing
import Spooling

/// Which releases stay: the last so many, and those that were live within so many seconds.
package struct ReleaseKeeping: Sendable, Hashable, ExpressibleByIntegerLiteral {
    /// How many stay, at least 1; the current one counts.
    package let count: Int
    /// A release stays as long as it was live within so many seconds, whatever the count.
    package let seconds: Int

    /// Describes what stays.
    package init(count: Int, seconds: Int = 0) {
        precondition(count >= 1, "the current release stays")
        self.count = count
        self.seconds = max(0, seconds)
    }

    /// The last so many.
    package init(integerLiteral count: Int) { self.init(count: count) }
}

extension ReleaseWriter {
    /// Removes all but the last releases of the history, and the stored files nobody names.
    ///
    /// The current release always stays. Not while `store` runs: files that belong to no release
    /// yet are removed, too.
    ///
    /// - Parameter keeping: which releases stay.
    /// - Throws: `.manifestInvalid` when a kept release cannot be read, or `.system`.
    package func prune(keeping: ReleaseKeeping) throws(ReleaseError) {
        let oldest = ReleaseHistory.time(secondsAgo: keeping.seconds)
        var kept: [ReleaseID] = []
        if let current = try currentID() { kept.append(current) }
        // A release was live until the line after its own; the newest has none.
        var wasLiveUntil = ReleaseHistory.time()
        for line in try ReleaseHistory.lines(in: root).reversed() {
            let isYoung = keeping.seconds > 0 && wasLiveUntil >= oldest
            wasLiveUntil = line.time
            guard kept.count < keeping.count || isYoung else { continue }
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

    /// Removes old releases, and every stored file that no release names, whoever left it.
    ///
    /// - Parameter keeping: which releases stay.
    /// - Returns: how many releases and stored files went.
    /// - Throws: as `prune`.
    package func clean(
        keeping: ReleaseKeeping
    ) throws(ReleaseError) -> (releases: Int, files: Int) {
        let releasesBefore = try releases.names().count
        let filesBefore = try storedFileCount()
        try prune(keeping: keeping)
        let kept = try releases.names().compactMap { ReleaseID($0) }.filter(isFinished)
        try removeUnnamedBlobs(kept)
        return (
            releasesBefore - (try releases.names().count), filesBefore - (try storedFileCount())
        )
    }

    func storedFileCount() throws(ReleaseError) -> Int {
        var count = 0
        for folder in try blobs.names() { count += try blobs.folder(folder).names().count }
        return count
    }

    /// Whether there is a whole release of this name.
    package func isFinished(_ id: ReleaseID) -> Bool {
        releases.length(of: "\(id)/\(ReleaseLayout.manifest)") != nil
    }

    /// Removes the stored files that these releases do not name; what was taken down names none.
    ///
    /// Names are sorted, on disk when they are many, and gone through beside those of the files.
    func removeUnnamedBlobs(_ kept: [ReleaseID]) throws(ReleaseError) {
        let withdrawals = try Withdrawals.read(in: root)
        var sorter = RecordSorter(in: spools)
        var known: StoredManifest?
        for id in kept {
            let manifest = try StoredManifest(id, from: releases, stored, knowing: known)
            let seen = Set((known?.segments ?? []).map(\.reference.digest))
            for segment in manifest.segments where !seen.contains(segment.reference.digest) {
                let loaded = try segment.load()
                try ReleaseError.spooling { () throws(SpoolError) in
                    try sorter.add(key: loaded.digest.bytes)
                    try loaded.forEachOutline { (outline) throws(SpoolError) in
                        if withdrawals.holds(outline) { return }
                        for form in outline.representations { try sorter.add(key: form.blob.bytes) }
                    }
                }
            }
            known = manifest
        }
        var named: SortedRecords
        do throws(SpoolError) { named = try sorter.sorted() } catch { throw ReleaseError(error) }
        for folderName in try blobs.names() {
            let folder = try blobs.folder(folderName)
            for name in try folder.names() {
                // What is not where its name says is not what a manifest names; what is comes in
                // the order of the digests.
                guard let blob = BlobID(hex: name),
                    ReleaseLayout.file(of: blob) == "\(folderName)/\(name)"
                else {
                    try folder.removeAll(name)
                    continue
                }
                let bytes = blob.bytes
                while let next = named.first?.key, next.lexicographicallyPrecedes(bytes) {
                    _ = try ReleaseError.spooling { () throws(SpoolError) in try named.next() }
                }
                if named.first?.key != bytes { try folder.removeAll(name) }
            }
        }
    }
}
