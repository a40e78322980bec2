// Answers a connection that is one too many, and ends it.
//
// Nothing of it is read, so that a flood of connections costs one write each. It counts nothing:
// whoever decides that there are too many does. Where TLS is spoken no handshake is begun: a client
// there gets an alert, since text would be noise to it.

import NIOCore

/// Answers 503 or 429 and closes, without reading.
final class RefusingHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let refusal: Refusal
    private let common: FieldLines
    private let isSecure: Bool

    /// A record of TLS with the fatal alert `internal_error` (RFC 8446 section 6).
    static let alert: [UInt8] = [21, 3, 3, 0, 2, 2, 80]

    init(_ refusal: Refusal, common: FieldLines, isSecure: Bool) {
        self.refusal = refusal
        self.common = common
        self.isSecure = isSecure
    }

    func channelActive(context: ChannelHandlerContext) {
        guard !isSecure else {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: Self.alert)), promise: nil)
            context.close(promise: nil)
            return
        }
        var output = ResponseOutput(copiedBodyBytesMax: .max)
        let maker = AnswerMaker(isHead: false, isHTTP10: false, keepsAlive: false)
        _ = output.write(maker.error(refusal.status), common: common)
        if let bytes = output.take() { context.write(wrapOutboundOut(bytes), promise: nil) }
        context.flush()
        context.close(promise: nil)
    }
}
