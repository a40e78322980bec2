// Range and If-Range (RFC 9110 section 14): which bytes of a file a client asks for.
//
// Offsets count the stored bytes in the coding that was chosen, since that is what a client
// continues. A field that cannot be read, that goes back, overlaps, or asks for more pieces than a
// download needs is as if it had not been sent: a whole answer is always right.

import NIOCore
import ReleaseFormat

/// What a Range makes of an answer that would be 200.
enum RangeResult: Equatable, Sendable {
    /// Send everything.
    case whole
    /// 206 with these bytes: ascending, apart, none empty.
    case parts([Range<Int>])
    /// 416: no piece begins inside the file.
    case unsatisfiable
}

/// The evaluation of a Range.
enum ByteRanges {
    /// What to send of a file of `length` bytes with a strong tag in its quotes.
    static func evaluate(
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
    func part(_ range: Range<Int>) -> ByteBuffer {
        getSlice(at: readerIndex + range.lowerBound, length: range.count) ?? ByteBuffer()
    }
}

extension AnswerMaker {
    /// A file, pieces of it, or what its conditions say.
    ///
    /// `status` is 200, or 404 for the page of that; conditions and ranges count for 200 only.
    /// `body` fetches the parts that are to be sent.
    func file(
        _ form: ServedForm, status: Int, head: RequestHead,
        body: ([FileBody.Part]) throws(Unready) -> AnswerBody
    ) throws(Unready) -> Answer {
        let length = form.representation.length
        if status == 200, !isHead, head.range != nil {
            if let early = conditional(form.answer, status: status, tag: form.tag, head: head) {
                return early
            }
            switch ByteRanges.evaluate(
                range: head.range, ifRange: head.ifRange, tag: form.tag, length: length)
            {
            case .whole: break
            case .unsatisfiable: return unsatisfiable(length)
            case .parts(let parts): return try partial(form, parts, body)
            }
        }
        return try page(form.answer, status: status, tag: form.tag, head: head, length: length) {
            () throws(Unready) in try body([.stored(0..<length)])
        }
    }

    private func unsatisfiable(_ length: Int) -> Answer {
        let fields = """
            Content-Range: bytes */\(length)\r
            Content-Type: text/plain; charset=utf-8\r
            Cache-Control: no-store\r
            Vary: Accept-Encoding\r
            X-Content-Type-Options: nosniff\r\n
            """
        return text(416, Array("416 Range Not Satisfiable\n".utf8), fields: Array(fields.utf8))
    }

    private func partial(
        _ form: ServedForm, _ parts: [Range<Int>],
        _ body: ([FileBody.Part]) throws(Unready) -> AnswerBody
    ) throws(Unready) -> Answer {
        let total = form.representation.length
        let tagLine = Array("ETag: ".utf8) + form.tag + [Byte.cr, Byte.lf]
        var answer = self.answer(206)
        answer.validators = form.answer.validators
        answer.coding = form.answer.token
        if parts.count == 1 {
            answer.fields = form.answer.fields
            answer.own = Array(Self.contentRange(parts[0], of: total).utf8) + tagLine
            answer.length = parts[0].count
            answer.body = try body([.stored(parts[0])])
            return answer
        }
        // The boundary is made from the bytes' own digest, so they cannot hold it.
        let tag = String(decoding: form.tag.filter(Self.isBoundary), as: UTF8.self)
        let boundary = "sitegen-\(tag)"
        let fields = form.answer.fields.bytes
        let type = String(decoding: fields.prefix { $0 != Byte.cr }, as: UTF8.self)
        let end = Array("\r\n--\(boundary)--\r\n".utf8)
        var mixed: [FileBody.Part] = []
        var length = end.count
        for part in parts {
            let head = Array(
                "\r\n--\(boundary)\r\n\(type)\r\n\(Self.contentRange(part, of: total))\r\n".utf8)
            mixed += [.text(head), .stored(part)]
            length += head.count + part.count
        }
        answer.own =
            Array("Content-Type: multipart/byteranges; boundary=\(boundary)\r\n".utf8)
            + fields.dropFirst(type.utf8.count + 2) + tagLine
        answer.length = length
        answer.body = try body(mixed + [.text(end)])
        return answer
    }

    private static func contentRange(_ part: Range<Int>, of total: Int) -> String {
        "Content-Range: bytes \(part.lowerBound)-\(part.upperBound - 1)/\(total)\r\n"
    }

    /// The letters, digits and `-` of a tag; others would need quotes.
    private static func isBoundary(_ byte: UInt8) -> Bool {
        Byte.isToken(byte) && byte != UInt8(ascii: "\"")
    }
}
