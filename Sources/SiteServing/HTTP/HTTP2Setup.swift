// The handlers of a connection of HTTP/2 and of each of its streams, and the numbers that SwiftNIO
// bounds floods with.
//
// From the socket up: TLS, `HTTP2Guard`, SwiftNIO's frames, `HTTP2Connection`; for each stream,
// `HTTP2Codec` and an `HTTPHandler` as on a connection of HTTP/1.1.

import NIOCore
import NIOHTTP2

/// Sets up connections of HTTP/2.
enum HTTP2Setup {
    /// The most streams at a time: those beyond are refused.
    static let streamsMax = 128
    /// With so many, refused ones included, the connection ends: no client that heard of the other
    /// number comes near it.
    static let streamsBeyondMax = 1_024
    /// What one stream may send ahead, in bytes: only reports have bodies.
    static let windowBytes = 64 << 10
    /// How often and in what time a client may take back what it asked for (CVE-2023-44487).
    static let resetsMax = 200
    /// The most CONTINUATION frames of one head (CVE-2024-27983).
    static let continuationsMax = 5
    /// The most SETTINGS, PING and PRIORITY frames within `floodTime`.
    static let controlFramesMax = 400
    static let floodTime = TimeAmount.seconds(30)

    /// Adds the handlers of a connection whose streams are answered by `state`.
    static func configure(
        _ channel: any Channel, _ state: LoopState, client: JournalClient?,
        address: ClientAddress?
    ) throws {
        let guardian = HTTP2Guard()
        let connection = HTTP2Connection(state, guardian)
        let bound = NIOLoopBound((state, connection, client), eventLoop: channel.eventLoop)
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(guardian)
        try pipeline.addHandler(
            NIOHTTP2Handler(
                mode: .server, eventLoop: channel.eventLoop,
                connectionConfiguration: connectionConfiguration,
                streamConfiguration: streamConfiguration
            ) { stream in
                stream.eventLoop.makeCompletedFuture {
                    let (state, connection, client) = bound.value
                    try begin(stream, of: connection, state, client: client, address: address)
                }
            })
        try pipeline.addHandler(connection)
    }

    private static func begin(
        _ stream: any Channel, of connection: HTTP2Connection, _ state: LoopState,
        client: JournalClient?, address: ClientAddress?
    ) throws {
        let options = stream.syncOptions
        let id = try options?.getOption(HTTP2StreamChannelOptions.streamID) ?? .rootStream
        guard connection.open(id) else {
            throw NIOHTTP2Errors.streamClosed(streamID: id, errorCode: .refusedStream)
        }
        let codec = HTTP2Codec(connection)
        let bound = NIOLoopBound(codec, eventLoop: stream.eventLoop)
        stream.closeFuture.whenComplete { _ in bound.value.uncount() }
        try options?.setOption(.autoRead, value: false)
        try stream.pipeline.syncOperations.addHandlers(
            codec, HTTPHandler(state, client: client, address: address, codec: codec))
    }

    private static var connectionConfiguration: NIOHTTP2Handler.ConnectionConfiguration {
        var configuration = NIOHTTP2Handler.ConnectionConfiguration()
        configuration.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: streamsBeyondMax),
            HTTP2Setting(parameter: .maxHeaderListSize, value: RequestLimits.headerBytesMax),
            HTTP2Setting(parameter: .initialWindowSize, value: windowBytes),
        ]
        configuration.maximumSequentialContinuationFrames = continuationsMax
        configuration.controlFrameRateLimit.maximumCount = controlFramesMax
        configuration.controlFrameRateLimit.windowLength = floodTime
        return configuration
    }

    private static var streamConfiguration: NIOHTTP2Handler.StreamConfiguration {
        var configuration = NIOHTTP2Handler.StreamConfiguration()
        configuration.targetWindowSize = windowBytes
        configuration.outboundBufferSizeHighWatermark = 256 << 10
        configuration.outboundBufferSizeLowWatermark = 64 << 10
        configuration.streamResetFrameRateLimit.maximumCount = resetsMax
        configuration.streamResetFrameRateLimit.windowLength = floodTime
        return configuration
    }
}
