// What was taken down: paths with the bytes that they had, in a file beside the releases.
//
//   withdrawn    lines of `<sha-256 of the identity form> <path>`
//
// A finished release never changes, so it goes on naming what was taken down; whoever reads it
// passes that over, and the stored bytes are removed unless another path needs them. A path whose
// bytes are others is not meant. A build that has the same bytes at the same path again takes the
// line back: its author has published them anew.

import Hashing

/// The list of what was taken down in an output folder.
package struct Withdrawals: Sendable, Equatable {
    /// A path and the bytes it had.
    package struct Item: Sendable, Hashable {
        let path: String
        let blob: BlobID
    }

    private(set) var items: Set<Item> = []

    /// Nothing.
    package init() {}

    /// Whether nothing was taken down.
    package var isEmpty: Bool { items.isEmpty }

    /// Reads the list of an output folder; one that does not exist is empty.
    ///
    /// - Throws: `.system`, or `.limitExceeded` when it is too long.
    package static func read(_ output: String) throws(ReleaseError) -> Withdrawals {
        try read(in: try Descriptor.folder(atPath: output))
    }

    static func read(in root: borrowing Descriptor) throws(ReleaseError) -> Withdrawals {
        var withdrawals = Withdrawals()
        guard root.length(of: ReleaseLayout.withdrawn) != nil else { return withdrawals }
        let limit = ReleaseLimits.withdrawnMax * (ReleaseLimits.pathBytesMax + 66)
        let bytes = try root.read(ReleaseLayout.withdrawn, limit: limit)
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 1)
            guard parts.count == 2,
                let blob = BlobID(hex: String(decoding: parts[0], as: UTF8.self))
            else { continue }
            withdrawals.items.insert(
                Item(path: String(decoding: parts[1], as: UTF8.self), blob: blob))
        }
        return withdrawals
    }

    func write(
        in root: borrowing Descriptor, _ temporary: borrowing Descriptor
    ) throws(ReleaseError) {
        guard items.count <= ReleaseLimits.withdrawnMax else {
            throw .limitExceeded(
                name: "paths taken down", value: items.count, limit: ReleaseLimits.withdrawnMax)
        }
        let lines = items.map { "\($0.blob.hex) \($0.path)\n" }.sorted()
        try temporary.remove(ReleaseLayout.withdrawn)
        try temporary.write(
            Array(lines.joined().utf8), to: ReleaseLayout.withdrawn, isDurable: true)
        try temporary.rename(ReleaseLayout.withdrawn, to: root, ReleaseLayout.withdrawn)
        try root.sync()
    }

    mutating func insert(_ item: Item) { items.insert(item) }

    mutating func remove(_ item: Item) { items.remove(item) }

    /// Whether an entry was taken down.
    package func holds(_ entry: Entry) -> Bool {
        guard !items.isEmpty, let form = entry.representations.first else { return false }
        return items.contains(Item(path: entry.path, blob: form.blob))
    }

    /// Whether an entry was taken down.
    package func holds(_ outline: EntryOutline) -> Bool {
        guard !items.isEmpty, let item = Item(outline) else { return false }
        return items.contains(item)
    }
}

extension Withdrawals.Item {
    /// What an entry is taken down by; nil for one without bytes.
    init?(_ outline: EntryOutline) {
        guard let form = outline.representations.first else { return nil }
        self.init(path: String(decoding: outline.path, as: UTF8.self), blob: form.blob)
    }
}

extension ReleaseWriter {
    /// What `withdraw` did.
    package struct Withdrawn: Sendable {
        /// The paths that were taken down, sorted.
        package let paths: [String]
        /// Those of the live release that are meant, too, and stay.
        package let live: [String]
        /// How many stored files were removed.
        package let files: Int
    }

    /// Takes paths down in every release but the live one: their stored bytes are removed, and
    /// whoever serves the folder stops to show them.
    ///
    /// What is at such a path in the live release stays: that is for a build to change.
    ///
    /// - Parameter isMeant: whether a path is to be taken down.
    /// - Returns: what was found.
    /// - Throws: `.manifestInvalid` when a release cannot be read, `.limitExceeded`, `.system`.
    package func withdraw(_ isMeant: (String) -> Bool) throws(ReleaseError) -> Withdrawn {
        var withdrawals = try Withdrawals.read(in: root)
        let current = try currentID()
        let ids = try releases.names().compactMap { ReleaseID($0) }.filter(isFinished)
        var live: Set<Withdrawals.Item> = []
        if let current {
            try StoredManifest(current, from: releases, stored).forEachOutline { outline in
                guard isMeant(String(decoding: outline.path, as: UTF8.self)) else { return }
                if let item = Withdrawals.Item(outline) { live.insert(item) }
            }
        }
        var found: Set<Withdrawals.Item> = []
        for id in ids where id != current {
            try StoredManifest(id, from: releases, stored).forEachOutline { outline in
                guard isMeant(String(decoding: outline.path, as: UTF8.self)),
                    let item = Withdrawals.Item(outline), !live.contains(item)
                else { return }
                found.insert(item)
            }
        }
        for item in found { withdrawals.insert(item) }
        // First the list, which servers read; then what it names.
        try withdrawals.write(in: root, temporary)
        for id in ids { try removeFromTree(of: id, found) }
        let before = try storedFileCount()
        try removeUnnamedBlobs(ids)
        return Withdrawn(
            paths: Set(found.map(\.path)).sorted(), live: Set(live.map(\.path)).sorted(),
            files: before - (try storedFileCount()))
    }

    /// Removes the links of what was taken down from a plain tree, unless the release has other
    /// bytes there.
    private func removeFromTree(
        of id: ReleaseID, _ items: Set<Withdrawals.Item>
    ) throws(ReleaseError) {
        let manifest = try StoredManifest(id, from: releases, stored)
        guard manifest.hasTree else { return }
        let release = try releases.folder("\(id)")
        for item in items {
            let entry = try manifest.entry(atPath: item.path)
            if let entry, entry.representations.first?.blob != item.blob { continue }
            try ReleaseTree.remove(item.path, entry, from: release)
        }
    }

    /// Takes back from the list what a release has again; its bytes must be stored.
    func restore(_ manifest: StoredManifest) throws(ReleaseError) {
        var withdrawals = try Withdrawals.read(in: root)
        let before = withdrawals
        for item in before.items {
            guard let entry = try manifest.entry(atPath: item.path),
                entry.representations.first?.blob == item.blob
            else { continue }
            for form in entry.representations { try checkStored(form) }
            withdrawals.remove(item)
        }
        if withdrawals != before { try withdrawals.write(in: root, temporary) }
    }
}
