// One connection: sends what it is told, and collects what comes until the server ends it.

import NIOCore
import NIOPosix
import NIOSSL

/// Why a connection proves a fault.
struct ConnectionFault: Error {
    let reason: String
}

/// Opens connections.
struct FuzzClient {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    /// How long a connection may take in all; the server's own limits are far below.
    static let timeMax = TimeAmount.seconds(10)
    /// The most that a server may answer on one connection, in bytes.
    static let bytesMax = 64 << 20

    /// Sends bytes in two pieces; the future has what came back, or fails with a `ConnectionFault`.
    func exchange(
        port: Int, _ bytes: [UInt8], cut: Int, _ context: NIOSSLContext?
    ) -> EventLoopFuture<[UInt8]> {
        let loop = group.next()
        let promise = loop.makePromise(of: [UInt8].self)
        ClientBootstrap(group: loop).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                if let context {
                    try pipeline.addHandler(
                        NIOSSLClientHandler(context: context, serverHostname: nil))
                }
                try pipeline.addHandler(Collector(promise, bytes, cut: cut))
            }
        }.connect(host: "127.0.0.1", port: port).whenFailure {
            promise.fail(ConnectionFault(reason: "no connection: \($0)"))
        }
        return promise.futureResult
    }
}

/// Collects what comes.
private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let promise: EventLoopPromise<[UInt8]>
    private let pieces: [ArraySlice<UInt8>]
    private var received: [UInt8] = []
    private var isOver = false
    private var deadline: Scheduled<Void>?

    init(_ promise: EventLoopPromise<[UInt8]>, _ bytes: [UInt8], cut: Int) {
        self.promise = promise
        pieces = [bytes[..<cut], bytes[cut...]]
    }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        let promise = promise
        deadline = context.eventLoop.scheduleTask(in: FuzzClient.timeMax) {
            promise.fail(ConnectionFault(reason: "the server does not end the connection"))
            channel.close(promise: nil)
        }
        for piece in pieces {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: piece)), promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += Array(buffer: unwrapInboundIn(data))
        if received.count > FuzzClient.bytesMax { end(context, "an answer without end") }
    }

    func channelInactive(context: ChannelHandlerContext) { end(context, nil) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func end(_ context: ChannelHandlerContext, _ fault: String?) {
        guard !isOver else { return }
        isOver = true
        deadline?.cancel()
        if let fault {
            promise.fail(ConnectionFault(reason: fault))
            context.close(promise: nil)
        } else {
            promise.succeed(received)
        }
    }
}
