// A request as whoever makes the answers of a development server sees it.
//
// The parser has refused what is ambiguous; nothing here decides whether it is allowed.

package import ContentEncoding
import Groundwork

/// What a development server is asked.
package struct DevelopmentRequest: Sendable {
    /// GET, HEAD or POST; others are refused before.
    package let method: RequestMethod
    /// The path, decoded.
    package let path: String
    /// The parameters behind `?`, decoded; of those that come twice, the last.
    package let query: [String: String]
    /// The cookies, as sent; of those that come twice, the first.
    package let cookies: [String: String]
    /// What the browser calls itself; tabs of one browser share its connections.
    package let agent: String
    private let acceptEncoding: [UInt8]?
    /// What was sent, for the record of the visit.
    let head: RequestHead

    /// What a head asks for.
    package init(_ head: RequestHead) {
        self.head = head
        method = head.method
        path = String(decoding: head.path, as: UTF8.self)
        query = Self.parameters(head.query ?? [])
        var cookies: [String: String] = [:]
        for pair in (head.cookies ?? []).split(separator: UInt8(ascii: ";")) {
            let text = String(decoding: pair.drop { $0 == 0x20 || $0 == 0x09 }, as: UTF8.self)
            guard let equals = text.firstIndex(of: "=") else { continue }
            let name = String(text[..<equals])
            if cookies[name] == nil { cookies[name] = String(text[text.index(after: equals)...]) }
        }
        self.cookies = cookies
        agent = String(decoding: head.agent ?? [], as: UTF8.self)
        acceptEncoding = head.acceptEncoding.map(Array.init)
    }

    /// The coding that the client likes best; of equals, the one that makes pages smallest.
    package var coding: Coding {
        let offers: [CodingOffer] = [
            CodingOffer(coding: .brotli, length: 1), CodingOffer(coding: .gzip, length: 2),
            CodingOffer(coding: .identity, length: 3),
        ]
        return Negotiation.coding(accepting: acceptEncoding?[...], offers: offers) ?? .identity
    }

    /// Parameters as forms and `URLSearchParams` write them.
    static func parameters(_ query: ArraySlice<UInt8>) -> [String: String] {
        var found: [String: String] = [:]
        for pair in query.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            found[text(parts[0])] = parts.count > 1 ? text(parts[1]) : ""
        }
        return found
    }

    private static func text(_ coded: ArraySlice<UInt8>) -> String {
        let bytes = coded.map { $0 == UInt8(ascii: "+") ? 0x20 : $0 }
        let span = bytes.span
        let decoded = PercentCoding.decoded(span, 0..<bytes.count, isLenient: true) ?? bytes
        return String(decoding: decoded, as: UTF8.self)
    }
}
