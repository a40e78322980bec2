// A site: its name, its address, its routes and its fragments. One value describes all of it.
//
// An origin is checked when it is made: every absolute address and the security headers rest on
// it.

/// A whole site.
public struct Site: Sendable {
    /// The site's name, for messages.
    public let title: String
    /// Where the site will be reached: `https://example.com`, or `https://example.com/shop` for a
    /// site in a folder of its host.
    public let origin: Origin
    /// What becomes a page or a file.
    public let routes: [Route]
    /// What is published into Redis.
    public let fragments: [FragmentRoute]
    /// The names of fragments that other programs publish; a slot of any other has to be one of
    /// `fragments`.
    public let foreignFragments: Set<String>
    /// How large pages may get; `sitegen check` compares.
    public let budgets: [SizeBudget]
    /// What some pages may load besides what the strict policy allows, and headers of the site.
    public let headers: [HeaderRule]
    /// What components read from the environment; see `Setting`.
    public let settings: [any AnySetting]
    /// Sample data for `sitegen db seed`, if the site has any.
    public let sample: SampleData?

    /// Describes a site.
    public init(
        title: String, origin: Origin, routes: [Route], fragments: [FragmentRoute] = [],
        foreignFragments: Set<String> = [], budgets: [SizeBudget] = [], headers: [HeaderRule] = [],
        settings: [any AnySetting] = [], sample: SampleData? = nil
    ) {
        self.title = title
        self.origin = origin
        self.routes = routes
        self.fragments = fragments
        self.foreignFragments = foreignFragments
        self.budgets = budgets
        self.headers = headers
        self.settings = settings
        self.sample = sample
    }
}

/// How large the pages of one type may get.
///
/// `SizeBudget(LookPage.self, brotli: 6_000)` lets `sitegen check` fail when a look's page needs
/// more than 6,000 bytes on the wire.
public struct SizeBudget: Sendable, Hashable {
    /// The name of the page's type.
    package let route: String
    /// The most bytes in brotli; nil for any number.
    package let brotliBytesMax: Int?
    /// The most bytes before compression; nil for any number.
    package let htmlBytesMax: Int?

    /// Limits the pages of a type.
    ///
    /// - Parameters:
    ///   - page: the page's type.
    ///   - brotli: the most bytes in brotli; nil for any number.
    ///   - html: the most bytes before compression; nil for any number.
    public init(_ page: any Component.Type, brotli: Int? = nil, html: Int? = nil) {
        route = "\(page)"
        brotliBytesMax = brotli
        htmlBytesMax = html
    }
}
