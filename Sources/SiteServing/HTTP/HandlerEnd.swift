// How a connection or a stream ends: politely behind its last answer, or because its time is over.
//
// Times are looked at by `sweep`, four times a second: of a head, of silence, and of a client that
// does not take what was written. A stream of HTTP/2 ends with its answer.

import NIOCore

extension HTTPHandler {
    /// Writes what was collected, then ends the connection behind everything that was written.
    func end(_ context: ChannelHandlerContext) {
        phase = .ending
        deadline = .now() + state.options.limits.writeTime.amount
        collect(context)
        let written = context.eventLoop.makePromise(of: Void.self)
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in handler.value.linger() }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
        context.read()
    }

    /// What is written and not taken; the channel of a stream ends the program when asked.
    func waitingBytes(_ context: ChannelHandlerContext) -> Int {
        if let codec { return codec.waitingBytes }
        return (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    /// What was ever taken; a stream takes, too, while the socket below all of them is what waits.
    private func takenBytes(_ context: ChannelHandlerContext, _ left: Int) -> Int {
        if let codec { return codec.takenBytes + codec.connection.blockedBytes }
        return TCPProgress.acknowledgedBytes(context.channel) ?? writtenBytes - left
    }

    func linger() {
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
        case .open: end(context)
        case .waitingForFragments, .waitingForPieces, .sending, .ending: break
        }
    }

    /// Closes at once.
    func close() {
        guard let context else { return }
        TLSConnection.abort(context.channel)
    }

    /// Closes it because its client holds more than others can spare.
    func shed() {
        release()
        close()
    }

    /// The connection whose stream it is.
    var parent: HTTP2Connection? { codec?.connection }

    /// Closes the connection if its time is over, and goes on if it had to wait for memory.
    func sweep(_ now: NIODeadline) {
        guard let context else { return }
        if phase == .sending || phase == .open && waiting.count > 0 && connection.isInsideHead {
            run()
        }
        // Who waits for a turn is late by nobody's fault but the server's.
        guard !isTakingTime(context, now), !isWaitingForTurn, phase == .open || phase == .ending,
            now >= deadline
        else { return }
        if phase == .open, isInsideHead {
            connection.refuse(.tooSlow, common: state.common(), into: &output)
            end(context)
        } else {
            context.close(promise: nil)
        }
    }

    /// Whether the client still takes what was written, which no other limit interrupts; one that
    /// takes too little of it is closed.
    private func isTakingTime(_ context: ChannelHandlerContext, _ now: NIODeadline) -> Bool {
        guard isWaiting else { return false }
        let left = waitingBytes(context)
        waiting.left(left)
        switch taking.look(
            waiting: left, taken: takenBytes(context, left), now)
        {
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
}
