// Lets each connection of an event loop work for a moment only, then others.
//
// SwiftNIO runs what is handed to `execute` before it looks at sockets again, so work that goes on
// waits for a moment instead: between two turns everybody's bytes and answers pass.

import NIOCore

/// Who has more to do.
protocol TurnTaker: AnyObject {
    /// Works on.
    func takeTurn()
}

/// What one connection did in the present turn.
struct TurnCount {
    fileprivate var turn = 0
    fileprivate var count = 0
}

/// The turns of one event loop.
final class TurnQueue {
    private let loop: any EventLoop
    private var waiting: [any TurnTaker] = []
    private var turn = 0
    private var isEnding = false

    /// How many go on before sockets are looked at again.
    static let takersMax = 32
    /// How long work waits for its next turn.
    static let pause = TimeAmount.microseconds(50)

    init(_ loop: any EventLoop) { self.loop = loop }

    /// Gives `taker` a turn once sockets were looked at.
    func wait(_ taker: any TurnTaker) {
        waiting.append(taker)
        if waiting.count == 1 { plan() }
    }

    private func plan() {
        let queue = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(in: Self.pause) { queue.value.begin() }
    }

    private func begin() {
        let takers = waiting.prefix(Self.takersMax)
        waiting.removeFirst(takers.count)
        if !waiting.isEmpty { plan() }
        for taker in takers { taker.takeTurn() }
    }

    /// Counts one piece of a connection's work; false if it did `max` in this turn.
    func take(_ count: inout TurnCount, upTo max: Int) -> Bool {
        if count.turn != turn { count = TurnCount(turn: turn) }
        guard count.count < max else { return false }
        count.count += 1
        if !isEnding {
            isEnding = true
            let queue = NIOLoopBound(self, eventLoop: loop)
            loop.execute { queue.value.end() }
        }
        return true
    }

    private func end() {
        turn += 1
        isEnding = false
    }
}
