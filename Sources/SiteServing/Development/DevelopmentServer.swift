// The HTTP server of `sitegen watch` and of statistics: whoever it belongs to makes each answer,
// and nothing is kept or tagged.
//
// It shares with the server of releases what decides about bytes from outside: the parser of heads
// and the names that it answers to. It speaks HTTP/1.1 to a few browsers, or to a proxy of theirs.

import Groundwork
import NIOCore
import NIOPosix
import Synchronization

/// The limits of a development server.
enum DevelopmentLimits {
    /// The most open connections; the oldest is closed for one more.
    static let connectionsMax = 256
    /// How long a connection may lie idle, or take for a head.
    static let idleTime = TimeAmount.seconds(75)
    /// The most bytes that are read before an answer is written.
    static let inputBytesMax = 128 << 10
}

/// A server for one author.
package final class DevelopmentServer: Sendable {
    /// Makes the answer to one request.
    package typealias Answerer = @Sendable (DevelopmentRequest) async -> DevelopmentAnswer

    private let address: ListenAddress
    private let hosts: ServedHosts
    private let gate: VisitorGate?
    private let caching: String
    private let answer: Answerer
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let listener = Mutex<(any Channel)?>(nil)
    private let open = FewConnections()

    /// Prepares to serve; nothing is opened before `start`.
    ///
    /// - Parameters:
    ///   - address: where.
    ///   - hosts: the names that it answers to.
    ///   - gate: who is let in; nil lets everybody.
    ///   - caching: what `Cache-Control` says of every answer.
    ///   - answer: makes the answers.
    package init(
        address: ListenAddress, hosts: ServedHosts, gate: VisitorGate? = nil,
        caching: String = "no-store", answer: @escaping Answerer
    ) {
        self.address = address
        self.hosts = hosts
        self.gate = gate
        self.caching = caching
        self.answer = answer
    }

    /// Starts to serve.
    ///
    /// - Returns: the address, with the port that was taken.
    /// - Throws: `.cannotListen`, `.socketInUse`, `.notASocket`; `.badAddress` for a descriptor.
    package func start() async throws(ServingError) -> ListenAddress {
        if case .inherited = address { throw .badAddress(address.description) }
        if case .unix(let path) = address { try ListenAddress.removeStaleSocket(path) }
        do {
            let (hosts, gate, caching, answer, open) = (hosts, gate, caching, answer, open)
            let bootstrap = ServerBootstrap(group: group)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.autoRead, value: false)
                .childChannelOption(.allowRemoteHalfClosure, value: true)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        open.add(channel, most: DevelopmentLimits.connectionsMax)
                        try channel.pipeline.syncOperations.addHandler(
                            DevelopmentHandler(
                                hosts: hosts, gate: gate, caching: caching, answer: answer))
                    }
                }
            let bound = try await bind(bootstrap)
            listener.withLock { $0 = bound }
            return bound.localAddress.map { ListenAddress($0, asked: address) } ?? address
        } catch {
            try? await group.shutdownGracefully()
            let code = (error as? IOError)?.errnoCode
            throw .cannotListen(
                address: address.description, reason: code.map(SystemCall.text) ?? "\(error)")
        }
    }

    private func bind(_ bootstrap: ServerBootstrap) async throws -> any Channel {
        switch address {
        case .tcp(let host, let port):
            try await bootstrap.childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .bind(host: host, port: port).get()
        case .unix(let path): try await bootstrap.bind(unixDomainSocketPath: path).get()
        case .inherited: throw ServingError.badAddress(address.description)
        }
    }

    /// Closes everything.
    package func stop() async {
        let bound = listener.withLock { listener in
            defer { listener = nil }
            return listener
        }
        guard let bound else { return }
        try? await bound.close()
        if case .unix(let path) = address { try? ListenAddress.removeStaleSocket(path) }
        open.closeAll()
        try? await group.shutdownGracefully()
    }
}
