import ContentEncoding

/// One path that is different.
package struct EntryChange: Sendable, Hashable {
    /// What happened to it.
    package enum Kind: String, Sendable, Hashable {
        /// The earlier release does not have it.
        case added
        /// The later release does not have it.
        case removed
        /// A client sees something else.
        case changed
        /// A client sees the same; the stored forms or what is noted about it differ.
        case restored
    }

    /// What happened.
    package let kind: Kind
    /// The decoded path.
    package let path: String
    /// The bytes before; none when it was added.
    package let before: FormLengths
    /// The bytes after; none when it was removed.
    package let after: FormLengths
    /// The headers that differ, each with its value before and after; nil where there is none.
    package let headers: [HeaderChange]
}
