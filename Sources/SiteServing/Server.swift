// The server: event loops, a listener, and the release that all of them answer from.
//
// A new release is loaded beside the old one and handed to each event loop as a message; a request
// under way keeps the one it began with. It handles no signal, prints nothing, and reads no
// environment: its owner calls `reload` and `shutdown`.

import NIOCore
import NIOPosix
package import Redis
package import ReleaseFormat
import Synchronization

/// How to serve.
package struct ServerOptions: Sendable {
    /// The output folder whose current release is served.
    package var output: String
    /// Where to listen.
    package var address: ListenAddress
    /// The Redis with the fragments; nil shows every fallback.
    package var redis: RedisURL?
    /// The event loops, at least 1.
    package var threads = 1
    /// The names this server answers to, lower case; empty means any.
    package var hosts: Set<String> = []
    /// The limits.
    package var limits = ServingLimits()
    /// What `sitegen watch` adds; nil in production.
    package var development: DevelopmentHooks?
    /// Whether each request is an event.
    package var reportsRequests = false
    /// Told what happens, on any thread; must not block.
    package var onEvent: @Sendable (ServerEvent) -> Void = { _ in }

    /// Options with defaults for everything but what is served where.
    package init(output: String, address: ListenAddress, redis: RedisURL? = nil) {
        self.output = output
        self.address = address
        self.redis = redis
    }
}

/// One server, started and shut down once.
package final class Server: Sendable {
    private struct Running {
        let group: MultiThreadedEventLoopGroup
        let listener: any Channel
        let loops: [NIOLoopBound<LoopState>]
    }

    private enum Phase {
        case new
        case starting
        case running(Running)
        case over
    }

    private let options: ServerOptions
    private let blobs: Blobs
    private let phase = Mutex(Phase.new)
    private let connectionCount = Atomic(0)

    /// A server that is not started.
    package init(_ options: ServerOptions) {
        self.options = options
        blobs = Blobs(bytesMax: options.limits.memoryMax)
    }

    /// Loads the current release, connects to Redis (waiting at most a second) and listens.
    ///
    /// - Returns: the address that is listened on, with the port that was taken.
    /// - Throws: `.release`, `.cannotListen`, `.socketInUse`, `.notASocket`, `.notStartable`.
    package func start() async throws(ServingError) -> ListenAddress {
        let isNew = phase.withLock { phase in
            guard case .new = phase else { return false }
            phase = .starting
            return true
        }
        guard isNew else { throw .notStartable }
        let release = try load()
        if case .unix(let path) = options.address { try ListenAddress.removeStaleSocket(path) }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, options.threads))
        do {
            var loops: [NIOLoopBound<LoopState>] = []
            for loop in group.makeIterator() {
                loops.append(try await startLoop(loop, release))
            }
            let listener = try await listen(group, loops)
            phase.withLock { phase in
                phase = .running(Running(group: group, listener: listener, loops: loops))
            }
            return listener.localAddress.map { ListenAddress($0, asked: options.address) }
                ?? options.address
        } catch {
            phase.withLock { $0 = .over }
            try? await group.shutdownGracefully()
            throw .cannotListen(
                address: options.address.description, reason: String(describing: error))
        }
    }

    /// Serves the release that is current now; the old one stays if that cannot be loaded.
    ///
    /// - Returns: the name of the release.
    /// - Throws: `.release`; the event says so, too.
    @discardableResult package func reload() throws(ServingError) -> ReleaseID {
        do throws(ServingError) {
            let release = try load()
            for loop in running?.loops ?? [] {
                loop.execute { $0.release = release }
            }
            options.onEvent(.releaseChanged(release.manifest.id))
            return release.manifest.id
        } catch {
            if case .release(let reason) = error { options.onEvent(.releaseRefused(reason)) }
            throw error
        }
    }

    /// Sends an event to all tabs that `sitegen watch` has open.
    ///
    /// - Parameters:
    ///   - event: `reload`, `style` or `failure`.
    ///   - data: the text of a failure, or anything.
    package func broadcast(event: String, data: String) {
        let message = DevelopmentHooks.message(event: event, data: data)
        for loop in running?.loops ?? [] {
            loop.execute { $0.broadcast(message) }
        }
    }

    /// Stops listening, ends connections after their answers, and closes what is left.
    ///
    /// - Parameter grace: how long answers under way may take.
    package func shutdown(grace: Duration = .seconds(10)) async {
        let running: Running? = phase.withLock { phase in
            defer { phase = .over }
            guard case .running(let running) = phase else { return nil }
            return running
        }
        guard let running else { return }
        try? await running.listener.close()
        let drained = running.loops.map { loop in loop.submit { $0.drain() } }
        for loop in running.loops {
            loop.schedule(in: grace.amount) { $0.closeAll() }
        }
        for future in drained { try? await future.get() }
        for loop in running.loops { try? await loop.submit { $0.stopped() }.get() }
        try? await running.group.shutdownGracefully()
        if case .unix(let path) = options.address {
            try? ListenAddress.removeStaleSocket(path)
        }
    }

    private var running: Running? {
        phase.withLock { phase in
            guard case .running(let running) = phase else { return nil }
            return running
        }
    }

    private func load() throws(ServingError) -> ServedRelease {
        do throws(ReleaseError) {
            let reader = try ReleaseReader.open(options.output)
            // Pages in development are made anew each time and never as a delta.
            let earlier =
                options.development != nil
                ? []
                : EarlierReleases.open(
                    options.output, before: reader.manifest.id, limits: options.limits)
            return ServedRelease(
                reader, blobs: blobs, limits: options.limits, earlier: earlier)
        } catch {
            throw .release(error)
        }
    }

    private func startLoop(
        _ loop: any EventLoop, _ release: ServedRelease
    ) async throws -> NIOLoopBound<LoopState> {
        let options = options
        return try await loop.flatSubmit {
            let state = LoopState(loop: loop, options: options, release: release)
            let bound = NIOLoopBound(state, eventLoop: loop)
            return state.start().map { bound }
        }.get()
    }

    private func listen(
        _ group: MultiThreadedEventLoopGroup, _ loops: [NIOLoopBound<LoopState>]
    ) async throws -> any Channel {
        let states = Dictionary(
            uniqueKeysWithValues: loops.map { (ObjectIdentifier($0.eventLoop), $0) })
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let state = states[ObjectIdentifier(channel.eventLoop)] else { return }
                    try accept(channel, state.value)
                }
            }
        switch options.address {
        case .unix(let path):
            return try await bootstrap.bind(unixDomainSocketPath: path).get()
        case .tcp(let host, let port):
            return
                try await bootstrap
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .bind(host: host, port: port).get()
        }
    }

    /// Gives a new connection its handler, or refuses it when there are too many.
    private func accept(_ channel: any Channel, _ state: LoopState) throws {
        let open = connectionCount.add(1, ordering: .relaxed).newValue
        channel.closeFuture.whenComplete { [self] _ in
            connectionCount.subtract(1, ordering: .relaxed)
        }
        let pipeline = channel.pipeline.syncOperations
        guard open <= options.limits.connectionsMax else {
            options.onEvent(.connectionRefused)
            try pipeline.addHandler(RefusingHandler(date: state.dateNow()))
            return
        }
        try pipeline.addHandler(HTTPHandler(state))
    }
}

/// Answers 503 and closes, without reading.
private final class RefusingHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let date: [UInt8]

    init(date: [UInt8]) { self.date = date }

    func channelActive(context: ChannelHandlerContext) {
        var output = ResponseOutput(copiedBodyBytesMax: 0)
        let writer = ResponseWriter(
            isHead: false, isHTTP10: false, keepsAlive: false, date: date)
        _ = writer.error(Refusal.overloaded.status, into: &output)
        for buffer in output.take() { context.write(wrapOutboundOut(buffer), promise: nil) }
        context.flush()
        context.close(promise: nil)
    }
}

extension NIOLoopBound<LoopState> {
    fileprivate func execute(_ body: @escaping @Sendable (LoopState) -> Void) {
        eventLoop.execute { body(value) }
    }

    fileprivate func schedule(
        in delay: TimeAmount, _ body: @escaping @Sendable (LoopState) -> Void
    ) {
        eventLoop.scheduleTask(in: delay) { body(value) }
    }

    fileprivate func submit(
        _ body: @escaping @Sendable (LoopState) -> EventLoopFuture<Void>
    ) -> EventLoopFuture<Void> {
        eventLoop.flatSubmit { body(value) }
    }
}

extension LoopState {
    fileprivate func stopped() -> EventLoopFuture<Void> {
        stop()
        return loop.makeSucceededVoidFuture()
    }
}
