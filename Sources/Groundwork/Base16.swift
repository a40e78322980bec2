/// Hexadecimal text of bytes (RFC 4648 section 8).
///
/// Not for secrets: the table is read at positions that depend on the bytes.
package enum Base16 {
    private static let lowerCase = Array("0123456789abcdef".utf8)
    private static let upperCase = Array("0123456789ABCDEF".utf8)

    /// Two digits for each byte, in lower case.
    package static func text(of bytes: [UInt8]) -> String {
        unsafe String(unsafeUninitializedCapacity: 2 * bytes.count) { text in
            var place = 0
            for byte in bytes {
                unsafe text[place] = lowerCase[Int(byte >> 4)]
                unsafe text[place + 1] = lowerCase[Int(byte & 15)]
                place += 2
            }
            return place
        }
    }

    /// The two digits of a byte, in upper case.
    static func upperDigits(_ byte: UInt8) -> [UInt8] {
        [upperCase[Int(byte >> 4)], upperCase[Int(byte & 15)]]
    }

    /// The bytes of a text in lower or upper case; nil for anything but pairs of digits.
    ///
    /// Whoever calls it has it compiled for its own kind of text: it reads every digest.
    @inlinable
    package static func bytes(of text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in text.utf8 {
            guard let value = value(digit) else { return nil }
            if let first = high { bytes.append(first << 4 | value) }
            high = high == nil ? value : nil
        }
        return high == nil ? bytes : nil
    }

    /// What a digit in lower or upper case stands for, 0 to 15; nil for any other byte.
    @inlinable
    package static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }
}
