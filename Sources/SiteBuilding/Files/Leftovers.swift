// What earlier releases have and the live one has no more, at addresses that are served on.
//
// Pages that browsers and caches still show ask for the styles, scripts and files of the release
// that they were made in, so those are served for a while. A file that was removed from public/ on
// purpose is among them, and nobody would notice.

package import ReleaseFormat

/// Files of public/ that are gone and served.
package enum Leftovers {
    /// Their fingerprinted addresses, sorted.
    ///
    /// - Parameters:
    ///   - output: the output folder.
    ///   - live: the release that is served.
    ///   - withdrawals: what was taken down already.
    /// - Returns: paths as a browser asks for them, decoded.
    /// - Throws: `.system` when the history cannot be read; releases that cannot be are left out.
    package static func paths(
        in output: String, live: Manifest, _ withdrawals: Withdrawals
    ) throws -> [String] {
        var found: Set<String> = []
        var seen: Set<ReleaseID> = [live.id]
        let site = BuildInputs.basePath(in: live.inputs)
        for line in try ReleaseReader.history(output) where seen.insert(line.id).inserted {
            guard let earlier = try? StoredManifest.open(output, id: line.id) else { continue }
            try earlier.forEachOutline { outline in
                guard outline.view.hasPrefix("\(SiteFiles.publicRoute)/") else { return }
                let path = String(decoding: outline.path, as: UTF8.self)
                // A file that was only changed has its name still.
                guard let plain = AssetName.plainPath(of: path, under: site),
                    live.index(ofPath: plain) == nil,
                    live.index(ofPath: path) == nil, !withdrawals.holds(outline)
                else { return }
                found.insert(path)
            }
        }
        return found.sorted()
    }
}
