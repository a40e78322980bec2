// Keeps requests from waiting for a Redis that does not answer.
//
// While it is open nobody waits: pages show fallbacks at once, and one attempt in the background
// at a time asks Redis again. Its pauses double from 1 s to 30 s, each shortened by up to a
// quarter at random, so that many servers do not come back in the same moment.

import NIOCore

/// The state of trust in one Redis connection.
struct CircuitBreaker: Sendable {
    static let failuresMax = 5
    static let pauseMin = TimeAmount.seconds(1)
    static let pauseMax = TimeAmount.seconds(30)

    private var failures = 0
    private var pauses = 0
    /// Whether requests may ask Redis.
    private(set) var isClosed = false

    /// Redis answered: trust it.
    ///
    /// - Returns: whether it was not trusted before.
    mutating func succeeded() -> Bool {
        defer { isClosed = true }
        failures = 0
        pauses = 0
        return !isClosed
    }

    /// A request got no answer in time.
    ///
    /// - Returns: whether trust is lost just now; `pause` then says for how long.
    mutating func failed() -> Bool {
        guard isClosed else { return false }
        failures += 1
        if failures >= Self.failuresMax { isClosed = false }
        return !isClosed
    }

    /// The connection is gone, so nothing can be trusted.
    mutating func lost() { isClosed = false }

    /// How long to wait before the next attempt; longer each time until one succeeds.
    ///
    /// - Parameter random: from 0 up to 1.
    /// - Returns: 1 s to 30 s, less up to a quarter.
    mutating func pause(random: Double) -> TimeAmount {
        let doubled = Self.pauseMin.nanoseconds << min(pauses, 5)
        pauses += 1
        let whole = min(doubled, Self.pauseMax.nanoseconds)
        return .nanoseconds(whole - Int64(Double(whole) * 0.25 * random))
    }
}
