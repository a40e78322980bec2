// Writes the heads of answers, and bodies that fit beside them, with as few writes as possible.
//
// In HTTP/1.1 a head and a short body become one buffer: copying it costs less than a second
// element of a vector. Whatever is longer is handed back, to be sent in pieces as the client takes
// it. A stream of HTTP/2 gets fields, and every body that way.

import ContentEncoding
import NIOCore
import NIOHPACK

/// Collects what is to be written.
struct ResponseOutput: Sendable {
    /// What heads are written as.
    enum Version: Sendable {
        case http1
        case http2
    }

    /// A head of HTTP/2.
    struct Head: Sendable {
        let headers: HPACKHeaders
        /// The bytes that follow it; nil for those that come when they happen.
        let bodyLength: Int?
        /// All of them, if they are few.
        let body: ByteBuffer?
        /// Whether another head follows: this one only says to go on.
        var isInterim = false
    }

    private var current = ByteBuffer()
    private var heads: [Head] = []
    private let version: Version
    private let copiedBodyBytesMax: Int
    /// All bytes collected.
    private(set) var byteCount = 0

    /// An empty output; bodies up to `copiedBodyBytesMax` bytes are copied behind their head.
    init(_ version: Version = .http1, copiedBodyBytesMax: Int) {
        self.version = version
        self.copiedBodyBytesMax = copiedBodyBytesMax
    }

    /// Whether there is nothing to write.
    var isEmpty: Bool { byteCount == 0 }

    /// Writes the head of an answer, and its body if that is short; `common` are the lines that
    /// every answer begins with.
    ///
    /// - Returns: the body, if it is still to be sent.
    mutating func write(_ answer: Answer, common: FieldLines) -> AnswerBody? {
        let length = answer.isHead ? 0 : answer.length ?? 0
        let isCopied = length <= copiedBodyBytesMax
        if version == .http2 { return writeFields(answer, common, isShort: isCopied) }
        let room = Self.room(answer) + (isCopied ? length : 0)
        if current.capacity == 0 {
            current = ByteBufferAllocator().buffer(capacity: room)
        } else {
            current.reserveCapacity(minimumWritableBytes: room)
        }
        let start = current.writerIndex
        writeHead(answer, common)
        defer { byteCount += current.writerIndex - start }
        guard !answer.endsWithHead else { return nil }
        guard isCopied, length > 0 else { return answer.body }
        switch answer.body {
        case .none: return nil
        case .bytes(let bytes): current.writeImmutableBuffer(bytes)
        case .shared(let bytes): current.writeImmutableBuffer(bytes.buffer)
        case .splice(let body): body.write { unsafe _ = current.writeBytes($0.bytes) }
        case .delta(let body): body.write { unsafe _ = current.writeBytes($0.bytes) }
        case .file: return answer.body
        }
        return nil
    }

    /// Writes the word that a client waits for before its body.
    mutating func writeContinue() {
        switch version {
        case .http1: byteCount += current.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
        case .http2:
            let headers = HPACKHeaders([(":status", "100")])
            heads.append(Head(headers: headers, bodyLength: nil, body: nil, isInterim: true))
            byteCount += 1
        }
    }

    /// Hands the bytes over and starts anew; nil if there are none.
    mutating func take() -> ByteBuffer? {
        guard current.readableBytes > 0 else { return nil }
        defer {
            current = ByteBuffer()
            byteCount = 0
        }
        return current
    }

    private mutating func writeFields(
        _ answer: Answer, _ common: FieldLines, isShort: Bool
    ) -> AnswerBody? {
        var body: ByteBuffer?
        if !answer.endsWithHead, isShort {
            switch answer.body {
            // Whose bytes they are is counted where they are sent.
            case .none, .shared, .file: break
            case .bytes(let bytes): body = bytes
            case .splice(let spliced): body = spliced.bytes
            case .delta(let delta): body = delta.bytes
            }
        }
        heads.append(
            Head(
                headers: HTTP2Fields.headers(answer, common: common),
                bodyLength: answer.endsWithHead ? 0 : answer.length, body: body))
        byteCount += 1 + (body?.readableBytes ?? 0)
        return answer.endsWithHead || body != nil ? nil : answer.body
    }

    /// Hands the heads of HTTP/2 over and starts anew.
    mutating func takeHeads() -> [Head] {
        defer {
            heads = []
            byteCount = 0
        }
        return heads
    }

    // MARK: HTTP/1.1

    /// At least the bytes of a head, so that memory is asked for once.
    private static func room(_ answer: Answer) -> Int {
        256 + (answer.fields?.bytes.count ?? 0) + (answer.validators?.bytes.count ?? 0)
            + answer.own.count
    }

    private mutating func writeHead(_ answer: Answer, _ common: FieldLines) {
        if answer.status == 200 {
            current.writeStaticString("HTTP/1.1 200 OK\r\n")
        } else {
            current.writeString("HTTP/1.1 \(Self.reason(answer.status))\r\n")
        }
        current.writeBytes(common.bytes)
        if let fields = answer.fields { current.writeBytes(fields.bytes) }
        if let validators = answer.validators { current.writeBytes(validators.bytes) }
        if !answer.own.isEmpty { current.writeBytes(answer.own) }
        if let length = answer.length, !answer.saysLength {
            current.writeString("Content-Length: \(length)\r\n")
        }
        if !answer.keepsAlive {
            current.writeStaticString("Connection: close\r\n\r\n")
        } else if answer.isHTTP10 {
            current.writeStaticString("Connection: keep-alive\r\n\r\n")
        } else {
            current.writeStaticString("\r\n")
        }
    }

    /// The code and its reason phrase.
    static func reason(_ status: Int) -> String {
        switch status {
        case 200: "200 OK"
        case 204: "204 No Content"
        case 206: "206 Partial Content"
        case 301: "301 Moved Permanently"
        case 302: "302 Found"
        case 303: "303 See Other"
        case 304: "304 Not Modified"
        case 307: "307 Temporary Redirect"
        case 308: "308 Permanent Redirect"
        case 400: "400 Bad Request"
        case 403: "403 Forbidden"
        case 404: "404 Not Found"
        case 405: "405 Method Not Allowed"
        case 406: "406 Not Acceptable"
        case 408: "408 Request Timeout"
        case 410: "410 Gone"
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
