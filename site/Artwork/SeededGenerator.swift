// Chance that repeats: the same seed gives the same numbers on every machine.
//
// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): one addition and three mixing steps a number.
// The system's generator is never asked, so a drawing or a text depends on its seed alone.

/// A small seeded source of numbers.
struct SeededGenerator {
    private var state: UInt64

    /// Starts at `seed`; neighbouring seeds give unrelated numbers.
    init(seed: UInt64) { state = seed }

    /// The next 64 bits.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, not including, `count`, which is at least 1.
    mutating func below(_ count: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(max(1, count))).high)
    }

    /// True in `percent` of a hundred cases.
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    /// A number between the two, evenly spread.
    mutating func between(_ low: Double, _ high: Double) -> Double {
        low + (high - low) * Double(next() >> 11) / 9_007_199_254_740_992
    }

    /// One of `items`, which has at least one.
    mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }

    /// A case of `type`; earlier and later ones are equally likely.
    mutating func any<Choice: CaseIterable>(_ type: Choice.Type) -> Choice
    where Choice.AllCases == [Choice] {
        pick(type.allCases)
    }
}
