// What stands between the bytes of a connection and SwiftNIO's HTTP/2: it sees when SwiftNIO gives
// a connection up, and mends what SwiftNIO has otherwise than the RFCs or this server want it.
//
// An encoder may use a smaller table than its peer allows (RFC 7541 section 4.2), but SwiftNIO's
// takes up to 4 GiB: the peer's SETTINGS_HEADER_TABLE_SIZE is lowered to the size that both begin
// with, which needs no word to the peer. A stream too many has to be refused (RFC 9113 section
// 5.1.2), and SwiftNIO ends the connection: it is told a larger number than the peer is, and
// `HTTP2Connection` refuses what lies between. Why a stream was reset, see `EndedStreams`.

import NIOCore

/// The handler below `NIOHTTP2Handler`.
final class HTTP2Guard: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The largest table that answers are compressed with, in bytes: what RFC 7541 begins with.
    static let tableBytesMax: UInt32 = 4_096

    /// Whether a GOAWAY with an error was written.
    private(set) var hasFailed = false
    private var settings = PeerSettings()
    private var ended = EndedStreams()
    /// The bytes of DATA that are still to be written.
    private var unseenBytes = 0
    private var hasGreeted = false
    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = settings.limit(
            .headerTableSize, in: unwrapInboundIn(data), to: Self.tableBytesMax
        ) { ended.came($0) }
        if bytes.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(bytes)) }
    }

    func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        var buffer = unwrapOutboundIn(data)
        if !hasGreeted {
            hasGreeted = true
            var own = PeerSettings(behind: 0)
            buffer = own.limit(.maxConcurrentStreams, in: buffer, to: UInt32(HTTP2Setup.streamsMax))
        }
        look(at: &buffer)
        context.write(wrapOutboundOut(buffer), promise: promise)
    }

    /// Looks at a frame that is written: each begins a write, and the bytes of DATA are others.
    private func look(at bytes: inout ByteBuffer) {
        guard unseenBytes == 0, let head = FrameHead(bytes, at: bytes.readerIndex) else {
            unseenBytes = max(0, unseenBytes - bytes.readableBytes)
            return
        }
        switch head.type {
        case .data:
            unseenBytes = max(0, head.length + FrameHead.byteCount - bytes.readableBytes)
        case .goAway:
            // Behind the head, the last stream, then the reason.
            let reason = bytes.getInteger(at: bytes.readerIndex + 13, as: UInt32.self)
            if let reason, reason != 0 { hasFailed = true }
        default: break
        }
        ended.left(head, in: &bytes)
    }

    /// Calls `body` once everything written so far is with the system, or never will be.
    func whenWritten(_ body: @escaping @Sendable () -> Void) {
        guard let context else { return }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenComplete { _ in body() }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
    }
}
