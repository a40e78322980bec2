// The one way past escaping, easy to find by its name.
//
// Whoever makes a TrustedHTML vouches for it: it must not hold text of strangers, unless something
// made that safe. It is written as it is, control characters and all.

/// Markup that is written without escaping.
public struct TrustedHTML: Hashable, Sendable {
    /// The markup.
    public let markup: String

    /// Vouches for the markup; see that it is balanced and holds nothing of strangers.
    public init(trusting markup: String) { self.markup = markup }
}

/// Writes trusted markup as it is.
public func raw(_ trusted: TrustedHTML) -> HTML {
    let page = PageWriter.current
    page.checkNothingPending()
    page.writeRaw(trusted.markup)
    return page.ended()
}
