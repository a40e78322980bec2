/// Where a site will be reached: a scheme and a host, with a port if it is not the scheme's own,
/// and the folder in which the site is, if it has not the host for itself.
///
/// `https://example.com`, `https://example.com/shop`. A site in a folder writes its addresses as
/// one without does (`/albums/`): what it links to, and where its pages are, is put into the
/// folder.
public struct Origin: Sendable, Hashable, CustomStringConvertible {
    /// `https://example.com`, in lower case, without the folder.
    public let description: String
    /// `/shop`, without a slash at its end; empty for a site that has the host for itself.
    public let basePath: String

    /// Whether the scheme is https.
    public var isSecure: Bool { description.hasPrefix("https://") }

    /// The longest base path, in bytes.
    static let basePathBytesMax = 200

    /// Parses `http://…` or `https://…` without user or query; nil for anything else.
    ///
    /// Names of folders have ASCII letters, digits, `-`, `.`, `_` and `~` alone, and none is `.` or
    /// `..`; a slash at the end does not count.
    public init?(_ text: String) {
        let lowered = text.lowercased()
        guard let scheme = ["https://", "http://"].first(where: lowered.hasPrefix) else {
            return nil
        }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" }.lowercased()
        let parts = authority.split(
            separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let host = parts.first, !host.isEmpty, host.utf8.count <= 253,
            host.utf8.allSatisfy(Self.isHostByte)
        else { return nil }
        if parts.count == 2 {
            guard let port = UInt16(parts[1]), port > 0, parts[1].first != "+" else { return nil }
        }
        guard let basePath = Self.basePath(rest.dropFirst(authority.count)) else { return nil }
        description = scheme + authority
        self.basePath = basePath
    }

    /// A literal origin; a wrong one is a programming error and stops with a message.
    public init(literal text: StaticString) {
        guard let origin = Origin("\(text)") else {
            preconditionFailure("An origin reads like https://example.com; found \(text)")
        }
        self = origin
    }

    /// The path of an output in the folder of the site.
    package func path(_ path: String) -> String {
        path.hasPrefix("/") ? basePath + path : path
    }

    /// What follows the host, without the slash at its end; nil if it is no folder.
    private static func basePath(_ text: Substring) -> String? {
        let path = text.hasSuffix("/") ? text.dropLast() : text
        guard !path.isEmpty else { return "" }
        let names = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        let areNames = names.allSatisfy { name in
            !name.isEmpty && name != "." && name != ".." && name.utf8.allSatisfy(isNameByte)
        }
        return areNames && path.utf8.count <= basePathBytesMax ? String(path) : nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isHostByte(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "~")
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }
}
