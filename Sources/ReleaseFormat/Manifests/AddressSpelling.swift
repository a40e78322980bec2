// Addresses that visitors and servers of files take for one: with and without a slash at the end,
// by the name of an index file, by the name of the file in the plain tree.
//
// A release may have one of them only. Otherwise which page is shown would depend on the server,
// and a link would mean another page in the plain tree. Every manifest is looked at, wherever it
// came from.

/// Finds the other spellings of a path.
package enum AddressSpelling {
    private static let index = Array("index.html".utf8)
    private static let ending = Array(".html".utf8)
    private static let slash = UInt8(ascii: "/")

    /// The other paths that stand for the same file or folder as this one, as far as they may
    /// exist.
    package static func others(of path: String) -> [String] {
        others(of: Array(path.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }

    static func others(of path: [UInt8]) -> [[UInt8]] {
        if path.last == slash {
            let bare = path.count > 1 ? [Array(path.dropLast())] : []
            return bare + [path + index]
        }
        let name = path.lastIndex(of: slash).map { path[($0 + 1)...] } ?? path[...]
        if name.elementsEqual(index) {
            let folder = Array(path.dropLast(index.count))
            return folder.count > 1 ? [folder, Array(folder.dropLast())] : [folder]
        }
        var others = [path + [slash], path + [slash] + index]
        if !name.contains(UInt8(ascii: ".")) { others.append(path + ending) }
        if name.count > ending.count, name.suffix(ending.count).elementsEqual(ending) {
            others.append(Array(path.dropLast(ending.count)))
        }
        return others
    }

    /// Whether two entries of such paths exclude each other.
    ///
    /// Redirects lead elsewhere, what is gone is nowhere, and `/x.html` is the file of a page `/x`
    /// alone.
    static func areOne(_ one: Entry, _ other: Entry) -> Bool {
        guard one.kind.hasBytes, other.kind.hasBytes else { return false }
        for (bare, file) in [(one, other), (other, one)]
        where file.path.utf8.elementsEqual(Array(bare.path.utf8) + ending) {
            return bare.kind == .page
        }
        return true
    }
}

extension StoredManifest {
    /// Looks for two addresses that are one, of which at least one is not in `base`.
    ///
    /// - Throws: `.sameAddress`.
    func checkAddresses(since base: StoredManifest?) throws(ReleaseError) {
        let known = Set((base?.segments ?? []).map(\.reference.digest))
        for number in segments.indices
        where !known.contains(segments[number].reference.digest) {
            let segment = try segment(number)
            for index in 0..<segment.count {
                let path = Array(segment.path(at: index))
                for other in AddressSpelling.others(of: path) {
                    let text = String(decoding: other, as: UTF8.self)
                    guard try hasEntry(atPath: text), let twin = try entry(atPath: text) else {
                        continue
                    }
                    let entry = segment.entry(at: index)
                    guard AddressSpelling.areOne(entry, twin) else { continue }
                    throw .sameAddress(
                        path: entry.path, other: twin.path, first: entry.source,
                        second: twin.source)
                }
            }
        }
    }
}
