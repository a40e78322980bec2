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

/// One path that is different.
package struct EntryChange: Sendable, Hashable {
    /// What happened to it.
    package enum Kind: String, Sendable, Hashable {
        /// The earlier release does not have it.
        case added
        /// The later release does not have it.
        case removed
        /// A client sees something else.
        case changed
        /// A client sees the same; the stored forms or what is noted about it differ.
        case restored
    }

    /// What happened.
    package let kind: Kind
    /// The decoded path.
    package let path: String
    /// The bytes before; none when it was added.
    package let before: FormLengths
    /// The bytes after; none when it was removed.
    package let after: FormLengths
    /// The headers that differ, each with its value before and after; nil where there is none.
    package let headers: [HeaderChange]
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
    package static func changes(from one: Manifest, to other: Manifest) -> [EntryChange] {
        let shared = Set(one.segments.map(\.digest)).intersection(other.segments.map(\.digest))
        let (old, new) = (entries(of: one, except: shared), entries(of: other, except: shared))
        var changes: [EntryChange] = []
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            let before = left < old.count ? old[left] : nil
            let after = right < new.count ? new[right] : nil
            switch order(before?.path, after?.path) {
            case ..<0:
                left += 1
                changes.append(change(.removed, before, nil))
            case 1...:
                right += 1
                changes.append(change(.added, nil, after))
            default:
                (left, right) = (left + 1, right + 1)
                guard before != after else { continue }
                let isSeen = before?.digest != after?.digest
                changes.append(change(isSeen ? .changed : .restored, before, after))
            }
        }
        return changes
    }

    private static func entries(of manifest: Manifest, except shared: Set<BlobID>) -> [Entry] {
        manifest.segments.filter { !shared.contains($0.digest) }.flatMap { segment in
            (0..<segment.count).map(segment.entry(at:))
        }
    }

    /// Below 0 when `one` comes first; a path that is not there comes last.
    private static func order(_ one: String?, _ other: String?) -> Int {
        guard let one else { return 1 }
        guard let other else { return -1 }
        if one.utf8.elementsEqual(other.utf8) { return 0 }
        return one.utf8.lexicographicallyPrecedes(other.utf8) ? -1 : 1
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
