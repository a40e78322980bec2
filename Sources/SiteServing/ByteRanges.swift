// Range and If-Range (RFC 9110 section 14): which bytes of a file a client asks for.
//
// Offsets count the stored bytes in the coding that was chosen, since that is what a client
// continues. A field that cannot be read, that goes back, overlaps, or asks for more pieces than a
// download needs is as if it had not been sent: a whole answer is always right.

import NIOCore

/// What a Range makes of an answer that would be 200.
package enum RangeResult: Equatable, Sendable {
    /// Send everything.
    case whole
    /// 206 with these bytes: ascending, apart, none empty.
    case parts([Range<Int>])
    /// 416: no piece begins inside the file.
    case unsatisfiable
}

/// The evaluation of a Range.
package enum ByteRanges {
    /// What to send of a file of `length` bytes with a strong tag in its quotes.
    package static func evaluate(
        range: ArraySlice<UInt8>?, ifRange: ArraySlice<UInt8>?, tag: [UInt8], length: Int
    ) -> RangeResult {
        guard let range else { return .whole }
        // A weak tag or a date proves too little for putting pieces together.
        if let ifRange, !ifRange.elementsEqual(tag) { return .whole }
        guard let specs = specs(range) else { return .whole }
        var parts: [Range<Int>] = []
        for spec in specs {
            guard let part = part(spec, length) else { continue }
            if let last = parts.last, part.lowerBound < last.upperBound { return .whole }
            parts.append(part)
        }
        return parts.isEmpty ? .unsatisfiable : .parts(parts)
    }

    /// The numbers on both sides of a dash; nil where there is none.
    private struct Spec {
        let first: Int?
        let last: Int?
    }

    private static func specs(_ field: ArraySlice<UInt8>) -> [Spec]? {
        let bytes = field.span
        guard bytes.count > 6, Byte.equalIgnoringCase(bytes, 0..<6, "bytes=") else { return nil }
        var specs: [Spec] = []
        for member in field.dropFirst(6).split(separator: UInt8(ascii: ",")) {
            var text = member.drop(while: Byte.isSpaceOrTab)
            while let last = text.last, Byte.isSpaceOrTab(last) { text.removeLast() }
            if text.isEmpty { continue }
            guard specs.count < RequestLimits.rangesMax,
                let dash = text.firstIndex(of: UInt8(ascii: "-")),
                let first = number(text[..<dash]), let last = number(text[(dash + 1)...]),
                first != nil || last != nil
            else { return nil }
            if let first, let last, last < first { return nil }
            specs.append(Spec(first: first, last: last))
        }
        return specs.isEmpty ? nil : specs
    }

    /// A number or nothing; nil for anything else.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int?? {
        if digits.isEmpty { return .some(nil) }
        guard digits.count <= 18, digits.allSatisfy(Byte.isDigit) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// The bytes of one piece; nil if none of them exists.
    private static func part(_ spec: Spec, _ length: Int) -> Range<Int>? {
        guard let first = spec.first else {
            let count = min(spec.last ?? 0, length)
            return count > 0 ? (length - count)..<length : nil
        }
        guard first < length else { return nil }
        return first..<(min(spec.last ?? length, length - 1) + 1)
    }
}

extension ByteBuffer {
    /// Some of the readable bytes, without copying them.
    fileprivate func part(_ range: Range<Int>) -> ByteBuffer {
        getSlice(at: readerIndex + range.lowerBound, length: range.count) ?? ByteBuffer()
    }
}

extension ResponseWriter {
    /// Writes a file, pieces of it, or what its conditions say.
    ///
    /// `status` is 200, or 404 for the page of that; conditions and ranges count for 200 only.
    func file(
        _ answer: AnswerHead, status: Int, tag: [UInt8], head: RequestHead, _ body: ByteBuffer,
        into output: inout ResponseOutput
    ) -> Answered {
        let length = body.readableBytes
        if status == 200, !isHead, head.range != nil {
            if let answered = conditional(
                answer, status: status, tag: tag, head: head, into: &output)
            {
                return answered
            }
            switch ByteRanges.evaluate(
                range: head.range, ifRange: head.ifRange, tag: tag, length: length)
            {
            case .whole: break
            case .unsatisfiable: return unsatisfiable(length, into: &output)
            case .parts(let parts):
                return partial(answer, tag: tag, parts, of: body, into: &output)
            }
        }
        return page(
            answer, status: status, tag: tag, head: head, length: length, into: &output
        ) { $0.append(body: body) }
    }

    private func unsatisfiable(_ length: Int, into output: inout ResponseOutput) -> Answered {
        let fields = """
            Content-Range: bytes */\(length)\r
            Content-Type: text/plain; charset=utf-8\r
            Cache-Control: no-store\r
            Vary: Accept-Encoding\r
            X-Content-Type-Options: nosniff\r\n
            """
        return text(
            416, Array("416 Range Not Satisfiable\n".utf8), fields: Array(fields.utf8),
            into: &output)
    }

    private func partial(
        _ answer: AnswerHead, tag: [UInt8], _ parts: [Range<Int>], of body: ByteBuffer,
        into output: inout ResponseOutput
    ) -> Answered {
        let total = body.readableBytes
        begin(206, room: answer.fields.count + answer.validators.count + 512, into: &output)
        var sent = 0
        if parts.count == 1 {
            sent = parts[0].count
            output.append(answer.fields)
            output.append(Self.contentRange(parts[0], of: total))
            head(answer, tag: tag, length: sent, into: &output)
            output.append(body: body.part(parts[0]))
        } else {
            // The boundary is made from the bytes' own digest, so they cannot hold it.
            let boundary = "sitegen-\(String(decoding: tag.filter(Self.isBoundary), as: UTF8.self))"
            let type = String(decoding: answer.fields.prefix { $0 != Byte.cr }, as: UTF8.self)
            let heads = parts.map {
                "\r\n--\(boundary)\r\n\(type)\r\n\(Self.contentRange($0, of: total))\r\n"
            }
            let end = "\r\n--\(boundary)--\r\n"
            sent = parts.reduce(0) { $0 + $1.count } + end.utf8.count
            sent += heads.reduce(0) { $0 + $1.utf8.count }
            output.append("Content-Type: multipart/byteranges; boundary=\(boundary)\r\n")
            output.append(Array(answer.fields.dropFirst(type.utf8.count + 2)))
            head(answer, tag: tag, length: sent, into: &output)
            for (head, part) in zip(heads, parts) {
                output.append(head)
                output.append(body: body.part(part))
            }
            output.append(end)
        }
        return Answered(
            status: 206, bodyBytes: sent, coding: answer.token, keepsAlive: keepsAlive)
    }

    private func head(
        _ answer: AnswerHead, tag: [UInt8], length: Int, into output: inout ResponseOutput
    ) {
        output.append(answer.validators)
        entityTag(tag, into: &output)
        contentLength(length, into: &output)
        end(into: &output)
    }

    private static func contentRange(_ part: Range<Int>, of total: Int) -> String {
        "Content-Range: bytes \(part.lowerBound)-\(part.upperBound - 1)/\(total)\r\n"
    }

    /// The letters, digits and `-` of a tag; others would need quotes.
    private static func isBoundary(_ byte: UInt8) -> Bool {
        Byte.isToken(byte) && byte != UInt8(ascii: "\"")
    }
}
