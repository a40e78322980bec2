/// Base64 text of bytes (RFC 4648 sections 4 and 5); nothing here reads it back.
///
/// Not for secrets: the tables are read at positions that depend on the bytes.
enum Base64 {
    /// The standard alphabet with `=` padding.
    package static func text(of bytes: [UInt8]) -> String {
        encode(bytes, alphabet: standard, padded: true)
    }

    /// The URL- and file-name-safe alphabet without padding.
    static func urlText(of bytes: [UInt8]) -> String {
        encode(bytes, alphabet: urlSafe, padded: false)
    }

    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    private static let standard = Array((letters + "+/").utf8)
    private static let urlSafe = Array((letters + "-_").utf8)

    private static func encode(_ bytes: [UInt8], alphabet: [UInt8], padded: Bool) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var group = UInt32(bytes[start]) << 16
            if count > 1 { group |= UInt32(bytes[start + 1]) << 8 }
            if count > 2 { group |= UInt32(bytes[start + 2]) }
            for position in 0...count {
                text.append(alphabet[Int(group >> (18 - 6 * UInt32(position)) & 63)])
            }
            if padded {
                text.append(contentsOf: repeatElement(UInt8(ascii: "="), count: 3 - count))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
