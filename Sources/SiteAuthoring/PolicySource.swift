package import ContentSecurity

/// A place from which a page may load something: `"https://img.example"`, `"*.example.com"`,
/// `.own`.
///
/// There is no source for inline code or for everything: the policy would be worth nothing.
public struct PolicySource: Sendable, Hashable, ExpressibleByStringLiteral {
    /// How a policy says it.
    package let expression: SourceExpression

    /// The site's own origin.
    public static let own = PolicySource(expression: .self)
    /// Bytes in the page itself, `data:`.
    public static let data = PolicySource(expression: .data)
    /// Bytes that a script of the page made, `blob:`.
    public static let blob = PolicySource(expression: .scheme(.blob))
    /// Any host, over TLS.
    public static let anyHTTPS = PolicySource(expression: .scheme(.https))

    private init(expression: SourceExpression) { self.expression = expression }

    /// A host, with its scheme or port if that matters; nil for anything else, a path among them.
    public init?(_ host: String) {
        guard let host = SourceExpression.Host(host) else { return nil }
        expression = .host(host)
    }

    /// A literal host; a wrong one is a programming error and stops with a message.
    public init(stringLiteral text: String) {
        guard let source = PolicySource(text) else {
            preconditionFailure(
                "A source of a policy reads like https://img.example; found \(text)")
        }
        self = source
    }
}
