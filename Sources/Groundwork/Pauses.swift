/// Pauses that double from one to the next.
package struct Pauses: Sendable {
    private let least: Duration
    private let most: Duration
    private var next: Duration

    /// Begins with the shortest, which is above 0.
    package init(from least: Duration, to most: Duration) {
        (self.least, self.most, next) = (least, most, least)
    }

    /// The next pause, less up to a quarter; `random` is from 0 up to 1.
    package mutating func take(random: Double = 0) -> Duration {
        let whole = next
        next = min(next * 2, most)
        return whole - whole * (0.25 * random)
    }

    /// Begins again with the shortest.
    package mutating func reset() { next = least }
}
