// The site map: every listed page, in files of at most 50,000 addresses, with an index above that
// (sitemaps.org protocol 0.9).
//
// Addresses are sorted, so that the files are a function of the pages alone.

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

/// Writes site maps.
struct SiteMap: Sendable {
    let origin: Origin
    let addressesPerFile: Int

    init(origin: Origin, addressesPerFile: Int = BuildLimits.siteMapAddressesMax) {
        self.origin = origin
        self.addressesPerFile = addressesPerFile
    }

    /// The files, `/sitemap.xml` first; with an index when one file is not enough.
    func files(_ addresses: [SiteMapAddress]) -> [(path: String, bytes: [UInt8])] {
        let sorted = addresses.sorted {
            $0.path.utf8.lexicographicallyPrecedes($1.path.utf8)
        }
        guard sorted.count > addressesPerFile else {
            return [("/sitemap.xml", addressFile(sorted[...]))]
        }
        let starts = stride(from: 0, to: sorted.count, by: addressesPerFile)
        let parts = starts.enumerated().map { number, start in
            (
                "/sitemap-\(number + 1).xml",
                addressFile(sorted[start..<min(start + addressesPerFile, sorted.count)])
            )
        }
        return [("/sitemap.xml", indexFile(parts.map(\.0)))] + parts
    }

    /// What robots.txt says when the site has none of its own.
    var robots: [UInt8] {
        Array("User-agent: *\nAllow: /\n\nSitemap: \(origin)/sitemap.xml\n".utf8)
    }

    private func addressFile(_ addresses: ArraySlice<SiteMapAddress>) -> [UInt8] {
        let document = render(.xml) {
            element("urlset", .attr("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9")) {
                for address in addresses {
                    element("url") {
                        element("loc") { "\(origin)\(AddressEncoding.encoded(address.path))" }
                        if let date = address.lastModified { element("lastmod") { date } }
                    }
                }
            }
        }
        return document.bytes
    }

    private func indexFile(_ paths: [String]) -> [UInt8] {
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

/// Percent-encoding of paths (RFC 3986 section 3.3).
enum AddressEncoding {
    /// The path with every byte that a path segment may not hold written as `%XX`.
    static func encoded(_ path: String) -> String {
        var text = ""
        for byte in path.utf8 {
            if isAllowed(byte) {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                text += byte < 16 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return text
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "/-._~!$&'()*+,;=:@".utf8.contains(byte)
        }
    }
}
