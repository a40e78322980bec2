// The HTTP server of `sitegen watch`: whoever it belongs to makes each answer, and nothing is
// negotiated, kept or tagged.
//
// It shares with the server of releases what decides about bytes from outside: the parser of heads
// and the names that it answers to. It speaks HTTP/1.1 to a browser of this machine.

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
    ///   - answer: makes the answers.
    package init(
        address: ListenAddress, hosts: ServedHosts, gate: VisitorGate? = nil,
        answer: @escaping Answerer
    ) {
        self.address = address
        self.hosts = hosts
        self.gate = gate
        self.answer = answer
    }

    /// Starts to serve.
    ///
    /// - Returns: the address, with the port that was taken.
    /// - Throws: `.cannotListen`.
    package func start() async throws(ServingError) -> ListenAddress {
        guard case .tcp(let host, let port) = address else {
            throw .badAddress(address.description)
        }
        do {
            let (hosts, gate, answer, open) = (hosts, gate, answer, open)
            let bound = try await ServerBootstrap(group: group)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.autoRead, value: false)
                .childChannelOption(.allowRemoteHalfClosure, value: true)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        open.add(channel, most: DevelopmentLimits.connectionsMax)
                        try channel.pipeline.syncOperations.addHandler(
                            DevelopmentHandler(hosts: hosts, gate: gate, answer: answer))
                    }
                }.bind(host: host, port: port).get()
            listener.withLock { $0 = bound }
            return bound.localAddress.map { ListenAddress($0, asked: address) } ?? address
        } catch {
            try? await group.shutdownGracefully()
            let code = (error as? IOError)?.errnoCode
            throw .cannotListen(
                address: address.description, reason: code.map(SystemCall.text) ?? "\(error)")
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
        open.closeAll()
        try? await group.shutdownGracefully()
    }
}
