// What one event loop counts: plain numbers that nobody else writes.
//
// They are read by a message to the loop, never from another thread, so counting costs an addition.

import AccessRecords

/// The counts of one event loop since it began.
final class LoopCounters {
    /// Slots by how they came by what they show, in the order of `SlotOutcome.allCases`.
    private(set) var slots = [Int](repeating: 0, count: SlotOutcome.allCases.count)
    /// Questions to Redis, each for many fragments.
    var fragmentFetches = 0
    /// Keys that Redis told of.
    var invalidations = 0
    /// How often pages stopped waiting for Redis.
    var breakerOpenings = 0

    /// Answers by status code, below 600.
    private(set) var statuses = [Int](repeating: 0, count: 600)
    /// The bytes of their bodies.
    private(set) var bodyBytes = 0
    /// Connections that were accepted.
    var connections = 0
    /// Streams of HTTP/2 that were reset instead of answered.
    var streamsRefused = 0
    /// Connections that were closed because their clients held too much memory.
    var connectionsShed = 0
    /// Reports of violated policies.
    var reports = PolicyReports()

    func count(_ answered: Answered) {
        statuses[min(max(answered.status, 0), 599)] += 1
        bodyBytes += answered.bodyBytes
    }

    func count(_ filled: [FilledSlot]) {
        for slot in filled { slots[slot.outcome.index] += 1 }
    }
}

extension SlotOutcome {
    /// Its place among all.
    var index: Int { Int(rawValue) }
}
