/// A part of the way from a save to the tab, and how long it took.
struct WatchStage: Sendable, Equatable {
    /// What was done: `compile`, `link`, `load`, `pages`, `paint`.
    let name: String
    /// How long it took.
    let time: Duration

    /// Notes a part that began at an instant and ends now.
    init(_ name: String, since start: ContinuousClock.Instant) {
        (self.name, time) = (name, .now - start)
    }

    /// Notes a part.
    init(_ name: String, _ time: Duration) { (self.name, self.time) = (name, time) }

    /// In whole milliseconds.
    var milliseconds: Int { Int(time / .milliseconds(1)) }
}
