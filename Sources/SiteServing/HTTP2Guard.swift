// What stands between the bytes of a connection and SwiftNIO's HTTP/2: it keeps the peer's HPACK
// table small, and sees when SwiftNIO gives a connection up.
//
// Bytes are copied on their way in: SwiftNIO's decoder keeps what it read last, which would be the
// 32 KiB that TLS decrypts into. An encoder may use a smaller table than its peer allows (RFC 7541
// section 4.2), but SwiftNIO's takes up to 4 GiB: the peer's SETTINGS_HEADER_TABLE_SIZE is lowered
// to the size that both begin with, which needs no word to the peer. A stream too many has to be
// refused (RFC 9113 section 5.1.2), and SwiftNIO ends the connection: it is told a larger number
// than the peer is, and `HTTP2Connection` refuses what lies between.

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
    private var hasGreeted = false
    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = settings.limit(
            .headerTableSize, in: unwrapInboundIn(data), to: Self.tableBytesMax)
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
        // Each frame is written alone: 9 bytes of head, the fourth its type, then the last stream.
        if !hasFailed, buffer.readableBytes >= 17,
            buffer.getInteger(at: buffer.readerIndex + 3, as: UInt8.self) == 7,
            buffer.getInteger(at: buffer.readerIndex + 13, as: UInt32.self) != 0,
            buffer.getInteger(at: buffer.readerIndex + 5, as: UInt32.self) == 0
        {
            hasFailed = true
        }
        context.write(wrapOutboundOut(buffer), promise: promise)
    }

    /// Calls `body` once everything written so far is with the system, or never will be.
    func whenWritten(_ body: @escaping @Sendable () -> Void) {
        guard let context else { return }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenComplete { _ in body() }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
    }
}

/// Follows the frames of one side and changes a value in their SETTINGS.
struct PeerSettings {
    /// The values that are changed, by their numbers (RFC 9113 section 6.5.2).
    enum Parameter: UInt16 {
        case headerTableSize = 1
        case maxConcurrentStreams = 3
    }

    private enum Place {
        /// Bytes that are passed over.
        case skipping(Int)
        /// The 9 bytes of a frame's head.
        case head
        /// Settings of 6 bytes each, in so many bytes.
        case settings(Int)
    }

    private var place: Place
    /// A head or a setting that has not come whole.
    private var held = ByteBuffer()

    /// Frames behind so many bytes: those of a client's preface, `PRI * HTTP/2.0` and so on.
    init(behind bytes: Int = 24) { place = bytes > 0 ? .skipping(bytes) : .head }

    /// Lowers each value of a parameter in the bytes that came to `max`.
    ///
    /// A head or a setting that has not come whole is kept back: nobody could read it without the
    /// rest.
    ///
    /// - Returns: what is to be read now.
    mutating func limit(
        _ parameter: Parameter, in bytes: ByteBuffer, to max: UInt32
    ) -> ByteBuffer {
        // A copy: what these bytes are part of belongs to others, too.
        var bytes = bytes
        held.writeBuffer(&bytes)
        bytes = held
        held = ByteBuffer()
        var index = bytes.readerIndex
        reading: while index < bytes.writerIndex {
            let available = bytes.writerIndex - index
            switch place {
            case .skipping(let count):
                let step = min(count, available)
                index += step
                place = step == count ? .head : .skipping(count - step)
            case .head:
                guard available >= 9 else { break reading }
                place = frame(bytes, at: index)
                index += 9
            case .settings(let count):
                let step = min(count, 6)
                guard available >= step else { break reading }
                if bytes.getInteger(at: index, as: UInt16.self) == parameter.rawValue,
                    let value = bytes.getInteger(at: index + 2, as: UInt32.self), value > max
                {
                    bytes.setInteger(max, at: index + 2)
                }
                index += step
                place = step == count ? .head : .settings(count - step)
            }
        }
        if index < bytes.writerIndex {
            held.writeBytes(bytes.readableBytesView[index...])
            bytes.moveWriterIndex(to: index)
        }
        return bytes
    }

    /// What follows the head of a frame.
    private func frame(_ bytes: ByteBuffer, at index: Int) -> Place {
        guard let word = bytes.getInteger(at: index, as: UInt32.self),
            let flags = bytes.getInteger(at: index + 4, as: UInt8.self), word >> 8 > 0
        else { return .head }
        let length = Int(word >> 8)
        let isSettings = word & 0xFF == 4 && flags & 1 == 0
        return isSettings ? .settings(length) : .skipping(length)
    }
}
