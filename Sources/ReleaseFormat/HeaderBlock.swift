// The response headers that a page carries whatever the request: its policy and the fixed rest.
//
// Blocks are shared: pages with the same policy hold the same one, and a manifest writes it once.
// Content-Type, Cache-Control, ETag and everything that depends on the request are not here.

/// One response header.
package struct HeaderField: Sendable, Hashable {
    /// The field's name in lower case.
    package let name: String
    /// The field's value, without line breaks.
    package let value: String

    /// Makes a header; nil when the name is not a token (RFC 9110 section 5.6.2) or the value
    /// has a byte below 0x20 other than tab, or 0x7F, or white space at an end.
    package init?(name: String, value: String) {
        guard !name.isEmpty, name.utf8.allSatisfy(Self.isToken),
            value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }),
            !value.hasPrefix(" "), !value.hasSuffix(" "),
            name.utf8.count <= ReleaseLimits.textBytesMax,
            value.utf8.count <= ReleaseLimits.textBytesMax
        else { return nil }
        self.name = name.lowercased()
        self.value = value
    }

    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: Array("!#$%&'*+-.^_`|~".utf8).contains(byte)
        }
    }
}

/// The headers of an entry, in the order they are sent.
package struct HeaderBlock: Sendable, Hashable {
    /// The fields in order.
    package let fields: [HeaderField]
    /// The same as HTTP/1.1 lines, `name: value` and CRLF after each.
    package let rendered: [UInt8]

    /// No headers.
    package static let empty = HeaderBlock([])

    /// Joins fields in the order they will be sent.
    package init(_ fields: [HeaderField]) {
        self.fields = fields
        rendered = fields.flatMap { Array("\($0.name): \($0.value)\r\n".utf8) }
    }

    /// Blocks are equal when their bytes are: strings would compare by canonical equivalence.
    package static func == (one: HeaderBlock, other: HeaderBlock) -> Bool {
        one.rendered == other.rendered
    }

    /// Hashes the bytes.
    package func hash(into hasher: inout Hasher) { hasher.combine(rendered) }
}
