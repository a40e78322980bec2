// A request line as it was sent, for the log: also of what no parser takes.
//
// The parser keeps what an answer needs, decoded; a log is to show what came, whatever it was. The
// query is left out, as are the name and password that an absolute target may have. Nothing here
// decides anything about a request.

/// The words of a request line, each up to a limit.
package struct SentLine: Equatable, Sendable {
    /// The first word.
    package private(set) var method: [UInt8] = []
    /// The second word up to its query.
    package private(set) var path: [UInt8] = []
    /// The third word.
    package var version: [UInt8] = []

    /// The longest method and version that are kept, in bytes.
    static let wordBytesMax = 32

    /// A line that did not come.
    package init() {}

    /// The line that these bytes begin with, whole or not.
    package init(_ bytes: borrowing Span<UInt8>) {
        var index = 0
        while index < bytes.count, index < 2, bytes[index] == Byte.cr || bytes[index] == Byte.lf {
            index += 1
        }
        method = Self.word(bytes, &index, most: Self.wordBytesMax)
        path = Self.withoutSecrets(
            Self.word(bytes, &index, most: RequestLimits.requestLineBytesMax))
        version = Self.word(bytes, &index, most: Self.wordBytesMax)
    }

    /// The words with a space between each two; `-` if there are none.
    var text: [UInt8] {
        let words = [method, path, version].filter { !$0.isEmpty }
        return words.isEmpty
            ? [UInt8(ascii: "-")] : Array(words.joined(separator: [UInt8(ascii: " ")]))
    }

    /// The bytes up to a space or the end of the line; leaves `index` behind that space.
    private static func word(
        _ bytes: borrowing Span<UInt8>, _ index: inout Int, most: Int
    ) -> [UInt8] {
        var word: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            if byte == Byte.cr || byte == Byte.lf { return word }
            index += 1
            if byte == Byte.space { return word }
            if word.count < most { word.append(byte) }
        }
        return word
    }

    private static func withoutSecrets(_ target: [UInt8]) -> [UInt8] {
        let path = target.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        // `http://name:password@host/path`, or `name:password@host:port`.
        let isPath = path.first == UInt8(ascii: "/")
        let slash = isPath ? nil : path.firstIndex(of: UInt8(ascii: "/"))
        let start = slash.map { min($0 + 2, path.endIndex) } ?? 0
        let authority = path[start...].prefix { $0 != UInt8(ascii: "/") }
        let secret = isPath ? nil : authority.lastIndex(of: UInt8(ascii: "@"))
        let shown = secret.map { path[..<start] + path[($0 + 1)...] } ?? path
        return Array(shown.prefix(RequestLimits.pathBytesMax))
    }
}
