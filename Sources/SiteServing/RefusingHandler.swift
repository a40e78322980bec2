// Answers a connection that is one too many, and ends it.
//
// Nothing of it is read, so that a flood of connections costs one write each. It counts nothing:
// whoever decides that there are too many does.

import NIOCore

/// Answers 503 or 429 and closes, without reading.
final class RefusingHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let refusal: Refusal
    private let date: [UInt8]

    init(_ refusal: Refusal, date: [UInt8]) {
        self.refusal = refusal
        self.date = date
    }

    func channelActive(context: ChannelHandlerContext) {
        var output = ResponseOutput(copiedBodyBytesMax: .max)
        let maker = AnswerMaker(isHead: false, isHTTP10: false, keepsAlive: false)
        _ = output.write(maker.error(refusal.status), date: date)
        if let bytes = output.take() { context.write(wrapOutboundOut(bytes), promise: nil) }
        context.flush()
        context.close(promise: nil)
    }
}
