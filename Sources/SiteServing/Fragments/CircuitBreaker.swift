// Keeps requests from waiting for a Redis that does not answer in time.
//
// While it is open nobody waits: pages show what is known, and Redis is asked behind their backs.
// After a pause one page may wait again; if it waits in vain, the next pause is twice as long, from
// 1 s to 30 s, each shortened by up to a quarter at random, so that many servers do not come back
// in the same moment.

import Groundwork
import NIOCore

/// Whether pages may wait for Redis.
struct CircuitBreaker: Sendable {
    static let failuresMax = 5

    private var failures = 0
    private var pauses = Pauses(from: .seconds(1), to: .seconds(30))
    /// Whether pages may wait.
    private(set) var isClosed = true

    /// Redis answered in time: trust it.
    ///
    /// - Returns: whether it was not trusted before.
    mutating func succeeded() -> Bool {
        defer { isClosed = true }
        failures = 0
        pauses.reset()
        return !isClosed
    }

    /// A page waited in vain.
    ///
    /// - Returns: whether trust is lost just now; `pause` then says for how long.
    mutating func failed() -> Bool {
        guard isClosed else { return false }
        failures += 1
        if failures >= Self.failuresMax { isClosed = false }
        return !isClosed
    }

    /// Lets pages wait until the first of them waits in vain.
    mutating func halfOpen() {
        guard !isClosed else { return }
        isClosed = true
        failures = Self.failuresMax - 1
    }

    /// How long nobody waits, `random` being from 0 up to 1: longer each time until Redis answers.
    mutating func pause(random: Double) -> TimeAmount {
        TimeAmount(pauses.take(random: random))
    }
}
