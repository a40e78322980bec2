// The response headers that a page carries whatever the request: its policy and the fixed rest.
//
// Blocks are shared: pages with the same policy hold the same one, and a manifest writes it once.
// Content-Type, Cache-Control, ETag and everything that depends on the request are not here.

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
    package func hash(into hasher: inout Hasher) { hasher.combine(whole: rendered) }
}
