// The key of a row as one text.
//
// A key of one column is that column's text, as it is. The parts of a longer key are joined by
// `/`, with `~` and `/` inside them written `~0` and `~1` (RFC 6901, JSON Pointer), so that no two
// keys have the same text.

/// Keys of rows as text.
public enum RowKey {
    /// The text of a key of one column or more.
    public static func text(_ parts: String...) -> String { joined(parts) }

    /// The text of a key with these parts, in the order of the schema's `key`.
    package static func joined(_ parts: [String]) -> String {
        guard parts.count > 1 else { return parts.first ?? "" }
        return parts.map(escaped).joined(separator: "/")
    }

    /// The parts of a key's text.
    ///
    /// - Returns: exactly `count` parts, or nil if `text` is no key of that many columns.
    package static func parts(of text: String, count: Int) -> [String]? {
        guard count > 1 else { return [text] }
        let pieces = text.split(separator: "/", omittingEmptySubsequences: false)
        guard pieces.count == count else { return nil }
        var parts: [String] = []
        for piece in pieces {
            guard let part = unescaped(piece) else { return nil }
            parts.append(part)
        }
        return parts
    }

    private static func escaped(_ part: String) -> String {
        guard part.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") })
        else { return part }
        var bytes: [UInt8] = []
        for byte in part.utf8 {
            switch byte {
            case UInt8(ascii: "~"): bytes += Array("~0".utf8)
            case UInt8(ascii: "/"): bytes += Array("~1".utf8)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func unescaped(_ piece: Substring) -> String? {
        var bytes: [UInt8] = []
        var isEscape = false
        for byte in piece.utf8 {
            switch (isEscape, byte) {
            case (true, UInt8(ascii: "0")): bytes.append(UInt8(ascii: "~"))
            case (true, UInt8(ascii: "1")): bytes.append(UInt8(ascii: "/"))
            case (true, _): return nil
            case (false, UInt8(ascii: "~")):
                isEscape = true
                continue
            case (false, _): bytes.append(byte)
            }
            isEscape = false
        }
        return isEscape ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
