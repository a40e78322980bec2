// What is asked of an event loop's state from other threads: a message, a delay, an answer. The
// state itself never leaves its loop.
//
// What is asked runs there in the order in which it was asked.

import NIOCore

extension NIOLoopBound<LoopState> {
    func execute(_ body: @escaping @Sendable (LoopState) -> Void) {
        eventLoop.execute { body(value) }
    }

    func schedule(
        in delay: TimeAmount, _ body: @escaping @Sendable (LoopState) -> Void
    ) {
        eventLoop.scheduleTask(in: delay) { body(value) }
    }

    func submit(
        _ body: @escaping @Sendable (LoopState) -> EventLoopFuture<Void>
    ) -> EventLoopFuture<Void> {
        eventLoop.flatSubmit { body(value) }
    }
}

extension LoopState {
    func stopped() -> EventLoopFuture<Void> {
        stop()
        return loop.makeSucceededVoidFuture()
    }
}
