// What people write for a page: its path as the site has it, or an address copied from a browser.
//
// A path is looked for as it was written first, since a percent sign may stand in a path.

package import ReleaseFormat

/// Addresses of pages, as arguments of commands.
package enum PageAddress {
    /// The decoded path of an address: without scheme, host, query and fragment.
    package static func path(of address: String) -> String {
        var rest = address[...]
        for scheme in ["http://", "https://"] where rest.lowercased().hasPrefix(scheme) {
            rest = rest.dropFirst(scheme.count).drop { !"/?#".contains($0) }
            if rest.first != "/" { rest = "/" + rest }
        }
        return SiteAddresses(origin: "", path: "/").link(String(rest))?.path ?? address
    }

    /// The entry that an address names; nil when the release has none.
    ///
    /// - Throws: `.blobInvalid` or `.system` when the release cannot be read.
    package static func entry(
        at address: String, in manifest: StoredManifest
    ) throws -> Entry? {
        if let entry = try manifest.entry(atPath: address) { return entry }
        return try manifest.entry(atPath: path(of: address))
    }
}
