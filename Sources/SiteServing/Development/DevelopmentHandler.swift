// One connection to a development server: requests one after the other, or one stream of events.
//
// What comes while an answer is made is not read. Whoever does not take what was written, or says
// nothing for too long, is closed; browsers come back by themselves.

import NIOCore

/// The channel handler of one client.
final class DevelopmentHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Phase {
        case reading
        case answering
        case streaming
        case over
    }

    private let hosts: ServedHosts
    private let gate: VisitorGate?
    private let caching: String
    private let answer: DevelopmentServer.Answerer
    private var parser = RequestParser(keeping: .ofVisit)
    private var input = ByteBuffer()
    private var phase = Phase.reading
    private var isInputOver = false
    private var common = CommonFields()
    private var context: ChannelHandlerContext?
    private var deadline: Scheduled<Void>?
    private var work: Task<Void, Never>?

    init(
        hosts: ServedHosts, gate: VisitorGate?, caching: String,
        answer: @escaping DevelopmentServer.Answerer
    ) {
        self.hosts = hosts
        self.gate = gate
        self.caching = caching
        self.answer = answer
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { wait(context) }
    }

    func channelActive(context: ChannelHandlerContext) { wait(context) }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        work?.cancel()
        self.context = nil
        phase = .over
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase == .reading || phase == .answering else { return }
        input.writeImmutableBuffer(unwrapInboundIn(data))
        if input.readableBytes > DevelopmentLimits.inputBytesMax { context.close(promise: nil) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        switch phase {
        case .reading: run(context)
        case .answering: break
        // Only to learn that the client has gone.
        case .streaming: context.read()
        case .over: break
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent {
            isInputOver = true
            if phase != .answering { context.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    /// Waits for bytes, but not for ever.
    private func wait(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: DevelopmentLimits.idleTime) {
            channel.close(promise: nil)
        }
        context.read()
    }

    private func run(_ context: ChannelHandlerContext) {
        guard input.readableBytes > 0 else { return wait(context) }
        switch parser.parse(input.readableBytesUInt8Span) {
        case .incomplete: context.read()
        case .http2Preface: context.close(promise: nil)
        case .refused(let refusal):
            let maker = AnswerMaker(isHead: false, isHTTP10: false, keepsAlive: false)
            write(maker.error(refusal.status), context)
        case .head(let head, let byteCount):
            input.moveReaderIndex(forwardBy: byteCount)
            begin(head, context)
        }
    }

    private func begin(_ head: RequestHead, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        let maker = AnswerMaker(
            isHead: head.method == .head, isHTTP10: head.isHTTP10,
            keepsAlive: head.keepsAlive && !head.hasBody)
        if let status = hosts.refusal(of: head) {
            var maker = maker
            maker.keepsAlive = false
            return write(
                maker.error(status, because: hosts.explanation(of: status)), context)
        }
        if let refused = gate?.answer(head, maker) { return write(refused, context) }
        switch head.method {
        case .get, .head, .post: break
        case .notAllowed: return write(maker.error(405), context)
        case .unknown: return write(maker.error(501), context)
        }
        phase = .answering
        let request = DevelopmentRequest(head)
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        work = Task { [answer] in
            switch await answer(request) {
            case .whole(let status, let fields, let body):
                handler.eventLoop.execute { handler.value.send(status, fields, body, maker) }
            case .events(let events):
                handler.eventLoop.execute { handler.value.stream(maker) }
                for await message in events {
                    handler.eventLoop.execute { handler.value.send(message) }
                }
                handler.eventLoop.execute { handler.value.close() }
            }
        }
    }

    private func close() { context?.close(promise: nil) }

    private func send(
        _ status: Int, _ fields: [(name: String, value: String)], _ body: [UInt8],
        _ maker: AnswerMaker
    ) {
        guard let context else { return }
        var lines = "cache-control: \(caching)\r\n"
        for field in fields { lines += "\(field.name): \(field.value)\r\n" }
        write(maker.text(status, body, fields: Array(lines.utf8)), context)
    }

    private func write(_ answer: Answer, _ context: ChannelHandlerContext) {
        var output = ResponseOutput(copiedBodyBytesMax: .max)
        _ = output.write(answer, common: common.now())
        let bytes = output.take() ?? ByteBuffer()
        guard answer.answered.keepsAlive, !isInputOver else {
            phase = .over
            let written = context.eventLoop.makePromise(of: Void.self)
            let channel = context.channel
            written.futureResult.whenComplete { _ in channel.close(promise: nil) }
            context.writeAndFlush(wrapOutboundOut(bytes), promise: written)
            return
        }
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
        phase = .reading
        run(context)
    }

    // MARK: Events

    private func stream(_ maker: AnswerMaker) {
        guard let context else { return }
        var maker = maker
        maker.keepsAlive = false
        var head = maker.answer(200)
        head.own = Array(
            "content-type: text/event-stream\r\ncache-control: \(caching)\r\n".utf8)
        var output = ResponseOutput(copiedBodyBytesMax: .max)
        _ = output.write(head, common: common.now())
        phase = .streaming
        if let bytes = output.take() {
            context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
        }
        context.read()
    }

    /// Sends an event; a client that does not take them is closed.
    private func send(_ message: [UInt8]) {
        guard phase == .streaming, let context else { return }
        guard context.channel.isWritable else { return context.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: message)), promise: nil)
    }
}
