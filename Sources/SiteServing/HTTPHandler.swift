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

    /// Whether the client sends nothing more; it may still wait for answers.
    private var isInputOver = false

    /// How long the client may go on sending after the last answer.
    static let lingerTime = TimeAmount.seconds(1)

    private var taking: TakingWatch
    /// All bytes that were ever written, and whether some of them may wait for the client.
    private var writtenBytes = 0
    private var isWaiting = false
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
        let limits = state.options.limits
        deadline = .now() + limits.headTime.amount
        // A stream is seen to take whole pieces only.
        taking = TakingWatch(
            bytesMin: codec == nil ? limits.writeBytesMin : 1, within: limits.writeTime)
    }

    /// Whether it is a stream of HTTP/2, which ends with its answer.
    var isStream: Bool { codec != nil }

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

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent {
            isInputOver = true
            switch phase {
            case .open: run()
            case .waitingForFragments, .ending: break
            case .streaming: context.close(promise: nil)
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if TLSConnection.isUncleanEnd(error) { return }
        context.close(promise: nil)
    }

    /// Takes steps until the connection wants more bytes, fragments, or its end.
    private func run() {
        guard !isRunning, let context else { return }
        isRunning = true
        defer { isRunning = false }
        while phase == .open {
            guard context.channel.isWritable else { return }
            let step = connection.step(
                state.release, isDraining: state.isDraining, date: state.dateNow(), into: &output)
            switch step {
            case .read where isInputOver: end(context)
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
        } else if !self.isInsideHead {
            deadline = .now() + state.options.limits.headTime.amount
        }
        self.isInsideHead = isInsideHead
        context.read()
    }

    private func ask(_ keys: [FragmentKey?], _ context: ChannelHandlerContext) {
        let filled = state.fragments.slots(for: keys) { [self] filled in
            // A client that has gone is assembled no page.
            guard phase == .waitingForFragments, self.context != nil else { return }
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
        collect(context)
        context.flush()
    }

    /// Hands over what was collected; the caller flushes.
    private func collect(_ context: ChannelHandlerContext) {
        writtenBytes += output.byteCount
        isWaiting = true
        for buffer in output.take() { context.write(wrapOutboundOut(buffer), promise: nil) }
    }

    private func report() {
        guard state.isLogging else { return }
        state.log(connection.takeRecords(), client: client)
    }

    // MARK: The end

    /// Writes what was collected, then ends the connection behind everything that was written.
    private func end(_ context: ChannelHandlerContext) {
        phase = .ending
        report()
        deadline = .now() + state.options.limits.writeTime.amount
        collect(context)
        let written = context.eventLoop.makePromise(of: Void.self)
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in handler.value.linger() }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
        context.read()
    }

    /// What is written and not taken; the channel of a stream ends the program when asked.
    private func waitingBytes(_ context: ChannelHandlerContext) -> Int {
        if let codec { return codec.waitingBytes }
        return (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    private func linger() {
        guard let context else { return }
        deadline = .now() + Self.lingerTime
        context.close(mode: .output, promise: nil)
    }

    /// Ends the connection if it is silent; else its next answer is the last.
    ///
    /// A stream ends with its answer: the connection below says that no other will begin.
    func drain() {
        guard let context else { return }
        switch phase {
        case .open where isStream || connection.isInsideHead || !context.channel.isWritable: break
        case .open where waitingBytes(context) == 0: context.close(promise: nil)
        case .open, .streaming: end(context)
        case .waitingForFragments, .ending: break
        }
    }

    /// Closes at once.
    func close() {
        guard let context else { return }
        TLSConnection.abort(context.channel)
    }

    /// Closes the connection if its time is over.
    func sweep(_ now: NIODeadline) {
        guard let context else { return }
        if phase == .streaming {
            if now >= deadline { send(Array(": alive\n\n".utf8)) }
            return
        }
        guard !isTakingTime(context, now), phase != .waitingForFragments, now >= deadline
        else { return }
        if phase == .open, isInsideHead {
            connection.refuse(.tooSlow, date: state.dateNow(), into: &output)
            end(context)
        } else {
            context.close(promise: nil)
        }
    }

    /// Whether the client still takes what was written, which no other limit interrupts; one that
    /// takes too little of it is closed.
    private func isTakingTime(_ context: ChannelHandlerContext, _ now: NIODeadline) -> Bool {
        guard isWaiting else { return false }
        let waiting = waitingBytes(context)
        let taken = codec?.takenBytes ?? writtenBytes - waiting
        switch taking.look(waiting: waiting, taken: taken, now) {
        case .taking: return true
        case .tooSlow:
            close()
            return true
        case .nothingWaits: isWaiting = false
        case .allTaken:
            isWaiting = false
            // Only now it is silent, or late with its next head.
            let limits = state.options.limits
            if phase == .open {
                deadline = now + (isInsideHead ? limits.headTime : limits.idleTime).amount
            }
        }
        return false
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
