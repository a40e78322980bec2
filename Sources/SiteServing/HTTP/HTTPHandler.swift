// Moves bytes between a socket and its `HTTPConnection`; decides nothing about HTTP.
//
// Reading stops while an answer is under way or the client does not take what was written. A body
// that is longer than a write is fetched as it is taken, a piece at a time, so a connection holds
// at most one read and two pieces. A connection that ends is closed for writing first and read for
// a moment longer: closing at once could destroy the answer on its way.

import Fragments
import NIOCore
import ReleaseFormat

/// The channel handler of one client.
final class HTTPHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        case open
        case waitingForFragments
        /// Stored bytes are read for the next answer.
        case waitingForPieces
        /// A body is sent as the client takes it.
        case sending
        /// The last answer is written; what still comes is dropped.
        case ending
    }

    let state: LoopState
    var connection: HTTPConnection
    var output: ResponseOutput
    var context: ChannelHandlerContext?
    var phase = Phase.open
    var deadline: NIODeadline
    private var isRunning = false
    /// Whether the next turn is another's.
    var isWaitingForTurn = false
    /// What was read for the next answer, and how many pieces are still to come.
    var read: [ReadPiece] = []
    var awaitedPieces = 0
    /// What is left of the body that is sent; nil while its next piece is read.
    var source: BodySource?
    var reading: BodySource?
    /// Whether `deadline` is that of a head, which is answered 408, or silence, which is not.
    var isInsideHead = false

    /// Whether the client sends nothing more; it may still wait for answers.
    private var isInputOver = false

    /// The bytes that may wait for a client while memory is tight before it gets more.
    static let tightBytesMax = 32 << 10
    /// The bytes that are written before it is asked what of them was taken.
    static let unmeasuredBytesMax = 128 << 10
    /// How long the client may go on sending after the last answer.
    static let lingerTime = TimeAmount.seconds(1)

    var taking: TakingWatch
    /// All bytes that were ever written, and whether some of them may wait for the client.
    var writtenBytes = 0
    var isWaiting = false
    var isUnflushed = false
    /// Those that may, as the budget counts them.
    let waiting: WaitingBytes
    /// What came and is not answered yet, as the budget counts it, and since when there is some.
    private(set) var receivedBytes = 0
    private(set) var receivedSince = NIODeadline.distantFuture
    /// What is below a stream of HTTP/2; nil on a connection of HTTP/1.1.
    let codec: HTTP2Codec?

    /// A handler of a client with this address, which counts if anything is limited by it.
    ///
    /// `client` is what the journal knows of it; `codec` is that of its stream, if it is one.
    init(
        _ state: LoopState, client: JournalClient?, address: ClientAddress?,
        codec: HTTP2Codec? = nil
    ) {
        self.state = state
        self.codec = codec
        waiting = WaitingBytes(state.budget)
        let addresses = state.addresses
        var isAllowed: (() -> Bool)?
        if let addresses, let address, addresses.limitsRequests {
            isAllowed = { addresses.take(address, .now()) }
        }
        connection = HTTPConnection(
            state.responder, limits: state.options.limits, counters: state.counters,
            journal: client.flatMap { client in state.journal.map { ($0, client) } },
            isStream: codec != nil, isAllowed: isAllowed)
        output = ResponseOutput(
            codec == nil ? .http1 : .http2,
            copiedBodyBytesMax: state.options.limits.copiedBodyBytesMax)
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
        codec?.whenTaken = { [weak self] in self?.wasTaken() }
        codec?.whenHeld = { [weak self] in self?.countReceived() }
        if context.channel.isActive { context.read() }
    }

    func channelActive(context: ChannelHandlerContext) {
        context.read()
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        forget()
        context.fireChannelInactive()
    }

    /// Comes without the other, if the channel had ended before this handler was added.
    func handlerRemoved(context: ChannelHandlerContext) { forget() }

    private func forget() {
        context = nil
        (source, reading) = (nil, nil)
        release()
        state.remove(self)
    }

    /// Takes what it held out of the budget.
    func release() {
        waiting.left(0)
        countReceived(0)
    }

    private func countReceived() {
        countReceived(
            context == nil ? 0 : connection.input.readableBytes + (codec?.heldBytes ?? 0))
    }

    private func countReceived(_ bytes: Int) {
        guard bytes != receivedBytes else { return }
        codec?.connection.received(bytes - receivedBytes)
        state.budget.add(bytes - receivedBytes)
        if receivedBytes == 0 { receivedSince = .now() }
        receivedBytes = bytes
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection.receive(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        switch phase {
        case .open: run()
        case .waitingForFragments, .waitingForPieces, .sending: break
        case .ending: context.read()
        }
        countReceived()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if waiting.count > 0, context.channel.isWritable { measure() }
        run()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent {
            isInputOver = true
            switch phase {
            case .open: run()
            case .waitingForFragments, .waitingForPieces, .sending, .ending: break
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if TLSConnection.isUncleanEnd(error) { return }
        context.close(promise: nil)
    }

    // MARK: Work

    /// Takes steps until the connection wants more bytes, fragments, stored bytes, or its end,
    /// until the client has to take what was written, or until its turn is over.
    func run() {
        guard !isRunning, !isWaitingForTurn, let context else { return }
        isRunning = true
        var sentBytes = 0
        while takesStep(context, &sentBytes) {}
        flush(context)
        countReceived()
        isRunning = false
    }

    /// Takes one step; false if that was the last of this turn.
    private func takesStep(_ context: ChannelHandlerContext, _ sentBytes: inout Int) -> Bool {
        guard mayWrite(context) else {
            // What was not handed over yet may be all that is in the way.
            guard isUnflushed else { return false }
            flush(context)
            return true
        }
        switch phase {
        case .open:
            if let codec, connection.isInsideHead, !codec.takesTurn(state.turns) {
                waitForTurn()
                return false
            }
            let step = connection.step(
                state.release, isDraining: state.isDraining, common: state.common(), into: &output)
            take(step, context)
            switch step {
            case .read: return false
            case .flush:
                waitForTurn()
                return false
            default: return true
            }
        case .sending where source != nil:
            if sentBytes >= state.options.limits.writeBytesMax {
                waitForTurn()
                return false
            }
            sentBytes += send(context)
            return true
        default: return false
        }
    }

    /// Whether the client took enough of what was written for more to follow.
    private func mayWrite(_ context: ChannelHandlerContext) -> Bool {
        guard context.channel.isWritable, codec?.takesMore ?? true else { return false }
        guard state.budget.isTight, waiting.count > Self.tightBytesMax else { return true }
        measure()
        return waiting.count <= Self.tightBytesMax
    }

    /// Learns what the client has taken.
    func measure() {
        guard let context else { return }
        waiting.left(waitingBytes(context))
    }

    func waitForTurn() {
        isWaitingForTurn = true
        state.turns.wait(self)
    }

    func take(_ step: ConnectionStep, _ context: ChannelHandlerContext) {
        switch step {
        case .read where isInputOver: end(context)
        case .read:
            write(context)
            waitForBytes(context)
        case .flush: write(context)
        case .fragments(let keys): ask(keys, context)
        case .pieces(let pieces): load(pieces, context)
        case .body(let body):
            collect(context)
            source = BodySource(body)
            phase = .sending
        case .close: end(context)
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
            guard phase == .waitingForFragments, let context = self.context else { return }
            resume(filled, context)
            run()
        }
        if let filled {
            resume(filled, context)
        } else {
            phase = .waitingForFragments
            write(context)
        }
    }

    private func resume(_ filled: [FilledSlot], _ context: ChannelHandlerContext) {
        phase = .open
        if let step = connection.resume(filled, common: state.common(), into: &output) {
            take(step, context)
        }
    }

    func write(_ context: ChannelHandlerContext) {
        collect(context)
        flush(context)
        if waiting.count >= Self.unmeasuredBytesMax { measure() }
    }

    func flush(_ context: ChannelHandlerContext) {
        guard isUnflushed else { return }
        isUnflushed = false
        context.flush()
    }

    /// Hands over what was collected; the caller flushes.
    func collect(_ context: ChannelHandlerContext) {
        guard !output.isEmpty else { return }
        isUnflushed = true
        writtenBytes += output.byteCount
        waiting.add(output.byteCount)
        isWaiting = true
        if let codec {
            for head in output.takeHeads() { codec.write(head) }
        } else if let bytes = output.take() {
            context.write(wrapOutboundOut(bytes), promise: nil)
        }
    }

}
