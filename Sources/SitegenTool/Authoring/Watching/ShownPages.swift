// The pages that tabs have, or had a moment ago, each as the server sent it.
//
// They are told apart by a digest, so that a tab can say what it has, and ask for it again.

import Groundwork
import Hashing
import SitegenCommands

/// A page as the renderer made it.
struct ShownPage: Sendable {
    /// What tells it from all others: of its bytes and its head.
    let digest: String
    let info: RenderedPage
    let body: [UInt8]

    /// The digits of a digest that are told; two pages of one watch are not the same in them.
    private static let digits = 24

    init(_ info: RenderedPage, _ body: [UInt8]) {
        var hasher = SHA256Hasher()
        hasher.update(Array("\(info.status) \(info.fields)".utf8))
        hasher.update(body)
        digest = String(hasher.finish().hex.prefix(Self.digits))
        (self.info, self.body) = (info, body)
    }
}

/// The pages that tabs have, or had a moment ago: each as the server sent it.
///
/// A tab compares its next page with the one before, which it may ask for here.
struct ShownPages {
    /// A page of a visitor: what is at a path for somebody with these cookies.
    struct Address: Hashable, Sendable {
        let path: String
        let cookies: [String: String]
    }

    /// The most bytes of pages that are kept.
    private static let bytesMax = 64 << 20
    private var byDigest = LRUCache<String, ShownPage>(costMax: bytesMax)
    private var latest = LRUCache<Address, String>(costMax: 4_096)

    /// Keeps a page as the last good one of its address.
    mutating func note(_ page: ShownPage, at address: Address) {
        byDigest.insert(page, for: page.digest, cost: page.body.count + 1_024)
        latest.insert(page.digest, for: address, cost: 1)
    }

    /// The page of a digest; nil if it is not kept any more.
    mutating func page(_ digest: String) -> ShownPage? { byDigest.value(digest) }

    /// The last good page of an address; nil if there was none, or not for long.
    mutating func last(at address: Address) -> ShownPage? {
        latest.value(address).flatMap { byDigest.value($0) }
    }
}
