// One connection of HTTP/2: how long it lives, and how it ends.
//
// Frames and their floods (rapid resets, CONTINUATION, SETTINGS, PING, empty DATA) are SwiftNIO's
// to bound; the numbers are in `HTTP2Setup`. Streams are counted where they are made, not by events
// of a library. The end is polite (RFC 9113 section 6.8): a GOAWAY that takes every stream, one
// that names the last once the client has seen the first, and the streams finish.

import NIOCore
import NIOHTTP2

/// The last handler of the connection's own channel.
final class HTTP2Connection: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    private enum Phase {
        /// The client's first SETTINGS have not come.
        case beginning
        case open
        /// The first GOAWAY is written, and a PING whose answer says that it was read.
        case leaving
        /// The second is written: no stream begins any more, and the last one's end is the end.
        case left
        /// Nothing is to come; what is written is waited for.
        case ending
    }

    private let state: LoopState
    private let guardian: HTTP2Guard
    private var context: ChannelHandlerContext?
    private var phase = Phase.beginning
    private(set) var streamCount = 0
    /// The streams that count among what waits.
    private var countedStreams = 0
    private var requestCount = 0
    private var lastStream = HTTP2StreamID.rootStream
    /// When the present phase is over; while streams are open, only that of leaving counts.
    private var deadline: NIODeadline
    /// What all streams wrote that the client has not taken, and what it has, in bytes.
    private var waitingBytes = 0
    private var takenBytes = 0
    /// What all streams received and have not answered, in bytes.
    private var receivedBytes = 0
    private var taking: TakingWatch
    /// What the client had acknowledged when the socket was last seen full; nil if it was not.
    private var acknowledgedBytes: Int?
    /// What it acknowledged behind a look at a full socket, in bytes.
    private(set) var blockedBytes = 0
    private var socketTaking: TakingWatch
    private var turnCount = TurnCount()

    /// The streams that a connection may have open while memory is tight.
    static let tightStreamsMax = 4
    /// About what a stream costs while it is open, in bytes: a channel with its handlers.
    static let streamBytes = 6 << 10
    /// What the PING behind the first GOAWAY carries.
    private static let leavingPing = HTTP2PingData(withInteger: 0x7369_7465_6765_6e21)

    init(_ state: LoopState, _ guardian: HTTP2Guard) {
        let limits = state.options.limits
        self.state = state
        self.guardian = guardian
        deadline = .now() + limits.headTime.amount
        // A connection must only go on; how fast is asked of each stream.
        taking = TakingWatch(bytesMin: 1, within: limits.writeTime)
        socketTaking = TakingWatch(bytesMin: limits.writeBytesMin, within: limits.writeTime)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        state.add(self)
        if state.isDraining { drain() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        forget()
        context.fireChannelInactive()
    }

    /// Comes without the other, if the channel had ended before this handler was added.
    func handlerRemoved(context: ChannelHandlerContext) { forget() }

    private func forget() {
        context = nil
        state.remove(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data).payload {
        case .settings(.settings) where phase == .beginning:
            phase = .open
            deadline = .now() + state.options.limits.idleTime.amount
        case .ping(Self.leavingPing, ack: true) where phase == .leaving: leave()
        // The client opens no more streams.
        case .goAway: leave()
        default: break
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if phase == .left, streamCount == 0 { finish() }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // The client sends nothing more, and may still wait for answers.
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { leave() }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // What is wrong with one stream was answered on it by a reset.
        if error is any NIOHTTP2Error, !guardian.hasFailed { return countRefusal() }
        if TLSConnection.isUncleanEnd(error) { return }
        context.close(promise: nil)
    }

    // MARK: Streams

    /// Counts a stream that the client opened; false if it came too late to be answered.
    func open(_ stream: HTTP2StreamID) -> Bool {
        // While memory is tight, who has streams waiting gets no more of them; it may ask again.
        let isFull =
            state.budget.isTight && waitingBytes + receivedBytes > 0
            && streamCount >= Self.tightStreamsMax
        guard phase != .left, phase != .ending, !isFull, streamCount < HTTP2Setup.streamsMax else {
            state.counters.streamsRefused += 1
            // Nothing was done for it: the client may ask again, elsewhere or later.
            context?.writeAndFlush(
                wrapOutboundOut(
                    HTTP2Frame(streamID: stream, payload: .rstStream(.refusedStream))),
                promise: nil)
            return false
        }
        streamCount += 1
        count(countedStreams + 1)
        requestCount += 1
        lastStream = max(lastStream, stream)
        if requestCount >= state.options.limits.requestsPerConnectionMax { leave() }
        return true
    }

    /// Counts one that is over.
    func closed() {
        streamCount -= 1
        count(min(countedStreams, streamCount))
        guard streamCount == 0 else { return }
        if phase == .open { deadline = .now() + state.options.limits.idleTime.amount }
        if phase == .left { finish() }
    }

    /// Counts an answer of a stream; false if it should wait for the connection's next turn.
    func takesTurn(_ turns: TurnQueue) -> Bool {
        turns.take(&turnCount, upTo: state.options.limits.streamsPerTurnMax)
    }

    /// Counts one that was reset instead of answered.
    func countRefusal() { state.counters.streamsRefused += 1 }

    /// Notes that a stream holds so many bytes more of requests, or fewer.
    func received(_ byteCount: Int) { receivedBytes += byteCount }

    /// Notes that a stream wrote so many bytes.
    func wrote(_ byteCount: Int) { waitingBytes += byteCount }

    /// Notes that the client took them.
    func took(_ byteCount: Int) {
        waitingBytes -= byteCount
        takenBytes += byteCount
    }

    /// Notes that they are given up: who takes nothing is not made to go on by streams that end.
    func gaveUp(_ byteCount: Int) { waitingBytes -= byteCount }

    // MARK: The end

    /// Says that the connection ends, and takes streams until the client has heard.
    func drain() {
        guard let context, phase == .beginning || phase == .open else { return }
        phase = .leaving
        deadline = .now() + state.options.limits.goAwayTime.amount
        write(.goAway(lastStreamID: .maxID, errorCode: .noError, opaqueData: nil))
        write(.ping(Self.leavingPing, ack: false))
        context.flush()
    }

    /// Says which stream was the last, and ends behind it.
    private func leave() {
        guard let context, phase != .left, phase != .ending else { return }
        phase = .left
        deadline = .now() + state.options.limits.writeTime.amount
        write(.goAway(lastStreamID: lastStream, errorCode: .noError, opaqueData: nil))
        context.flush()
        if streamCount == 0 { finish() }
    }

    private func write(_ payload: HTTP2Frame.FramePayload) {
        context?.write(
            wrapOutboundOut(HTTP2Frame(streamID: .rootStream, payload: payload)), promise: nil)
    }

    /// Closes behind everything that is written.
    private func finish() {
        // Frames that wait for the socket are not below the guard yet.
        guard let context, context.channel.isWritable else { return }
        phase = .ending
        deadline = .now() + state.options.limits.writeTime.amount
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        guardian.whenWritten { connection.value.context?.close(promise: nil) }
    }

    /// Has so many streams count.
    private func count(_ streams: Int) {
        state.budget.add((streams - countedStreams) * Self.streamBytes)
        countedStreams = streams
    }

    /// Closes at once.
    func close() {
        guard let context else { return }
        count(0)
        TLSConnection.abort(context.channel)
    }

    /// Whether the client takes too little: of its streams' windows, or of a full socket.
    private func isTooSlow(_ now: NIODeadline) -> Bool {
        let before = acknowledgedBytes
        acknowledgedBytes = nil
        if waitingBytes > 0, let channel = context?.channel {
            let left = (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
            let acknowledged = TCPProgress.acknowledgedBytes(channel) ?? takenBytes
            if let before { blockedBytes += acknowledged - before }
            if left > 0 { acknowledgedBytes = acknowledged }
            if socketTaking.look(waiting: left, taken: acknowledged, now) == .tooSlow {
                return true
            }
        }
        return taking.look(waiting: waitingBytes, taken: takenBytes + blockedBytes, now) == .tooSlow
    }

    /// Ends the connection if it was silent for too long, or takes nothing of what it waits for.
    func sweep(_ now: NIODeadline) {
        if isTooSlow(now) { return close() }
        switch phase {
        case .beginning: if now >= deadline { close() }
        case .open: if streamCount == 0, now >= deadline { drain() }
        case .leaving: if now >= deadline { leave() }
        case .left, .ending: if streamCount == 0, now >= deadline { close() }
        }
    }
}
