// What a build did, as values: the command prints them as a table or as JSON.
//
// Nothing here holds a value of a row.

/// What happened during a build, as it happens.
package enum BuildEvent: Sendable {
    /// What the build is going to do.
    case plan(BuildPlan)
    /// So many pages are rendered, so many of them had to be compressed.
    case progress(rendered: Int, compressed: Int)
    /// Something to look at that does not stop the build.
    case warning(String)
}

/// Bytes of one route in each coding.
package struct CodedBytes: Sendable, Hashable {
    /// Bytes as rendered.
    package var identity = 0
    /// Bytes of the gzip files; the identity bytes where there is no gzip file.
    package var gzip = 0
    /// Bytes of the brotli files; the identity bytes where there is no brotli file.
    package var brotli = 0

    /// No bytes.
    package init() {}

    /// Adds the bytes of other pages.
    package static func += (sum: inout CodedBytes, more: CodedBytes) {
        sum.identity += more.identity
        sum.gzip += more.gzip
        sum.brotli += more.brotli
    }
}

/// What one route made.
package struct RouteReport: Sendable, Hashable {
    /// The author's page type, or the builder's own name for what it adds.
    package let name: String
    /// How many pages or files.
    package var pages = 0
    /// How many of them had bytes that the previous release did not have.
    package var changed = 0
    /// How many slots they have in all.
    package var slots = 0
    /// Their bytes.
    package var bytes = CodedBytes()

    /// Begins with nothing.
    package init(name: String) { self.name = name }
}

/// What a build did.
package struct BuildReport: Sendable {
    /// The release's name.
    package let release: String
    /// Whether the release differs from the one that was live before.
    package let isNew: Bool
    /// What each route made, in the site's order.
    package let routes: [RouteReport]
    /// How many pages the previous release had that this one does not have.
    package let removed: Int
    /// Statements sent to PostgreSQL.
    package let queries: Int
    /// Wall-clock seconds in all.
    package let seconds: Double
    /// The largest resident size of the process, in bytes.
    package let peakMemoryBytes: Int
    /// How many pages and files were rendered or read.
    package var rendered = 0
    /// What each component cost, the slowest first; none unless it was asked for.
    package var components: [ComponentReport] = []
    /// The position of PostgreSQL's log whose state the release shows.
    package var lsn = ""

    /// All pages and files.
    package var pages: Int { routes.reduce(0) { $0 + $1.pages } }
    /// All that changed.
    package var changed: Int { routes.reduce(0) { $0 + $1.changed } }
}
