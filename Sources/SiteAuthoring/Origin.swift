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
