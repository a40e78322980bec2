// The connection of one event loop to Redis.
//
// It lives on its event loop alone, so nothing here is locked. Connecting, logging in and PING
// happen in the background: a request either gets its values within the deadline or goes on
// without. A connection whose PING is not answered is closed, and with it what was late.

import Fragments
import NIOCore
import NIOPosix
import Redis

/// Asks Redis for fragments, without ever blocking.
final class FragmentClient {
    typealias Waiter = (FragmentValues?) -> Void

    private let loop: any EventLoop
    private let url: RedisURL
    private let limits: ServingLimits
    private let onEvent: @Sendable (ServerEvent) -> Void
    private var queue = FragmentQueue<Waiter>()
    private var breaker = CircuitBreaker()
    private var channel: (any Channel)?
    private var isFlushPlanned = false
    private var isExpiryPlanned = false
    private var isStopped = false
    private var attempt: Scheduled<Void>?
    private var firstAttempt: EventLoopPromise<Void>?
    private var controlsUnderWay = 0

    /// How long connecting, logging in and PING may take together.
    static let attemptTime = TimeAmount.seconds(1)
    /// Commands without a reply after which the connection is given up.
    static let underWayMax = 16_384

    init(
        loop: any EventLoop, url: RedisURL, limits: ServingLimits,
        onEvent: @escaping @Sendable (ServerEvent) -> Void
    ) {
        self.loop = loop
        self.url = url
        self.limits = limits
        self.onEvent = onEvent
    }

    /// Begins to connect; the future succeeds when the first attempt ended, well or not.
    func start() -> EventLoopFuture<Void> {
        loop.assertInEventLoop()
        let promise = loop.makePromise(of: Void.self)
        firstAttempt = promise
        connect()
        return promise.futureResult
    }

    /// Closes the connection; whoever waits goes on without.
    func stop() {
        isStopped = true
        attempt?.cancel()
        drop()
    }

    /// Asks for values, which come to `waiter` once, nil if they did not come in time.
    ///
    /// - Returns: false if nobody should wait now; `waiter` is then never called.
    func ask(_ keys: [FragmentKey], _ waiter: @escaping Waiter) -> Bool {
        guard breaker.isClosed, channel != nil, queue.waiterCount < limits.fragmentWaitersMax,
            keys.count <= limits.fragmentKeysMax
        else { return false }
        if queue.unsentKeyCount + keys.count > limits.fragmentKeysMax { flush() }
        queue.ask(keys, for: waiter)
        if !isFlushPlanned {
            isFlushPlanned = true
            // After this turn's reads, so that all pages of the turn share one command.
            let client = NIOLoopBound(self, eventLoop: loop)
            loop.execute { client.value.flush() }
        }
        return true
    }

    private func flush() {
        isFlushPlanned = false
        guard queue.hasUnsent else { return }
        let deadline = NIODeadline.now() + limits.fragmentTime.amount
        guard let command = queue.send(deadline: deadline), let channel,
            let bytes = try? command.encoded()
        else { return drop() }
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
        planExpiry()
        if queue.underWayCount > Self.underWayMax { drop() }
    }

    private func planExpiry() {
        guard !isExpiryPlanned, let deadline = queue.nextDeadline else { return }
        isExpiryPlanned = true
        let client = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(deadline: deadline) { client.value.expire() }
    }

    private func expire() {
        isExpiryPlanned = false
        let late = queue.expire(.now())
        var isLost = false
        for waiter in late {
            isLost = breaker.failed() || isLost
            waiter(nil)
        }
        if isLost { planAttempt() }
        planExpiry()
    }

    // MARK: The connection

    private func connect() {
        guard !isStopped else { return }
        let client = NIOLoopBound(self, eventLoop: loop)
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(Self.attemptTime)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        RedisChannelHandler(client.value))
                }
            }
        let connecting =
            switch url.endpoint {
            case .tcp(let host, let port): bootstrap.connect(host: host, port: port)
            case .unix(let path): bootstrap.connect(unixDomainSocketPath: path)
            }
        connecting.hop(to: loop).whenComplete { result in
            let client = client.value
            switch result {
            case .success(let channel) where !client.isStopped:
                client.channel = channel
                client.probe()
            case .success(let channel): channel.close(promise: nil)
            case .failure: client.attemptEnded(isGood: false)
            }
        }
    }

    /// Logs in on a new connection, or asks an old one whether it is alive.
    private func probe() {
        guard let channel else { return connect() }
        let isNew = queue.underWayCount == 0 && controlsUnderWay == 0 && !wasProbed
        var bytes: [UInt8] = []
        for command in (isNew ? url.handshake : []) + [RedisCommand("PING")] {
            guard let encoded = try? command.encoded() else { continue }
            bytes += encoded
            queue.sendControl()
            controlsUnderWay += 1
        }
        wasProbed = true
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
        let client = NIOLoopBound(self, eventLoop: loop)
        attempt = loop.scheduleTask(in: Self.attemptTime) {
            // No answer: what is late is not worth keeping either.
            client.value.drop()
        }
    }

    private var wasProbed = false

    private func attemptEnded(isGood: Bool) {
        attempt?.cancel()
        attempt = nil
        firstAttempt?.succeed()
        firstAttempt = nil
        if isGood {
            if breaker.succeeded() { onEvent(.fragmentsAvailable) }
        } else {
            planAttempt()
        }
    }

    private func planAttempt() {
        guard !isStopped, attempt == nil else { return }
        let pause = breaker.pause(random: .random(in: 0..<1))
        onEvent(.fragmentsUnavailable(retry: .nanoseconds(pause.nanoseconds)))
        let client = NIOLoopBound(self, eventLoop: loop)
        attempt = loop.scheduleTask(in: pause) {
            client.value.attempt = nil
            client.value.probe()
        }
    }

    /// Takes a reply from the channel.
    fileprivate func receive(_ reply: RedisReply, from sender: any Channel) {
        guard sender === channel else { return }
        switch queue.receive(reply) {
        case .values(let answers):
            for answer in answers { answer.waiter(answer.values) }
        case .controlled:
            controlsUnderWay -= 1
            if controlsUnderWay == 0 { attemptEnded(isGood: true) }
        case .unusable:
            drop()
        }
    }

    /// Learns that a channel closed or speaks nonsense.
    fileprivate func lost(_ sender: any Channel) {
        guard sender === channel else { return }
        drop()
    }

    /// Gives the connection up and plans another.
    private func drop() {
        let old = channel
        channel = nil
        wasProbed = false
        controlsUnderWay = 0
        breaker.lost()
        attempt?.cancel()
        attempt = nil
        old?.close(promise: nil)
        for waiter in queue.abandonAll() { waiter(nil) }
        attemptEnded(isGood: false)
    }
}

/// Moves bytes between the channel and the client.
private final class RedisChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let client: FragmentClient
    private var reader = RedisReplyReader()

    init(_ client: FragmentClient) { self.client = client }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        do throws(RedisError) {
            try reader.feed(buffer.readableBytesUInt8Span)
            while let reply = try reader.next() {
                client.receive(reply, from: context.channel)
            }
        } catch {
            client.lost(context.channel)
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { client.lost(context.channel) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        client.lost(context.channel)
        context.close(promise: nil)
    }
}
