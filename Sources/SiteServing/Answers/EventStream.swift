// The stream of events that `sitegen watch` sends to an open tab: a body without an end.
//
// An event goes out when it happens. A tab that does not take them is closed and comes back by
// itself.

import NIOCore
import ReleaseFormat

extension HTTPHandler {
    func stream(_ context: ChannelHandlerContext) {
        guard state.addTab(self) else {
            context.close(promise: nil)
            return
        }
        phase = .streaming
        write(context)
        let build = DevelopmentHooks.message(
            event: "build", data: state.release.manifest.id.description)
        send(build)
        context.read()
    }

    /// Sends an event; a tab that does not take them is closed.
    func send(_ message: [UInt8]) {
        guard phase == .streaming, let context else { return }
        guard context.channel.isWritable else {
            context.close(promise: nil)
            return
        }
        deadline = .now() + .seconds(15)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: message)), promise: nil)
    }
}
