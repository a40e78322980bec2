// What some pages are allowed besides the strict policy, and headers of the site's own.
//
// Every page starts from a policy that allows what it has in itself and from its own origin. A rule
// opens one thing, for one kind of page or one folder, and `sitegen check` lists what is open.
// Rules add up; none takes away what another one needs, and none allows inline code.

package import ContentSecurity

/// A rule about the response headers of some pages and files.
///
/// ```swift
/// headers: [
///     .allow(.images, from: "https://img.example", on: .pages(AlbumPage.self)),
///     .allow(.frames, from: "https://maps.example", on: .paths("/visit/")),
///     .set("x-robots-tag", to: "noindex", on: .paths("/archive/")),
/// ]
/// ```
public struct HeaderRule: Sendable, Hashable {
    /// What a page may do with a source.
    public enum Use: Sendable, Hashable, CaseIterable {
        /// Show images.
        case images
        /// Use fonts.
        case fonts
        /// Play audio and video.
        case media
        /// Load style sheets.
        case styles
        /// Run scripts; they are bound to trusted types as the page's own are.
        case scripts
        /// `fetch`, WebSockets and beacons.
        case connections
        /// Show it in a frame.
        case frames
        /// Start workers.
        case workers
        /// Send forms to it.
        case forms
    }

    /// Which pages and files a rule is about.
    public struct Place: Sendable, Hashable {
        /// The kinds of places.
        package enum Kind: Sendable, Hashable {
            /// All pages and files.
            case everywhere
            /// What the route of this name makes.
            case route(String)
            /// What has a path that begins so.
            case prefix(String)
        }

        /// What kind of place it is.
        package let kind: Kind

        /// All of them.
        public static let everywhere = Place(kind: .everywhere)

        /// What one type makes: a page, a file.
        public static func pages(_ type: any SendableMetatype.Type) -> Place {
            Place(kind: .route("\(type)"))
        }

        /// What the route of this name makes; see `Route.outputs`.
        public static func route(_ name: String) -> Place { Place(kind: .route(name)) }

        /// Everything whose path begins so, such as `/embed/`; files of public/ too, whichever of
        /// their addresses is asked for.
        public static func paths(_ prefix: String) -> Place {
            precondition(prefix.hasPrefix("/"), "A path begins with /; found \(prefix)")
            return Place(kind: .prefix(prefix))
        }
    }

    /// What a rule changes.
    package enum Effect: Sendable, Hashable {
        /// The policy allows a source.
        case allows(SourceDirective, SourceExpression)
        /// A header has this value.
        case sets(name: String, value: String)
    }

    /// What it changes.
    package let effect: Effect
    /// Where.
    package let place: Place

    /// Lets pages use one more source.
    ///
    /// - Parameters:
    ///   - use: for what.
    ///   - source: from where.
    ///   - place: which pages.
    /// - Returns: the rule.
    public static func allow(
        _ use: Use, from source: PolicySource, on place: Place = .everywhere
    ) -> HeaderRule {
        HeaderRule(effect: .allows(use.directive, source.expression), place: place)
    }

    /// Lets pages of another site, or of this one, show pages in a frame; none may otherwise.
    ///
    /// - Parameters:
    ///   - source: whose pages.
    ///   - place: which pages are shown.
    /// - Returns: the rule.
    public static func allowFraming(
        by source: PolicySource, on place: Place
    ) -> HeaderRule {
        HeaderRule(effect: .allows(.frameAncestors, source.expression), place: place)
    }

    /// Sets a header; one of the fixed security headers is replaced, of two rules the later counts.
    ///
    /// A wrong header is a programming error and stops the program with a message: a name that is
    /// no token, a value with a line break, and headers that say what only the server knows or that
    /// a page for everybody must not have.
    ///
    /// - Parameters:
    ///   - name: such as `x-robots-tag`.
    ///   - value: printable ASCII.
    ///   - place: which pages and files.
    /// - Returns: the rule.
    public static func set(
        _ name: String, to value: String, on place: Place = .everywhere
    ) -> HeaderRule {
        let lowered = name.lowercased()
        if let reason = fault(name: lowered, value: value) { preconditionFailure(reason) }
        return HeaderRule(effect: .sets(name: lowered, value: value), place: place)
    }

    /// The longest value, in bytes.
    static let valueBytesMax = 4_096

    /// What speaks against a header; nil if nothing does.
    static func fault(name: String, value: String) -> String? {
        guard !name.isEmpty, name.utf8.count <= 100, name.utf8.allSatisfy(isToken) else {
            return "\(name) is no name of a header. Use letters, digits and hyphens."
        }
        if let reason = reserved[name] { return "\(name) cannot be set. \(reason)" }
        guard !value.isEmpty, value.utf8.count <= valueBytesMax,
            value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }), !value.hasPrefix(" "),
            !value.hasSuffix(" ")
        else {
            return "The value of \(name) is none. Use 1 to \(valueBytesMax) printable characters."
        }
        return nil
    }

    private static func isToken(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
    }

    private static let reserved: [String: String] = {
        let server = [
            "accept-ranges", "age", "cache-control", "connection", "content-encoding",
            "content-length", "content-range", "date", "etag", "expires", "keep-alive",
            "last-modified", "location", "server", "te", "trailer", "transfer-encoding", "upgrade",
            "use-as-dictionary", "vary",
        ]
        var reasons = Dictionary(
            server.map { ($0, "The server says it, since it knows what it sends.") },
            uniquingKeysWith: { first, _ in first })
        reasons["content-type"] = "A file says its media type itself."
        reasons["content-security-policy"] = "Use .allow, which adds to the page's policy."
        reasons["set-cookie"] = "A stored page is the same for everybody."
        return reasons
    }()
}

extension HeaderRule.Use {
    fileprivate var directive: SourceDirective {
        switch self {
        case .images: .image
        case .fonts: .font
        case .media: .media
        case .styles: .style
        case .scripts: .script
        case .connections: .connect
        case .frames: .frame
        case .workers: .worker
        case .forms: .formAction
        }
    }
}
