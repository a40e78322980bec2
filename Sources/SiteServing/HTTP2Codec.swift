// One stream of HTTP/2 as the text of HTTP/1.1: both have one parser and one set of answers.
//
// A request's fields become a head for the strict parser, an answer's head becomes fields; bodies
// pass as they are. What HTTP/2 has no use for (Connection) is left out on the way. A value that
// could be read as another line is refused here, since the parser would not see what it was.

import NIOCore
import NIOHPACK
import NIOHTTP2

/// The codec of one stream, between the multiplexer and an `HTTPHandler`.
final class HTTP2Codec: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = HTTP2Frame.FramePayload

    private enum Answer {
        case head
        /// The bytes of the body that are still to be written.
        case body(left: Int)
        case done
    }

    /// The bytes of a head and its body that are held back at most.
    static let heldBytesMax = RequestLimits.headerBytesMax + PolicyReports.bytesMax
    /// The bytes of a body that are written at a time, so that progress can be seen.
    static let pieceBytes = 8 << 10
    /// What a head counts as: a client must take it, too.
    private static let headBytes = 1

    private var answer = Answer.head
    private var isHead = false
    private var hasRequest = false
    private var isRequestOver = false
    /// A request whose body has not ended, held back: it may yet prove malformed.
    private var held: ByteBuffer?
    /// The bytes that were written and that the connection has not taken yet, and those it has.
    private(set) var waitingBytes = 0
    private(set) var takenBytes = 0
    private let connection: HTTP2Connection
    /// The end of the last write.
    private var written: EventLoopFuture<Void>?

    /// The codec of a stream of this connection.
    init(_ connection: HTTP2Connection) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let headers):
            // Trailers follow a body, which nobody reads.
            guard !hasRequest else {
                isRequestOver = true
                return release(context)
            }
            hasRequest = true
            isRequestOver = headers.endStream
            guard let text = HTTP2Text.request(headers.headers, isWhole: headers.endStream) else {
                connection.countRefusal()
                context.writeAndFlush(
                    wrapOutboundOut(.rstStream(.protocolError)), promise: nil)
                return
            }
            isHead = headers.headers.first(name: ":method") == "HEAD"
            if headers.endStream {
                context.fireChannelRead(wrapInboundOut(text))
            } else {
                held = text
            }
        case .data(let data):
            if data.endStream { isRequestOver = true }
            guard case .byteBuffer(let buffer) = data.data else { return }
            guard held != nil else {
                context.fireChannelRead(wrapInboundOut(buffer))
                return
            }
            held?.writeImmutableBuffer(buffer)
            if data.endStream || held?.readableBytes ?? 0 > Self.heldBytesMax { release(context) }
        default: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if held == nil { context.fireChannelReadComplete() } else { context.read() }
    }

    private func release(_ context: ChannelHandlerContext) {
        guard let request = held else { return }
        held = nil
        context.fireChannelRead(wrapInboundOut(request))
    }

    func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        var buffer = unwrapOutboundIn(data)
        if case .head = answer {
            guard let (headers, length) = HTTP2Text.answer(&buffer) else {
                // Nothing was written before.
                promise?.succeed()
                return
            }
            let isWhole = isHead || length == 0
            answer = isWhole ? .done : .body(left: length)
            let frame = HTTP2Frame.FramePayload.headers(
                .init(headers: headers, endStream: isWhole))
            write(frame, of: Self.headBytes, context)
        }
        if case .body(let left) = answer, buffer.readableBytes > 0 {
            let isLast = buffer.readableBytes >= left
            answer = isLast ? .done : .body(left: left - buffer.readableBytes)
            while let piece = buffer.readSlice(
                length: min(buffer.readableBytes, Self.pieceBytes)), piece.readableBytes > 0
            {
                let frame = HTTP2Frame.FramePayload.data(
                    .init(
                        data: .byteBuffer(piece), endStream: isLast && buffer.readableBytes == 0))
                write(frame, of: piece.readableBytes, context)
            }
        }
        // No bytes are nothing but the wait for what was written before.
        if let written { written.cascade(to: promise) } else { promise?.succeed() }
    }

    /// Writes a frame that counts as so many bytes until they are taken.
    private func write(
        _ frame: HTTP2Frame.FramePayload, of byteCount: Int, _ context: ChannelHandlerContext
    ) {
        let promise = context.eventLoop.makePromise(of: Void.self)
        waitingBytes += byteCount
        connection.wrote(byteCount)
        promise.futureResult.assumeIsolated().whenComplete { [self] _ in
            waitingBytes -= byteCount
            takenBytes += byteCount
            connection.took(byteCount)
        }
        written = promise.futureResult
        context.write(wrapOutboundOut(frame), promise: promise)
    }

    /// A stream has no half to close: its end went out with the last frame.
    func close(
        context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?
    ) {
        // A whole answer stays one, though the rest of the request is not wanted (RFC 9113
        // section 8.1).
        if case .done = answer, !isRequestOver {
            context.writeAndFlush(wrapOutboundOut(.rstStream(.noError)), promise: promise)
        } else {
            context.close(mode: .all, promise: promise)
        }
    }
}

/// Heads of HTTP/2 as heads of HTTP/1.1, and back.
enum HTTP2Text {
    /// The head of a request; nil if it could not be told apart from more than one.
    static func request(_ headers: HPACKHeaders, isWhole: Bool) -> ByteBuffer? {
        guard let method = headers.first(name: ":method") else { return nil }
        let authority = headers.first(name: ":authority")
        var text = ""
        if let path = headers.first(name: ":path") {
            text = "\(method) \(path) HTTP/1.1\r\n"
        } else {
            text = "\(method) \(authority ?? "") HTTP/1.1\r\n"
        }
        var hasLength = false
        let hosts = headers[canonicalForm: "host"].map { String($0) }
        if let authority {
            if hosts.contains(where: { $0 != authority }) { return nil }
            text += "Host: \(authority)\r\n"
        }
        for (name, value, _) in headers where !name.hasPrefix(":") {
            if name == "host", authority != nil { continue }
            if name == "content-length" { hasLength = true }
            text += "\(name): \(value)\r\n"
            guard !isBroken(name), !isBroken(value) else { return nil }
        }
        guard !isBroken(method), !isBroken(authority ?? ""),
            !isBroken(headers.first(name: ":path") ?? "")
        else { return nil }
        // A body of unknown length, which the parser must know of.
        if !isWhole, !hasLength { text += "Transfer-Encoding: chunked\r\n" }
        return ByteBuffer(string: text + "\r\n")
    }

    /// The fields and the body's length of an answer's head, which is taken off the buffer; nil if
    /// it does not begin with one.
    static func answer(_ buffer: inout ByteBuffer) -> (HPACKHeaders, length: Int)? {
        let view = buffer.readableBytesView
        var end = view.startIndex + 3
        while end < view.endIndex,
            !(view[end] == Byte.lf && view[end - 1] == Byte.cr && view[end - 2] == Byte.lf)
        {
            end += 1
        }
        guard end < view.endIndex else { return nil }
        let lines = String(decoding: view[view.startIndex...end], as: UTF8.self)
            .split(separator: "\r\n")
        guard let first = lines.first, first.utf8.count >= 12 else { return nil }
        let status = String(first.dropFirst(9).prefix(3))
        var headers = HPACKHeaders([(":status", status)])
        var length = 0
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let name = line[..<colon].lowercased()
            let value = String(line[line.index(after: colon)...].drop { $0 == " " })
            if name == "connection" { continue }
            if name == "content-length" { length = Int(value) ?? 0 }
            headers.add(name: name, value: value, indexing: HPACKTable.indexing(name, value))
        }
        buffer.moveReaderIndex(to: buffer.readerIndex + (end + 1 - view.startIndex))
        return (headers, length)
    }

    private static func isBroken(_ text: String) -> Bool {
        text.utf8.contains { $0 == Byte.cr || $0 == Byte.lf || $0 == 0 }
    }
}
