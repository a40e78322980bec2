// Which fields of an answer enter the table that HPACK compresses the next answers with.
//
// The table is small and the peer's to remember: a field enters it if it will come again as it is.
// What differs from page to page (tags, lengths, addresses, dates) would drive the others out, and
// a table full of it costs a search for every field.

import NIOHPACK

/// The rule of the table.
enum HPACKTable {
    /// The longest field that enters, in bytes as RFC 7541 section 4.1 counts: a quarter of all.
    static let fieldBytesMax = Int(HTTP2Guard.tableBytesMax) / 4

    /// The names of fields that have few values in a site.
    private static let steady: Set<String> = [
        "accept-ranges", "allow", "cache-control", "cdn-cache-control", "content-encoding",
        "content-security-policy", "content-security-policy-report-only", "content-type",
        "cross-origin-embedder-policy", "cross-origin-opener-policy",
        "cross-origin-resource-policy", "permissions-policy", "referrer-policy",
        "reporting-endpoints", "retry-after", "server", "strict-transport-security",
        "surrogate-control", "vary", "x-content-type-options", "x-frame-options",
    ]

    /// Whether a field enters; names in lower case.
    static func takes(_ name: String, _ value: String) -> Bool {
        steady.contains(name) && name.utf8.count + value.utf8.count + 32 <= fieldBytesMax
    }

    /// The same for SwiftNIO.
    static func indexing(_ name: String, _ value: String) -> HPACKIndexing {
        takes(name, value) ? .indexable : .nonIndexable
    }
}
