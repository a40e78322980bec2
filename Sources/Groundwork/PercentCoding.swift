/// Bytes as `%XX` (RFC 3986 section 2.1).
package enum PercentCoding {
    /// Writes every byte that may not stand as it is as `%XX`, in upper case.
    package static func encoded(
        _ bytes: some Sequence<UInt8>, keeping isPlain: (UInt8) -> Bool
    ) -> [UInt8] {
        var text: [UInt8] = []
        for byte in bytes {
            if isPlain(byte) {
                text.append(byte)
            } else {
                text.append(UInt8(ascii: "%"))
                text += Base16.upperDigits(byte)
            }
        }
        return text
    }

    /// Reads each `%XX` as a byte, once.
    ///
    /// - Parameters:
    ///   - text: some bytes.
    ///   - range: those of them that are read.
    ///   - isLenient: whether a `%` without two digits stands for itself.
    /// - Returns: the bytes, UTF-8 or not; nil for such a `%` otherwise.
    package static func decoded(
        _ text: borrowing Span<UInt8>, _ range: Range<Int>, isLenient: Bool = false
    ) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        var place = range.lowerBound
        while place < range.upperBound {
            var byte = text[place]
            if byte == UInt8(ascii: "%") {
                if place + 2 < range.upperBound, let high = Base16.value(text[place + 1]),
                    let low = Base16.value(text[place + 2])
                {
                    byte = high << 4 | low
                    place += 2
                } else if !isLenient {
                    return nil
                }
            }
            bytes.append(byte)
            place += 1
        }
        return bytes
    }

    /// `unreserved` of RFC 3986: what needs no encoding anywhere.
    package static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    /// `pchar` of RFC 3986 and the slash: what may stand in a path.
    package static func isPathByte(_ byte: UInt8) -> Bool {
        isUnreserved(byte) || "/!$&'()*+,;=:@".utf8.contains(byte)
    }
}
