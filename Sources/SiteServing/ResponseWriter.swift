// Writes the head of an answer, and its body unless the method is HEAD.
//
// Every answer has a Date and an exact Content-Length, HEAD's the same as GET's. A 304 repeats
// only what a cache must update (RFC 9110 section 15.4.5): the tag, Vary and Cache-Control.

import ContentEncoding
import NIOCore
import ReleaseFormat

/// The writer of one answer.
struct ResponseWriter: Sendable {
    let isHead: Bool
    let isHTTP10: Bool
    var keepsAlive: Bool
    let date: [UInt8]

    /// Writes an entry's page, or 304 or 412 as its conditions say.
    ///
    /// `status` is 200, or 404 for the page of that; conditions count for 200 only. `varying` are
    /// header lines of this answer alone; `length` is the exact number of bytes of `body`.
    func page(
        _ answer: AnswerHead, status: Int, tag: [UInt8], varying: [UInt8] = [],
        head: RequestHead, length: Int, into output: inout ResponseOutput,
        body: (inout ResponseOutput) -> Void
    ) -> Answered {
        if let answered = conditional(
            answer, status: status, tag: tag, varying: varying, head: head, into: &output)
        {
            return answered
        }
        let room = answer.fields.count + answer.validators.count + varying.count + 256
        begin(status, room: isHead ? room : room + min(length, 128 << 10), into: &output)
        output.append(answer.fields)
        output.append(answer.validators)
        output.append(varying)
        if status == 200 { entityTag(tag, into: &output) }
        contentLength(length, into: &output)
        end(into: &output)
        if !isHead { body(&output) }
        return Answered(
            status: status, bodyBytes: isHead ? 0 : length,
            coding: answer.token, keepsAlive: keepsAlive)
    }

    /// Writes 304 or 412 if a condition asks for that; nil if the page is to be sent.
    func conditional(
        _ answer: AnswerHead, status: Int, tag: [UInt8], varying: [UInt8] = [],
        head: RequestHead, into output: inout ResponseOutput
    ) -> Answered? {
        guard status == 200, head.ifNoneMatch != nil || head.ifMatch != nil else { return nil }
        switch ConditionalRequest.evaluate(
            ifMatch: head.ifMatch, ifNoneMatch: head.ifNoneMatch, tag: tag)
        {
        case .send: return nil
        case .failed: return error(412, into: &output)
        case .notModified:
            begin(304, room: answer.validators.count + varying.count + 256, into: &output)
            output.append(answer.validators)
            output.append(varying)
            entityTag(tag, into: &output)
            end(into: &output)
            return Answered(status: 304, bodyBytes: 0, coding: nil, keepsAlive: keepsAlive)
        }
    }

    /// Whether a 200 is the whole body on a connection that lives on: the case to be fast in.
    func sendsWhole(_ head: RequestHead) -> Bool {
        keepsAlive && !isHTTP10 && !head.isConditional
    }

    /// Writes such an answer; `lines` is its head behind Date.
    func whole(
        _ lines: [UInt8], _ body: ByteBuffer, token: String, into output: inout ResponseOutput
    ) -> Answered {
        let length = body.readableBytes
        let room = lines.count + 128
        begin(200, room: isHead ? room : room + min(length, 128 << 10), into: &output)
        output.append(lines)
        if !isHead { output.append(body: body) }
        return Answered(
            status: 200, bodyBytes: isHead ? 0 : length, coding: token, keepsAlive: true)
    }

    /// Writes a body that is made for this answer alone.
    func text(
        _ status: Int, _ body: [UInt8], fields: [UInt8], into output: inout ResponseOutput
    ) -> Answered {
        begin(status, room: fields.count + body.count + 256, into: &output)
        output.append(fields)
        contentLength(body.count, into: &output)
        end(into: &output)
        if !isHead { output.append(body) }
        return Answered(
            status: status, bodyBytes: isHead ? 0 : body.count, coding: nil,
            keepsAlive: keepsAlive)
    }

    /// Writes an answer of one line of plain text for a status.
    func error(_ status: Int, into output: inout ResponseOutput) -> Answered {
        var fields = "Content-Type: text/plain; charset=utf-8\r\n"
        fields += "Content-Security-Policy: default-src 'none'\r\n"
        fields += "X-Content-Type-Options: nosniff\r\n"
        fields += status == 404 ? "Cache-Control: max-age=10\r\n" : "Cache-Control: no-store\r\n"
        switch status {
        case 405: fields += "Allow: GET, HEAD\r\n"
        case 406: fields += "Vary: Accept-Encoding\r\n"
        case 429, 503: fields += "Retry-After: 1\r\n"
        default: break
        }
        return text(
            status, Array("\(Self.reason(status))\n".utf8), fields: Array(fields.utf8),
            into: &output)
    }

    /// Writes a redirect without a body; `location` is a URL reference in ASCII.
    func redirect(
        _ status: Int, to location: [UInt8], headers: [UInt8], caching: StaticString,
        into output: inout ResponseOutput
    ) -> Answered {
        begin(status, room: location.count + headers.count + 256, into: &output)
        output.append("Location: ")
        output.append(location)
        output.append("\r\nCache-Control: ")
        output.append(caching)
        output.append("\r\n")
        output.append(headers)
        contentLength(0, into: &output)
        end(into: &output)
        return Answered(status: status, bodyBytes: 0, coding: nil, keepsAlive: keepsAlive)
    }

    /// Writes status line, Server and Date.
    func begin(_ status: Int, room: Int, into output: inout ResponseOutput) {
        output.reserve(room)
        if status == 200 {
            output.append("HTTP/1.1 200 OK\r\nServer: sitegen\r\nDate: ")
        } else {
            output.append("HTTP/1.1 \(Self.reason(status))\r\nServer: sitegen\r\nDate: ")
        }
        output.append(date)
        output.append("\r\n")
    }

    /// Writes Connection, if it must be said, and the empty line.
    func end(into output: inout ResponseOutput) {
        if !keepsAlive {
            output.append("Connection: close\r\n\r\n")
        } else if isHTTP10 {
            output.append("Connection: keep-alive\r\n\r\n")
        } else {
            output.append("\r\n")
        }
    }

    func entityTag(_ tag: [UInt8], into output: inout ResponseOutput) {
        output.append("ETag: ")
        output.append(tag)
        output.append("\r\n")
    }

    func contentLength(_ length: Int, into output: inout ResponseOutput) {
        output.append("Content-Length: \(length)\r\n")
    }

    /// The code and its reason phrase.
    private static func reason(_ status: Int) -> String {
        switch status {
        case 200: "200 OK"
        case 204: "204 No Content"
        case 206: "206 Partial Content"
        case 304: "304 Not Modified"
        case 307: "307 Temporary Redirect"
        case 308: "308 Permanent Redirect"
        case 400: "400 Bad Request"
        case 404: "404 Not Found"
        case 405: "405 Method Not Allowed"
        case 406: "406 Not Acceptable"
        case 408: "408 Request Timeout"
        case 412: "412 Precondition Failed"
        case 411: "411 Length Required"
        case 413: "413 Content Too Large"
        case 414: "414 URI Too Long"
        case 415: "415 Unsupported Media Type"
        case 416: "416 Range Not Satisfiable"
        case 417: "417 Expectation Failed"
        case 421: "421 Misdirected Request"
        case 429: "429 Too Many Requests"
        case 431: "431 Request Header Fields Too Large"
        case 501: "501 Not Implemented"
        case 503: "503 Service Unavailable"
        case 505: "505 HTTP Version Not Supported"
        default: "500 Internal Server Error"
        }
    }
}
