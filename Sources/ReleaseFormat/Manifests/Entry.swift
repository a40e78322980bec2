// One path of a release and everything that serving it needs, besides the bytes.
//
// Paths are decoded UTF-8, as a server has them after percent-decoding once. An entry is a value
// for builders and tests; a loaded manifest keeps its entries as bytes and makes these on demand.

package import ContentEncoding
package import Hashing

/// How long caches may keep an entry.
package enum CachePolicy: UInt8, Sendable, Hashable, CaseIterable {
    /// Anyone may keep it and asks again each time (`public, no-cache`).
    case revalidate = 0
    /// The path names the bytes, so it never changes (`immutable`).
    case immutable = 1
    /// Only the visitor's browser may keep it: a slot depends on the visitor.
    case `private` = 2
}

/// One coded form of an entry's bytes.
package struct Representation: Sendable, Hashable {
    /// The coding of the stored bytes.
    package internal(set) var coding: Coding
    /// The SHA-256 of the stored bytes, which is also their name.
    package internal(set) var blob: BlobID
    /// The number of stored bytes.
    package internal(set) var length: Int

    /// Describes stored bytes.
    package init(coding: Coding, blob: BlobID, length: Int) {
        self.coding = coding
        self.blob = blob
        self.length = length
    }
}

/// The name of stored bytes: their SHA-256.
package typealias BlobID = SHA256Digest

/// A moment of a database, for the site map.
package struct EntryDate: Sendable, Hashable {
    /// PostgreSQL's own number: microseconds since 2000, the infinities at both ends.
    package let microseconds: Int64
    /// Whether it came from a type with a time zone.
    package let hasZone: Bool

    /// Wraps PostgreSQL's number.
    package init(microseconds: Int64, hasZone: Bool) {
        self.microseconds = microseconds
        self.hasZone = hasZone
    }
}

/// Who may share what fills a slot.
package enum FragmentScope: Sendable, Hashable {
    /// Every visitor sees the same.
    case shared
    /// It depends on the value of one cookie.
    case perVisitor(cookie: String)

    /// The cookie that it depends on; nil when it depends on none.
    var cookie: String? {
        switch self {
        case .shared: nil
        case .perVisitor(let cookie): cookie
        }
    }
}

/// What fills a slot.
package struct SlotBinding: Sendable, Hashable {
    /// The name of the fragment.
    package internal(set) var name: String
    /// Which of the fragments of that name; empty when there is one.
    package internal(set) var key: String
    /// Who may share it.
    package internal(set) var scope: FragmentScope

    /// Names a fragment.
    package init(name: String, key: String, scope: FragmentScope) {
        self.name = name
        self.key = key
        self.scope = scope
    }
}

/// One path of a release.
package struct Entry: Sendable, Equatable {
    /// The decoded path, `/looks/x/` for example.
    package internal(set) var path: String
    /// What it is.
    package internal(set) var kind: EntryKind
    /// The value of Content-Type; empty for what has no bytes.
    package internal(set) var contentType: String
    /// How long caches may keep it.
    package internal(set) var cachePolicy: CachePolicy
    /// The headers it carries whatever the request.
    package internal(set) var headers: HeaderBlock
    /// The coded forms, identity first, each coding at most once; none for what has no bytes.
    package internal(set) var representations: [Representation]
    /// The slots, or nil for an entry that is only files.
    package internal(set) var slots: SlotTable?
    /// Where it came from.
    package internal(set) var source: EntrySource
    /// SHA-256 over what a client sees uncoded.
    ///
    /// That is kind, type, policy, headers, identity bytes and slots; how well the other codings
    /// are compressed does not change it.
    package internal(set) var digest: SHA256Digest
    /// Whether the coded forms were made quickly and wait to be made again, smaller.
    package var isProvisional = false

    /// Describes one path and computes its digest.
    package init(
        path: String, kind: EntryKind, contentType: String, cachePolicy: CachePolicy,
        headers: HeaderBlock, representations: [Representation], slots: SlotTable? = nil,
        source: EntrySource
    ) {
        self.path = path
        self.kind = kind
        self.contentType = contentType
        self.cachePolicy = cachePolicy
        self.headers = headers
        self.representations = representations.sorted { $0.coding < $1.coding }
        self.slots = slots
        self.source = source
        digest = EntryDigest.of(
            kind: kind, contentType: contentType, cachePolicy: cachePolicy, headers: headers,
            representations: representations, slots: slots)
    }

    /// What a reader begins with; the digest is read, not computed.
    static var blank: Entry { Entry() }

    private init() {
        path = ""
        kind = .page
        contentType = ""
        cachePolicy = .revalidate
        headers = .empty
        representations = []
        slots = nil
        source = EntrySource(view: "", key: "")
        digest = .zero
    }

    /// The form in one coding, if it is stored.
    package func representation(_ coding: Coding) -> Representation? {
        representations.first { $0.coding == coding }
    }

    /// A strong entity tag for one coding, without quotes: 22 characters for what is shown and
    /// how it is compressed, then the coding's token (RFC 9110 section 8.8.3).
    ///
    /// - Returns: nil when the entry has no such form. Fills of slots are the caller's to add.
    package func entityTag(_ coding: Coding) -> String? {
        guard let stored = representation(coding) else { return nil }
        let base = SHA256Digest(of: digest.bytes + stored.blob.bytes)
        return "\(base.base64URL(prefix: 22))-\(coding.token)"
    }
}
