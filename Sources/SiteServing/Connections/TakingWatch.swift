// Whether a client takes what was written for it: so many bytes in so much time.
//
// It knows no channel and no clock: whoever has both tells it what waits and what was taken.

import NIOCore

/// Watches one connection, or one stream.
struct TakingWatch {
    enum Finding {
        case nothingWaits
        /// Something waited when it was looked at last, and nothing does now.
        case allTaken
        case taking
        case tooSlow
    }

    private let bytesMin: Int
    private let time: TimeAmount
    /// What was taken when the time began, and its end; nil while nothing waits.
    private var mark: (taken: Int, deadline: NIODeadline)?

    /// A client must take `bytesMin` bytes in `time`, or all that waits.
    init(bytesMin: Int, within time: Duration) {
        self.bytesMin = bytesMin
        self.time = time.amount
    }

    /// Looks at what waits and at all that was ever taken.
    mutating func look(waiting: Int, taken: Int, _ now: NIODeadline) -> Finding {
        guard waiting > 0 else {
            defer { mark = nil }
            return mark == nil ? .nothingWaits : .allTaken
        }
        if let mark, taken - mark.taken < bytesMin {
            return now >= mark.deadline ? .tooSlow : .taking
        }
        mark = (taken, now + time)
        return .taking
    }
}
