// A request line as it was sent, for the log: also of what no parser takes.
//
// The parser keeps what an answer needs, decoded; a log is to show what came, whatever it was. The
// query is left out, as are the name and password that an absolute target may have. Nothing here
// decides anything about a request.

/// The words of a request line, each up to a limit, in one array that is used again.
struct SentLine: Equatable, Sendable {
    private var bytes: [UInt8] = []
    private var pathStart = 0
    private var versionStart = 0

    /// The longest method and version that are kept, in bytes.
    static let wordBytesMax = 32

    /// A line that did not come.
    init() {}

    /// The line that these bytes begin with, whole or not.
    init(_ bytes: borrowing Span<UInt8>) { read(bytes) }

    /// The first word.
    var method: ArraySlice<UInt8> { bytes[..<pathStart] }
    /// The second word up to its query.
    var path: ArraySlice<UInt8> { bytes[pathStart..<versionStart] }
    /// The third word.
    var version: ArraySlice<UInt8> { bytes[versionStart...] }

    /// Takes another line, whole or not.
    mutating func read(_ line: borrowing Span<UInt8>) {
        bytes.removeAll(keepingCapacity: true)
        var index = 0
        while index < line.count, index < 2, line[index] == Byte.cr || line[index] == Byte.lf {
            index += 1
        }
        addWord(line, &index, most: Self.wordBytesMax)
        pathStart = bytes.count
        addWord(line, &index, most: RequestLimits.requestLineBytesMax)
        removeSecrets()
        versionStart = bytes.count
        addWord(line, &index, most: Self.wordBytesMax)
    }

    /// Adds the bytes up to a space or the end of the line; leaves `index` behind that space.
    private mutating func addWord(
        _ line: borrowing Span<UInt8>, _ index: inout Int, most: Int
    ) {
        let end = bytes.count + most
        while index < line.count {
            let byte = line[index]
            if byte == Byte.cr || byte == Byte.lf { return }
            index += 1
            if byte == Byte.space { return }
            if bytes.count < end { bytes.append(byte) }
        }
    }

    /// Cuts the query off the target, and a name and password that it may have.
    private mutating func removeSecrets() {
        let target = bytes[pathStart...]
        let path = target.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        bytes.removeSubrange(path.endIndex...)
        if bytes[pathStart...].first != UInt8(ascii: "/") {
            // `http://name:password@host/path`, or `name:password@host:port`.
            let slash = bytes[pathStart...].firstIndex(of: UInt8(ascii: "/"))
            let start = slash.map { min($0 + 2, bytes.endIndex) } ?? pathStart
            let authority = bytes[start...].prefix { $0 != UInt8(ascii: "/") }
            if let secret = authority.lastIndex(of: UInt8(ascii: "@")) {
                bytes.removeSubrange(start...secret)
            }
        }
        let most = pathStart + RequestLimits.pathBytesMax
        if bytes.count > most { bytes.removeSubrange(most...) }
    }
}
