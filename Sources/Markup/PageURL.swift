/// An address as it is written in a link: whatever has to be encoded is.
public struct PageURL: Hashable, Sendable, CustomStringConvertible {
    /// The address.
    public let text: String

    /// The address of a path: the one conversion.
    public init(_ path: PagePath) {
        text = Markup.encoded(path.text) { isUnreserved($0) || "/!$&'()*+,;=:@".utf8.contains($0) }
    }

    /// Takes what is an address already, such as one with a query.
    public init(encoded text: String) { self.text = text }

    /// The address.
    public var description: String { text }

    /// The same page at the place with an `id`.
    public func place(_ id: String) -> PageURL {
        PageURL(
            encoded: text + "#"
                + Markup.encoded(composed(id)) {
                    isUnreserved($0) || "/?!$&'()*+,;=:@".utf8.contains($0)
                })
    }

    /// A text as one segment of a path, or as one name or value of a query: all that means
    /// something in an address is encoded, slashes too.
    ///
    /// `.` and `..` cannot be segments; they come back as they are.
    public static func segment(_ text: String) -> String {
        Markup.encoded(composed(text), isUnreserved)
    }
}

extension PageURL: SiteAddress {
    /// The address itself.
    public var url: PageURL { self }
}
