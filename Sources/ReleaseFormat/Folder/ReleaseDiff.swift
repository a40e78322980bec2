// What is different between two releases: paths added, removed and changed, bytes, headers.
//
// Two manifests are merged in the order of their paths. What two segments have in common is not
// looked at, so comparing neighbours costs what changed.

import ContentEncoding

/// The bytes of an entry in each coding; 0 where there is no such form.
package struct FormLengths: Sendable, Hashable {
    /// Bytes uncoded.
    package let identity: Int
    /// Bytes in gzip.
    package let gzip: Int
    /// Bytes in brotli.
    package let brotli: Int

    init(_ entry: Entry?) {
        func length(_ coding: Coding) -> Int { entry?.representation(coding)?.length ?? 0 }
        (identity, gzip, brotli) = (length(.identity), length(.gzip), length(.brotli))
    }
}

/// A header with another value.
package struct HeaderChange: Sendable, Hashable {
    /// The name in lower case.
    package let name: String
    /// The value before; nil when there was none.
    package let before: String?
    /// The value after; nil when there is none.
    package let after: String?
}

/// Compares two releases.
package enum ReleaseDiff {
    /// What is different, in the order of the paths' bytes.
    ///
    /// - Throws: `.blobInvalid` or `.system` when a segment cannot be read.
    package static func changes(
        from one: StoredManifest, to other: StoredManifest
    ) throws(ReleaseError) -> [EntryChange] {
        var changes: [EntryChange] = []
        try merge(one, other) { (old, new) in
            let (before, after) = (old?.entry, new?.entry)
            guard before != after else { return }
            let kind: EntryChange.Kind =
                if before == nil {
                    .added
                } else if after == nil {
                    .removed
                } else {
                    before?.digest != after?.digest ? .changed : .restored
                }
            changes.append(change(kind, before, after))
        }
        return changes
    }

    /// How many paths are gone.
    ///
    /// - Throws: as `changes`.
    package static func removedCount(
        from one: StoredManifest, to other: StoredManifest
    ) throws(ReleaseError) -> Int {
        var count = 0
        try merge(one, other) { (_, new) in if new == nil { count += 1 } }
        return count
    }

    /// Lends what either has at each path, without what stands in segments that both have.
    private static func merge(
        _ one: StoredManifest, _ other: StoredManifest,
        _ body: (EntryOutline?, EntryOutline?) -> Void
    ) throws(ReleaseError) {
        let shared = Set(one.segments.map(\.reference.digest))
            .intersection(other.segments.map(\.reference.digest))
        var left = OutlineCursor(one, except: shared)
        var right = OutlineCursor(other, except: shared)
        var (old, new) = (try left.next(), try right.next())
        while true {
            switch (old, new) {
            case (nil, nil): return
            case (let before?, let after?) where before.path.elementsEqual(after.path):
                body(before, after)
                (old, new) = (try left.next(), try right.next())
            case (let before?, let after)
            where after.map({ before.path.lexicographicallyPrecedes($0.path) }) ?? true:
                body(before, nil)
                old = try left.next()
            case (_, let after):
                body(nil, after)
                new = try right.next()
            }
        }
    }

    private static func change(
        _ kind: EntryChange.Kind, _ before: Entry?, _ after: Entry?
    ) -> EntryChange {
        let (old, new) = (values(before), values(after))
        let names = Set(old.keys).union(new.keys).sorted()
        let headers =
            kind == .changed
            ? names.filter { old[$0] != new[$0] }.map {
                HeaderChange(name: $0, before: old[$0], after: new[$0])
            } : []
        return EntryChange(
            kind: kind, path: after?.path ?? before?.path ?? "", before: FormLengths(before),
            after: FormLengths(after), headers: headers)
    }

    private static func values(_ entry: Entry?) -> [String: String] {
        Dictionary(
            (entry?.headers.fields ?? []).map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    }
}
