// A strict parser of HTTP/1.1 request heads, on bytes alone.
//
// What two parsers could read differently is refused: that is how requests are smuggled (RFC 9112
// section 11.2). So a bare CR or LF, a folded line, white space before a colon, two Hosts and any
// doubtful length are 400, and the connection closes. A body is announced but never read here.

/// What the bytes so far are.
package enum ParseResult: Equatable, Sendable {
    /// A head that is not whole yet.
    case incomplete
    /// A whole head and how many bytes it took.
    case head(RequestHead, byteCount: Int)
    /// Answer with an error and close.
    case refused(Refusal)
    /// The beginning of HTTP/2, which this server does not speak: close without an answer.
    case http2Preface
}

/// Reads one head after the other; keeps only how far it has looked.
package struct RequestParser: Sendable {
    /// Up to here no end of the head was found.
    private var searched = 0
    private let kept: KeptFields

    /// A parser before the first byte; what only logs and spools want is kept if asked for.
    package init(keeping kept: KeptFields = .none) { self.kept = kept }

    /// Looks at the bytes from the beginning of a head on; call again with more when incomplete.
    ///
    /// - Parameter bytes: everything that has come since the last head ended.
    /// - Returns: what they are so far; the parser begins anew after a head.
    package mutating func parse(_ bytes: borrowing Span<UInt8>) -> ParseResult {
        var start = 0
        // RFC 9112 section 2.2: one empty line before a request is forgiven.
        if bytes.count >= 2, bytes[0] == Byte.cr, bytes[1] == Byte.lf { start = 2 }
        if bytes.count == 1, bytes[0] == Byte.cr { return .incomplete }
        if start < bytes.count, !Byte.isToken(bytes[start]) { return .refused(.malformed) }
        guard let end = endOfHead(bytes, from: start) else { return tooLong(bytes, from: start) }
        searched = 0
        var lines = HeadLines(at: start, end: end)
        do throws(Refused) {
            var fields = HeaderFields(keeping: kept)
            let line = try lines.next(bytes)
            guard line.count + 2 <= RequestLimits.requestLineBytesMax else {
                throw Refused(.targetTooLong)
            }
            if Byte.equal(bytes, line, "PRI * HTTP/2.0") { return .http2Preface }
            guard end - line.upperBound - 2 <= RequestLimits.headerBytesMax else {
                throw Refused(.headerTooLarge)
            }
            let requestLine = try RequestLine(bytes, line)
            while lines.at < end - 2 {
                try fields.add(bytes, try lines.next(bytes))
            }
            // The search also stops at a bare LF: the last line must be CR LF alone.
            guard try lines.next(bytes).isEmpty else { throw Refused(.malformed) }
            return .head(try requestLine.head(with: &fields, bytes), byteCount: end)
        } catch {
            return .refused(error.refusal)
        }
    }

    /// The offset behind the empty line that ends the head.
    private mutating func endOfHead(_ bytes: borrowing Span<UInt8>, from start: Int) -> Int? {
        var index = max(start, searched)
        let count = bytes.count
        while index < count {
            if bytes[index] == Byte.lf {
                // A bare LF also ends the search, so that a broken head is refused at once.
                if index == start || bytes[index - 1] != Byte.cr { return index + 1 }
                if index >= start + 3, bytes[index - 2] == Byte.lf { return index + 1 }
            }
            index += 1
        }
        searched = max(start, count - 1)
        return nil
    }

    private func tooLong(_ bytes: borrowing Span<UInt8>, from start: Int) -> ParseResult {
        let count = bytes.count - start
        if count <= RequestLimits.requestLineBytesMax { return .incomplete }
        var line = start
        while line < bytes.count, bytes[line] != Byte.lf { line += 1 }
        if line - start + 1 > RequestLimits.requestLineBytesMax { return .refused(.targetTooLong) }
        return bytes.count - line - 1 > RequestLimits.headerBytesMax
            ? .refused(.headerTooLarge) : .incomplete
    }
}

/// The lines of a head, each ended by CR LF.
private struct HeadLines {
    var at: Int
    let end: Int

    mutating func next(_ bytes: borrowing Span<UInt8>) throws(Refused) -> Range<Int> {
        let start = at
        var index = at
        while index < end {
            let byte = bytes[index]
            if byte == Byte.cr {
                guard index + 1 < end, bytes[index + 1] == Byte.lf else {
                    throw Refused(.malformed)
                }
                at = index + 2
                return start..<index
            }
            guard byte >= 0x20 || byte == 0x09, byte != 0x7F else { throw Refused(.malformed) }
            index += 1
        }
        throw Refused(.malformed)
    }
}

/// Carries a refusal out of the parser's parts.
struct Refused: Error {
    let refusal: Refusal

    init(_ refusal: Refusal) { self.refusal = refusal }
}
