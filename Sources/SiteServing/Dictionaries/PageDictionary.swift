// A page's stored identity file as a dictionary for later answers of the same page (RFC 9842).
//
// A filled page differs from its file, so the page itself cannot be the dictionary: it links to
// the file under an address of its own, which names the digest and is immutable. A page that
// depends on the visitor has no dictionary: what a client holds would say what it has seen.

import ContentEncoding
import Hashing
import ReleaseFormat

/// The dictionary that one page offers.
struct PageDictionary: Sendable {
    /// The identity file.
    let representation: Representation
    /// The page's constant parts.
    let layout: SlottedLayout
    /// The Link line of the page's answers.
    let link: [UInt8]

    /// What the paths of dictionaries begin with.
    static let prefix = Array("/-/dict/".utf8)
    /// The characters of the digest in a path: 132 bits, as in entity tags.
    static let nameCount = 22

    /// The dictionary that a page offers, if it offers one.
    ///
    /// nil for what is no page, is private, is too large for deltas, or whose policy keeps browsers
    /// from fetching it: they would report a violation for each visit. A page without slots has
    /// none either: who holds it is answered 304, and each first visit would cost a fetch.
    init?(_ entry: Entry, isHTML: Bool) {
        guard isHTML, entry.kind == .page, entry.cachePolicy != .private,
            let slots = entry.slots, !slots.isPrivate, Self.isAllowed(by: entry.headers),
            let identity = entry.representation(.identity),
            identity.length <= EncodingLimits.deltaMax / 2
        else { return nil }
        representation = identity
        layout = slots.layout
        let address = Self.prefix + Self.name(identity.blob) + Self.encodedPath(entry)
        link =
            Array("Link: <".utf8) + address + Array(">; rel=\"compression-dictionary\"\r\n".utf8)
    }

    /// The digest as a path has it.
    static func name(_ blob: BlobID) -> [UInt8] {
        Array(blob.base64URL(prefix: nameCount).utf8)
    }

    /// The name and the page's path in the path of a dictionary; nil if it is none.
    static func parts(ofPath path: [UInt8]) -> (name: ArraySlice<UInt8>, page: [UInt8])? {
        guard path.starts(with: prefix), path.count > prefix.count + nameCount else { return nil }
        let end = prefix.count + nameCount
        return (path[prefix.count..<end], Array(path[end...]))
    }

    /// The heads of the dictionary's own answers, one for each stored form of its page.
    static func forms(_ entry: Entry, _ blob: BlobID) -> [ServedForm] {
        entry.representations.map { representation in
            let coding = representation.coding
            let name = blob.base64URL(prefix: nameCount)
            var fields = "Content-Type: application/octet-stream\r\n"
            if coding != .identity { fields += "Content-Encoding: \(coding.token)\r\n" }
            fields += "X-Content-Type-Options: nosniff\r\nAccept-Ranges: none\r\n"
            fields += "Use-As-Dictionary: match=\"\(pattern(entry))\", id=\"\(name)\"\r\n"
            var validators = "Vary: Accept-Encoding\r\n"
            validators += "Cache-Control: public, max-age=31536000, immutable\r\n"
            let tag = SHA256Digest(of: blob.bytes + representation.blob.bytes)
            return ServedForm(
                representation: representation,
                answer: AnswerHead(
                    fields: Array(fields.utf8), validators: Array(validators.utf8),
                    token: coding.token),
                tagPrefix: Array("\"\(tag.base64URL(prefix: 22))-dict-\(coding.token)".utf8))
        }
    }

    /// The page's path as a URL pattern inside a quoted string: each backslash is doubled.
    static func pattern(_ entry: Entry) -> String {
        var text: [UInt8] = []
        for byte in encodedPath(entry) {
            if "*+:(){}?".utf8.contains(byte) { text += Array(#"\\"#.utf8) }
            text.append(byte)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Whether the policies let a page connect to its own origin (CSP level 3, section 6.1.2).
    static func isAllowed(by headers: HeaderBlock) -> Bool {
        let policies = headers.fields.filter { $0.name == "content-security-policy" }
            .flatMap { $0.value.lowercased().split(separator: ",") }
        return policies.allSatisfy { policy in
            let directives = policy.split(separator: ";").map {
                $0.split { $0 == " " || $0 == "\t" }
            }
            let sources =
                directives.first { $0.first == "connect-src" }
                ?? directives.first { $0.first == "default-src" }
            return sources.map { $0.contains("'self'") || $0.contains("*") } ?? true
        }
    }

    private static func encodedPath(_ entry: Entry) -> [UInt8] {
        PathText.encoded(Array(entry.path.utf8))
    }
}
