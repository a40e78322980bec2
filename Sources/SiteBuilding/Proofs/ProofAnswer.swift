// What a proof says of an address: bytes with their fields, a problem, or that it has to be asked
// again. A server adds what is its own: length, caching, connection.
// Nothing of a row is in it but what the page shows, and the key, for messages.

/// What stands at an address of a site, as it would be built now.
package struct ProofAnswer: Sendable {
    /// The status: 200, 404 and 410 with the page for unknown addresses, or a redirect's.
    package let status: Int
    /// The header fields, without those of length, caching and connection.
    package let fields: [(name: String, value: String)]
    /// The body.
    package let body: [UInt8]
    /// Whether it is a web page, into which a script may be put.
    package let isPage: Bool
    /// The page type of the author that made it; empty for a file of public/.
    package let route: String
    /// The view and the key of the row it was made from; empty without a row.
    package let view: String
    /// See `view`.
    package let key: String
    /// The names of its style sheets, in their order; see `SiteProofs.sheet`.
    package let sheets: [String]
    /// What is wrong with rows of its fragments, whose slots show fallbacks.
    package let warnings: [PageProblem]

    /// What answers without a row.
    init(
        status: Int = 200, fields: [(name: String, value: String)], body: [UInt8] = [],
        isPage: Bool = false, route: String = "", view: String = "", key: String = "",
        sheets: [String] = [], warnings: [PageProblem] = []
    ) {
        self.status = status
        self.fields = fields
        self.body = body
        self.isPage = isPage
        self.route = route
        self.view = view
        self.key = key
        self.sheets = sheets
        self.warnings = warnings
    }
}

/// What a proof found at a path.
package enum Proof: Sendable {
    /// This.
    case answer(ProofAnswer)
    /// Something that cannot be made.
    case problem(PageProblem)
    /// Not all addresses are known yet: ask again after `SiteProofs.findSome`.
    case unknown
}
