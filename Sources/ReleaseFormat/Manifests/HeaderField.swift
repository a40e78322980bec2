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
