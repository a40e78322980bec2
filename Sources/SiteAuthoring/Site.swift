// A site: its name, its address, its routes and its fragments. One value describes all of it.
//
// An origin is checked when it is made: every absolute address and the security headers rest on
// it.

/// A whole site.
public struct Site: Sendable {
    /// The site's name, for messages.
    public let title: String
    /// Where the site will be reached: scheme and host, `https://example.com`, without a path.
    public let origin: Origin
    /// What becomes a page or a file.
    public let routes: [Route]
    /// What is published into Redis.
    public let fragments: [FragmentRoute]
    /// How large pages may get; `sitegen check` compares.
    public let budgets: [SizeBudget]
    /// Sample data for `sitegen db seed`, if the site has any.
    public let sample: SampleData?

    /// Describes a site.
    public init(
        title: String, origin: Origin, routes: [Route], fragments: [FragmentRoute] = [],
        budgets: [SizeBudget] = [], sample: SampleData? = nil
    ) {
        self.title = title
        self.origin = origin
        self.routes = routes
        self.fragments = fragments
        self.budgets = budgets
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

/// A scheme and a host, with a port if it is not the scheme's own.
public struct Origin: Sendable, Hashable, CustomStringConvertible {
    /// `https://example.com`, in lower case.
    public let description: String

    /// Whether the scheme is https.
    public var isSecure: Bool { description.hasPrefix("https://") }

    /// Parses `http://…` or `https://…` without path, user or query; nil for anything else.
    public init?(_ text: String) {
        let lowered = text.lowercased()
        guard let scheme = ["https://", "http://"].first(where: lowered.hasPrefix) else {
            return nil
        }
        let parts = lowered.dropFirst(scheme.count).split(
            separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let host = parts.first, !host.isEmpty, host.utf8.count <= 253,
            host.utf8.allSatisfy(Self.isHostByte)
        else { return nil }
        if parts.count == 2 {
            guard let port = UInt16(parts[1]), port > 0, parts[1].first != "+" else { return nil }
        }
        description = lowered
    }

    /// A literal origin; a wrong one is a programming error and stops with a message.
    public init(literal text: StaticString) {
        guard let origin = Origin("\(text)") else {
            preconditionFailure("An origin reads like https://example.com; found \(text)")
        }
        self = origin
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }
}
