// Which schema of a database is a site's.
//
// A site that has no name keeps what it installs in `sitegen`, a site called `shop` in
// `sitegen_shop`, so that several of them may share a database. Everything that is installed is
// named with its schema: each SQL text takes that name from here, by way of the connection on which
// it will run or of the view that it is about. A name holds nothing that SQL would have to quote.

/// The schema in which a site keeps what it installs.
package struct SiteSchema: Hashable, Sendable, CustomStringConvertible {
    /// The schema of a site without a name.
    package static let unnamed = SiteSchema()

    /// The site's name; nil for none.
    package let site: String?

    private init() { site = nil }

    /// The schema of a site; nil for what is no name of one.
    ///
    /// - Parameter site: 1 to `PostgresLimits.siteNameBytesMax` of `[a-z0-9_]`, a letter first.
    package init?(site: String) {
        let bytes = site.utf8
        guard let first = bytes.first, bytes.count <= PostgresLimits.siteNameBytesMax,
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first),
            bytes.allSatisfy({ byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "_")
            })
        else { return nil }
        self.site = site
    }

    /// The schema's name, as SQL reads it with and without quotes.
    package var description: String { site.map { "sitegen_\($0)" } ?? "sitegen" }
}
