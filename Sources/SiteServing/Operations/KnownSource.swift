// Where requests with one Referer come from, kept from one to the next: most requests of a
// connection come from one page. An object, so that a request that asks for it copies one reference
// and none of its texts.

import AccessRecords

/// Where requests with one Referer come from.
final class KnownSource: Sendable {
    let source: AccessSource
    let isSpam: Bool
    /// The number of the page in the release, and that release.
    let entry: Int?
    let release: ObjectIdentifier?
    let referer: [UInt8]
    let host: [UInt8]

    /// Nothing is known, or all that is known is the request's own.
    static let none = KnownSource(.none)
    static let typed = KnownSource(.typed)
    static let hidden = KnownSource(.hidden)

    init(
        _ source: AccessSource, isSpam: Bool = false, entry: Int? = nil,
        release: ObjectIdentifier? = nil, referer: [UInt8] = [], host: [UInt8] = []
    ) {
        (self.source, self.isSpam, self.entry, self.release) = (source, isSpam, entry, release)
        (self.referer, self.host) = (referer, host)
    }
}
