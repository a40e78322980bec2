// Moves bytes between a socket and its `HTTPConnection`; decides nothing about HTTP.
//
// Reading stops while an answer is under way or the client does not take what was written, so a
// connection holds at most one read and one write. A connection that ends is closed for writing
// first and read for a moment longer: closing at once could destroy the answer on its way.

import Fragments
import NIOCore
import ReleaseFormat

/// The channel handler of one client.
final class HTTPHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Phase {
        case open
        case waitingForFragments
        /// The last answer is written; what still comes is dropped.
        case ending
        case streaming
    }

    private let state: LoopState
    private var connection: HTTPConnection
    private var output: ResponseOutput
    private var context: ChannelHandlerContext?
    private var phase = Phase.open
    private var deadline: NIODeadline
    private var isRunning = false
    /// Whether `deadline` is that of a head, which is answered 408, or silence, which is not.
    private var isInsideHead = false

    /// How long the client may go on sending after the last answer.
    static let lingerTime = TimeAmount.seconds(1)

    /// What the client had not taken when `deadline` was set.
    private var leftBytes = Int.max
    /// The client's address for the log.
    private let client: String

    /// What is below a stream of HTTP/2; nil on a connection of HTTP/1.1.
    private let codec: HTTP2Codec?

    /// A handler of a client with this address, which counts if anything is limited by it; `codec`
    /// is that of its stream, if it is one.
    init(
        _ state: LoopState, client: String, address: ClientAddress?, codec: HTTP2Codec? = nil
    ) {
        self.state = state
        self.client = client
        self.codec = codec
        let addresses = state.addresses
        var isAllowed: (() -> Bool)?
        if let addresses, let address, addresses.limitsRequests {
            isAllowed = { addresses.take(address, .now()) }
        }
        connection = HTTPConnection(
            state.responder, limits: state.options.limits, counters: state.counters,
            reportsRequests: state.isLogging, isAllowed: isAllowed)
        output = ResponseOutput(copiedBodyBytesMax: state.options.limits.copiedBodyBytesMax)
        deadline = .now() + state.options.limits.headTime.amount
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        state.add(self)
        if context.channel.isActive { context.read() }
    }

    func channelActive(context: ChannelHandlerContext) {
        context.read()
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        state.remove(self)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection.receive(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        switch phase {
        case .open: run()
        case .waitingForFragments: break
        case .ending, .streaming: context.read()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if phase == .open, context.channel.isWritable { run() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    /// Takes steps until the connection wants more bytes, fragments, or its end.
    private func run() {
        guard !isRunning, let context else { return }
        isRunning = true
        defer { isRunning = false }
        while phase == .open {
            guard context.channel.isWritable else {
                awaitWriting(context)
                return
            }
            let step = connection.step(
                state.release, isDraining: state.isDraining, date: state.dateNow(), into: &output)
            switch step {
            case .read:
                write(context)
                waitForBytes(context)
                return
            case .flush: write(context)
            case .fragments(let keys): ask(keys, context)
            case .close: end(context)
            case .streamEvents: stream(context)
            }
        }
    }

    private func waitForBytes(_ context: ChannelHandlerContext) {
        let isInsideHead = connection.isInsideHead
        // The time of a head runs from its first byte, however often more of it comes.
        if !isInsideHead {
            deadline = .now() + state.options.limits.idleTime.amount
            leftBytes = Int.max
        } else if !self.isInsideHead {
            deadline = .now() + state.options.limits.headTime.amount
            leftBytes = Int.max
        }
        self.isInsideHead = isInsideHead
        context.read()
    }

    private func ask(_ keys: [FragmentKey?], _ context: ChannelHandlerContext) {
        let filled = state.fragments.slots(for: keys) { [self] filled in
            guard phase == .waitingForFragments else { return }
            phase = .open
            connection.resume(filled, date: state.dateNow(), into: &output)
            run()
        }
        if let filled {
            connection.resume(filled, date: state.dateNow(), into: &output)
        } else {
            phase = .waitingForFragments
            write(context)
        }
    }

    private func write(_ context: ChannelHandlerContext) {
        report()
        guard !output.isEmpty else { return }
        for buffer in output.take() { context.write(wrapOutboundOut(buffer), promise: nil) }
        context.flush()
    }

    private func report() {
        guard state.isLogging else { return }
        state.log(connection.takeRecords(), client: client)
    }

    // MARK: The end

    private func end(_ context: ChannelHandlerContext) {
        phase = .ending
        report()
        awaitWriting(context)
        guard !output.isEmpty else {
            context.close(promise: nil)
            return
        }
        let buffers = output.take()
        for buffer in buffers.dropLast() { context.write(wrapOutboundOut(buffer), promise: nil) }
        let written = context.eventLoop.makePromise(of: Void.self)
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in handler.value.linger() }
        if let last = buffers.last { context.write(wrapOutboundOut(last), promise: written) }
        context.flush()
        context.read()
    }

    /// Gives the client time to take what is written; `sweep` sees whether it does.
    private func awaitWriting(_ context: ChannelHandlerContext) {
        deadline = .now() + state.options.limits.writeTime.amount
        isInsideHead = false
        leftBytes = Int.max
    }

    /// Whether the client took enough since the deadline was set; then it gets as much time again.
    private func isTaking(_ context: ChannelHandlerContext) -> Bool {
        guard phase != .streaming, let left = waitingBytes(context) else { return false }
        defer { leftBytes = left }
        // A stream is seen to take whole pieces only.
        let leastBytes = codec == nil ? state.options.limits.writeBytesMin : 1
        return left > 0 && leftBytes - left >= leastBytes
    }

    /// What is written and not taken; the channel of a stream ends the program when asked.
    private func waitingBytes(_ context: ChannelHandlerContext) -> Int? {
        if let codec { return codec.waitingBytes }
        return try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)
    }

    private func linger() {
        guard let context else { return }
        deadline = .now() + Self.lingerTime
        context.close(mode: .output, promise: nil)
    }

    /// Ends the connection if it is silent; else its next answer is the last.
    func drain() {
        guard let context else { return }
        switch phase {
        case .open where !connection.isInsideHead && context.channel.isWritable, .streaming:
            // Behind what is still being written, since closing would drop that.
            phase = .ending
            let written = context.eventLoop.makePromise(of: Void.self)
            let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
            written.futureResult.whenComplete { _ in handler.value.close() }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
        default: break
        }
    }

    /// Closes at once.
    func close() { context?.close(promise: nil) }

    /// Closes the connection if its time is over.
    func sweep(_ now: NIODeadline) {
        guard let context else { return }
        switch phase {
        case .waitingForFragments: break
        case .streaming: if now >= deadline { send(Array(": alive\n\n".utf8)) }
        case .ending, .open:
            guard now >= deadline else { return }
            if isTaking(context) {
                deadline = now + state.options.limits.writeTime.amount
                return
            }
            if phase == .open, isInsideHead {
                connection.refuse(.tooSlow, date: state.dateNow(), into: &output)
                end(context)
            } else {
                context.close(promise: nil)
            }
        }
    }

    // MARK: Development events

    private func stream(_ context: ChannelHandlerContext) {
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
