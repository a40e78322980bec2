// Which page gets which value of which reply.
//
// Redis answers in order, so replies are matched by position alone. Pages that ask in the same
// turn of the event loop share one MGET, in which each key stands once. A page that gave up stays
// in its place until the late reply has been read and dropped.

import Fragments
import NIOCore
import Redis

/// The values for a page: one for each key, or nil when Redis did not answer in time.
typealias FragmentValues = [[UInt8]?]

/// Pages that wait, and the commands under way.
struct FragmentQueue<Waiter> {
    private struct Asked {
        let waiter: Waiter
        /// For each of the page's keys its place in the MGET.
        let places: [Int]
    }

    private struct Batch {
        var asked: [Asked]
        let deadline: NIODeadline
        let keyCount: Int
    }

    private enum UnderWay {
        case batch(Batch)
        /// AUTH, SELECT or PING.
        case control
    }

    /// What a reply means.
    enum Outcome {
        /// The pages of one MGET and their values; no pages if all gave up.
        case values([(waiter: Waiter, values: FragmentValues)])
        /// A control command succeeded.
        case controlled
        /// The reply does not fit: the connection is of no use any more.
        case unusable
    }

    private var underWay: [UnderWay] = []
    /// How much of `underWay` was answered already; cut off now and then.
    private var answered = 0
    private var asked: [Asked] = []
    private var keys: [FragmentKey] = []
    private var placeOfKey: [FragmentKey: Int] = [:]
    private(set) var waiterCount = 0

    /// Whether a batch waits to be sent.
    var hasUnsent: Bool { !asked.isEmpty }

    /// Commands without a reply.
    var underWayCount: Int { underWay.count - answered }

    /// Adds a page to the batch of this turn; its values come in the order of `keys`.
    mutating func ask(_ keys: [FragmentKey], for waiter: Waiter) {
        let places = keys.map { key in
            if let place = placeOfKey[key] { return place }
            self.keys.append(key)
            placeOfKey[key] = self.keys.count - 1
            return self.keys.count - 1
        }
        asked.append(Asked(waiter: waiter, places: places))
        waiterCount += 1
    }

    /// How many different keys the batch of this turn has.
    var unsentKeyCount: Int { keys.count }

    /// The MGET of this turn; nil if nobody asked.
    mutating func send(deadline: NIODeadline) -> RedisCommand? {
        guard !asked.isEmpty else { return nil }
        let command = RedisCommand("MGET", bytes: keys.map(\.bytes))
        underWay.append(
            .batch(Batch(asked: asked, deadline: deadline, keyCount: keys.count)))
        asked = []
        keys.removeAll(keepingCapacity: true)
        placeOfKey.removeAll(keepingCapacity: true)
        return command
    }

    /// Notes that a control command was sent.
    mutating func sendControl() { underWay.append(.control) }

    /// Matches the next reply.
    mutating func receive(_ reply: RedisReply) -> Outcome {
        guard answered < underWay.count else { return .unusable }
        let first = underWay[answered]
        underWay[answered] = .control
        answered += 1
        if answered == underWay.count {
            underWay.removeAll(keepingCapacity: true)
            answered = 0
        } else if answered >= 1_024 {
            underWay.removeFirst(answered)
            answered = 0
        }
        switch first {
        case .control:
            if case .status = reply { return .controlled }
            return .unusable
        case .batch(let batch):
            waiterCount -= batch.asked.count
            guard let values = reply.values, values.count == batch.keyCount else {
                // The pages are put back, so that `abandonAll` finds them.
                waiterCount += batch.asked.count
                underWay.append(.batch(batch))
                return .unusable
            }
            return .values(
                batch.asked.map { asked in
                    (asked.waiter, asked.places.map { values[$0] })
                })
        }
    }

    /// When the oldest waiting page gives up; nil if none waits.
    var nextDeadline: NIODeadline? {
        for case .batch(let batch) in underWay[answered...] where !batch.asked.isEmpty {
            return batch.deadline
        }
        return nil
    }

    /// Takes out the pages whose time is over; their replies will be dropped.
    mutating func expire(_ now: NIODeadline) -> [Waiter] {
        var expired: [Waiter] = []
        for index in answered..<underWay.count {
            guard case .batch(var batch) = underWay[index] else { continue }
            if batch.deadline > now { break }
            expired += batch.asked.map(\.waiter)
            batch.asked = []
            underWay[index] = .batch(batch)
        }
        waiterCount -= expired.count
        return expired
    }

    /// Takes out all pages and forgets all commands: the connection is gone.
    mutating func abandonAll() -> [Waiter] {
        var waiters: [Waiter] = asked.map(\.waiter)
        for case .batch(let batch) in underWay[answered...] {
            waiters += batch.asked.map(\.waiter)
        }
        self = FragmentQueue()
        return waiters
    }
}
