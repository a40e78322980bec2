// One connection of HTTP/2: its limits, its silence, and its end.
//
// Frames and their floods (rapid resets, CONTINUATION, SETTINGS, PING, empty DATA) are SwiftNIO's
// to bound; the numbers are here. A connection without streams is closed when it was silent for as
// long as one of HTTP/1.1 may be, and when the server drains.

import NIOCore
import NIOHTTP2

/// The last handler of the connection's own channel.
final class HTTP2Connection: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    private let state: LoopState
    private var context: ChannelHandlerContext?
    private var streamCount = 0
    private var isEnding = false
    private var deadline: NIODeadline
    /// By when the GOAWAY must be written; nil unless it is on its way.
    private var writeDeadline: NIODeadline?

    /// The most streams at a time.
    static let streamsMax = 128
    /// What one stream may send ahead, in bytes: only reports have bodies.
    static let windowBytes = 64 << 10
    /// How often and in what time a client may take back what it asked for (CVE-2023-44487).
    static let resetsMax = 200
    /// The most CONTINUATION frames of one head (CVE-2024-27983).
    static let continuationsMax = 5
    /// The most SETTINGS, PING and PRIORITY frames within `floodTime`.
    static let controlFramesMax = 400
    static let floodTime = TimeAmount.seconds(30)

    init(_ state: LoopState) {
        self.state = state
        deadline = .now() + state.options.limits.idleTime.amount
    }

    /// Adds the handlers of a connection whose streams are answered by `state`.
    static func configure(
        _ channel: any Channel, _ state: LoopState, client: String, address: ClientAddress?
    ) throws {
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: streamsMax),
            HTTP2Setting(
                parameter: .maxHeaderListSize, value: RequestLimits.headerBytesMax),
            HTTP2Setting(parameter: .initialWindowSize, value: windowBytes),
        ]
        connection.maximumSequentialContinuationFrames = continuationsMax
        connection.controlFrameRateLimit.maximumCount = controlFramesMax
        connection.controlFrameRateLimit.windowLength = floodTime
        var stream = NIOHTTP2Handler.StreamConfiguration()
        stream.targetWindowSize = windowBytes
        stream.outboundBufferSizeHighWatermark = 256 << 10
        stream.outboundBufferSizeLowWatermark = 64 << 10
        stream.streamResetFrameRateLimit.maximumCount = resetsMax
        stream.streamResetFrameRateLimit.windowLength = floodTime
        let bound = NIOLoopBound(state, eventLoop: channel.eventLoop)
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(
            NIOHTTP2Handler(
                mode: .server, eventLoop: channel.eventLoop, connectionConfiguration: connection,
                streamConfiguration: stream
            ) { stream in
                stream.eventLoop.makeCompletedFuture {
                    try stream.syncOptions?.setOption(.autoRead, value: false)
                    let codec = HTTP2Codec()
                    try stream.pipeline.syncOperations.addHandlers(
                        codec,
                        HTTPHandler(bound.value, client: client, address: address, codec: codec))
                }
            })
        try pipeline.addHandler(HTTP2Connection(state))
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        state.add(self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        state.remove(self)
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is NIOHTTP2StreamCreatedEvent { streamCount += 1 }
        if event is StreamClosedEvent {
            streamCount -= 1
            deadline = .now() + state.options.limits.idleTime.amount
            if isEnding, streamCount == 0 { context.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // An error of one stream has already been answered on it.
        if error is any NIOHTTP2Error, error is NIOHTTP2Errors.StreamError { return }
        context.close(promise: nil)
    }

    /// Takes no more streams and closes behind the last.
    func drain() {
        guard let context, !isEnding else { return }
        isEnding = true
        writeDeadline = .now() + state.options.limits.writeTime.amount
        let frame = HTTP2Frame(
            streamID: .rootStream,
            payload: .goAway(lastStreamID: .maxID, errorCode: .noError, opaqueData: nil))
        let written = context.eventLoop.makePromise(of: Void.self)
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in
            connection.value.writeDeadline = nil
            if connection.value.streamCount == 0 { connection.value.close() }
        }
        context.writeAndFlush(wrapOutboundOut(frame), promise: written)
    }

    /// Closes at once.
    func close() { context?.close(promise: nil) }

    /// Closes the connection if it was silent for too long, or does not even take its end.
    func sweep(_ now: NIODeadline) {
        if let writeDeadline, now >= writeDeadline { return close() }
        if streamCount == 0, now >= deadline { drain() }
    }
}
