// One stream of HTTP/2: its request as the text of HTTP/1.1, its answer as frames.
//
// A request's fields become a head for the one strict parser; a value that could be read as another
// line is refused here, since the parser would not see what it was. An answer comes as fields and a
// body, which goes out in small frames, so that progress is seen.

import NIOCore
import NIOHPACK
import NIOHTTP2

/// The codec of one stream, between the multiplexer and an `HTTPHandler`.
final class HTTP2Codec: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = HTTP2Frame.FramePayload

    private enum Place {
        case beforeHead
        /// The bytes of the body that are still to be written; nil if it has no end.
        case inBody(left: Int?)
        case atEnd
    }

    /// The bytes of a head and its body that are held back at most.
    static let heldBytesMax = RequestLimits.headerBytesMax + PolicyReports.bytesMax
    /// The bytes of a body that are written at a time, so that progress can be seen.
    static let pieceBytes = 8 << 10
    /// The bytes of a stream that may wait for the client before it gets more.
    static let waitingBytesMax = 32 << 10
    /// What a head counts as: a client must take it, too.
    private static let headBytes = 1

    private var place = Place.beforeHead
    private var hasRequest = false
    private var isRequestOver = false
    /// A request whose body has not ended, held back: it may yet prove malformed.
    private var held: ByteBuffer? {
        didSet { whenHeld?() }
    }
    /// How many bytes are held back.
    var heldBytes: Int { held?.readableBytes ?? 0 }
    /// Called whenever that has changed.
    var whenHeld: (() -> Void)?
    /// The bytes that were written and that the connection has not taken yet, and those it has.
    private(set) var waitingBytes = 0
    private(set) var takenBytes = 0
    let connection: HTTP2Connection
    private var context: ChannelHandlerContext?
    /// Called whenever the connection took something.
    var whenTaken: (() -> Void)?
    /// The end of the last write.
    private var written: EventLoopFuture<Void>?
    private var isCounted = true

    /// The codec of a stream of this connection.
    init(_ connection: HTTP2Connection) { self.connection = connection }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        uncount()
        context.fireChannelInactive()
    }

    /// Tells the connection that the stream is over, once.
    ///
    /// The channel's close future is later by a turn of the loop, in which a quick client opens the
    /// next streams.
    func uncount() {
        guard isCounted else { return }
        isCounted = false
        connection.closed()
    }

    /// Whether more of the body may be written: little of it waits for the client.
    var takesMore: Bool { waitingBytes < Self.waitingBytesMax }

    /// Counts an answer; false if the connection's streams had their turn.
    func takesTurn(_ turns: TurnQueue) -> Bool { connection.takesTurn(turns) }

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
            // Who waits for a word before the body is not waited for.
            let waits = headers.headers.first(name: "expect")?.lowercased() == "100-continue"
            if headers.endStream || waits {
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

    /// Writes the head of the answer, and its body if it is at hand.
    func write(_ head: ResponseOutput.Head) {
        guard case .beforeHead = place, let context else { return }
        if head.isInterim {
            return write(.headers(.init(headers: head.headers, endStream: false)), of: 0, context)
        }
        let isWhole = head.bodyLength == 0
        place = isWhole ? .atEnd : .inBody(left: head.bodyLength)
        let frame = HTTP2Frame.FramePayload.headers(
            .init(headers: head.headers, endStream: isWhole))
        write(frame, of: Self.headBytes, context)
        if let body = head.body { write(body, context) }
    }

    /// Bytes from the handler are its answer's body, in order.
    func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        let bytes = unwrapOutboundIn(data)
        if bytes.readableBytes > 0 { write(bytes, context) }
        // No bytes are nothing but the wait for what was written before.
        if let written { written.cascade(to: promise) } else { promise?.succeed() }
    }

    private func write(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        guard case .inBody(let left) = place else { return }
        let isLast = left.map { bytes.readableBytes >= $0 } ?? false
        place = isLast ? .atEnd : .inBody(left: left.map { $0 - bytes.readableBytes })
        var bytes = bytes
        while let piece = bytes.readSlice(length: min(bytes.readableBytes, Self.pieceBytes)),
            piece.readableBytes > 0
        {
            let frame = HTTP2Frame.FramePayload.data(
                .init(data: .byteBuffer(piece), endStream: isLast && bytes.readableBytes == 0))
            write(frame, of: piece.readableBytes, context)
        }
    }

    /// Writes a frame that counts as so many bytes until they are taken.
    private func write(
        _ frame: HTTP2Frame.FramePayload, of byteCount: Int, _ context: ChannelHandlerContext
    ) {
        let promise = context.eventLoop.makePromise(of: Void.self)
        waitingBytes += byteCount
        connection.wrote(byteCount)
        promise.futureResult.assumeIsolated().whenComplete { [self] result in
            waitingBytes -= byteCount
            switch result {
            case .success:
                takenBytes += byteCount
                connection.took(byteCount)
            case .failure: connection.gaveUp(byteCount)
            }
            whenTaken?()
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
        if case .atEnd = place, !isRequestOver {
            context.writeAndFlush(wrapOutboundOut(.rstStream(.noError)), promise: promise)
        } else {
            context.close(mode: .all, promise: promise)
        }
    }
}

/// Heads of HTTP/2 as heads of HTTP/1.1.
enum HTTP2Text {
    /// The head of a request; nil if it could not be told apart from more than one.
    static func request(_ headers: HPACKHeaders, isWhole: Bool) -> ByteBuffer? {
        guard let method = headers.first(name: ":method") else { return nil }
        let authority = headers.first(name: ":authority")
        var text = ""
        if let path = headers.first(name: ":path") {
            // RFC 9113 section 8.3.1: a path, or `*` for OPTIONS; never an absolute target.
            guard path.hasPrefix("/") || path == "*" && method == "OPTIONS" else { return nil }
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

    /// Whether a field holds what none may (RFC 9113 section 8.2.1): a line end, NUL, or white
    /// space at an end.
    private static func isBroken(_ text: String) -> Bool {
        let bytes = text.utf8
        if let first = bytes.first, Byte.isSpaceOrTab(first) { return true }
        if let last = bytes.last, Byte.isSpaceOrTab(last) { return true }
        return bytes.contains { $0 == Byte.cr || $0 == Byte.lf || $0 == 0 }
    }
}
