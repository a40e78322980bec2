// The beginning of a connection with TLS: the handshake, then the protocol the client chose.
//
// The handshake reads whatever comes, which is little; from then on the handler of the protocol
// reads when it wants more. A client that does not finish it in the time of a head is closed.

import NIOCore
import NIOSSL
import NIOTLS

/// Sets up connections with TLS.
enum TLSConnection {
    /// The largest buffer for encrypted bytes that a connection keeps from one answer to the next.
    private static let keptBytesMax = 16 << 10
    /// How long a client may take to say that it has seen the end.
    static let endTime = TimeAmount.seconds(1)

    /// Adds the handlers; `client` and `address` are the client's for the journal and the limits.
    static func configure(
        _ channel: any Channel, _ certificates: Certificates, _ state: LoopState,
        client: JournalClient?, address: ClientAddress?
    ) throws {
        let bound = NIOLoopBound((state, client), eventLoop: channel.eventLoop)
        let deadline = channel.eventLoop.scheduleTask(in: state.options.limits.headTime.amount) {
            channel.close(mode: .all, promise: nil)
        }
        let pipeline = channel.pipeline.syncOperations
        var configuration = NIOSSLServerHandler.Configuration()
        configuration.maximumPreservedOutboundBufferCapacity = keptBytesMax
        try pipeline.addHandler(
            NIOSSLServerHandler(context: certificates.current, configuration: configuration))
        try pipeline.addHandler(
            ApplicationProtocolNegotiationHandler { result, channel in
                deadline.cancel()
                return channel.eventLoop.makeCompletedFuture {
                    let (state, client) = bound.value
                    if case .negotiated("h2") = result {
                        try HTTP2Setup.configure(
                            channel, state, client: client, address: address)
                    } else {
                        try channel.syncOptions?.setOption(.autoRead, value: false)
                        try channel.pipeline.syncOperations.addHandler(
                            HTTPHandler(state, client: client, address: address))
                    }
                }
            })
        try channel.syncOptions?.setOption(.autoRead, value: true)
    }

    /// Whether an error says only that the client ended its half without a word of TLS.
    ///
    /// It is told besides the event that the input is closed, or that the connection is.
    static func isUncleanEnd(_ error: any Error) -> Bool {
        if case .uncleanShutdown? = error as? NIOSSLError { return true }
        return false
    }

    /// Closes a connection at once, with or without TLS: nobody is waited for.
    static func abort(_ channel: any Channel) {
        let secure = try? channel.pipeline.syncOperations.context(
            handlerType: NIOSSLServerHandler.self)
        if let secure { secure.close(promise: nil) } else { channel.close(promise: nil) }
    }
}
