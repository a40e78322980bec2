package import Hashing

/// One key.
package struct VisitorKey: Hashable, Sendable {
    /// When it begins.
    package let from: Int64
    /// When it ends, and is destroyed.
    package let until: Int64
    /// The key.
    package let key: SipHash.Key
    /// Whether a server made it, for lack of another.
    package let isOffered: Bool

    /// A key.
    package init(from: Int64, until: Int64, key: SipHash.Key, isOffered: Bool = false) {
        self.from = from
        self.until = until
        self.key = key
        self.isOffered = isOffered
    }

    /// Whether it is of this moment.
    package func holds(_ now: Int64) -> Bool { from <= now && now < until }
}
