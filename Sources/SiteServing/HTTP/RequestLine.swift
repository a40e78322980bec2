// The first line of a request: method, target, version.
//
// A path is decoded exactly once and compared with the manifest as bytes; it never becomes the
// name of a file. What could mean two things (dot segments, backslashes, NUL, bytes that are not
// UTF-8) is refused even if it came percent-encoded.

import Groundwork

/// A request line whose parts are known to be well-formed.
struct RequestLine {
    private let method: RequestMethod
    private let isHTTP10: Bool
    private var path: [UInt8] = []
    private var query: Range<Int>?
    private var authority: Range<Int>?

    init(_ bytes: borrowing Span<UInt8>, _ line: Range<Int>) throws(Refused) {
        var index = line.lowerBound
        while index < line.upperBound, Byte.isToken(bytes[index]) { index += 1 }
        let name = line.lowerBound..<index
        guard !name.isEmpty, index < line.upperBound, bytes[index] == Byte.space else {
            throw Refused(.malformed)
        }
        let targetStart = index + 1
        index = targetStart
        while index < line.upperBound, bytes[index] > 0x20, bytes[index] < 0x7F { index += 1 }
        let target = targetStart..<index
        guard !target.isEmpty, index < line.upperBound, bytes[index] == Byte.space else {
            throw Refused(.malformed)
        }
        isHTTP10 = try Self.isHTTP10(bytes, (index + 1)..<line.upperBound)
        method = Self.method(bytes, name)
        switch method {
        case .get, .head, .post: try readTarget(bytes, target)
        case .notAllowed: path = Self.path(bytes, target)
        case .unknown: break
        }
    }

    /// Joins the line with the header fields.
    func head(
        with fields: inout HeaderFields, _ bytes: borrowing Span<UInt8>
    ) throws(Refused) -> RequestHead {
        var head = RequestHead(method: method, path: path)
        head.isHTTP10 = isHTTP10
        try fields.finish(into: &head, bytes, authority: authority, query: query)
        return head
    }

    private static func isHTTP10(
        _ bytes: borrowing Span<UInt8>, _ version: Range<Int>
    ) throws(Refused) -> Bool {
        if Byte.equal(bytes, version, "HTTP/1.1") { return false }
        if Byte.equal(bytes, version, "HTTP/1.0") { return true }
        guard version.count == 8,
            Byte.equal(bytes, version.lowerBound..<(version.lowerBound + 5), "HTTP/"),
            Byte.isDigit(bytes[version.lowerBound + 5]),
            bytes[version.lowerBound + 6] == UInt8(ascii: "."),
            Byte.isDigit(bytes[version.lowerBound + 7])
        else { throw Refused(.malformed) }
        throw Refused(.versionUnknown)
    }

    private static func method(
        _ bytes: borrowing Span<UInt8>, _ name: Range<Int>
    ) -> RequestMethod {
        if Byte.equal(bytes, name, "GET") { return .get }
        if Byte.equal(bytes, name, "HEAD") { return .head }
        if Byte.equal(bytes, name, "POST") { return .post }
        for known in [
            "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT",
        ] as [StaticString] where Byte.equal(bytes, name, known) {
            return .notAllowed
        }
        return .unknown
    }

    /// The path of a target that may be something else, such as `*`: empty then.
    private static func path(_ bytes: borrowing Span<UInt8>, _ target: Range<Int>) -> [UInt8] {
        guard bytes[target.lowerBound] == UInt8(ascii: "/") else { return [] }
        var end = target.lowerBound
        while end < target.upperBound, bytes[end] != UInt8(ascii: "?") { end += 1 }
        do throws(Refused) {
            return try decoded(bytes, target.lowerBound..<end)
        } catch {
            return []
        }
    }

    private mutating func readTarget(
        _ bytes: borrowing Span<UInt8>, _ target: Range<Int>
    ) throws(Refused) {
        var index = target.lowerBound
        if bytes[index] != UInt8(ascii: "/") {
            index = try readAuthority(bytes, target)
        }
        let pathStart = index
        while index < target.upperBound, bytes[index] != UInt8(ascii: "?") {
            guard bytes[index] != UInt8(ascii: "#") else { throw Refused(.malformed) }
            index += 1
        }
        guard index - pathStart <= RequestLimits.pathBytesMax else {
            throw Refused(.targetTooLong)
        }
        path =
            pathStart == index ? [UInt8(ascii: "/")] : try Self.decoded(bytes, pathStart..<index)
        guard index < target.upperBound else { return }
        let query = (index + 1)..<target.upperBound
        for place in query where bytes[place] == UInt8(ascii: "#") { throw Refused(.malformed) }
        self.query = query
    }

    /// The authority of an absolute-form target (RFC 9112 section 3.2.2); where its path begins.
    private mutating func readAuthority(
        _ bytes: borrowing Span<UInt8>, _ target: Range<Int>
    ) throws(Refused) -> Int {
        var start = target.lowerBound
        for scheme in ["http://", "https://"] as [StaticString] {
            let end = target.lowerBound + scheme.utf8CodeUnitCount
            guard end < target.upperBound,
                Byte.equalIgnoringCase(bytes, target.lowerBound..<end, scheme)
            else { continue }
            start = end
        }
        guard start > target.lowerBound else { throw Refused(.malformed) }
        var index = start
        while index < target.upperBound, bytes[index] != UInt8(ascii: "/"),
            bytes[index] != UInt8(ascii: "?"), bytes[index] != UInt8(ascii: "#")
        {
            index += 1
        }
        authority = start..<index
        return index
    }

    private static func decoded(
        _ bytes: borrowing Span<UInt8>, _ range: Range<Int>
    ) throws(Refused) -> [UInt8] {
        guard let path = PercentCoding.decoded(bytes, range) else { throw Refused(.malformed) }
        var isASCII = true
        var hasDotSegment = false
        var last: UInt8 = 0
        for byte in path {
            guard byte >= 0x20, byte != 0x7F, byte != UInt8(ascii: "\\") else {
                throw Refused(.malformed)
            }
            if byte >= 0x80 { isASCII = false }
            if byte == UInt8(ascii: "."), last == UInt8(ascii: "/") { hasDotSegment = true }
            last = byte
        }
        if hasDotSegment { try refuseDotSegments(path) }
        if !isASCII, String(validating: path, as: UTF8.self) == nil { throw Refused(.malformed) }
        return path
    }

    private static func refuseDotSegments(_ path: [UInt8]) throws(Refused) {
        for segment in path.split(separator: UInt8(ascii: "/"))
        where segment.elementsEqual(".".utf8) || segment.elementsEqual("..".utf8) {
            throw Refused(.malformed)
        }
    }
}
