// Finds the entry of a path: by the manifest alone, never by the file system.
//
// A path that is almost one of the release's gets a redirect to the one spelling that exists, so
// that a page has one address. Everything else is the 404 page; there is no path info.

package import ReleaseFormat
@_spi(_Unicode) internal import Swift

/// What a path is.
package enum PathMatch: Equatable, Sendable {
    /// The entry at this index of the manifest.
    case entry(Int)
    /// Known by another spelling: the path to go to, decoded.
    case moved(to: [UInt8])
    /// Not known; the index of the release's page for that, if it has one.
    case missing(page: Int?)
}

extension Manifest {
    /// The route of a decoded path.
    package func route(_ path: [UInt8]) -> PathMatch {
        if let index = index(ofPath: path.span), index != notFound { return .entry(index) }
        for candidate in Self.spellings(of: path) {
            if let index = index(ofPath: candidate.span), index != notFound {
                return .moved(to: candidate)
            }
        }
        return .missing(page: notFound)
    }

    /// The paths that a visitor may have meant: a slash more or less, without `index.html`, each
    /// also in composed Unicode (NFC), which is the one that a release has.
    private static func spellings(of path: [UInt8]) -> [[UInt8]] {
        let others = slashed(path)
        guard path.contains(where: { $0 >= 0x80 }),
            let text = String(validating: path, as: UTF8.self)
        else { return others }
        var scalars = String.UnicodeScalarView()
        for scalar in text._nfc { scalars.append(scalar) }
        let composed = Array(String(scalars).utf8)
        return composed == path ? others : [composed] + slashed(composed)
    }

    private static func slashed(_ path: [UInt8]) -> [[UInt8]] {
        let index = Array("/index.html".utf8)
        if path.count >= index.count, path.suffix(index.count).elementsEqual(index) {
            let folder = Array(path.dropLast(index.count))
            return folder.isEmpty ? [[UInt8(ascii: "/")]] : [folder + [UInt8(ascii: "/")], folder]
        }
        guard path.count > 1 else { return [] }
        return path.last == UInt8(ascii: "/")
            ? [Array(path.dropLast())] : [path + [UInt8(ascii: "/")]]
    }
}
