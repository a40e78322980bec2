// What `sitegen check` can find in a release, each with a stable code, and the size budgets it
// compares with.
//
// A finding names addresses of the site, never a value of a row: addresses are public.

/// Something wrong, or worth a look, in a release.
package struct ReleaseFinding: Sendable, Hashable, Comparable {
    /// What was checked.
    ///
    /// The raw value is the code that scripts may rely on.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A stored file is missing, is not what its name says, or does not decode.
        case encoding
        /// The policy does not fit the page's bytes.
        case policy
        /// A link, image, script or style sheet of the site that is not there.
        case link
        /// A link inside the site with a character that has to be encoded in a URL.
        case address
        /// A link to a place in a page that has no such place.
        case anchor
        /// A file whose media type says JSON or XML and that is not.
        case syntax
        /// An element in a paragraph that ends it, so that its own end tag has no beginning.
        case nesting
        /// A file that the plain tree lacks or should not have.
        case tree
        /// Two pages that say they are the same page's original.
        case canonical
        /// A page that is larger than its budget.
        case budget
        /// An image without a text in its place.
        case alt
        /// Two pages with the same title, or a page without one.
        case title
        /// A listed page that no page links to.
        case orphan
        /// A file that only earlier releases have, and that is served on.
        case leftover

        /// Whether the finding fails a check that is not strict.
        package var isError: Bool {
            switch self {
            case .encoding, .policy, .link, .address, .anchor, .tree, .canonical, .budget, .syntax,
                .nesting:
                true
            case .alt, .title, .orphan, .leftover: false
            }
        }
    }

    /// What was checked.
    package let kind: Kind
    /// The decoded path it was found at.
    package let path: String
    /// What is wrong, in one line.
    package let reason: String

    /// Errors first, then by path.
    package static func < (one: ReleaseFinding, other: ReleaseFinding) -> Bool {
        let (left, right) = (one.kind.isError ? 0 : 1, other.kind.isError ? 0 : 1)
        return (left, one.path, one.kind.rawValue, one.reason)
            < (right, other.path, other.kind.rawValue, other.reason)
    }
}
