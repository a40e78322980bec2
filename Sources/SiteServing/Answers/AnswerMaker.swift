// Makes the answers of one request: what they say, and which of them conditions call for.
//
// Every answer has a Date and an exact Content-Length, HEAD's the same as GET's. A 304 repeats
// only what a cache must update (RFC 9110 section 15.4.5): the tag, Vary and Cache-Control. Bodies
// are asked for last: what conditions, the method or a range leave out is never fetched.

import ContentEncoding
import NIOCore
import ReleaseFormat

/// The maker of one answer.
struct AnswerMaker: Sendable {
    let isHead: Bool
    let isHTTP10: Bool
    var keepsAlive: Bool

    /// An answer without fields and body.
    func answer(_ status: Int) -> Answer {
        Answer(status: status, isHead: isHead, isHTTP10: isHTTP10, keepsAlive: keepsAlive)
    }

    /// An entry's page, or 304 or 412 as its conditions say.
    ///
    /// `status` is 200, or 404 for the page of that; conditions count for 200 only. `varying` are
    /// header lines of this answer alone; `length` is the exact number of bytes of `body`.
    func page(
        _ answer: AnswerHead, status: Int, tag: [UInt8], varying: [UInt8] = [],
        head: RequestHead, length: Int, body: () throws(Unready) -> AnswerBody
    ) throws(Unready) -> Answer {
        if let early = conditional(
            answer, status: status, tag: tag, varying: varying, head: head)
        {
            return early
        }
        var page = self.answer(status)
        page.fields = answer.fields
        page.validators = answer.validators
        page.own = status == 200 ? varying + Self.entityTag(tag) : varying
        page.length = length
        page.coding = answer.token
        if !isHead { page.body = try body() }
        return page
    }

    /// 304 or 412 if a condition asks for that; nil if the page is to be sent.
    func conditional(
        _ answer: AnswerHead, status: Int, tag: [UInt8], varying: [UInt8] = [], head: RequestHead
    ) -> Answer? {
        guard status == 200, head.ifNoneMatch != nil || head.ifMatch != nil else { return nil }
        switch ConditionalRequest.evaluate(
            ifMatch: head.ifMatch, ifNoneMatch: head.ifNoneMatch, tag: tag)
        {
        case .send: return nil
        case .failed: return error(412)
        case .notModified:
            var same = self.answer(304)
            same.validators = answer.validators
            same.own = varying + Self.entityTag(tag)
            return same
        }
    }

    /// A 200 with all of a body: `lines` are its head with tag and length.
    func whole(_ lines: FieldLines, token: String, length: Int, _ body: AnswerBody) -> Answer {
        var whole = answer(200)
        whole.fields = lines
        whole.length = length
        whole.saysLength = true
        whole.coding = token
        if !isHead { whole.body = body }
        return whole
    }

    /// A body that is made for this answer alone.
    func text(_ status: Int, _ body: [UInt8], fields: [UInt8]) -> Answer {
        var text = answer(status)
        text.own = fields
        text.length = body.count
        if !isHead { text.body = .bytes(ByteBuffer(bytes: body)) }
        return text
    }

    /// One line of plain text for a status: the reason, or its usual name; `allowed` are the
    /// methods that a 405 names.
    func error(
        _ status: Int, because reason: String? = nil, allowed: String = "GET, HEAD"
    ) -> Answer {
        var fields = "Content-Type: text/plain; charset=utf-8\r\n"
        fields += "Content-Security-Policy: default-src 'none'\r\n"
        fields += "X-Content-Type-Options: nosniff\r\n"
        fields += status == 404 ? "Cache-Control: max-age=10\r\n" : "Cache-Control: no-store\r\n"
        switch status {
        case 405: fields += "Allow: \(allowed)\r\n"
        case 406: fields += "Vary: Accept-Encoding\r\n"
        // Of a name that is not this server's, nothing may be listed.
        case 421: fields += "X-Robots-Tag: noindex\r\n"
        case 429, 503: fields += "Retry-After: 1\r\n"
        default: break
        }
        return text(
            status, Array("\(reason ?? ResponseOutput.reason(status))\n".utf8),
            fields: Array(fields.utf8))
    }

    /// The way to another address.
    func redirect(
        _ status: Int, to location: [UInt8], headers: [UInt8], caching: String
    ) -> Answer {
        var redirect = answer(status)
        redirect.own =
            Array("Location: ".utf8) + location
            + Array("\r\nCache-Control: \(caching)\r\n".utf8) + headers
        redirect.length = 0
        return redirect
    }

    private static func entityTag(_ tag: [UInt8]) -> [UInt8] {
        var line = Array("ETag: ".utf8)
        line.reserveCapacity(tag.count + 8)
        line += tag
        line += [Byte.cr, Byte.lf]
        return line
    }
}
