/// How long answers took: at most so many of a hundred.
struct TimeShares: Sendable {
    /// The upper ends of the steps of `traffic.time_step`, in microseconds; the last has none.
    static let steps = [
        100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000,
    ]

    /// How many answers took so long.
    let counts: [Int]

    /// How many there are.
    var total: Int { counts.reduce(0, +) }

    /// So many percent took at most so long, in words.
    func text(percent: Int) -> String {
        let wanted = (total * percent + 99) / 100
        var sum = 0
        for (count, step) in zip(counts, Self.steps) {
            sum += count
            if sum >= wanted { return "≤ \(Shown.time(microseconds: step))" }
        }
        return "> \(Shown.time(microseconds: Self.steps[Self.steps.count - 1]))"
    }
}
