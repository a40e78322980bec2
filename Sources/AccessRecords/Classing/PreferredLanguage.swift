/// The language that a browser asks for first.
package enum PreferredLanguage {
    /// The primary part of the first tag of `Accept-Language`, lower case; empty if it is none
    /// (RFC 5646, section 2.2.1: two to eight letters).
    package static func of(_ field: ArraySlice<UInt8>) -> String {
        let first = field.drop { $0 == 0x20 }.prefix { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A }
        guard (2...8).contains(first.count) else { return "" }
        return String(decoding: first.map { $0 | 0x20 }, as: UTF8.self)
    }
}
