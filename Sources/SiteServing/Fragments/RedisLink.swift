// One connection to Redis on an event loop: bytes out, replies in, matched by order.
//
// hiredis is only the codec; the socket is the event loop's, so nothing ever blocks and a late
// reply is read and dropped like any other. It does not reconnect and knows no command.

import Fragments
import NIOCore
import NIOPosix
import Redis

/// An open connection.
final class RedisLink {
    typealias Receiver = (RedisReply) -> Void

    private let channel: any Channel
    private var receivers = CircularBuffer<Receiver>()
    /// Takes what nobody asked for; nil makes such a reply the end of the connection.
    var onPush: Receiver?
    /// Called once, when the connection ended or spoke nonsense.
    var onEnd: (() -> Void)?
    private var isOver = false

    /// Commands without a reply after which the connection is given up.
    static let underWayMax = 16_384

    private init(_ channel: any Channel) { self.channel = channel }

    /// Connects within `time`; the future fails if that did not work.
    static func open(
        _ url: RedisURL, on loop: any EventLoop, within time: TimeAmount
    ) -> EventLoopFuture<NIOLoopBound<RedisLink>> {
        let bootstrap = ClientBootstrap(group: loop).connectTimeout(time)
        let connecting =
            switch url.endpoint {
            case .tcp(let host, let port):
                bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1)
                    .connect(host: host, port: port)
            case .unix(let path): bootstrap.connect(unixDomainSocketPath: path)
            }
        return connecting.hop(to: loop).flatMapThrowing { channel in
            let link = RedisLink(channel)
            try channel.pipeline.syncOperations.addHandler(RedisReplyHandler(link))
            return NIOLoopBound(link, eventLoop: loop)
        }
    }

    /// Sends a command; `receiver` takes its reply, unless the connection ends before.
    ///
    /// A nil receiver is for commands whose answer is a push.
    func send(_ command: RedisCommand, _ receiver: Receiver?) {
        guard !isOver else { return }
        guard let bytes = try? command.encoded(), receivers.count < Self.underWayMax else {
            return end()
        }
        if let receiver { receivers.append(receiver) }
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// Ends the connection without a word to anybody.
    func close() {
        isOver = true
        onEnd = nil
        onPush = nil
        receivers.removeAll()
        channel.close(promise: nil)
    }

    fileprivate func receive(_ reply: RedisReply) {
        guard !isOver else { return }
        if let receiver = receivers.popFirst() {
            receiver(reply)
        } else if let onPush {
            onPush(reply)
        } else {
            end()
        }
    }

    fileprivate func end() {
        guard !isOver else { return }
        isOver = true
        receivers.removeAll()
        channel.close(promise: nil)
        let told = onEnd
        onEnd = nil
        onPush = nil
        told?()
    }
}

/// Feeds the codec and hands replies over.
private final class RedisReplyHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let link: RedisLink
    /// One byte more than a value may have: what was cut short is refused like it, alone.
    private var reader = RedisReplyReader(stringBytesMax: FragmentLimits.valueBytesMax + 1)

    init(_ link: RedisLink) { self.link = link }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        do throws(RedisError) {
            try reader.feed(buffer.readableBytesUInt8Span)
            while let reply = try reader.next() { link.receive(reply) }
        } catch {
            link.end()
        }
    }

    func channelInactive(context: ChannelHandlerContext) { link.end() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { link.end() }
}
