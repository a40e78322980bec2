// What a client says about the dictionary it holds (RFC 9842 section 2.2).
//
// The field is one byte sequence (RFC 9651 section 3.3.5) of 32 bytes, in the one spelling that
// every client writes. Anything else counts as not sent: the answer is then larger, never wrong.

import Hashing

/// The reader of Available-Dictionary.
enum AvailableDictionary {
    /// The colons, and 43 characters of base64 with one of padding.
    static let byteCount = 46

    /// The SHA-256 of the dictionary; nil if the field is missing or not exactly `:base64:`.
    package static func digest(_ field: ArraySlice<UInt8>?) -> SHA256Digest? {
        let colon = UInt8(ascii: ":")
        guard let field, field.count == byteCount, field.first == colon, field.last == colon
        else { return nil }
        let text = field.dropFirst().dropLast()
        guard text.last == UInt8(ascii: "=") else { return nil }
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var bitCount = 0
        for character in text.dropLast() {
            guard let value = value(character) else { return nil }
            bits = bits << 6 | value
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
                bits &= 1 << UInt32(bitCount) - 1
            }
        }
        // Two bits are left, and only one spelling of a digest has them zero.
        guard bits == 0 else { return nil }
        return SHA256Digest(bytes: bytes[...])
    }

    private static func value(_ character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
