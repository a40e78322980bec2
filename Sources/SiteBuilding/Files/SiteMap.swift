// The site map: every listed page, in one file or, when that would be long, in several with an
// index above them (sitemaps.org protocol 0.9).
//
// Addresses come sorted, and a file ends where an address's hash says: the files are a function of
// the pages alone, and a page that comes or goes changes one of them.

import Hashing
import Markup
import SiteAuthoring

/// One address of the site map.
struct SiteMapAddress: Sendable, Hashable {
    let path: String
    let modified: Timestamp?

    /// The date as the protocol wants it: a moment with its zone, or the day alone when the
    /// database has no zone; nil where there is no such text, as for infinity.
    var lastModified: String? {
        guard let text = modified.map({ "\($0)" }), let first = text.utf8.first,
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
        else { return nil }
        return text.hasSuffix("Z") ? text : String(text.prefix { $0 != "T" })
    }
}

/// Writes a site map from addresses that come in the order of their bytes.
struct SiteMap: Sendable {
    /// A file of the site map.
    typealias File = (path: String, bytes: [UInt8])

    private let origin: Origin
    private let limit: Int
    private let cutting: Int
    private let isSplit: Bool
    private var addresses: [SiteMapAddress] = []
    private var paths: [String] = []

    /// Begins a site map.
    ///
    /// - Parameters:
    ///   - origin: what stands before every path.
    ///   - count: how many addresses will come.
    ///   - limit: the most addresses of one file.
    ///   - cutting: one address in so many begins a file.
    init(
        origin: Origin, count: Int, limit: Int = BuildLimits.siteMapAddressesMax,
        cutting: Int = BuildLimits.siteMapAddressesCut
    ) {
        self.origin = origin
        self.limit = limit
        self.cutting = cutting
        isSplit = count > limit
    }

    /// Takes the next address; gives the file that ended before it, if one did.
    mutating func add(_ address: SiteMapAddress) -> File? {
        defer { addresses.append(address) }
        guard isSplit, let first = addresses.first,
            addresses.count == limit || beginsFile(address.path)
        else { return nil }
        defer { addresses.removeAll(keepingCapacity: true) }
        return part(from: first)
    }

    /// The last file and the index, or the only file.
    mutating func finish() -> [File] {
        defer { addresses = [] }
        guard isSplit else { return [(index, addressFile())] }
        let last = addresses.first.map { part(from: $0) }
        return [(index, indexFile())] + [last].compactMap { $0 }
    }

    /// A file of the addresses at hand, named after the first of them.
    private mutating func part(from first: SiteMapAddress) -> File {
        let digest = SHA256Digest(of: Array(first.path.utf8)).hex
        let name = "/sitemap-\(digest.prefix(BuildLimits.fingerprintDigits)).xml"
        let path = origin.path(name)
        paths.append(path)
        return (path, addressFile())
    }

    /// Whether a file begins with this address, unless it is the first anyway.
    private func beginsFile(_ path: String) -> Bool {
        let digest = SHA256Digest(of: Array(path.utf8)).bytes
        let number = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return number % UInt64(cutting) == 0
    }

    /// What robots.txt says when the site has none of its own.
    var robots: [UInt8] {
        Array("User-agent: *\nAllow: /\n\nSitemap: \(origin)\(index)\n".utf8)
    }

    /// The path of the whole, or of the index of its files.
    private var index: String { origin.path("/sitemap.xml") }

    private func addressFile() -> [UInt8] {
        let document = render(.xml) {
            element("urlset", .attr("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9")) {
                for address in addresses {
                    element("url") {
                        element("loc") { "\(origin)\(PagePath(address.path).url)" }
                        if let date = address.lastModified { element("lastmod") { date } }
                    }
                }
            }
        }
        return document.bytes
    }

    private func indexFile() -> [UInt8] {
        let document = render(.xml) {
            element("sitemapindex", .attr("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9")) {
                for path in paths {
                    element("sitemap") { element("loc") { "\(origin)\(path)" } }
                }
            }
        }
        return document.bytes
    }
}
